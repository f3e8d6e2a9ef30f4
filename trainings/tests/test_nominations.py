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
from trainings.tests.factories import EnrolmentFactory, OccasionFactory, at

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
    assert enrolment.confirmed_at is None
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
    assert entry.payload.facts == {"enrolments": [enrolment.ref]}
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
