import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion
from trainings.selectors import place_of, places, seat_balance
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = pytest.mark.django_db

JANUARY = at("2026-01-10 09:00")
MARCH = at("2026-03-03 09:00")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def actor():
    return make_leader()


def waiting(occasion, **values):
    return EnrolmentFactory(occasion=occasion, confirmed_at=None, **values)


# Nominations


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


# Seats


def test_seats_are_given_in_the_order_of_the_line(actor):
    occasion = OccasionFactory(capacity=2)
    third = waiting(occasion, nominated_at=at("2026-01-12 09:00"))
    second = waiting(occasion, nominated_at=at("2026-01-11 09:00"))
    first = waiting(
        occasion,
        nominated_at=at("2026-01-13 09:00"),
        waitlisted_at=at("2026-01-14 09:00"),
    )

    given = services.confirm_seats(
        occasion=occasion,
        enrolments=[third, second, first],
        actor=actor,
        at=at("2026-01-20 09:00"),
    )

    assert given.confirmed == [first, second]
    assert given.waiting == [third]
    third.refresh_from_db()
    assert third.waitlisted_at == at("2026-01-20 09:00")
    assert third.confirmed_at is None


def test_a_seat_names_who_gave_it_and_when(actor):
    enrolment = waiting(OccasionFactory())

    services.confirm_seats(
        occasion=enrolment.occasion,
        enrolments=[enrolment],
        actor=actor,
        at=at("2026-01-20 09:00"),
    )

    enrolment.refresh_from_db()
    assert enrolment.confirmed_by == actor
    assert enrolment.confirmed_at == at("2026-01-20 09:00")
    record = enrolment.history.first()
    assert (record.history_type, record.history_user) == ("~", actor)
    entry = AuditEntry.objects.get(action="trainings.seats_given")
    assert entry.payload.facts == {"confirmed": [enrolment.ref], "waiting": []}
    assert people_of(entry) == [enrolment.participant.ref]


def test_a_place_in_line_keeps_its_first_time(actor):
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    enrolment = waiting(occasion, waitlisted_at=JANUARY)

    given = services.confirm_seats(
        occasion=occasion, enrolments=[enrolment], actor=actor
    )

    enrolment.refresh_from_db()
    assert given.confirmed == []
    assert enrolment.waitlisted_at == JANUARY


def test_a_seat_kept_for_another_company_is_not_given_before_its_release(actor):
    quota = QuotaFactory(occasion__capacity=2, seats=1, release_on=dt.date(2026, 2, 15))
    line = [waiting(quota.occasion), waiting(quota.occasion)]

    before = services.confirm_seats(
        occasion=quota.occasion,
        enrolments=line,
        actor=actor,
        at=at("2026-02-14 23:59"),
    )
    after = services.confirm_seats(
        occasion=quota.occasion,
        enrolments=line,
        actor=actor,
        at=at("2026-02-15 00:00"),
    )

    assert before.confirmed == [line[0]]
    assert after.confirmed == [line[1]]


def test_a_company_takes_the_seats_kept_for_it_and_then_common_ones(actor):
    quota = QuotaFactory(occasion__capacity=3, seats=2, release_on=dt.date(2026, 2, 15))
    own = [
        waiting(quota.occasion, participant__company=quota.company) for _ in range(3)
    ]

    given = services.confirm_seats(
        occasion=quota.occasion, enrolments=own, actor=actor, at=JANUARY
    )

    assert given.confirmed == own


def test_quotas_above_the_capacity_never_make_seats(actor):
    occasion = OccasionFactory(capacity=1)
    for company in (CompanyFactory(), CompanyFactory()):
        QuotaFactory(occasion=occasion, company=company, seats=2)
        waiting(occasion, participant__company=company)

    given = services.confirm_seats(
        occasion=occasion,
        enrolments=occasion.enrolments.all(),
        actor=actor,
        at=JANUARY,
    )

    assert given.confirmed == []


