"""Letters about requests for adaptations: asked for, answered, or late.

They say how many and on which occasions, never who asked or for what: a letter may be
read by others. Several requests at one time are one letter.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from accounts.audit import record
from accounts.enums import Role
from accounts.models import Invitation, OutboxMessage, User
from accounts.services.outbox import post_letter
from companies.models import Participant
from companies.services.links import language_of, why_no_letter
from trainings.enums import AskedBy
from trainings.models import Accommodation, ProviderStaff
from trainings.selectors.accommodations import requests_to_answer

ASKED, ANSWERED = "accommodation_asked", "accommodation_answered"
DUE, LATE = "accommodation_due", "accommodation_late"
REMIND_BEFORE = dt.timedelta(hours=24)
_STAFF_PAUSE = dt.timedelta(hours=1)  # The page that a letter leads to shows them all.


def is_due_soon(accommodation: Accommodation, now: dt.datetime) -> bool:
    """Whether the last time for an answer is a day away or less."""
    due = accommodation.answer_due_at
    return due is not None and due <= now + REMIND_BEFORE


def tell_staff(accommodation: Accommodation) -> bool:
    """Write to the supplier's staff that something was asked for; tell whether.

    Not what the supplier itself wrote down, and to each at most once an hour.
    """
    occasion = accommodation.enrolment.occasion
    if accommodation.asked_by == AskedBy.SUPPLIER or occasion.provider_id is None:
        return False
    staff = _staff_of([occasion.provider_id])[occasion.provider_id]
    told = [user for user in staff if not _was_told(user)]
    for user in told:
        _post_to(user, ASKED, [accommodation])
    return bool(told)


def tell_answer(participant: Participant) -> None:
    """Write to the participant that there is an answer, where a letter may be sent.

    Not while one waits to be sent: the page shows the answer either way.
    """
    waiting = OutboxMessage.objects.waiting().filter(
        kind=ANSWERED, person_ref=participant.ref
    )
    if not why_no_letter(participant) and not waiting.exists():
        post_letter(
            kind=ANSWERED,
            recipient=participant.email,
            language=language_of(participant),
            context={},
            person_ref=participant.ref,
        )


@transaction.atomic
def remind_staff() -> int:
    """Remind suppliers of what is to be answered within a day; return how many letters.

    Of each request once, in the same transaction as its letter: a worker that is
    killed has sent none, or all.
    """
    now = timezone.now()
    due = _locked(reminded_at=None, answer_due_at__lte=now + REMIND_BEFORE)
    provider_of = {row.pk: row.enrolment.occasion.provider_id for row in due}
    staff = _staff_of(set(provider_of.values()))
    reached = [row for row in due if staff[provider_of[row.pk]]]
    theirs: dict[User, list[Accommodation]] = defaultdict(list)
    for row in reached:
        for user in staff[provider_of[row.pk]]:
            theirs[user].append(row)
    for user, rows in theirs.items():
        _post_to(user, DUE, rows)
    _stamp(reached, "reminded_at", now)
    _record("trainings.accommodations_reminded", reached, letters=len(theirs))
    return len(theirs)


@transaction.atomic
def escalate() -> int:
    """Tell project leaders of what was not answered in time; return how many letters.

    Of each request once, as `remind_staff` does.
    """
    now = timezone.now()
    missed = _locked(escalated_at=None, answer_due_at__lt=now)
    leaders = list(_leaders()) if missed else []
    if not leaders:
        return 0
    for leader in leaders:
        _post_to(leader, LATE, missed)
    _stamp(missed, "escalated_at", now)
    _record("trainings.accommodations_escalated", missed, letters=len(leaders))
    return len(leaders)


def _locked(**due: object) -> list[Accommodation]:
    """Return what waits for an answer and is due, for nobody else to write about."""
    waiting = requests_to_answer(Accommodation.objects.filter(**due))
    rows = waiting.select_for_update(of=("self",)).select_related(
        "enrolment__occasion", "enrolment__participant"
    )
    return list(rows.order_by("pk"))


def _staff_of(providers: Iterable[int | None]) -> Mapping[int | None, list[User]]:
    today = timezone.localdate()
    rows = ProviderStaff.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=today),
        provider__in=[key for key in providers if key],
        started_on__lte=today,
        user__is_active=True,
    )
    staff: dict[int | None, list[User]] = defaultdict(list)
    for row in rows.select_related("user").order_by("user"):
        if row.user not in staff[row.provider_id]:
            staff[row.provider_id].append(row.user)
    return staff


def _leaders() -> Iterable[User]:
    users = User.objects.with_roles().filter(is_active=True)
    return users.filter(**{f"holds_{Role.LEADER}": True}).order_by("pk")


def _was_told(user: User) -> bool:
    letters = OutboxMessage.objects.filter(kind=ASKED, recipient=user.email)
    return letters.filter(queued_at__gt=timezone.now() - _STAFF_PAUSE).exists()


def _post_to(user: User, kind: str, rows: Sequence[Accommodation]) -> None:
    occasions = sorted({row.enrolment.occasion.ref for row in rows})
    path = reverse("trainings:accommodations")
    post_letter(
        kind=kind,
        recipient=user.email,
        language=_language_of(user),
        context={
            "count": len(rows),
            "occasions": occasions,
            "url": f"{settings.PORTAL_URL.rstrip('/')}{path}"
            if settings.PORTAL_URL
            else "",
        },
    )


def _language_of(user: User) -> str:
    """Return the language in which the user was last invited, else Swedish."""
    accepted = Invitation.objects.filter(accepted_by=user).order_by("-accepted_at")
    newest = accepted.values_list("language", flat=True).first()
    return newest or settings.LANGUAGE_CODE


def _stamp(rows: Sequence[Accommodation], field: str, at: dt.datetime) -> None:
    for row in rows:
        setattr(row, field, at)
        row.updated_at = at
    bulk_update_with_history(rows, Accommodation, [field, "updated_at"])


def _record(action: str, rows: Sequence[Accommodation], *, letters: int) -> None:
    if rows:
        record(
            None,
            action,
            people={row.person_ref for row in rows},
            requests=[row.ref for row in rows],
            letters=letters,
        )
