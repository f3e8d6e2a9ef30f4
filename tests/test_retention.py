"""What has come to its last day goes by itself, and a simulation says so before."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import UserFactory, make_leader
from companies.enums import RowOutcome
from companies.models import (
    ImportRow,
    Participant,
    ParticipantImport,
    PersonalLink,
    Programme,
)
from companies.services.restriction import restrict_person
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from core.locks import held_lock
from kompetenslyft.privacy import register, retention
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.tasks import erase_expired as erase_expired_task
from tests.people import make_anna, traces
from tests.races import beside, writes
from trainings.models import AccommodationNote, Occasion
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    SessionFactory,
)
from trainings.uploads import take_back

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = TODAY - dt.timedelta(days=1)
LONG_AGO = timezone.now() - dt.timedelta(weeks=13)
LATELY = timezone.now() - dt.timedelta(weeks=11)


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


def _note(ended: dt.datetime):
    session = SessionFactory(
        starts_at=ended - dt.timedelta(hours=4), ends_at=ended, minutes=60
    )
    accommodation = AccommodationFactory(enrolment__occasion=session.occasion)
    return AccommodationNote.objects.create(accommodation=accommodation, text="Nära")


def _list(at, company=None, **values):
    batch = ParticipantImport.objects.create(
        company=company or CompanyFactory(),
        requested_at=at,
        read_at=at,
        finished_at=at,
        **values,
    )
    row = ImportRow(batch=batch, line=2, outcome=RowOutcome.NEW)
    row.content = {"typed": {}, "values": {}}
    row.save()
    return batch


def _run(capsys, **options):
    with override("en"):
        call_command("erase_expired", **options)
    return capsys.readouterr().out.splitlines()


# Each kind on its day


def test_people_go_on_the_day_after_the_last(capsys):
    programme = ProgrammeFactory(retain_until=TODAY)
    ParticipantFactory()
    assert _run(capsys) == ["Nothing has come to its last day."]

    programme.retain_until = YESTERDAY
    programme.save()
    said = _run(capsys)

    assert said[0] == "people in a company's list, blanked: 1"
    assert Participant.objects.get().erased_at


def test_without_a_day_and_without_a_programme_nobody_goes(capsys):
    ParticipantFactory()
    assert _run(capsys) == ["Nothing has come to its last day."]

    ProgrammeFactory()
    assert _run(capsys) == ["Nothing has come to its last day."]


def test_a_restricted_person_is_left_and_said(capsys):
    ProgrammeFactory(retain_until=YESTERDAY)
    ParticipantFactory(restricted_at=timezone.now())

    assert _run(capsys) == [
        "Nothing has come to its last day.",
        "restricted and therefore kept: 1",
    ]
    assert Participant.objects.get().erased_at is None


def test_a_note_goes_weeks_after_the_last_session_of_its_occasion():
    ProgrammeFactory(note_weeks=2)
    now = timezone.now()
    _note(now - dt.timedelta(weeks=2, minutes=1))
    newer = _note(now - dt.timedelta(weeks=2, minutes=-5))
    goes_on = _note(now - dt.timedelta(weeks=5))
    SessionFactory(
        occasion=goes_on.accommodation.enrolment.occasion,
        starts_at=now,
        ends_at=now + dt.timedelta(hours=2),
        minutes=60,
    )

    expired = retention.erase_expired()

    assert expired.counts == {Kind.NOTES: 1}
    assert set(AccommodationNote.objects.all()) == {newer, goes_on}


@pytest.mark.parametrize(("status", "goes"), [("cancelled", True), ("planned", False)])
def test_notes_on_an_occasion_that_never_had_a_session_go_when_cancelled(status, goes):
    note = AccommodationNoteFactory(accommodation__enrolment__occasion__status=status)
    occasion = note.accommodation.enrolment.occasion
    ago = timezone.now() - dt.timedelta(weeks=9)
    Occasion.objects.filter(pk=occasion.pk).update(updated_at=ago)
    ProgrammeFactory(note_weeks=8)

    retention.erase_expired()

    assert AccommodationNote.objects.exists() is not goes


def test_letters_links_and_rows_of_lists_go_after_their_weeks():
    for at in (LONG_AGO, LATELY):
        OutboxMessage.objects.create(
            kind="k", recipient="a@example.org", queued_at=at, sent_at=at
        )
        PersonalLink.objects.create(
            participant=ParticipantFactory(), digest=str(at), expires_at=at
        )
        _list(at, saved_at=at)

    ParticipantImport.objects.update(file_name="Anna.csv")
    _list(LONG_AGO, file_name="Eva.csv").rows.all().delete()

    expired = retention.erase_expired()

    assert expired.counts == {Kind.LETTERS: 1, Kind.LINKS: 1, Kind.LIST_ROWS: 1}
    names = ParticipantImport.objects.exclude(file_name="").values_list("file_name")
    assert list(names) == [("Anna.csv",)]
    assert OutboxMessage.objects.filter(recipient="").count() == 1
    assert PersonalLink.objects.get().expires_at == LATELY
    assert ImportRow.objects.get().batch.saved_at == LATELY


def test_a_letter_that_waits_stays():
    OutboxMessage.objects.create(
        kind="k", recipient="a@example.org", queued_at=LONG_AGO, sealed=b"1:"
    )

    assert retention.erase_expired().counts == {}


def test_a_list_that_nobody_confirmed_is_discarded_with_its_rows():
    batch = _list(LONG_AGO)

    assert retention.erase_expired().counts == {Kind.LIST_ROWS: 1}

    batch.refresh_from_db()
    assert batch.discarded_at


def test_a_list_without_rows_cannot_be_taken_back():
    batch = _list(LONG_AGO, saved_at=LONG_AGO)
    retention.erase_expired()

    with override("en"), pytest.raises(DomainError, match="too old to be taken back"):
        take_back(batch=batch, actor=UserFactory())


def test_sign_ins_that_are_over_go_with_their_trace():
    now = timezone.now()
    Session.objects.create(session_key="a", expire_date=now - dt.timedelta(hours=1))
    Session.objects.create(session_key="b", expire_date=now + dt.timedelta(hours=1))
    user = UserFactory()
    for key in "ab":
        UserSession.objects.create(
            session_key=key, user=user, ip="127.0.0.1", user_agent="x"
        )

    expired = retention.erase_expired()

    assert expired.counts == {Kind.SESSIONS: 2}
    assert UserSession.objects.get().session_key == "b"


# The run


def _everything(tmp_path):
    ProgrammeFactory(retain_until=YESTERDAY, note_weeks=1)
    make_anna(tmp_path)
    _note(LONG_AGO)
    _list(LONG_AGO, saved_at=LONG_AGO)
    Session.objects.create(session_key="a", expire_date=LONG_AGO)


def test_a_simulation_says_what_the_run_then_says_and_changes_nothing(
    capsys, tmp_path, settings
):
    _everything(tmp_path)
    before = traces(), AuditEntry.objects.count()

    simulated = _run(capsys, simulate=True)
    assert (traces(), AuditEntry.objects.count()) == before
    assert not settings.ERASED_PEOPLE_FILE.exists()
    done = _run(capsys)

    assert simulated == [*done, "Nothing was erased: --simulate."]
    assert len(done) == 11
    assert traces() == set()
    assert _run(capsys) == ["Nothing has come to its last day."]


def test_a_run_is_written_down_with_its_counts():
    _list(LONG_AGO, saved_at=LONG_AGO)

    erase_expired_task()

    entry = AuditEntry.objects.get(action="kompetenslyft.erased_expired")
    assert entry.payload.facts == {"list_rows": 1}


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_goes_on_where_it_was(monkeypatch):
    ProgrammeFactory(retain_until=YESTERDAY)
    ParticipantFactory.create_batch(5)
    monkeypatch.setattr(retention, "BATCH", 2)
    real, calls = retention.erase_rows, []

    def die_at_the_third(*args, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(retention, "erase_rows", die_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        retention.erase_expired()
    assert Participant.objects.filter(erased_at=None).count() == 1
    monkeypatch.setattr(retention, "erase_rows", real)

    assert retention.erase_expired().counts[Kind.PEOPLE] == 1
    assert sum(register.noted().values()) == 5


def test_batches_do_not_part_the_rows_of_a_person(monkeypatch):
    ProgrammeFactory(retain_until=YESTERDAY)
    monkeypatch.setattr(retention, "BATCH", 1)
    first, _second = ParticipantFactory.create_batch(2)
    Participant.objects.update(person_key=first.person_key)

    retention.erase_expired()

    keys = set(Participant.objects.values_list("person_key", flat=True))
    assert len(keys) == 1


def _restricting(person):
    leader = make_leader()
    return lambda: restrict_person(participant=person, basis="claims", actor=leader)


def _finds_the_rows_of_people(sql, _params):
    """Who is due has been listed, and nobody is locked yet."""
    return '"merged_into_id" IN' in sql


@pytest.mark.django_db(transaction=True)
def test_who_is_restricted_after_being_found_due_is_spared():
    ProgrammeFactory(retain_until=YESTERDAY)
    person, other = ParticipantFactory.create_batch(2)

    expired, restricted = beside(
        retention.erase_expired, _restricting(person), at=_finds_the_rows_of_people
    )

    assert restricted == 1
    assert (expired.counts[Kind.PEOPLE], expired.restricted) == (1, 1)
    alive = Participant.objects.get(erased_at=None)
    assert (alive.pk, alive.full_name) == (person.pk, person.full_name)
    assert register.noted() == {other.ref: True}


@pytest.mark.django_db(transaction=True)
def test_a_run_that_waits_for_a_restriction_spares_the_person():
    ProgrammeFactory(retain_until=YESTERDAY)
    person = ParticipantFactory()

    restricted, expired = beside(
        _restricting(person),
        retention.erase_expired,
        at=writes("companies_participant"),
    )

    assert restricted == 1
    assert (expired.counts, expired.restricted) == ({}, 1)
    assert Participant.objects.get().full_name == person.full_name


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_are_one(tmp_path):
    if connection.vendor == "postgresql":
        pytest.skip("A session's own advisory locks count as free")
    with (
        held_lock("erase_expired"),
        override("en"),
        pytest.raises(CommandError, match="Another run"),
    ):
        call_command("erase_expired")


def test_queries_grow_with_batches_and_not_with_people():
    ProgrammeFactory(retain_until=YESTERDAY)
    queries = []
    for people in (3, 60):
        ParticipantFactory.create_batch(people)
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            retention.erase_expired()
        assert not Participant.objects.filter(erased_at=None).exists()
        queries.append(len(asked))

    few, many = queries
    assert many == few


def test_the_dates_are_set_by_a_leader_in_the_admin(client):
    ProgrammeFactory()
    client.force_login(make_leader(is_superuser=True))
    url = reverse("admin:companies_programme_change", args=[1])
    page = client.get(url)
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in values.items() if value is not None}

    client.post(url, values | {"retain_until": "2032-12-31", "note_weeks": "4"})

    programme = Programme.objects.get()
    assert (str(programme.retain_until), programme.note_weeks) == ("2032-12-31", 4)