@pytest.mark.parametrize(
    "status",
    [OccasionStatus.PLANNED, OccasionStatus.COMPLETED, OccasionStatus.CANCELLED],
)
def test_seats_are_given_only_while_the_occasion_is_open_or_runs(status, actor):
    enrolment = waiting(OccasionFactory(status=status))

    with pytest.raises(DomainError, match="only while"):
        services.confirm_seats(
            occasion=enrolment.occasion, enrolments=[enrolment], actor=actor
        )


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_never_take_six_of_five_seats(actor):
    occasion = OccasionFactory(capacity=5)
    line = [waiting(occasion) for _ in range(20)]

    def confirm(enrolment):
        try:
            services.confirm_seats(
                occasion=occasion, enrolments=[enrolment], actor=actor
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=20) as threads:
        list(threads.map(confirm, line))

    assert occasion.enrolments.confirmed().count() == 5
    in_line = occasion.enrolments.waiting().exclude(waitlisted_at=None)
    assert in_line.count() == 15


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


def test_withdrawing_keeps_the_row_and_frees_the_seat(actor):
    enrolment = EnrolmentFactory(occasion__capacity=1)
    next_in_line = waiting(enrolment.occasion)

    services.withdraw(enrolment=enrolment, actor=actor, at=at("2026-01-20 09:00"))

    enrolment.refresh_from_db()
    assert enrolment.withdrawn_at == at("2026-01-20 09:00")
    assert enrolment.withdrawn_by == actor
    assert enrolment.history.first().history_user == actor
    given = services.confirm_seats(
        occasion=enrolment.occasion, enrolments=[next_in_line], actor=actor
    )
    assert given.confirmed == [next_in_line]


def test_nobody_leaves_twice(actor):
    enrolment = EnrolmentFactory()
    services.withdraw(enrolment=enrolment, actor=actor)

    with pytest.raises(DomainError, match="no longer on"):
        services.withdraw(enrolment=enrolment, actor=actor)


@pytest.mark.parametrize("status", [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED])
def test_nobody_leaves_an_occasion_that_is_over(status, actor):
    enrolment = EnrolmentFactory(occasion__status=status)

    with pytest.raises(DomainError, match="is over"):
        services.withdraw(enrolment=enrolment, actor=actor)

    enrolment.refresh_from_db()
    assert enrolment.is_live


def test_a_nomination_can_be_declined(actor):
    enrolment = waiting(OccasionFactory())

    services.decline(enrolment=enrolment, actor=actor, at=at("2026-01-20 09:00"))

    enrolment.refresh_from_db()
    assert enrolment.declined_at == at("2026-01-20 09:00")
    assert enrolment.declined_by == actor


def test_a_given_seat_is_not_declined_but_withdrawn(actor):
    enrolment = EnrolmentFactory()

    with pytest.raises(DomainError, match="Withdraw it instead"):
        services.decline(enrolment=enrolment, actor=actor)


# The life of an occasion


def test_an_occasion_opens_with_a_provider_and_a_session(actor):
    occasion = SessionFactory(occasion__status=OccasionStatus.PLANNED).occasion

    services.open_occasion(occasion=occasion, actor=actor)

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.OPEN
    assert AuditEntry.objects.get(action="trainings.open").payload.actor == actor


def test_an_occasion_without_provider_does_not_open(actor):
    occasion = OccasionFactory(provider=None, status=OccasionStatus.PLANNED)
    SessionFactory(occasion=occasion)

    with pytest.raises(DomainError, match="training provider"):
        services.open_occasion(occasion=occasion, actor=actor)


def test_an_occasion_without_sessions_does_not_open(actor):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    with pytest.raises(DomainError, match="session"):
        services.open_occasion(occasion=occasion, actor=actor)

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.PLANNED


def test_an_occasion_starts_on_its_first_day_and_not_before(actor):
    occasion = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion

    with pytest.raises(DomainError, match="2026-03-02"):
        services.start_occasion(
            occasion=occasion, actor=actor, at=at("2026-03-01 23:59")
        )
    services.start_occasion(occasion=occasion, actor=actor, at=at("2026-03-02 00:00"))

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.ONGOING


