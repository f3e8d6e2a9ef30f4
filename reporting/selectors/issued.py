"""What reports for the funder rest on, and what stands of those that were issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Collate
from django.utils import timezone

from companies.models import Merge, Participant, Programme, WorkforceSnapshot
from reporting.enums import ReportState, TimeState
from reporting.figures import Period
from reporting.issuing.content import read_ledgers
from reporting.models import IssuedReport, ReportFile, ReportingPeriod
from reporting.periods import instants
from reporting.suppression import Ledgers
from trainings.models import Attendance

_BEST = (ReportState.CURRENT, ReportState.SUPERSEDED, ReportState.WITHDRAWN)
_BY_CODE_POINTS = {"postgresql": "C", "sqlite": "BINARY"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands: of which report, what came after it, and when."""

    state: ReportState
    report: IssuedReport

    @property
    def since(self) -> dt.datetime | None:
        """When it became what it is."""
        if self.state == ReportState.WITHDRAWN:
            return self.report.withdrawal.withdrawn_at
        newer = self.report.successor
        return newer.issued_at if newer else self.report.issued_at


def frozen_rows(period: Period) -> QuerySet[Attendance, tuple[Any, ...]]:
    """Return refs, minutes and state of all attendance that the figures count."""
    first, after = instants(period)
    code_points = _BY_CODE_POINTS[connection.vendor]
    order = [Collate(ref, code_points) for ref in ("enrolment__ref", "session__ref")]
    is_open = Q(disputed_at__isnull=False, dispute_closed_at=None)
    state = Case(
        When(is_open, then=Value(TimeState.DISPUTED.value)),
        When(certified_at__isnull=False, then=Value(TimeState.CERTIFIED.value)),
        default=Value(TimeState.RECORDED.value),
    )
    rows = Attendance.objects.filter(
        minutes__gt=0, session__starts_at__gte=first, session__starts_at__lt=after
    )
    return rows.order_by(*order).values_list(
        "enrolment__ref", "session__ref", "minutes", state
    )


def issued_so_far() -> QuerySet[IssuedReport]:
    """Return every report that was ever issued, oldest first."""
    return IssuedReport.objects.issued().order_by("issued_at", "pk")


def ledgers_so_far() -> tuple[list[str], list[Ledgers]]:
    """Return the refs of what was issued, and what later reports must know of it."""
    reports = issued_so_far().select_related("content")
    ledgers = [read_ledgers(each.content.data["ledgers"]) for each in reports]
    return [each.ref for each in reports], ledgers


def latest_issued(period: ReportingPeriod) -> IssuedReport | None:
    """Return the period's last issued report, withdrawn or not."""
    return period.reports.issued().order_by("-number").first()


def overlapping(period: ReportingPeriod, programme: Programme) -> list[ReportingPeriod]:
    """Return issued periods that this one overlaps, in the order of their days.

    A period from the programme's first day on is cumulative: it may contain others,
    whole ones only.
    """
    issued = ReportingPeriod.objects.filter(
        Q(pk__in=IssuedReport.objects.issued().values("period")),
        starts_on__lte=period.ends_on,
        ends_on__gte=period.starts_on,
    ).exclude(pk=period.pk)
    return [
        other
        for other in issued.order_by("starts_on", "ends_on")
        if not (
            _contains(period, other, programme) or _contains(other, period, programme)
        )
    ]


def standing_of(sha256: str) -> Standing | None:
    """Return how the file with this checksum stands; None if it is of no report."""
    return standings_of([sha256]).get(sha256)


def standings_of(sha256s: Collection[str]) -> dict[str, Standing]:
    """Return how files stand, by checksum; those of no issued report are left out.

    Of several reports with the same file the one that stands best answers. The number
    of queries does not depend on how many checksums there are, a few hundred at most.
    """
    files = ReportFile.objects.filter(sha256__in=sha256s)
    files = files.exclude(report__issued_at=None).select_related("report__withdrawal")
    best: dict[str, Standing] = {}
    for file in files.prefetch_related("report__successors"):
        found = Standing(file.report.state, file.report)
        standing = best.get(file.sha256)
        if standing is None or _BEST.index(found.state) < _BEST.index(standing.state):
            best[file.sha256] = found
    return best


def events_between(first: dt.datetime, period: ReportingPeriod) -> dict[str, int]:
    """Count what may have moved figures since that time, beside the rows themselves.

    Of the programme as a whole: an erased person has left no trace of where.
    """
    return {
        "merged": Merge.objects.filter(merged_at__gt=first, undone_at=None).count(),
        "unmerged": Merge.objects.filter(undone_at__gt=first).count(),
        "erased": Participant.objects.filter(erased_at__gt=first).count(),
        "regrouped": _regrouped(first),
        "workforce": _changed(
            WorkforceSnapshot, first, reference_date__lte=period.ends_on
        ),
    }


def certified_of(report: IssuedReport) -> int:
    """Return how many certified rows the report froze."""
    return int(report.content.data["rows"][TimeState.CERTIFIED.value])


def reports_for(reports: QuerySet[IssuedReport]) -> Sequence[IssuedReport]:
    """Return the reports with all that their states are told by."""
    people = ("requested_by", "reviewed_by", "issued_by")
    rows = reports.select_related("period", "withdrawal", "supersedes", *people)
    return list(rows.prefetch_related("successors"))


def _contains(
    outer: ReportingPeriod, inner: ReportingPeriod, programme: Programme
) -> bool:
    is_cumulative = outer.starts_on <= programme.starts_on
    return (
        is_cumulative
        and outer.starts_on <= inner.starts_on
        and inner.ends_on <= outer.ends_on
    )


def _changed(model: type[Model], first: dt.datetime, **where: Any) -> int:
    history = model.history.model.objects  # type: ignore[attr-defined]
    rows = history.filter(history_date__gt=first, history_date__lte=timezone.now())
    return int(rows.filter(**where).values("id").distinct().count())


def _regrouped(first: dt.datetime) -> int:
    """Count people who stand in another group of gender or staff than they did."""
    history = Participant.history.model.objects
    then = history.filter(id=OuterRef("pk"), history_date__lte=first)
    then = then.order_by("-history_date", "-history_id")
    moved = history.filter(history_date__gt=first, history_type="~")
    people = Participant.objects.filter(
        pk__in=moved.values("id"), erased_at=None, merged_into=None
    )
    # Nobody was in any group before a row's first record.
    is_same = Q(gender=Coalesce(Subquery(then.values("gender")[:1]), F("gender")))
    is_same &= Q(
        staff_group=Coalesce(Subquery(then.values("staff_group")[:1]), F("staff_group"))
    )
    return people.exclude(is_same).count()
