"""Sessions by rule and from a list, moved and removed: what is refused, and why."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from core.errors import DomainError
from trainings import services, sittings
from trainings.enums import OccasionStatus
from trainings.models import Session
from trainings.sittings import NamedSitting, Sitting
from trainings.tests.factories import (
    AccessibilityCardFactory,
    AttendanceFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

EIGHT, NOON = dt.time(8), dt.time(12)


@pytest.fixture
def actor():
    return make_leader()


@pytest.fixture
def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED)


def on(day, starts="08:00", ends="12:00", minutes=210):
    return Sitting(at(f"{day} {starts}"), at(f"{day} {ends}"), minutes)


def named(*wanted):
    return [NamedSitting(one, str(one)) for one in wanted]


def days_of(occasion):
    return [str(one) for one in services.sessions.taken_times(occasion)]


# Rules and lists


def test_a_rule_gives_the_same_weekday_every_other_week():
    days = sittings.weekly_days(dt.date(2026, 3, 2), every=2, times=3)

    assert [named.name for named in days] == ["2026-03-02", "2026-03-16", "2026-03-30"]


def test_a_rule_ends_on_its_last_day():
    first, last = dt.date(2026, 3, 2), dt.date(2026, 3, 16)

    days = sittings.weekly_days(first, every=1, last=last)

    assert [named.day.day for named in days] == [2, 9, 16]


def test_a_rule_without_end_is_cut_where_it_can_be_told():
    first, last = dt.date(2026, 3, 2), dt.date(2999, 1, 1)

    assert len(sittings.weekly_days(first, every=1, last=last)) == 101


def test_a_list_tells_each_faulty_line_and_keeps_the_others():
    days, faults = sittings.listed_days("2026-03-02\n\n 2026-02-30\n9 mars\n2026-03-04")

    assert [(named.day.day, named.name) for named in days] == [
        (2, "Line 1, 2026-03-02"),
        (4, "Line 5, 2026-03-04"),
    ]
    assert faults == [
        "Line 3: A date such as 2026-03-02 is wanted.",
        "Line 4: A date such as 2026-03-02 is wanted.",
    ]


def test_a_time_that_the_clock_skips_is_refused():
    days = sittings.weekly_days(dt.date(2026, 3, 22), every=1, times=3)

    good, faults = sittings.sittings_on(
        days, starts=dt.time(2, 30), ends=dt.time(6), minutes=60
    )

    assert [one.name for one in good] == ["2026-03-22", "2026-04-05"]
    assert faults == ["2026-03-29: The clock skips this time: summer time begins."]


def test_of_a_time_that_the_clock_shows_twice_the_first_is_meant():
    (one,), _faults = sittings.sittings_on(
        sittings.weekly_days(dt.date(2026, 10, 25), every=1, times=1),
        starts=dt.time(2, 30),
        ends=dt.time(4),
        minutes=150,
    )

    # 02:30 in summer time is 00:30 UTC, 04:00 in normal time 03:00 UTC.
    assert one.sitting.starts_at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert one.sitting.ends_at == dt.datetime(2026, 10, 25, 3, 0, tzinfo=dt.UTC)


def test_the_night_that_is_an_hour_shorter_teaches_an_hour_less():
    days = sittings.weekly_days(dt.date(2026, 3, 22), every=1, times=2)

    _good, faults = sittings.sittings_on(
        days, starts=dt.time(1), ends=dt.time(4), minutes=180
    )

    assert faults == ["2026-03-29: The teaching time is longer than the session."]


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_year_that_is_mistyped_is_a_fault(year):
    day = sittings.NamedDay(dt.date(year, 3, 2), "Line 1")

    assert sittings.sittings_on([day], starts=EIGHT, ends=NOON, minutes=60) == (
        [],
        ["Line 1: Is the year right?"],
    )


# Adding


def test_sessions_are_added_with_history_and_trail(actor, planned):
    made = services.add_sessions(
        occasion=planned,
        sittings=named(on("2026-03-02"), on("2026-03-09")),
        actor=actor,
    )

    assert days_of(planned) == ["2026-03-02 08:00–12:00", "2026-03-09 08:00–12:00"]
    assert {one.history.get().history_user for one in made} == {actor}
    entry = AuditEntry.objects.get(action="trainings.sessions_added")
    assert entry.payload.facts == {"sessions": [one.ref for one in made]}


def test_all_overlaps_are_told_and_nothing_is_added(actor, planned):
    SessionFactory(occasion=planned, starts_at=at("2026-03-02 08:00"))
    wanted = [
        on("2026-03-02", "12:29", "16:00"),
        on("2026-03-02", "12:30", "16:00"),
        on("2026-03-09"),
        on("2026-03-09", "11:59", "13:00", 60),
    ]

    with pytest.raises(DomainError) as refusal:
        services.add_sessions(occasion=planned, sittings=named(*wanted), actor=actor)

    assert str(refusal.value).splitlines() == [
        "2026-03-02 12:29–16:00: overlaps the session 2026-03-02 08:00–12:30.",
        "2026-03-02 12:30–16:00: overlaps the session 2026-03-02 12:29–16:00.",
        "2026-03-09 11:59–13:00: overlaps the session 2026-03-09 08:00–12:00.",
    ]
    assert Session.objects.count() == 1


def test_sessions_of_other_occasions_are_no_overlap(actor, planned):
    SessionFactory(starts_at=at("2026-03-02 08:00"))

    services.add_sessions(
        occasion=planned, sittings=named(on("2026-03-02")), actor=actor
    )

    assert planned.sessions.count() == 1


@pytest.mark.parametrize(
    ("sitting", "sentence"),
    [
        (on("2026-03-02", "12:00", "08:00"), "cannot end before it starts"),
        (on("2026-03-02", minutes=241), "teaching time is longer"),
    ],
)
def test_times_that_do_not_go_together_are_refused(actor, planned, sitting, sentence):
    with pytest.raises(DomainError, match=sentence):
        services.add_sessions(occasion=planned, sittings=named(sitting), actor=actor)


def test_no_session_and_too_many_are_refused(actor, planned):
    first = dt.date(2026, 1, 1)
    many = [on(first + dt.timedelta(days=number)) for number in range(201)]

    with pytest.raises(DomainError, match="at least one day"):
        services.add_sessions(occasion=planned, sittings=[], actor=actor)
    with pytest.raises(DomainError, match="at most 200 sessions"):
        services.add_sessions(occasion=planned, sittings=named(*many), actor=actor)


def test_the_supplier_plans_sessions_until_it_is_opened(actor, planned):
    supplier = make_supplier(planned)
    wanted = named(on("2026-03-02"))

    services.add_sessions(occasion=planned, sittings=wanted, actor=supplier)
    planned.status = OccasionStatus.OPEN
    planned.save()

    session = planned.sessions.get()
    with pytest.raises(DomainError, match="Ask the project leader"):
        services.add_sessions(occasion=planned, sittings=wanted, actor=supplier)
    with pytest.raises(DomainError, match="Ask the project leader"):
        services.change_session(
            session=session, sitting=on("2026-03-03"), actor=supplier
        )
    with pytest.raises(DomainError, match="Ask the project leader"):
        services.remove_session(session=session, actor=supplier)
    services.change_session(session=session, sitting=on("2026-03-03"), actor=actor)
    assert days_of(planned) == ["2026-03-03 08:00–12:00"]


def test_nobody_else_plans(planned):
    with pytest.raises(DomainError, match="Only project leaders and the training"):
        services.add_sessions(
            occasion=planned,
            sittings=named(on("2026-03-02")),
            actor=make_supplier(),
        )


@pytest.mark.parametrize("status", [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED])
def test_an_occasion_that_is_over_keeps_its_sessions(actor, status):
    session = SessionFactory(occasion__status=status)

    with pytest.raises(DomainError, match="is over"):
        services.change_session(session=session, sitting=on("2026-03-03"), actor=actor)
    with pytest.raises(DomainError, match="is over"):
        services.remove_session(session=session, actor=actor)


# Moving


def test_a_session_is_moved_with_history_and_trail(actor):
    session = SessionFactory(minutes=210)

    services.change_session(session=session, sitting=on("2026-03-03"), actor=actor)

    after = session.history.first()
    assert (after.starts_at, after.history_user) == (at("2026-03-03 08:00"), actor)
    entry = AuditEntry.objects.get(action="trainings.session_changed")
    assert entry.payload.subject_ref == session.ref
    assert entry.payload.facts == {
        "occasion": session.occasion.ref,
        "fields": ["starts_at", "ends_at"],
    }


def test_a_session_that_stays_where_it_is_leaves_no_trace(actor):
    session = SessionFactory()
    same = Sitting(session.starts_at, session.ends_at, session.minutes)

    services.change_session(session=session, sitting=same, actor=actor)

    assert session.history.count() == 1
    assert not AuditEntry.objects.filter(action="trainings.session_changed").exists()


def test_a_session_does_not_move_onto_another(actor):
    session = SessionFactory(starts_at=at("2026-03-02 08:00"))
    SessionFactory(occasion=session.occasion, starts_at=at("2026-03-03 10:00"))

    with pytest.raises(DomainError, match="overlaps the session 2026-03-03 10:00"):
        services.change_session(session=session, sitting=on("2026-03-03"), actor=actor)
    services.change_session(
        session=session, sitting=on("2026-03-02", "09:00", minutes=180), actor=actor
    )

    assert Session.objects.get(pk=session.pk).starts_at == at("2026-03-02 09:00")


def test_what_is_recorded_holds_a_session(actor):
    """It was recorded at its end, 12:30."""
    session = AttendanceFactory(minutes=200).session

    with pytest.raises(DomainError, match="More minutes than that are recorded: 200"):
        services.change_session(
            session=session, sitting=on("2026-03-02", minutes=199), actor=actor
        )
    with pytest.raises(DomainError, match="Attendance was recorded before that"):
        services.change_session(session=session, sitting=on("2026-03-03"), actor=actor)
    services.change_session(
        session=session, sitting=on("2026-03-02", minutes=200), actor=actor
    )

    assert Session.objects.get().minutes == 200


def test_certified_time_holds_a_session_altogether(actor):
    session = AttendanceFactory(certified_at=at("2026-03-05 08:00")).session

    with pytest.raises(DomainError, match="is certified; it stays"):
        services.change_session(
            session=session, sitting=on("2026-03-02", "07:00"), actor=actor
        )


def test_once_open_the_first_session_stays_after_the_day_to_ask(actor):
    session = SessionFactory()
    AccessibilityCardFactory(occasion=session.occasion)  # Until 16 February.

    with pytest.raises(DomainError, match="ask for adaptations until 2026-02-16"):
        services.change_session(session=session, sitting=on("2026-02-16"), actor=actor)
    services.change_session(session=session, sitting=on("2026-02-17"), actor=actor)

    assert Session.objects.get().starts_at == at("2026-02-17 08:00")


# Removing


def test_a_session_is_removed_and_its_history_stays(actor, planned):
    session = SessionFactory(occasion=planned)

    services.remove_session(session=session, actor=actor)

    assert not Session.objects.exists()
    last = Session.history.first()
    assert (last.history_type, last.history_user) == ("-", actor)
    entry = AuditEntry.objects.get(action="trainings.session_removed")
    assert entry.payload.subject_ref == session.ref


def test_a_session_with_time_on_it_is_not_removed(actor):
    attendance = AttendanceFactory(minutes=0)
    SessionFactory(
        occasion=attendance.session.occasion, starts_at=at("2026-03-09 08:00")
    )

    with pytest.raises(DomainError, match="Time is recorded"):
        services.remove_session(session=attendance.session, actor=actor)


def test_an_open_occasion_keeps_its_only_session(actor):
    session = SessionFactory()

    with pytest.raises(DomainError, match="Cancel the occasion"):
        services.remove_session(session=session, actor=actor)


def test_a_session_that_is_gone_is_neither_moved_nor_removed_again(actor, planned):
    session = SessionFactory(occasion=planned)
    services.remove_session(session=Session.objects.get(), actor=actor)

    with pytest.raises(DomainError, match="removed meanwhile"):
        services.remove_session(session=session, actor=actor)
    with pytest.raises(DomainError, match="removed meanwhile"):
        services.change_session(session=session, sitting=on("2026-03-03"), actor=actor)
