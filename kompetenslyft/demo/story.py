"""A year of occasions: nominated, seated, held, recorded and certified."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from simple_history.utils import bulk_create_with_history

from companies.models import Participant
from kompetenslyft.demo.accommodations import ask_for_adaptations
from kompetenslyft.demo.certified import certify_and_dispute
from kompetenslyft.demo.evaluations import evaluate, open_what_is_due
from kompetenslyft.demo.needs import plan_for
from kompetenslyft.demo.plans import DAYS_TO_DECIDE, decide_later, fill_card
from kompetenslyft.demo.stage import Stage
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember
from trainings import services
from trainings.enums import (
    Delivery,
    WithdrawalReason,
)
from trainings.models import (
    Occasion,
    Quota,
    Session,
)

DAYS_BETWEEN_OCCASIONS = 6
SMALL = 8
DAYS_OPEN_AHEAD = 60
MINUTES_A_DAY = 480

Times = dict[tuple[int, int], int | None]


def tell_story(stage: Stage) -> None:
    """Run a year of occasions up to today, and leave some open for nomination."""
    day = stage.today - dt.timedelta(days=365)
    last = stage.today + dt.timedelta(days=DAYS_OPEN_AHEAD)
    serial = 0
    while day <= last:
        serial += 1
        _run_occasion(stage, serial, day)
        day += dt.timedelta(days=DAYS_BETWEEN_OCCASIONS)
    open_what_is_due(stage)
    _meet_in_networks(stage)


def _run_occasion(stage: Stage, serial: int, day: dt.date) -> None:
    dice = stage.dice
    course = dice.choice(stage.courses)
    occasion = Occasion.objects.create(
        ref=f"occ-{day.year}-{serial:04}",
        course=course,
        provider=dice.choice(stage.providers),
        capacity=dice.choice([SMALL, 12, 16, 20]),
        delivery=dice.choice(list(Delivery)),
        place=dice.choice(["Västerås", "Köping", "Sala", ""]),
    )
    sessions = _plan_sessions(occasion, course.minutes, day, evening=serial % 9 == 0)
    begins = sessions[0].starts_at
    fill_card(stage, occasion, day)
    plan_for(stage, occasion)
    if serial % 5 == 0:
        decide_later(occasion, day)
    opened = min(begins, _noon(stage.today)) - dt.timedelta(days=30)
    services.open_occasion(occasion=occasion, actor=stage.leader, at=opened)
    if serial % 4 == 0:
        company = dice.choice(list(stage.companies.values()))
        release_on = day - dt.timedelta(days=14)
        Quota.objects.create(
            occasion=occasion, company=company, seats=3, release_on=release_on
        )
    _share_seats(stage, occasion, opened)
    ask_for_adaptations(stage, occasion, opened, begins)
    if serial % 11 == 0:
        reason = "För få kunde komma de här dagarna."
        services.cancel_occasion(
            occasion=occasion, actor=stage.leader, reason=reason, at=opened
        )
    elif sessions[-1].ends_at < _noon(stage.today):
        _hold(stage, occasion, sessions)


def _share_seats(stage: Stage, occasion: Occasion, opened: dt.datetime) -> None:
    """Seat more people than there is room for; some of it needs the leader's yes."""
    services.nominate(
        occasion=occasion,
        participants=_choose(stage, occasion.capacity + 3),
        actor=stage.leader,
        at=opened,
    )
    if occasion.course.needs_approval:
        waiting = list(occasion.enrolments.waiting())
        services.confirm_seats(
            occasion=occasion,
            enrolments=waiting[stage.dice.randrange(3) :],
            actor=stage.leader,
            at=opened + dt.timedelta(days=3),
        )
    a_day_ago = _noon(stage.today) - dt.timedelta(days=1)
    first = occasion.enrolments.confirmed().first()
    if first and occasion.sessions.earliest("starts_at").starts_at > a_day_ago:
        # Its seat is offered to the next in line, who has not answered yet.
        services.withdraw(
            enrolment=first,
            actor=stage.leader,
            reason=WithdrawalReason.WORK,
            at=a_day_ago,
        )


