"""What a supplier sees of who comes: name, company and what to arrange."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import (
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from trainings.enums import OccasionStatus
from trainings.selectors import roster
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOTE = "Jag behöver sitta längst fram."


@pytest.fixture
def occasion():
    return OccasionFactory(status=OccasionStatus.ONGOING)


@pytest.fixture
def supplier(occasion):
    return make_supplier(occasion)


@pytest.fixture
def browser(client, supplier):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(supplier)
    return client


def page(name, occasion, *more):
    return reverse(f"trainings:{name}", args=[occasion.ref, *more])


def seat_of(occasion, **values):
    return EnrolmentFactory(occasion=occasion, **values)


def test_the_roster_has_name_company_and_what_to_arrange(browser, occasion):
    seat = seat_of(
        occasion,
        participant__family_name="Berg",
        participant__company__name="Ödmans Stål AB",
    )
    asked = AccommodationFactory(enrolment=seat)
    AccommodationNoteFactory(accommodation=asked, text=NOTE)

    text = browser.get(page("occasion", occasion)).text

    for fact in ("Anna Berg", "Ödmans Stål AB", "Captions", NOTE):
        assert fact in text
    assert "waits for an answer" in text


def test_the_roster_has_nothing_else_of_a_person(browser, occasion):
    person = ParticipantFactory(
        family_name="Berg",
        email="anna.berg@example.org",
        mobile="+46700000000",
        job_title="Svetsare",
        role_code="7212",
        gender="non_binary",
    )
    person.set_number("198507099805")
    person.no_number_reason = ""
    person.save()
    seat = seat_of(occasion, participant=person)
    SessionFactory(occasion=occasion)

    texts = [
        browser.get(page(name, occasion, *more)).text
        for name, more in (
            ("occasion", []),
            ("attendance", []),
            ("seat", [seat.ref]),
        )
    ]

    for text in texts:
        assert "Anna Berg" in text
        for fact in (
            "1985",
            "850709",
            "anna.berg",
            "+467",
            "Svetsare",
            "7212",
            "on-binary",
            person.ref,
            person.get_absolute_url(),
        ):
            assert fact not in text, fact


def test_who_waits_or_has_left_is_not_on_the_roster(browser, occasion):
    seat_of(occasion, confirmed_at=None, participant__family_name="Väntande")
    seat_of(
        occasion,
        withdrawn_at=at("2026-02-01 09:00"),
        participant__family_name="Bortgången",
    )

    text = browser.get(page("occasion", occasion)).text

    assert "Väntande" not in text
    assert "Bortgången" not in text
    assert "Nobody has a seat yet" in text


@pytest.mark.parametrize(
    "hidden",
    [
        {"protected": True},
        {"restricted_at": at("2026-02-01 09:00")},
        {"erased_at": at("2026-02-01 09:00"), "given_name": "", "family_name": ""},
    ],
    ids=["protected", "restricted", "erased"],
)
def test_some_are_only_a_number_for_a_supplier(browser, occasion, hidden):
    seat_of(occasion, participant__family_name="Zorn")
    person = ParticipantFactory(**{"family_name": "Hemlig"} | hidden)
    seat = seat_of(occasion, participant=person)
    asked = AccommodationFactory(enrolment=seat)
    AccommodationNoteFactory(accommodation=asked, text=NOTE)
    SessionFactory(occasion=occasion)

    roster = browser.get(page("occasion", occasion)).text
    grid = browser.get(page("attendance", occasion)).text
    alone = browser.get(page("seat", occasion, seat.ref)).text

    for text in (roster, grid, alone):
        assert "Participant 2" in text
        assert "Hemlig" not in text
        assert person.ref not in text
    assert "Captions" in roster
    assert (NOTE in roster) is ("protected" in hidden)
    assert roster.index("Anna Zorn") < roster.index("Participant 2")


def test_a_number_stays_when_an_earlier_nomination_is_taken_back(occasion, supplier):
    gone = seat_of(occasion, confirmed_at=None)
    seat_of(occasion, participant__protected=True)
    gone.delete()

    names = [row.place.name for row in roster(occasion, supplier)]

    assert names == ["Participant 2"]


def test_needs_that_were_withdrawn_are_not_to_arrange(occasion, supplier):
    asked = AccommodationFactory(
        enrolment__occasion=occasion, withdrawn_at=at("2026-01-21 09:00")
    )
    AccommodationNoteFactory(accommodation=asked, text=NOTE)

    assert [row.needs for row in roster(occasion, supplier)] == [[]]


def noted(occasion):
    """Return the needs that the supplier reads, with their notes."""
    (row,) = roster(occasion, make_supplier(occasion))
    return [(need.kind, need.note) for need in row.needs]


def test_a_note_is_read_until_it_is_erased_and_the_kind_stays(occasion):
    ProgrammeFactory(note_weeks=8)
    asked = AccommodationFactory(enrolment__occasion=occasion)
    AccommodationNoteFactory(accommodation=asked, text=NOTE)
    week = dt.timedelta(weeks=1)
    past = timezone.now() - 8 * week
    session = SessionFactory(
        occasion=occasion, starts_at=past - week, ends_at=past + week
    )

    before = noted(occasion)
    session.ends_at = past
    session.save()

    assert (before, noted(occasion)) == ([("captions", NOTE)], [("captions", "")])


@pytest.mark.parametrize("status", OccasionStatus.values)
def test_of_a_cancelled_occasion_nobody_reads_a_note(occasion, status):
    asked = AccommodationFactory(enrolment__occasion=occasion)
    AccommodationNoteFactory(accommodation=asked, text=NOTE)
    occasion.status = status
    occasion.save()

    assert noted(occasion) == [("captions", "" if status == "cancelled" else NOTE)]


def test_only_the_staff_of_the_supplier_gets_a_roster(occasion):
    asked = AccommodationFactory(enrolment__occasion=occasion)
    AccommodationNoteFactory(accommodation=asked)
    hr = MembershipFactory(company=asked.enrolment.participant.company).user

    for user in (make_leader(), hr, make_supplier()):
        assert roster(occasion, user) == []


def test_every_look_at_the_roster_is_written_down_with_whom_and_how_many_notes(
    browser, occasion, supplier
):
    seat = seat_of(occasion)
    asked = AccommodationFactory(enrolment__occasion=occasion)
    AccommodationNoteFactory(accommodation=asked)

    browser.get(page("occasion", occasion))

    entry = AuditEntry.objects.get(action="trainings.roster_read")
    shown = {seat.participant.ref, asked.enrolment.participant.ref}
    assert people_of(entry) == sorted(shown)
    assert entry.content.actor == supplier
    assert entry.content.facts == {"notes": 1}


@pytest.mark.parametrize("people", [1, 30])
def test_the_roster_costs_the_same_for_one_and_for_thirty(
    browser, occasion, people, django_assert_num_queries
):
    for _ in range(people):
        asked = AccommodationFactory(enrolment__occasion=occasion)
        AccommodationNoteFactory(accommodation=asked)
    address = page("occasion", occasion)
    browser.get(address)

    # Session, user, companies, supplier, navigation; occasion, sessions, card, what
    # it is planned for, two for seats, people and needs, two for the last day of
    # notes; three for the audit entry.
    with django_assert_num_queries(18):
        browser.get(address)


def test_who_is_hr_and_teaches_sees_both(client, occasion, supplier):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    seat_of(occasion, participant__family_name="Deras")
    own = seat_of(occasion, confirmed_at=None, participant__family_name="Vår")
    MembershipFactory(user=supplier, company=own.participant.company)
    client.force_login(supplier)

    response = client.get(page("occasion", occasion))

    assert [p.enrolment for p in response.context["places"]] == [own]
    assert [r.place.name for r in response.context["roster"]] == ["Anna Deras"]
