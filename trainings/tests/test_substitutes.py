"""Somebody else of the company takes a seat: the very same one, past the line."""

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.services.merging import merge_participants
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus, WithdrawalReason
from trainings.models import Enrolment
from trainings.selectors import seat_balance, seat_story
from trainings.tests.browsing import browser, hr, page
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)

__all__ = ["browser", "hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

EVENING_BEFORE = at("2026-03-01 22:00")


@pytest.fixture
def actor():
    return make_leader()


@pytest.fixture
def seat(hr):
    """The only seat; the first session begins on 2 March at 8."""
    session = SessionFactory(occasion__capacity=1)
    return EnrolmentFactory(occasion=session.occasion, participant__company=hr.company)


@pytest.fixture
def bo(hr):
    return ParticipantFactory(company=hr.company, given_name="Bo", family_name="Ek")


def test_a_colleague_takes_the_seat_past_the_line(seat, bo, actor):
    in_line = EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)

    coming = services.substitute(
        enrolment=seat,
        participant=bo,
        actor=actor,
        reason=WithdrawalReason.PREVENTED,
        at=EVENING_BEFORE,
    )

    seat.refresh_from_db()
    in_line.refresh_from_db()
    assert (seat.withdrawn_at, seat.withdrawn_by, seat.withdrawal_reason) == (
        EVENING_BEFORE,
        actor,
        "prevented",
    )
    assert (coming.participant, coming.substitute_for) == (bo, seat)
    assert (coming.confirmed_at, coming.confirmed_by) == (EVENING_BEFORE, actor)
    assert in_line.offered_at is None
    assert seat_balance(seat.occasion, EVENING_BEFORE.date()).taken == 1


def test_it_is_written_down_with_both_people(seat, bo, actor):
    coming = services.substitute(enrolment=seat, participant=bo, actor=actor)

    entry = AuditEntry.objects.get(action="trainings.substituted")
    assert entry.payload.actor == actor
    assert entry.payload.facts == {"enrolments": [seat.ref, coming.ref]}
    assert set(people_of(entry)) == {seat.participant.ref, bo.ref}
    assert coming.history.get().history_user == actor
    assert seat.history.first().history_user == actor


def test_only_a_seat_is_passed_on(seat, bo, actor):
    waiting = EnrolmentFactory(
        occasion=seat.occasion,
        participant__company=bo.company,
        confirmed_at=None,
    )
    services.withdraw(enrolment=seat, actor=actor)

    for enrolment in (waiting, seat):
        with pytest.raises(DomainError, match="this person has none"):
            services.substitute(enrolment=enrolment, participant=bo, actor=actor)


def test_who_was_at_a_session_is_not_replaced(seat, bo, actor):
    AttendanceFactory(enrolment=seat)

    with pytest.raises(DomainError, match="Time is recorded"):
        services.substitute(enrolment=seat, participant=bo, actor=actor)

    seat.refresh_from_db()
    assert seat.is_live


def test_nobody_of_another_company_takes_it(seat, actor):
    with pytest.raises(DomainError, match="same company"):
        services.substitute(
            enrolment=seat, participant=ParticipantFactory(), actor=actor
        )


def test_nobody_takes_it_who_has_a_place(seat, bo, actor):
    EnrolmentFactory(occasion=seat.occasion, participant=bo, confirmed_at=None)

    with pytest.raises(DomainError, match="has a place on the occasion already"):
        services.substitute(enrolment=seat, participant=bo, actor=actor)


def test_nobody_takes_it_who_has_a_place_through_another_row(seat, bo, actor):
    EnrolmentFactory(
        occasion=seat.occasion,
        participant__person_key=bo.person_key,
        confirmed_at=None,
    )

    with pytest.raises(services.SecondPlaceError):
        services.substitute(enrolment=seat, participant=bo, actor=actor)


@pytest.mark.parametrize("closed", ["restricted_at", "erased_at"])
def test_nobody_takes_it_whose_data_are_closed(seat, bo, actor, closed):
    setattr(bo, closed, EVENING_BEFORE)
    bo.save()

    with pytest.raises(DomainError, match=bo.ref):
        services.substitute(enrolment=seat, participant=bo, actor=actor)


@pytest.mark.parametrize("status", [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED])
def test_no_seat_changes_hands_when_the_occasion_is_over(seat, bo, actor, status):
    seat.occasion.status = status
    seat.occasion.save()

    with pytest.raises(DomainError, match="only while"):
        services.substitute(enrolment=seat, participant=bo, actor=actor)


