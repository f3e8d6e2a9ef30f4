"""Who is put forward for an occasion, once and by whom."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

JANUARY = at("2026-01-10 09:00")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def actor():
    return make_leader()


def test_nominating_puts_people_forward_once(actor):
    occasion, anna = OccasionFactory(), ParticipantFactory()

    services.nominate(occasion=occasion, participants=[anna, anna], actor=actor)
    again = services.nominate(occasion=occasion, participants=[anna], actor=actor)

    enrolment = occasion.enrolments.get()
    assert (enrolment.participant, enrolment.nominated_by) == (anna, actor)
    assert again == []


def test_a_nomination_is_written_to_history_and_audit(actor):
    occasion = OccasionFactory()

    [enrolment] = services.nominate(
        occasion=occasion, participants=[ParticipantFactory()], actor=actor, at=JANUARY
    )

    record = enrolment.history.get()
    assert (record.history_type, record.history_user) == ("+", actor)
    assert record.nominated_at == JANUARY
    entry = AuditEntry.objects.get(action="trainings.nominated")
    assert (entry.payload.actor, entry.payload.subject_ref) == (actor, occasion.ref)
    assert entry.payload.facts == {
        "enrolments": [enrolment.ref],
        "confirmed": [enrolment.ref],
    }
    assert people_of(entry) == [enrolment.participant.ref]


def test_times_are_kept_to_the_minute(actor):
    moment = JANUARY.replace(second=59, microsecond=999_999)

    [enrolment] = services.nominate(
        occasion=OccasionFactory(),
        participants=[ParticipantFactory()],
        actor=actor,
        at=moment,
    )

    assert enrolment.nominated_at == JANUARY


@pytest.mark.parametrize(
    "status", [s for s in OccasionStatus if s is not OccasionStatus.OPEN]
)
def test_only_an_open_occasion_takes_nominations(status, actor):
    occasion = OccasionFactory(status=status)

    with pytest.raises(DomainError, match="not open"):
        services.nominate(
            occasion=occasion, participants=[ParticipantFactory()], actor=actor
        )

    assert not occasion.enrolments.exists()


def test_one_human_has_one_place_whichever_company_nominates(actor):
    occasion = OccasionFactory()
    anna = ParticipantFactory(family_name="Berg")
    same_anna = ParticipantFactory(family_name="Berg-Ek", person_key=anna.person_key)
    other = ParticipantFactory()
    services.nominate(occasion=occasion, participants=[anna], actor=actor)

    with pytest.raises(DomainError, match="Anna Berg-Ek"):
        services.nominate(
            occasion=occasion, participants=[other, same_anna], actor=actor
        )

    assert [e.participant for e in occasion.enrolments.all()] == [anna]


def test_one_human_in_one_call_from_two_companies_is_refused(actor):
    occasion, anna = OccasionFactory(), ParticipantFactory()
    same_anna = ParticipantFactory(person_key=anna.person_key, family_name="Ek")

    with pytest.raises(services.SecondPlaceError) as refusal:
        services.nominate(
            occasion=occasion, participants=[anna, same_anna], actor=actor
        )

    assert refusal.value.participants == [same_anna]
    assert str(refusal.value) == "Already has a place on this occasion: Anna Ek."


def test_a_protected_person_is_refused_by_ref_and_not_by_name(actor):
    anna = ParticipantFactory(protected=True)
    occasion = EnrolmentFactory(participant__person_key=anna.person_key).occasion

    with pytest.raises(DomainError) as refusal:
        services.nominate(occasion=occasion, participants=[anna], actor=actor)

    assert anna.ref in str(refusal.value)
    assert anna.family_name not in str(refusal.value)


def test_a_withdrawn_person_may_be_nominated_again(actor):
    enrolment = EnrolmentFactory()
    services.withdraw(enrolment=enrolment, actor=actor)

    [again] = services.nominate(
        occasion=enrolment.occasion,
        participants=[enrolment.participant],
        actor=actor,
    )

    assert again.pk != enrolment.pk
    assert enrolment.occasion.enrolments.live().get() == again


# A seat at once


def test_seats_go_at_once_in_the_order_given_and_the_rest_is_in_line(actor):
    occasion = OccasionFactory(capacity=2)
    people = ParticipantFactory.create_batch(4)
    order = [people[3], people[0], people[2], people[1]]

    rows = services.nominate(
        occasion=occasion, participants=order, actor=actor, at=JANUARY
    )

    times = [(row.participant, row.confirmed_at, row.waitlisted_at) for row in rows]
    assert times == [
        (people[3], JANUARY, None),
        (people[0], JANUARY, None),
        (people[2], None, JANUARY),
        (people[1], None, JANUARY),
    ]
    assert [row.confirmed_by for row in rows] == [actor, actor, None, None]
    facts = AuditEntry.objects.get(action="trainings.nominated").payload.facts
    assert facts["confirmed"] == [rows[0].ref, rows[1].ref]
    assert facts["in_line"] == [rows[2].ref, rows[3].ref]


def test_seats_kept_for_others_are_not_given_at_once(actor):
    quota = QuotaFactory(occasion__capacity=3, seats=2)  # Kept until 15 February.
    own = ParticipantFactory.create_batch(2, company=quota.company)
    others = ParticipantFactory.create_batch(2)

    rows = services.nominate(
        occasion=quota.occasion,
        participants=[*others, *own],
        actor=actor,
        at=JANUARY,
    )

    seated = [row.participant for row in rows if row.confirmed_at]
    assert seated == [others[0], *own]


def test_who_comes_later_does_not_pass_the_line(actor):
    """Nobody is offered a seat so close to the start, but those in line go first."""
    session = SessionFactory(occasion__capacity=2)  # Begins on 2 March at 8.
    occasion = session.occasion
    EnrolmentFactory(occasion=occasion, confirmed_at=None)
    morning = at("2026-03-02 06:00")

    [first] = services.nominate(
        occasion=occasion, participants=[ParticipantFactory()], actor=actor, at=morning
    )
    [second] = services.nominate(
        occasion=occasion, participants=[ParticipantFactory()], actor=actor, at=morning
    )

    assert first.confirmed_at == morning
    assert (second.confirmed_at, second.waitlisted_at) == (None, morning)


def test_who_may_not_be_offered_a_seat_holds_nobody_up(actor):
    occasion = OccasionFactory(capacity=1)
    EnrolmentFactory(
        occasion=occasion, confirmed_at=None, participant__restricted_at=JANUARY
    )

    [row] = services.nominate(
        occasion=occasion, participants=[ParticipantFactory()], actor=actor
    )

    assert row.confirmed_at is not None


def test_the_line_has_its_turn_before_a_nomination(actor):
    occasion = OccasionFactory(capacity=1)
    first = EnrolmentFactory(occasion=occasion, confirmed_at=None)

    [row] = services.nominate(
        occasion=occasion, participants=[ParticipantFactory()], actor=actor, at=JANUARY
    )

    first.refresh_from_db()
    assert first.offered_at == JANUARY
    assert row.waitlisted_at == JANUARY


def test_where_the_leader_approves_all_wait(actor):
    occasion = OccasionFactory(course__needs_approval=True)

    [row] = services.nominate(
        occasion=occasion, participants=[ParticipantFactory()], actor=actor
    )

    assert (row.confirmed_at, row.waitlisted_at) == (None, None)
    assert services.move_up(occasion) == []


@pytest.mark.django_db(transaction=True)
def test_nominated_by_many_at_once_a_person_has_one_place(actor):
    occasion, anna = OccasionFactory(), ParticipantFactory()
    same_anna = ParticipantFactory(person_key=anna.person_key)

    def nominate(participant):
        try:
            services.nominate(
                occasion=occasion, participants=[participant], actor=actor
            )
        except DomainError:
            pass  # Whoever comes second is told so.
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as threads:
        list(threads.map(nominate, [anna, same_anna] * 4))

    assert occasion.enrolments.count() == 1