def test_an_occasion_is_completed_after_its_last_session(actor):
    session = SessionFactory(occasion__status=OccasionStatus.ONGOING)
    occasion = session.occasion

    with pytest.raises(DomainError, match="2026-03-02 12:30"):
        services.complete_occasion(
            occasion=occasion, actor=actor, at=at("2026-03-02 12:29")
        )
    services.complete_occasion(
        occasion=occasion, actor=actor, at=at("2026-03-02 12:30")
    )

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.COMPLETED


def test_a_completed_occasion_is_not_cancelled(actor):
    occasion = OccasionFactory(status=OccasionStatus.COMPLETED)

    with pytest.raises(DomainError, match="completed cannot become cancelled"):
        services.cancel_occasion(occasion=occasion, actor=actor)


def test_cancelling_keeps_seats_and_time(actor):
    attendance = AttendanceFactory()

    services.cancel_occasion(occasion=attendance.enrolment.occasion, actor=actor)

    assert Occasion.objects.get().status == OccasionStatus.CANCELLED
    assert Enrolment.objects.confirmed().count() == 1
    assert Attendance.objects.get() == attendance


# Attendance


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


def enter(seat, session, minutes, actor, **options):
    return services.record_attendance(
        occasion=seat.occasion,
        minutes={(seat.pk, session.pk): minutes},
        actor=actor,
        **({"at": MARCH} | options),
    )


@pytest.mark.parametrize("minutes", [0, 1, 240])
def test_minutes_are_recorded_with_who_and_when(seat, session, minutes, actor):
    assert enter(seat, session, minutes, actor) == 1

    row = Attendance.objects.get()
    assert (row.minutes, row.recorded_at, row.recorded_by) == (minutes, MARCH, actor)
    assert row.history.get().history_user == actor
    entry = AuditEntry.objects.get()
    assert entry.payload.facts == {"recorded": 1, "changed": 0}
    assert people_of(entry) == [seat.participant.ref]


def test_the_same_minutes_again_write_nothing(seat, session, actor):
    enter(seat, session, 120, actor)

    assert enter(seat, session, 120, actor) == 0

    assert Attendance.objects.get().history.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_change_keeps_the_value_before_it_in_history(seat, session, actor):
    enter(seat, session, 120, actor)

    enter(seat, session, 60, make_supplier(seat.occasion))

    history = Attendance.objects.get().history.all()
    assert [record.minutes for record in history] == [60, 120]


def test_an_empty_cell_says_nothing(seat, session, actor):
    assert enter(seat, session, None, actor) == 0

    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "moment", "reason"),
    [
        (241, MARCH, "0 to 240"),
        (-1, MARCH, "0 to 240"),
        (60, at("2026-03-02 07:59"), "not begun"),
    ],
)
def test_a_refused_time_names_person_and_session(
    seat, session, minutes, moment, reason, actor
):
    with pytest.raises(services.AttendanceRefusedError) as refusal:
        enter(seat, session, minutes, actor, at=moment)

    assert str(refusal.value).startswith("Anna Berg, 2026-03-02 08:00: ")
    assert reason in str(refusal.value)
    assert [fault.cell for fault in refusal.value.faults] == [(seat.pk, session.pk)]
    assert not Attendance.objects.exists()


def test_a_session_can_be_recorded_from_its_first_minute(seat, session, actor):
    assert enter(seat, session, 60, actor, at=at("2026-03-02 08:00")) == 1


def test_one_fault_keeps_everything_from_being_saved_and_all_are_named(
    seat, session, actor
):
    other = EnrolmentFactory(occasion=seat.occasion, participant__family_name="Ek")
    third = EnrolmentFactory(occasion=seat.occasion)

    with pytest.raises(services.AttendanceRefusedError) as refusal:
        services.record_attendance(
            occasion=seat.occasion,
            minutes={
                (seat.pk, session.pk): 999,
                (other.pk, session.pk): -5,
                (third.pk, session.pk): 60,
            },
            actor=actor,
            at=MARCH,
        )

    assert "Anna Berg, " in str(refusal.value)
    assert "Anna Ek, " in str(refusal.value)
    assert len(refusal.value.faults) == 2
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    "steps",
    [
        {"confirmed_at": None},
        {"withdrawn_at": at("2026-02-01 09:00")},
        {"confirmed_at": None, "declined_at": at("2026-02-01 09:00")},
    ],
)
def test_time_needs_a_confirmed_seat(steps, actor):
    seat = EnrolmentFactory(**steps)
    session = SessionFactory(occasion=seat.occasion)

    with pytest.raises(services.AttendanceRefusedError, match="no confirmed seat"):
        enter(seat, session, 60, actor)