def test_where_the_leader_approves_hr_asks_the_leader(seat, bo, hr, actor):
    seat.occasion.course.needs_approval = True
    seat.occasion.course.save()

    with pytest.raises(DomainError, match="Ask the project leader"):
        services.substitute(enrolment=seat, participant=bo, actor=hr.user)

    assert services.substitute(enrolment=seat, participant=bo, actor=actor)


def test_a_reason_that_is_none_is_refused(seat, bo, actor):
    with pytest.raises(DomainError, match="one of the reasons"):
        services.substitute(enrolment=seat, participant=bo, actor=actor, reason="ill")


def test_a_merge_of_the_one_who_left_keeps_the_seats_joined(seat, bo, hr):
    coming = services.substitute(enrolment=seat, participant=bo, actor=hr.user)
    kept = ParticipantFactory(company=hr.company)

    merge_participants(
        kept=kept, absorbed=seat.participant, taken=frozenset(), actor=hr.user
    )

    coming.refresh_from_db()
    assert coming.substitute_for == seat
    assert coming.substitute_for.participant == kept


def test_the_story_tells_whose_seat_it_was_and_who_has_it(seat, bo, actor):
    coming = services.substitute(
        enrolment=seat, participant=bo, actor=actor, reason=WithdrawalReason.WORK
    )

    before = seat_story(Enrolment.objects.get(pk=seat.pk), actor)
    after = seat_story(coming, actor)

    assert (before.passed_on_to, before.took_over_from) == (coming, None)
    assert (after.passed_on_to, after.took_over_from) == (None, seat)
    assert [(step.title, step.note) for step in before.steps][-1] == (
        "withdrawn",
        "work does not allow it",
    )
    assert ("confirmed", "in a colleague's place") in [
        (step.title, step.note) for step in after.steps
    ]


# On the page


def test_hr_chooses_a_colleague_and_says_why(browser, seat, bo):
    url = page("substitute", seat.occasion, seat.ref)
    assert url in browser.get(seat.occasion.get_absolute_url()).text
    shown = browser.get(url).text
    assert f'value="{bo.ref}"' in shown
    assert f'value="{seat.participant.ref}"' not in shown

    response = browser.post(url, {"people": bo.ref, "reason": "work"}, follow=True)

    seat.refresh_from_db()
    assert seat.withdrawal_reason == "work"
    assert seat.occasion.enrolments.live().get().participant == bo
    assert "The seat has passed to the other person." in response.text
    assert "in a colleague's place" in response.text


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"reason": "work"}, "Choose who takes the seat."),
        ({"people": "p-nobody", "reason": "work"}, "Choose who takes the seat."),
        ({}, "Choose one of the reasons."),
        ({"reason": "ill"}, "Choose one of the reasons."),
    ],
)
def test_what_is_missing_is_a_sentence(browser, seat, posted, sentence):
    response = browser.post(page("substitute", seat.occasion, seat.ref), posted)

    assert sentence in response.text
    seat.refresh_from_db()
    assert seat.is_live


def test_a_stranger_is_not_to_be_chosen(browser, seat):
    stranger = ParticipantFactory()

    response = browser.post(
        page("substitute", seat.occasion, seat.ref),
        {"people": stranger.ref, "reason": "work"},
    )

    assert "Choose who takes the seat." in response.text
    assert seat.occasion.enrolments.count() == 1


def test_a_refusal_is_a_sentence_and_keeps_what_was_chosen(browser, seat, bo):
    AttendanceFactory(enrolment=seat)

    response = browser.post(
        page("substitute", seat.occasion, seat.ref),
        {"people": bo.ref, "reason": "work"},
    )

    assert "Time is recorded for this person" in response.text
    assert response.text.count(" checked") == 2


def test_searching_for_a_colleague_tells_nothing_in_the_address(browser, seat, bo):
    ParticipantFactory(company=bo.company, family_name="Åkesson")

    response = browser.post(
        page("substitute", seat.occasion, seat.ref), {"search": "ÅKE"}, follow=True
    )

    assert [row.family_name for row in response.context["page"].rows] == ["Åkesson"]
    assert "KE" not in response.redirect_chain[0][0]


def test_another_companys_seat_is_not_found(browser, seat):
    theirs = EnrolmentFactory(occasion=seat.occasion)

    url = page("substitute", seat.occasion, theirs.ref)

    assert browser.get(url).status_code == 404
    assert browser.post(url, {"reason": "work"}).status_code == 404


def test_both_who_leaves_and_who_is_listed_are_written_down(browser, seat, bo):
    browser.get(page("substitute", seat.occasion, seat.ref))

    entry = AuditEntry.objects.filter(action="companies.listed").latest("pk")
    assert set(people_of(entry)) == {bo.ref, seat.participant.ref}