def _plan_sessions(
    occasion: Occasion, minutes: int, day: dt.date, *, evening: bool
) -> list[Session]:
    sessions = []
    hour = 20 if evening else 8
    for number in range(-(-minutes // MINUTES_A_DAY)):
        starts_at = _local(day + dt.timedelta(days=7 * number), hour)
        taught = min(MINUTES_A_DAY, minutes)
        sessions.append(
            Session.objects.create(
                ref=f"{occasion.ref}-s{number + 1:02}",
                occasion=occasion,
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(minutes=taught + 30),
                minutes=taught,
            )
        )
    return sessions


def _choose(stage: Stage, count: int) -> list[Participant]:
    """Different persons, whatever number of companies they work for."""
    everybody = [person for people in stage.people.values() for person in people]
    chosen: dict[object, Participant] = {}
    for participant in stage.dice.sample(everybody, min(len(everybody), count * 2)):
        chosen.setdefault(participant.person_key, participant)
    return list(chosen.values())[:count]


def _hold(stage: Stage, occasion: Occasion, sessions: list[Session]) -> None:
    begins, ends = sessions[0].starts_at, sessions[-1].ends_at
    if stage.dice.random() < 0.5:
        _change_hands(stage, occasion, at=begins - dt.timedelta(days=3))
    seats = list(occasion.enrolments.confirmed())
    if occasion.least_participants:
        decided = begins - dt.timedelta(days=DAYS_TO_DECIDE)
        services.decide_go(occasion=occasion, actor=stage.leader, at=decided)
    services.start_occasion(occasion=occasion, actor=stage.leader, at=begins)
    for session in sessions:
        minutes: Times = {
            (seat.pk, session.pk): _time(stage, session) for seat in seats
        }
        if session == sessions[0] and occasion.capacity == SMALL:
            absent = dict.fromkeys(list(minutes)[-1:], 0)  # By mistake.
            _enter(stage, occasion, minutes | absent, session)
        _enter(stage, occasion, minutes, session)
    services.complete_occasion(occasion=occasion, actor=stage.leader, at=ends)
    certify_and_dispute(stage, occasion, ends)
    evaluate(stage, occasion, ends)


def _change_hands(stage: Stage, occasion: Occasion, *, at: dt.datetime) -> None:
    """Let one seat go to the next in line, and one to a colleague."""
    leaving, replaced = occasion.enrolments.confirmed()[:2]
    services.withdraw(
        enrolment=leaving,
        actor=stage.leader,
        reason=stage.dice.choice(list(WithdrawalReason)),
        at=at,
    )
    for offered in occasion.enrolments.offered():
        services.accept_offer(
            enrolment=offered, actor=stage.leader, at=at + dt.timedelta(hours=3)
        )
    there = occasion.enrolments.live().values("participant__person_key")
    colleagues = Participant.objects.filter(company=replaced.participant.company)
    if other := colleagues.exclude(person_key__in=there).first():
        services.substitute(
            enrolment=replaced,
            participant=other,
            actor=stage.leader,
            reason=WithdrawalReason.PREVENTED,
            at=at + dt.timedelta(days=2),
        )


def _enter(
    stage: Stage,
    occasion: Occasion,
    minutes: Times,
    session: Session,
) -> None:
    services.record_attendance(
        occasion=occasion, minutes=minutes, actor=stage.leader, at=session.ends_at
    )


def _time(stage: Stage, session: Session) -> int:
    """Whole time mostly, sometimes a part of it, sometimes none."""
    part = stage.dice.choices([60, 45, 30, 0], [86, 5, 3, 6])[0]
    return session.minutes * part // 60


def _meet_in_networks(stage: Stage) -> None:
    by_role: dict[tuple[str, str], list[Participant]] = {}
    for people in stage.people.values():
        for person in people:
            by_role.setdefault((person.role_code, person.job_title), []).append(person)
    companies = list(stage.companies.values())
    for (code, title), people in sorted(by_role.items())[:4]:
        network = Network.objects.create(
            ref=f"net-{code}", name=f"Nätverk {title}", role_code=code
        )
        joined_on = stage.today - dt.timedelta(days=300)
        members = [
            NetworkMember(network=network, participant=person, joined_on=joined_on)
            for person in people[:20]
        ]
        bulk_create_with_history(members, NetworkMember)
        for number in range(1, 4):
            day = joined_on + dt.timedelta(days=60 * number)
            meeting = Meeting.objects.create(
                ref=f"net-{code}-m{number}",
                network=network,
                title=f"Träff {number}",
                starts_at=_local(day, 13),
                ends_at=_local(day, 15),
                minutes=120,
                host=stage.dice.choice(companies),
            )
            there = [
                MeetingAttendance(
                    meeting=meeting,
                    participant=member.participant,
                    minutes=stage.dice.choice([120, 120, 60]),
                )
                for member in stage.dice.sample(members, len(members) * 2 // 3)
            ]
            bulk_create_with_history(there, MeetingAttendance)


def _noon(day: dt.date) -> dt.datetime:
    return _local(day, 12)


def _local(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(
        day.year, day.month, day.day, hour, tzinfo=ZoneInfo(settings.TIME_ZONE)
    )