def test_a_certified_time_is_not_changed_here(seat, session, actor):
    AttendanceFactory(enrolment=seat, session=session, certified_at=MARCH)

    with pytest.raises(services.AttendanceRefusedError, match="correction"):
        enter(seat, session, 60, actor)
    assert enter(seat, session, 240, actor) == 0

    assert Attendance.objects.get().minutes == 240


def test_a_recorded_time_is_not_emptied(seat, session, actor):
    enter(seat, session, 60, actor)

    with pytest.raises(services.AttendanceRefusedError, match="Enter 0"):
        enter(seat, session, None, actor)

    assert Attendance.objects.get().minutes == 60


def test_a_value_that_somebody_else_changed_meanwhile_is_not_overwritten(
    seat, session, actor
):
    enter(seat, session, 100, actor)
    page = {(seat.pk, session.pk): None}

    with pytest.raises(services.AttendanceRefusedError, match="100 meanwhile"):
        enter(seat, session, 240, actor, seen=page)

    assert Attendance.objects.get().minutes == 100


def test_a_session_of_another_occasion_is_refused(seat, actor):
    stranger = SessionFactory()

    with pytest.raises(services.AttendanceRefusedError, match="does not belong"):
        enter(seat, stranger, 60, actor)


@pytest.mark.parametrize("status", [OccasionStatus.PLANNED, OccasionStatus.CANCELLED])
def test_time_is_recorded_only_where_something_takes_place(
    seat, session, status, actor
):
    Occasion.objects.update(status=status)

    with pytest.raises(DomainError, match="open, ongoing or completed"):
        enter(seat, session, 60, actor)


# What pages show


def test_the_page_says_why_somebody_waits():
    occasion = OccasionFactory(capacity=3)
    EnrolmentFactory(occasion=occasion)
    quota = QuotaFactory(occasion=occasion, seats=1, release_on=dt.date(2999, 2, 15))
    first = waiting(occasion, nominated_at=at("2026-01-10 09:00"))
    outsider = waiting(occasion, nominated_at=at("2026-01-11 09:00"))
    insider = waiting(
        occasion,
        participant__company=quota.company,
        nominated_at=at("2026-01-12 09:00"),
    )
    last = waiting(occasion, nominated_at=at("2026-01-13 09:00"))

    reasons = {
        place.enrolment: place.waits_because
        for place in places(occasion, make_leader())
    }

    assert "has not given it yet" in reasons[first]
    assert "kept for other companies until 2999-02-15" in reasons[outsider]
    assert "has not given it yet" in reasons[insider]
    assert "number 4" in reasons[last]


@pytest.mark.parametrize("status", [OccasionStatus.PLANNED, OccasionStatus.CANCELLED])
def test_nobody_waits_for_a_seat_where_none_are_given(status):
    enrolment = waiting(OccasionFactory(status=status))

    [place] = places(enrolment.occasion, make_leader())

    assert place.waits_because == "No seats are given now."


def test_the_balance_counts_only_live_confirmed_seats():
    occasion = EnrolmentFactory(occasion__capacity=5).occasion
    EnrolmentFactory(occasion=occasion, withdrawn_at=MARCH)
    waiting(occasion)

    balance = seat_balance(occasion, dt.date(2026, 1, 1))

    assert (balance.taken, balance.free) == (1, 4)


def test_a_leader_without_the_right_sees_a_number_instead_of_a_protected_name():
    occasion = EnrolmentFactory(participant__family_name="Zorn").occasion
    hidden = EnrolmentFactory(
        occasion=occasion, participant__family_name="Ahl", participant__protected=True
    )

    names = [place.name for place in places(occasion, make_leader())]

    assert names == ["Anna Zorn", "Participant 2"]
    assert place_of(hidden, make_leader()).name == "Participant 2"
