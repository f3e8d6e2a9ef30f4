"""One seat's page: what happened to it, who did it, and who may read it."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment
from trainings.selectors import seat_story
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader(name="Lena Ledare")


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


def page(seat):
    return reverse("trainings:seat", args=[seat.occasion.ref, seat.ref])


def enter(seat, session, minutes, actor):
    services.record_attendance(
        occasion=seat.occasion, minutes={(seat.pk, session.pk): minutes}, actor=actor
    )


def told(changes):
    return [(c.row, c.field, c.before, c.after, c.who) for c in changes]


def of_minutes(changes):
    return [(c.before, c.after, c.who) for c in changes if c.field == "Minutes"]


# What it tells


def test_the_steps_stand_with_time_and_who(client, leader):
    occasion = OccasionFactory(capacity=1, course__needs_approval=True)
    person = ParticipantFactory()
    hr = MembershipFactory(company=person.company, user__name="Hanna Hr").user
    [seat] = services.nominate(
        occasion=occasion,
        participants=[person],
        actor=hr,
        at=at("2026-01-10 09:00"),
    )
    services.confirm_seats(
        occasion=occasion, enrolments=[seat], actor=leader, at=at("2026-01-12 10:00")
    )
    client.force_login(hr)

    story = client.get(page(seat)).context["story"]

    assert [(s.title, f"{s.at:%m-%d}", s.who) for s in story.steps] == [
        ("nominated", "01-10", hr),
        ("confirmed", "01-12", leader),
    ]
    assert told(story.changes) == [
        ("The seat", "Confirmed", "", "2026-01-12 10:00", leader),
        ("The seat", "Nominated", "", "2026-01-10 09:00", hr),
    ]


def test_every_change_of_the_time_stands_with_before_and_after(
    client, seat, session, leader
):
    supplier = make_supplier(seat.occasion)
    enter(seat, session, 240, supplier)
    enter(seat, session, 120, leader)
    client.force_login(leader)

    response = client.get(page(seat))

    assert of_minutes(response.context["story"].changes) == [
        ("240", "120", leader),
        ("", "240", supplier),
    ]
    assert "120 of 240" in response.text
    assert "2026-03-02 08:00" in response.text


def test_the_outcome_of_an_accommodation_stands_without_the_note(client, seat, leader):
    asked = AccommodationFactory(enrolment=seat)
    AccommodationNoteFactory(accommodation=asked, text="Längst fram")
    asked.arranged_at, asked.outcome = at("2026-01-25 09:00"), "partly"
    asked.save()
    client.force_login(leader)

    response = client.get(page(seat))

    changes = told(response.context["story"].changes)
    assert ("captions", "Outcome", "", "partly met", None) in changes
    assert "Längst fram" not in response.text


@pytest.mark.usefixtures("session")
def test_hr_learns_of_no_accommodation(client, seat):
    asked = AccommodationFactory(enrolment=seat, asked_by="participant")
    AccommodationFactory(enrolment=seat)  # As a package brings it.
    client.force_login(MembershipFactory(company=seat.participant.company).user)

    response = client.get(page(seat))

    assert response.context["story"].accommodations == []
    assert "aption" not in response.text
    assert asked.ref not in response.text


def test_a_seat_moved_between_rows_of_one_person_says_so(seat, leader):
    seat.participant = ParticipantFactory(company=seat.participant.company)
    seat.save()

    fields = [change.field for change in seat_story(seat, leader).changes]

    assert "Moved to another row of the same person" in fields


def test_who_is_erased_keeps_the_steps_and_loses_the_name(client, seat, leader):
    person = seat.participant
    person.given_name = person.family_name = ""
    person.erased_at = at("2026-06-01 09:00")
    person.save()
    client.force_login(leader)

    response = client.get(page(seat))

    assert "Participant 1" in response.text
    assert len(response.context["story"].steps) == 2


# Who reads it


def test_each_role_finds_the_seats_that_concern_it(client, seat, leader):
    theirs = EnrolmentFactory()
    hr = MembershipFactory(company=seat.participant.company).user
    former = MembershipFactory(
        company=seat.participant.company, ended_on="2026-01-31"
    ).user
    supplier = make_supplier(seat.occasion)

    answers = {}
    for name, user in {
        "leader": leader,
        "hr": hr,
        "former": former,
        "supplier": supplier,
    }.items():
        client.force_login(user)
        answers[name] = [client.get(page(row)).status_code for row in (seat, theirs)]

    assert answers == {
        "leader": [200, 200],
        "hr": [200, 404],
        "former": [404, 404],
        "supplier": [200, 404],
    }


def test_a_seat_is_found_only_under_its_own_occasion(client, seat, leader):
    other = OccasionFactory()
    client.force_login(leader)

    address = reverse("trainings:seat", args=[other.ref, seat.ref])

    assert client.get(address).status_code == 404


def test_reading_a_seat_is_written_down(client, seat, leader):
    client.force_login(leader)

    client.get(page(seat))

    entry = AuditEntry.objects.get(action="trainings.seat_read")
    assert (entry.content.actor, entry.content.subject_ref) == (leader, seat.ref)
    assert people_of(entry) == [seat.participant.ref]


def test_a_seat_costs_the_same_with_one_change_and_with_many(
    client, seat, leader, django_assert_num_queries
):
    client.force_login(leader)
    client.get(page(seat))

    def count():
        # Session, user, navigation, seat; time, corrections, disputes, needs allowed
        # and known, three histories, person, sessions, accommodations; three for the
        # audit entry.
        with django_assert_num_queries(19):
            client.get(page(seat))

    AttendanceFactory(enrolment=seat)
    AccommodationFactory(enrolment=seat)
    count()
    for _ in range(9):
        row = AttendanceFactory(enrolment=seat)
        row.minutes = 1
        row.save()
        AccommodationFactory(enrolment=seat)
    count()


# The grid


def grid(client, seat):
    return client.get(reverse("trainings:attendance", args=[seat.occasion.ref])).text


def test_a_cell_that_was_changed_leads_to_its_history(client, seat, session, leader):
    untouched = EnrolmentFactory(occasion=seat.occasion)
    enter(seat, session, 240, leader)
    enter(untouched, session, 240, leader)
    enter(seat, session, 0, leader)
    client.force_login(leader)

    text = grid(client, seat)

    assert f'href="{page(seat)}#changes"' in text
    assert 'aria-label="Changed: Anna Berg, 2026-03-02 08:00"' in text
    assert f'href="{page(untouched)}#changes"' not in text


def test_a_value_changed_there_and_back_is_marked_too(client, seat, session, leader):
    for minutes in (240, 0, 240):
        enter(seat, session, minutes, leader)
    client.force_login(leader)

    assert "#changes" in grid(client, seat)


def test_certifying_is_no_change_of_the_time(client, seat, session, leader):
    enter(seat, session, 240, leader)
    row = Attendance.objects.get()
    row.certified_at = row.recorded_at
    row.save()
    client.force_login(leader)

    assert "#changes" not in grid(client, seat)


# Every path writes it


def test_a_nomination_taken_back_leaves_its_making_and_its_end():
    seat = EnrolmentFactory(confirmed_at=None)
    pk = seat.pk

    Enrolment.objects.filter(pk=pk).delete()

    kinds = Enrolment.history.filter(id=pk).values_list("history_type", flat=True)
    assert sorted(kinds) == ["+", "-"]


@pytest.mark.parametrize("leave", [services.withdraw, services.decline])
def test_leaving_stands_in_the_story(leave, leader):
    seat = EnrolmentFactory(confirmed_at=None, occasion__status=OccasionStatus.OPEN)

    leave(enrolment=seat, actor=leader, at=at("2026-02-01 09:00"))

    newest = seat_story(Enrolment.objects.get(), leader).changes[0]
    assert (newest.before, newest.after) == ("", "2026-02-01 09:00")
    assert newest.who == leader
