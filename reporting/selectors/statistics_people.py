"""Who has time in which month, as the file for Statistics Sweden needs it.

Attendance belongs to the month in which its session begins, local time. A person is
told by `person_key`: the start of participation is the first attendance ever, at any
company, and is kept; the end is the latest exit. Whoever is entered by a company that
has left, or by any once the programme is over, has left on that last day, and is in
the file of that month also without an hour in it: a start is told in the month of the
start and an end in the month of the end.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, Sum, When
from django.utils import timezone

from companies.enums import Gender
from companies.models import Participant, ParticipantQuerySet, Programme
from core.crypto import UnreadableError
from reporting.enums import ColumnContent
from reporting.figures import Period
from reporting.periods import instants
from reporting.statistics.columns import ColumnMaps
from reporting.statistics.people import (
    Closed,
    PersonInMonth,
    legal_sex,
    protected_form,
)
from trainings.calendar import Month
from trainings.models import Attendance
from trainings.models.attendance import CERTIFIED

PeopleByMonth = Mapping[dt.date, Sequence[PersonInMonth]]

_PARTICIPANT = "enrolment__participant"


@dataclass(frozen=True, slots=True)
class _Minutes:
    recorded: int = 0
    certified: int = 0


@dataclass(slots=True)
class _Life:
    """A person's first day of attendance, and the last day in the programme."""

    started_on: dt.date
    left_on: dt.date


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    is_readable: bool
    sex: Gender


@dataclass(slots=True)
class _Reading:
    """What four queries found, by primary key, person and month."""

    programme: Programme
    today: dt.date
    maps: ColumnMaps
    people: Mapping[int, Participant]
    minutes: Mapping[tuple[dt.date, int], _Minutes]
    lives: Mapping[UUID, _Life]
    numbers: dict[int, _Number] = field(default_factory=dict)


def people_of_months(
    programme: Programme, months: Sequence[dt.date], maps: ColumnMaps
) -> PeopleByMonth:
    """Return everybody with time in each month, and who left in it, by ref.

    Three queries, however many months there are; each number is read once.
    """
    if not months:
        return {}
    span = Period(months[0], Month(months[-1]).last)
    people = _people(programme, span)
    reading = _Reading(
        programme=programme,
        today=timezone.localdate(),
        maps=maps,
        people={one.pk: one for one in people.select_related("company")},
        minutes=_minutes(months, span),
        lives=_lives(programme, people),
    )
    there = _there(reading)
    return {month: _of_month(reading, month, there[month]) for month in months}


def _people(programme: Programme, span: Period) -> ParticipantQuerySet:
    begins, ends = instants(span)
    there = Attendance.objects.filter(
        minutes__gt=0, enrolment__participant=OuterRef("pk")
    )
    in_span = there.filter(session__starts_at__gte=begins, session__starts_at__lt=ends)
    left = Q(company__left_on__range=(span.starts_on, span.ends_on))
    if span.starts_on <= programme.ends_on <= span.ends_on:
        left = Q()
    return Participant.objects.current().filter(
        Q(Exists(in_span)) | (left & Q(Exists(there)))
    )


def _minutes(
    months: Sequence[dt.date], span: Period
) -> Mapping[tuple[dt.date, int], _Minutes]:
    begins, ends = instants(span)
    times = Attendance.objects.filter(
        minutes__gt=0, session__starts_at__gte=begins, session__starts_at__lt=ends
    )
    # Compared with instants: to ask each row for its local month is many times slower.
    branches = [
        When(session__starts_at__gte=first, session__starts_at__lt=after, then=n)
        for n, (first, after) in enumerate(map(_instants_of, months))
    ]
    rows = (
        times.annotate(n=Case(*branches, output_field=IntegerField()))
        .order_by()
        .values_list("n", _PARTICIPANT)
        .annotate(Sum("minutes"), certified=Sum("minutes", filter=CERTIFIED))
    )
    return {
        (months[n], pk): _Minutes(recorded, certified or 0)
        for n, pk, recorded, certified in rows
        if n is not None  # Between two months that are asked for.
    }


