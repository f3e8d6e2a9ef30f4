"""Participants certify the hours that they see, and nobody else's."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.trail import people_of
from companies.enums import OwnChannel
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.chain import commit
from core.errors import DomainError
from trainings.certifying import CERTIFICATION_TEXTS, NEWEST_TEXT, stamped_text
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Certification
from trainings.tests.certifying import certify
from trainings.tests.factories import AttendanceFactory, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOON = at("2026-03-10 12:00")


@pytest.fixture
def row():
    return AttendanceFactory(minutes=90)


@pytest.fixture
def anna(row):
    return row.enrolment.participant


def refused(participant, *rows, match, **options):
    with pytest.raises(DomainError, match=match):
        certify(participant, *rows, **options)
    assert not Certification.objects.exists()


def test_a_certified_time_says_when_and_by_which_channel(row, anna):
    assert certify(anna, row, at=at("2026-03-10 12:00:42")) == 1

    row.refresh_from_db()
    assert (row.certified_at, row.certified_channel) == (NOON, "link")
    assert row in Attendance.objects.certified()
    last = row.history.latest()
    assert (last.certified_at, last.history_type, last.history_user) == (
        NOON,
        "~",
        None,
    )


def test_each_time_becomes_a_row_of_the_chain_with_its_content(row, anna):
    other = AttendanceFactory(enrolment=row.enrolment, minutes=45)

    certify(anna, row, other, at=NOON)

    first, second = Certification.objects.order_by("pk")
    assert [one.attendance for one in (first, second)] == [row, other]
    said = first.content
    assert (said.person_ref, said.minutes, said.text_version) == (anna.ref, 90, "1-en")
    assert (said.channel, said.at) == ("link", NOON)
    assert said.salt != second.content.salt
    assert bytes(first.digest) == commit(
        said.salt,
        {
            "attendance": row.pk,
            "person": anna.ref,
            "minutes": 90,
            "text": "1-en",
            "channel": "link",
            "at": "2026-03-10T11:00:00+00:00",
        },
    )
    assert first.seal is None


def test_it_is_written_down_once_and_names_the_participant(row, anna):
    other = AttendanceFactory(enrolment=row.enrolment)

    certify(anna, row, other)

    entry = AuditEntry.objects.get(action="trainings.hours_certified")
    assert people_of(entry) == [anna.ref]
    assert (entry.payload.actor, entry.payload.facts) == (
        None,
        {"by": "participant", "times": 2, "channel": "link", "text": "1-en"},
    )


@pytest.mark.parametrize("times", [1, 8])
def test_many_times_cost_as_many_queries_as_one(anna, times, django_assert_num_queries):
    rows = AttendanceFactory.create_batch(times, enrolment__participant=anna)

    # Savepoint, person, occasions, times; the times and their history; the chained
    # rows and their contents; an entry of three; savepoint.
    with django_assert_num_queries(13):
        certify(anna, *rows)


def test_every_text_is_there_in_both_languages_and_stays():
    assert {version: set(texts) for version, texts in CERTIFICATION_TEXTS.items()} == {
        "1": {"sv", "en"}
    }
    assert NEWEST_TEXT == "1"
    assert stamped_text("1-sv") == (
        "Jag intygar att jag har varit med på utbildningen de tider som jag har "
        "kryssat för, och att timmarna stämmer. Jag vet att de redovisas till "
        "Europeiska socialfonden, som betalar en del av projektet."
    )
    assert stamped_text("9-sv") == stamped_text("anything") == ""


# What is refused


def test_nothing_ticked_is_refused(anna):
    refused(anna, match="Tick at least one time")


@pytest.mark.parametrize(("version", "language"), [("0", "en"), ("1", "fi")])
def test_another_text_than_the_newest_is_refused(row, anna, version, language):
    refused(
        anna,
        row,
        match="text that you certify is another",
        text_version=version,
        language=language,
    )


def test_a_time_that_was_changed_since_it_was_shown_is_refused(row, anna):
    other = AttendanceFactory(enrolment=row.enrolment)
    shown = {row.pk: 60, other.pk: other.minutes}

    refused(anna, match="2026-03-02 08:00: The time was changed", shown=shown)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.certified_at, other.certified_at) == (None, None)


def test_another_participants_time_is_refused_with_the_own(row, anna):
    refused(anna, row, AttendanceFactory(), match="no longer yours")
    refused(anna, shown={row.pk: 90, 10**9: 90}, match="no longer yours")


def test_a_colleague_of_the_same_company_certifies_nothing(row):
    colleague = ParticipantFactory(company=row.enrolment.participant.company)

    refused(colleague, row, match="no longer yours")


def test_time_is_certified_once(row, anna):
    certify(anna, row)

    with pytest.raises(DomainError, match="certified this time already"):
        certify(anna, row)

    assert Certification.objects.count() == 1


def test_time_without_a_minute_needs_no_certificate(row, anna):
    absent = AttendanceFactory(enrolment=row.enrolment, minutes=0)

    refused(anna, absent, match="You were absent")


def test_a_session_is_certified_when_it_is_over(row, anna):
    end = row.session.ends_at

    refused(anna, row, match="not over yet", at=end - dt.timedelta(minutes=1))
    assert certify(anna, row, at=end) == 1


def test_time_on_a_cancelled_occasion_is_not_certified(row, anna):
    row.session.occasion.status = OccasionStatus.CANCELLED
    row.session.occasion.save()

    refused(anna, row, match="was cancelled")


def test_time_under_dispute_is_not_certified_until_the_answer(row, anna):
    row.disputed_at = at("2026-03-05 08:00")
    row.save()
    refused(anna, row, match="has no answer yet")

    row.dispute_closed_at = at("2026-03-06 08:00")
    row.save()
    assert certify(anna, row) == 1


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"restricted_at": timezone.now()}, "kept and not used"),
        ({"erased_at": timezone.now()}, "Erased"),
    ],
    ids=["restricted", "erased"],
)
def test_data_that_are_closed_are_not_certified(row, anna, values, match):
    type(anna).objects.filter(pk=anna.pk).update(**values)

    refused(anna, row, match=match)


def test_a_row_that_was_merged_into_another_certifies_nothing(row, anna):
    kept = ParticipantFactory(company=anna.company)
    type(anna).objects.filter(pk=anna.pk).update(merged_into=kept)

    refused(anna, row, match="Merged into another row")


def test_a_protected_identity_certifies_at_a_kiosk_alone(row, anna):
    type(anna).objects.filter(pk=anna.pk).update(protected=True)

    refused(anna, row, match="at a kiosk")
    assert certify(anna, row, channel=OwnChannel.KIOSK) == 1
    row.refresh_from_db()
    assert row.certified_channel == "kiosk"


def test_all_faults_are_told_at_once_and_nothing_is_certified(row, anna):
    absent = AttendanceFactory(
        enrolment=row.enrolment, minutes=0, session__starts_at=at("2026-03-03 08:00")
    )
    certify(anna, row)

    with pytest.raises(DomainError) as refusal:
        certify(anna, row, absent)

    assert str(refusal.value) == (
        "2026-03-02 08:00: You have certified this time already.\n"
        "2026-03-03 08:00: You were absent: there is no time to certify."
    )


def test_rows_of_one_person_at_two_companies_are_each_their_own(row, anna):
    """The same human under another company has another page, and another row."""
    elsewhere = ParticipantFactory(company=CompanyFactory())

    refused(elsewhere, row, match="no longer yours")
