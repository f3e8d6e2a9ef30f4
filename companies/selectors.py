"""What pages show of people and workforces beside the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from companies.enums import RestrictionBasis
from companies.models import Participant, WorkforceSnapshot
from core.changes import Change, Record, differences, done, newest_records, steps

_OF_A_PERSON = (
    "given_name",
    "family_name",
    "gender",
    "birth_date",
    "protected",
    "no_number_reason",
    "email",
    "email_confirmed_at",
    "mobile",
    "mobile_confirmed_at",
    "job_title",
    "role_code",
    "staff_group",
    "restricted_at",
)
_OF_A_WORKFORCE = ("women", "men", "non_binary", "source", "reference_date")


def rows_of_people(people: Iterable[int]) -> set[int]:
    """Return the primary keys of all rows of these humans, the given ones included.

    Rows at every company, and rows that were merged into one another.
    """
    found, wider = set[int](), set(people)
    while wider != found:
        found = wider
        keys = Participant.objects.filter(pk__in=found).values("person_key")
        tied = Q(merged_into__in=found) | Q(absorbed__in=found)
        same = Participant.objects.filter(Q(person_key__in=keys) | tied)
        wider = found | set(same.order_by().values_list("pk", flat=True))
    return found


@dataclass(frozen=True, slots=True)
class Restriction:
    """That a person's data are kept and not used; since when and why is for leaders."""

    since: dt.datetime | None = None
    reason: str = ""


def restriction_of(participant: Participant, user: User) -> Restriction | None:
    """Return how a person's data are restricted, if they are.

    More than that only project leaders get: the reason may be against the company,
    and the time would tell it who left its list then. The reason is empty, too, where
    the trail does not have it.
    """
    if participant.restricted_at is None:
        return None
    if not user.is_project_leader:
        return Restriction()
    return Restriction(participant.restricted_at, _reason_of_restriction(participant))


def changes(participant: Participant) -> list[Change]:
    """List what was changed on a person, newest first, from the last 200 records.

    Of the personal number only the mask is shown, before and after; of somebody who
    is erased only when something was changed.
    """
    records = newest_records(participant.history.all())
    return [
        change
        for before, after in steps(records)
        for change in person_changes(
            before, after, is_erased=participant.erased_at is not None
        )
    ]


def person_changes(
    before: Record | None, after: Record, *, is_erased: bool
) -> Iterator[Change]:
    """Tell what one record of a person's history changed."""
    if before is None:
        yield done(after, _("Entered"))
    elif after.erased_at and not before.erased_at:
        yield done(after, _("Erased"))
    elif is_erased:
        yield done(after, _("Changed"), before=_("erased"), after=_("erased"))
    else:
        yield from differences(before, after, _OF_A_PERSON)
        if _sealed(before) != _sealed(after):
            # It is sealed anew also where only the protection changes: the key of
            # the person does, too. No number is opened for a page.
            yield done(
                after,
                _("Personal number, stored anew"),
                before=before.instance.number_mask,
                after=after.instance.number_mask,
            )


def workforce_changes(snapshots: QuerySet[WorkforceSnapshot]) -> list[Change]:
    """List what was changed on snapshots, newest first, from the last 200 records."""
    history = WorkforceSnapshot.history.filter(id__in=snapshots.values("pk"))
    return list(_of_workforces(newest_records(history, "company")))


def _reason_of_restriction(participant: Participant) -> str:
    entries = AuditEntry.objects.filter(
        action="companies.restricted", mentions__ref=participant.ref
    )
    entry = entries.select_related("payload").order_by("-pk").first()
    basis = entry.content.facts.get("basis") if entry and entry.content else ""
    return str(dict(RestrictionBasis.choices).get(basis, ""))


def _of_workforces(records: Iterable[Record]) -> Iterator[Change]:
    for before, after in steps(records):
        row = f"{after.get_staff_group_display()}, {after.reference_date}"
        if before is None:
            yield done(after, _("Entered"), after=_people_in(after), row=row)
        else:
            yield from differences(before, after, _OF_A_WORKFORCE, row=row)


def _people_in(record: Record) -> str:
    return _("%(women)d women, %(men)d men, %(non_binary)d non-binary") % {
        "women": record.women,
        "men": record.men,
        "non_binary": record.non_binary,
    }


def _sealed(record: Record) -> bytes:
    return bytes(record.encrypted_number or b"")
