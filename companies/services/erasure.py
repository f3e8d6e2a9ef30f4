"""What is kept of a person who is erased, and what goes.

The rows stay, with gender, staff group and company, because issued figures rest on
them; whoever it was is blanked, in their history too.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import User
from companies.models import (
    CalendarFeed,
    Company,
    CorrectionRequest,
    ImportRow,
    KioskCode,
    Merge,
    NotADuplicate,
    Participant,
    ParticipantImport,
    PersonalLink,
    SignInCode,
    keys_in_force,
)
from companies.services.bulk import update_rows
from core.crypto import UnreadableError
from core.history import CHANGED, write_history

REASON = gettext_noop("erased")
BLANK: Mapping[str, Any] = {
    "encrypted_number": None,
    "no_number_reason": "",
    "protected": False,
    "given_name": "",
    "family_name": "",
    "birth_date": None,
    "email": "",
    "mobile": "",
    "email_confirmed_at": None,
    "mobile_confirmed_at": None,
    "job_title": "",
    "role_code": "",
    "restricted_at": None,
}
_NEEDED = (
    "ref",
    "company_id",
    "person_key",
    "encrypted_number",
    "protected",
    "birth_date",
    "restricted_at",
    "erased_at",
)


def lock_lists_about(people: Collection[int]) -> None:
    """Let nobody read, save or take back a list about these people until commit.

    Lists come before companies and people, as in every service that handles lists.
    """
    rows = list(Participant.objects.filter(pk__in=people).only(*_NEEDED))
    lists = lists_about(rows).select_for_update().order_by("pk")
    list(lists.values_list("pk", flat=True))


def lock_people(people: Collection[int]) -> list[Participant]:
    """Reread those who are not erased yet so that they hold until commit.

    Companies come first, by primary key, as in every service that changes people.
    """
    rows = Participant.objects.filter(pk__in=people, erased_at=None).order_by("pk")
    companies = Company.objects.select_for_update().order_by("pk")
    list(companies.filter(pk__in=set(rows.values_list("company", flat=True))))
    return list(rows.select_for_update().only(*_NEEDED))


def history_of(people: Collection[int]) -> QuerySet:
    return Participant.history.filter(id__in=people)


def list_rows_about(rows: Sequence[Participant]) -> QuerySet[ImportRow]:
    """Rows of uploaded lists about people, matched with them or by number alone."""
    keys = {row.person_key for row in rows} | set(_keys_of_hidden(rows))
    # A number that was given up since may still stand in a list.
    earlier = history_of([row.pk for row in rows]).order_by()
    keys |= set(earlier.values_list("person_key", flat=True).distinct())
    matched = Q(participant__in=[row.pk for row in rows])
    named = Q(person_key__in=keys) | Q(person_key_next__in=keys)
    return ImportRow.objects.filter(matched | Q(named, participant=None))


def lists_about(rows: Sequence[Participant]) -> QuerySet[ParticipantImport]:
    """Lists with rows about people, and named ones that are perhaps about them.

    The latter are lists of their companies that have no rows any more, or have none
    yet: nobody can say whom those are about.
    """
    listed = list_rows_about(rows).order_by().values("batch")
    any_row = ImportRow.objects.filter(batch=OuterRef("pk"))
    perhaps = Q(company__in={row.company_id for row in rows}) & ~Q(file_name="")
    return ParticipantImport.objects.filter(
        Q(pk__in=listed) | (perhaps & ~Exists(any_row))
    )


def links_of(people: Collection[int]) -> QuerySet[PersonalLink]:
    return PersonalLink.objects.filter(participant__in=people)


def feeds_of(people: Collection[int]) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(participant__in=people)


def codes_of(people: Collection[int]) -> QuerySet[SignInCode]:
    return SignInCode.objects.filter(participant__in=people)


def kiosk_codes_of(people: Collection[int]) -> QuerySet[KioskCode]:
    return KioskCode.objects.filter(participant__in=people)


def codes_sent(before: dt.datetime) -> QuerySet[SignInCode]:
    """Codes of then: what they opened is over, too, once a day has gone."""
    return SignInCode.objects.filter(sent_at__lt=before)


def links_ended(before: dt.datetime) -> QuerySet[PersonalLink]:
    """Links that have opened no page since then."""
    is_over = Q(expires_at__lt=before) | Q(revoked_at__lt=before)
    return PersonalLink.objects.filter(is_over)


def feeds_ended(before: dt.datetime) -> QuerySet[CalendarFeed]:
    """Addresses of calendars that nobody reads any more since then."""
    return CalendarFeed.objects.filter(revoked_at__lt=before)


def corrections_of(people: Collection[int]) -> QuerySet[CorrectionRequest]:
    return CorrectionRequest.objects.filter(participant__in=people)


def merges_of(people: Collection[int]) -> QuerySet[Merge]:
    """Merges that still hold what the rows said before."""
    about = Q(kept__in=people) | Q(absorbed__in=people)
    return Merge.objects.filter(about).exclude(sealed=None)


def blank_people(
    *,
    rows: Sequence[Participant],
    ages: Mapping[int, int | None],
    at: dt.datetime,
    actor: User | None,
) -> None:
    """Blank locked rows and their history, and forget what else says who they were.

    `ages` are those at entry, by primary key. Rows that were one person stay one,
    under a random key that says nothing of the number.
    """
    people = [row.pk for row in rows]
    _forget_names(lists_about(rows))
    list_rows_about(rows).delete()
    links_of(people).delete()
    feeds_of(people).delete()
    codes_of(people).delete()
    kiosk_codes_of(people).delete()
    corrections_of(people).delete()
    merges_of(people).update(sealed=None)
    pairs = Q(first__in=people) | Q(second__in=people)
    NotADuplicate.objects.filter(pairs).delete()
    _rekey(rows, ages)
    erased = Participant.objects.filter(pk__in=people)
    erased.update(**BLANK, erased_at=at, updated_at=at)
    write_history(erased, kind=CHANGED, reason=REASON, actor=actor)
    _blank_history(people)


@transaction.atomic
def forget_old_lists(*, before: dt.datetime) -> int:
    """Delete the rows of lists that were over by then; return how many.

    What the files were called goes with them. A list that nobody has confirmed in
    that time is discarded.
    """
    ended = Q(finished_at__lt=before) | Q(failed_at__lt=before)
    any_row = Exists(ImportRow.objects.filter(batch=OuterRef("pk")))
    kept = ParticipantImport.objects.filter(ended).filter(any_row | ~Q(file_name=""))
    old = kept.select_for_update().order_by("pk")
    lists = list(old.values_list("pk", flat=True))
    _forget_names(ParticipantImport.objects.filter(pk__in=lists))
    unsaved = ParticipantImport.objects.filter(
        any_row, pk__in=lists, saved_at=None, discarded_at=None
    )
    unsaved.update(discarded_at=timezone.now(), fence=F("fence") + 1)
    return ImportRow.objects.filter(batch__in=lists).delete()[0]


def _forget_names(lists: QuerySet[ParticipantImport]) -> None:
    """Blank what the files were called: by its file's name a list may name a person."""
    lists.exclude(file_name="").update(file_name="")


def _keys_of_hidden(rows: Sequence[Participant]) -> Iterator[UUID]:
    """Yield the keys by number of protected identities, whose own is of their ref."""
    hidden = [row for row in rows if row.protected and row.encrypted_number]
    if not hidden:
        return
    keys = keys_in_force()
    for row in hidden:
        with suppress(UnreadableError):  # Nobody can say whose number it is.
            yield from filter(None, keys.of_number(row.personal_number))


def _rekey(rows: Sequence[Participant], ages: Mapping[int, int | None]) -> None:
    new_keys = {row.person_key: uuid.uuid4() for row in rows}
    is_rotating = keys_in_force().next is not None
    values = []
    for row in rows:
        key = new_keys[row.person_key]
        values.append((key, key if is_rotating else None, ages.get(row.pk), row.pk))
    update_rows(Participant, ["person_key", "person_key_next", "age_at_entry"], values)


def _blank_history(people: Collection[int]) -> None:
    now = Participant.objects.filter(pk=OuterRef("id")).order_by()
    keys = {
        name: Subquery(now.values(name)) for name in ("person_key", "person_key_next")
    }
    blank = {name: value for name, value in BLANK.items() if name != "restricted_at"}
    history_of(people).update(**blank, **keys)
