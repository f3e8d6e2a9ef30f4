"""A person of whom everything is held that can be held, and a look for its traces."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.db import connection
from django.utils import timezone

from accounts.audit import record
from accounts.services.outbox import post_letter
from companies.models import (
    CalendarFeed,
    CorrectionRequest,
    Merge,
    NotADuplicate,
    Participant,
    PersonalLink,
)
from companies.services import add_participant, change_participant
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.crypto import UnreadableError, decrypt, encrypt
from networks.tests.factories import MeetingAttendanceFactory, NetworkMemberFactory
from trainings.models import AccommodationNote
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
)
from trainings.uploads import import_list

NUMBER, MASK = "198507099805", "19850709-****"
# Words that stand nowhere else.
TRACES = (
    "Annabritta",
    "Bergendotter",
    "annabritta@example.org",
    "+46701740605",
    "Pannmurare",
    NUMBER,
    "850709-9805",
    "1985-07-09",
    "heter Berg",
    "vill sitta nära",
)
ROLE, SEALED_ROLE = "7114", '{"role_code": "7114"}'
DETAILS = {
    "given_name": "Annabritta",
    "family_name": "Bergendotter",
    "email": "annabritta@example.org",
    "mobile": "+46701740605",
    "job_title": "Pannmurare",
    "role_code": ROLE,
    "staff_group": "blue_collar",
}
LIST = (
    "Personnummer;Förnamn;Efternamn;Befattning\n"
    "850709-9805;Annabritta;Bergendotter;Murare\n"
    "19790819-9909;Bo;Ek;Smed\n"
)


def make_anna(tmp_path: Path) -> Participant:
    """Return a woman at one company with all that the portal can hold on her.

    She was born on 9 July 1985 and was at a session first on 2 March 2026, at 40.
    """
    hr = MembershipFactory()
    anna = add_participant(company=hr.company, actor=hr.user, number=NUMBER, **DETAILS)
    path = tmp_path / "lista.csv"
    path.write_text(LIST, encoding="utf-8")
    import_list(company=hr.company, path=path, actor=hr.user)
    change_participant(participant=anna, actor=hr.user, job_title="Pannmurare")
    AttendanceFactory(enrolment=(seat := EnrolmentFactory(participant=anna)))
    accommodation = AccommodationFactory(enrolment=seat)
    text = "Jag vill sitta nära dörren"
    AccommodationNote.objects.create(accommodation=accommodation, text=text)
    NetworkMemberFactory(participant=anna)
    MeetingAttendanceFactory(participant=anna)
    _add_traces(anna, hr)
    return Participant.objects.get(pk=anna.pk)


def _add_traces(anna: Participant, hr) -> None:
    PersonalLink.objects.create(
        participant=anna, digest="0" * 64, expires_at=timezone.now()
    )
    CalendarFeed.objects.create(participant=anna, digest="1" * 64, language="sv")
    CorrectionRequest.objects.create(
        participant=anna, field="name", sealed=encrypt("Jag heter Berg numera")
    )
    absorbed = ParticipantFactory(company=anna.company, merged_into=anna, **DETAILS)
    Merge.objects.create(
        kept=anna,
        absorbed=absorbed,
        sealed=encrypt(SEALED_ROLE),
        merged_at=timezone.now() - dt.timedelta(days=1),  # Before the note.
    )
    other = ParticipantFactory(company=anna.company, birth_date=None)
    NotADuplicate.objects.create(first=anna, second=other)
    post_letter(
        kind="correction_answered",
        recipient=anna.email,
        language="sv",
        context={"url": "https://example.org/", "company": "Företaget"},
        person_ref=anna.ref,
    )
    record(hr.user, "companies.read", anna)
    record(hr.user, "companies.listed", people=[anna.ref, other.ref])


def cells() -> Iterator[tuple[str, str]]:
    """Yield every value of the database with its table, sealed ones opened."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for value in row:
                    yield table, _opened(value)


def _opened(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        with suppress(UnreadableError, ValueError):
            return decrypt(bytes(value))
        return bytes(value).decode(errors="replace")
    return str(value)


def traces() -> set[tuple[str, str]]:
    """Return where something still says who she was: table and word."""
    values = list(cells())
    found = {(table, word) for table, text in values for word in TRACES if word in text}
    # Four digits stand in many a time of day.
    codes = {(table, ROLE) for table, text in values if text in {ROLE, SEALED_ROLE}}
    return found | codes