def _instants_of(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    return instants(Period(month, Month(month).last))


def _lives(programme: Programme, people: ParticipantQuerySet) -> Mapping[UUID, _Life]:
    rows = (
        Participant.objects.filter(
            person_key__in=people.order_by().values("person_key"),
            enrolments__attendance__minutes__gt=0,
        )
        .order_by()
        .values_list("person_key", "company__left_on")
        .annotate(Min("enrolments__attendance__session__starts_at"))
    )
    lives: dict[UUID, _Life] = {}
    for key, left_on, first in rows:
        started_on = timezone.localdate(first)
        last_day = _last_day(programme, left_on)
        life = lives.setdefault(key, _Life(started_on, last_day))
        life.started_on = min(life.started_on, started_on)
        life.left_on = max(life.left_on, last_day)
    return lives


def _last_day(programme: Programme, left_on: dt.date | None) -> dt.date:
    """Return the programme's last day, where the company has not left before."""
    return min(left_on or programme.ends_on, programme.ends_on)


def _there(reading: _Reading) -> Mapping[dt.date, set[int]]:
    """Return who has time in each month, or may tell that the person left in it.

    An end is told by the company that the person leaves last: whichever other months
    are read with this one, it is the same row.
    """
    there: dict[dt.date, set[int]] = defaultdict(set)
    for month, pk in reading.minutes:
        if pk in reading.people:
            there[month].add(pk)
    for pk, participant in reading.people.items():
        last_day = _last_day(reading.programme, participant.company.left_on)
        life = reading.lives.get(participant.person_key)
        if life and life.left_on == last_day:
            there[last_day.replace(day=1)].add(pk)
    return there


def _of_month(
    reading: _Reading, month: dt.date, there: Iterable[int]
) -> list[PersonInMonth]:
    found: dict[UUID, list[PersonInMonth]] = defaultdict(list)
    for pk in there:
        participant = reading.people[pk]
        one = _person(reading, month, participant)
        found[participant.person_key].append(one)
    rows = [one for of_person in found.values() for one in _rows(of_person)]
    return sorted(rows, key=lambda one: one.ref)


def _rows(of_person: list[PersonInMonth]) -> Iterable[PersonInMonth]:
    """Keep one row without time, for whose time tells nothing: an end is told once."""
    rows = [one for one in of_person if one.recorded_minutes]
    if not any(one.is_reported for one in rows):
        others = [one for one in of_person if not one.recorded_minutes]
        others.sort(key=lambda one: (not one.is_reported, one.ref))
        rows += [one for one in others[:1] if one.is_reported or not rows]
    reported = Counter(one.is_reported for one in rows)[True]
    if reported < 2:
        return rows
    return [replace(one, rows_of_person=reported) for one in rows]


def _person(
    reading: _Reading, month: dt.date, participant: Participant
) -> PersonInMonth:
    last_day = Month(month).last
    life = reading.lives.get(participant.person_key)
    left_on = life.left_on if life else None
    minutes = reading.minutes.get((month, participant.pk), _Minutes())
    number = _number(reading, participant)
    one = PersonInMonth(
        ref=participant.ref,
        month=month,
        last_day=last_day,
        today=reading.today,
        programme_starts_on=reading.programme.starts_on,
        programme_ends_on=reading.programme.ends_on,
        org_number=participant.company.org_number,
        number=number.text,
        is_protected=participant.protected,
        is_readable=number.is_readable,
        has_birth_date=participant.birth_date is not None,
        legal_sex=number.sex,
        started_on=life.started_on if life else None,
        ended_on=left_on if left_on and left_on <= last_day else None,
        recorded_minutes=minutes.recorded,
        certified_minutes=minutes.certified,
        hours="",
        rows_of_person=1,
        closed=_closed(participant),
    )
    return replace(one, hours=_hours(reading.maps, one))


def _hours(maps: ColumnMaps, one: PersonInMonth) -> str:
    columns = maps.of(one.month)
    hours = [column for column in columns if column.content == ColumnContent.HOURS]
    return hours[0].text(one) if hours else ""


def _number(reading: _Reading, participant: Participant) -> _Number:
    """Return what the file says, made once for all months."""
    if participant.pk not in reading.numbers:
        reading.numbers[participant.pk] = _read_number(participant, reading.today)
    return reading.numbers[participant.pk]


def _read_number(participant: Participant, today: dt.date) -> _Number:
    try:
        number = participant.personal_number
    except UnreadableError:
        return _Number("", is_readable=False, sex=Gender.UNKNOWN)
    if not participant.protected:
        return _Number(number, is_readable=True, sex=Gender.UNKNOWN)
    sex = legal_sex(number, participant.gender, today=today)
    form = protected_form(participant.birth_date, sex)
    return _Number(form, is_readable=True, sex=sex)


def _closed(participant: Participant) -> Closed:
    if participant.erased_at:
        return Closed.ERASED
    return Closed.RESTRICTED if participant.restricted_at else Closed.NOT
