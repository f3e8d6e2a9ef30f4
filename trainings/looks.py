"""Who has looked at a participant's row, for the participant.

The right of access covers who has got one's data, so names are told: those of users
who are project leaders, HR or a supplier's staff, with what they were that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, RoleGrant, User
from accounts.selectors import readings_of
from companies.models import Membership, Participant
from trainings.models import ProviderStaff


@dataclass(frozen=True, slots=True)
class Look:
    """One reading: when, by whom, as what, and which action of the trail it was.

    `who` is empty where nobody was signed in: a command, or the participant.
    """

    at: dt.datetime
    who: str
    role: str
    action: str


def looked_at(participant: Participant) -> list[Look]:
    """List who has looked at the participant, newest first, at most 200 times.

    Rows that were merged into this one count, too. Six queries.
    """
    absorbed = participant.absorbed.values_list("ref", flat=True)
    readings = readings_of({participant.ref, *absorbed}, since=participant.created_at)
    roles = _Roles({entry.payload.actor_id for entry in readings})
    return [_look(entry, roles) for entry in readings]


def _look(entry: AuditEntry, roles: _Roles) -> Look:
    said = entry.payload
    if said.facts.get("by") == "participant":
        who, role = "", _("You")
    elif said.actor is None:
        who, role = "", _("The operator of the portal")
    else:
        day = timezone.localdate(said.at)
        who, role = str(said.actor), roles.of(said.actor, day)
    return Look(said.at, who, role, entry.action)


class _Roles:
    """What users were on a day, of all that are asked for read at once."""

    def __init__(self, users: Iterable[int | None]) -> None:
        keys = {key for key in users if key}
        self.roles: list[RoleGrant | Membership | ProviderStaff] = [
            *RoleGrant.objects.filter(user__in=keys).order_by("-role"),
            *Membership.objects.filter(user__in=keys).select_related("company"),
            *ProviderStaff.objects.filter(user__in=keys).select_related("provider"),
        ]

    def of(self, user: User, day: dt.date) -> str:
        """Return the user's role that day; empty where there was none."""
        for row in self.roles:
            is_ended = row.ended_on and row.ended_on < day
            if row.user_id == user.pk and row.started_on <= day and not is_ended:
                return _told(row)
        return _("The operator of the portal") if user.is_superuser else ""


def _told(row: RoleGrant | Membership | ProviderStaff) -> str:
    match row:
        case Membership():
            return _("HR of %(company)s") % {"company": row.company.name}
        case ProviderStaff():
            return _("Supplier: %(supplier)s") % {"supplier": row.provider.name}
        case _:
            return row.get_role_display()
