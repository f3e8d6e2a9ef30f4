"""Which workforce was in force on a day, of every company at once."""

from __future__ import annotations

import datetime as dt

from companies.models import WorkforceSnapshot
from reporting.figures import Workforce
from reporting.selectors.mirror import Baselines


class Workforces:
    """Every snapshot up to a day, read in one query, to look up any day before."""

    def __init__(self, until: dt.date) -> None:
        snapshots = WorkforceSnapshot.objects.filter(reference_date__lte=until)
        rows = snapshots.order_by("reference_date").values_list(
            "company_id", "staff_group", "reference_date", "women", "men", "non_binary"
        )
        self._rising = [
            ((company_id, group), Workforce(day, women, men, non_binary))
            for company_id, group, day, women, men, non_binary in rows
        ]

    def on(self, day: dt.date) -> Baselines:
        """Return the latest of each company and staff group not after the day.

        Where that one counts nobody there is none, also if an older one does.
        """
        latest = {
            key: workforce
            for key, workforce in self._rising
            if workforce.reference_date <= day
        }
        return {key: found for key, found in latest.items() if found.headcount}
