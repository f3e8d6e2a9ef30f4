"""A month's hours, person by person, and which certificates of them there are.

A sitting belongs to the month in which it begins, local time. Recorded is all time but
absence; what is certified is not disputed, and what waits can be certified now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from companies.models import Company, Participant, ParticipantQuerySet
from core.errors import DomainError
from trainings.calendar import Month
from trainings.certificates import content_of
from trainings.enums import CertificateKind, OccasionStatus
from trainings.models import Attendance, Certificate, CertificateParcel
from trainings.models.attendance import AttendanceQuerySet

_PERSON = "enrolment__participant"


class Show(StrEnum):
    """Which people of a month a list is narrowed to."""

    ALL = ""
    MISSING = "missing"
    WAITING = "waiting"
    DISPUTED = "disputed"


class Issued(StrEnum):
    """Whether a person has the certificate of a month, or why not."""

    STANDS = "stands"
    DIFFERS = "differs"
    MISSING = "missing"
    NOTHING = "nothing"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Time of a month. Hours are minutes ÷ 60."""

    recorded: int = 0
    certified: int = 0
    disputed: int = 0
    waiting: int = 0

    @property
    def hours(self) -> dict[str, Decimal]:
        return {name: Decimal(getattr(self, name)) / 60 for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class MonthLine:
    participant: Participant
    minutes: Minutes
    issued: Issued


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """A month in numbers. `hidden` are people whom the reader may not see by name."""

    people: int
    minutes: Minutes
    issued: int
    missing: int
    hidden: int


def people_of_month(
    month: dt.date, user: User, *, company: Company | None, show: Show = Show.ALL
) -> ParticipantQuerySet:
    """Return the people with time in a month whom the user may see by name."""
    people = Participant.objects.visible_to(user).filter(erased_at=None)
    if company:
        people = people.filter(company=company)
    times = _times(month).filter(**{_PERSON: OuterRef("pk")})
    return people.filter(Exists(_narrowed(times, show)), *_of(show, month))


def lines_of(people: Sequence[Participant], month: dt.date) -> list[MonthLine]:
    """Tell of each what the month comes to; two queries, however many there are."""
    pks = [person.pk for person in people]
    minutes = _minutes_of(month, pks)
    stands = {
        certificate.participant_id: certificate
        for certificate in standing(month).filter(participant__in=pks)
    }
    return [
        MonthLine(one, spent, _issued(one, spent, stands.get(one.pk)))
        for one in people
        if (spent := minutes.get(one.pk, Minutes()))
    ]


def totals_of_month(
    month: dt.date, user: User, *, company: Company | None
) -> MonthTotals:
    """Count a month for the reader; three queries."""
    people = people_of_month(month, user, company=company).order_by()
    times = _times(month)
    everybody = Participant.objects.current().filter(erased_at=None)
    scope = everybody.filter(
        Exists(times.filter(**{_PERSON: OuterRef("pk")})),
        company__in=[company] if company else Company.objects.visible_to(user),
    )
    missing = people_of_month(month, user, company=company, show=Show.MISSING)
    issued = standing(month).filter(participant__in=people.values("pk"))
    spent = times.filter(**{f"{_PERSON}__in": people.values("pk")}).aggregate(**_sums())
    shown = people.count()
    return MonthTotals(
        people=shown,
        minutes=Minutes(**spent),
        issued=issued.aggregate(people=Count("participant", distinct=True))["people"],
        missing=missing.order_by().count(),
        hidden=scope.order_by().count() - shown,
    )


def standing(month: dt.date) -> QuerySet[Certificate]:
    """Return the certificates of a month that no other has replaced."""
    rows = Certificate.objects.filter(
        kind=CertificateKind.MONTH, month=month, replaced_at=None
    )
    return rows.exclude(sealed=None)


def has_protected(month: dt.date, user: User, *, company: Company | None) -> bool:
    """Return whether people under protected identity are among those of a month."""
    people = people_of_month(month, user, company=company)
    return people.filter(protected=True).exists()


def with_time_in(month: dt.date, company: Company | None) -> QuerySet[Participant]:
    """Return everybody with time in a month, erased or restricted or not.

    Annotated with `has_certified`. By company and ref, so always in one order.
    """
    times = _times(month).filter(**{_PERSON: OuterRef("pk")})
    rows = Participant.objects.current().filter(Exists(times))
    if company:
        rows = rows.filter(company=company)
    rows = rows.annotate(has_certified=Exists(times.certified()))
    return rows.order_by("company__name", "ref")


def readable_parcels(user: User) -> QuerySet[CertificateParcel]:
    """Return the parcels that a user may see, those under way or gone among them."""
    rows = CertificateParcel.objects.visible_to(user)
    return rows.select_related("company", "requested_by")


def closed_parcels() -> QuerySet[CertificateParcel]:
    """Return parcels with files of people who were erased, restricted or hidden since.

    Rather one too many than one too few: they are made anew in a minute.
    """
    since = OuterRef("requested_at")
    hidden = Q(participant__protected=True, participant__updated_at__gte=since)
    closed = Q(participant__restricted_at__gte=since)
    closed |= Q(participant__erased_at__gte=since)
    inside = Certificate.objects.filter(
        kind=CertificateKind.MONTH, month=OuterRef("month")
    )
    of_company = inside.filter(participant__company=OuterRef("company"))
    in_open = Q(with_protected=False)
    return CertificateParcel.objects.exclude(file="").filter(
        Q(Exists(of_company.filter(closed)))
        | Q(Exists(inside.filter(closed)), company=None)
        | (in_open & Q(Exists(of_company.filter(hidden))))
        | (in_open & Q(Exists(inside.filter(hidden)), company=None))
    )


def parcels_about(people: Collection[int]) -> QuerySet[CertificateParcel]:
    """Return the parcels in which a certificate of these people may lie."""
    theirs = Certificate.objects.filter(
        kind=CertificateKind.MONTH, participant__in=people, month=OuterRef("month")
    )
    own = theirs.filter(participant__company=OuterRef("company"))
    return CertificateParcel.objects.exclude(file="").filter(
        Q(Exists(own)) | Q(Exists(theirs), company=None)
    )


def people_in(parcel: CertificateParcel) -> set[str]:
    """Return the refs of those whose certificates a parcel holds, for the trail."""
    inside = Certificate.objects.filter(
        Q(replaced_at=None) | Q(replaced_at__gte=parcel.requested_at),
        kind=CertificateKind.MONTH,
        month=parcel.month,
        issued_at__lte=parcel.finished_at,
        participant__restricted_at=None,
        participant__erased_at=None,
    )
    if parcel.company_id:
        inside = inside.filter(participant__company=parcel.company_id)
    if not parcel.with_protected:
        inside = inside.filter(participant__protected=False)
    return set(inside.order_by().values_list("participant__ref", flat=True))


def _times(month: dt.date) -> AttendanceQuerySet:
    here = timezone.get_current_timezone()
    begins, ends = (
        dt.datetime.combine(day, dt.time(), here)
        for day in (month, Month(month).following)
    )
    return Attendance.objects.filter(
        minutes__gt=0, session__starts_at__gte=begins, session__starts_at__lt=ends
    )


def _is_disputed() -> Q:
    return Q(disputed_at__isnull=False, dispute_closed_at=None)


def _is_waiting() -> Q:
    """Condition that a time can be certified now, as the own page judges it."""
    over = Q(certified_at=None, session__ends_at__lte=timezone.now())
    cancelled = Q(session__occasion__status=OccasionStatus.CANCELLED)
    return over & ~_is_disputed() & ~cancelled


def _narrowed(times: AttendanceQuerySet, show: Show) -> AttendanceQuerySet:
    match show:
        case Show.MISSING:
            return times.certified()
        case Show.WAITING:
            return times.filter(_is_waiting())
        case Show.DISPUTED:
            return times.filter(_is_disputed())
    return times


def _of(show: Show, month: dt.date) -> list[Q]:
    """Return what else must hold of people; who is missing one could have it."""
    if show != Show.MISSING:
        return []
    theirs = standing(month).filter(participant=OuterRef("pk"))
    return [Q(restricted_at=None), ~Q(Exists(theirs))]


def _sums() -> dict[str, Coalesce]:
    certified = Q(certified_at__isnull=False) & ~_is_disputed()
    conditions = {
        "recorded": None,
        "certified": certified,
        "disputed": _is_disputed(),
        "waiting": _is_waiting(),
    }
    return {
        name: Coalesce(Sum(F("minutes"), filter=condition), 0)
        for name, condition in conditions.items()
    }


def _minutes_of(month: dt.date, people: Iterable[int]) -> Mapping[int, Minutes]:
    times = _times(month).filter(**{f"{_PERSON}__in": people}).order_by()
    rows = times.values(_PERSON).annotate(
        **{f"sum_{name}": total for name, total in _sums().items()}
    )
    return {
        row[_PERSON]: Minutes(
            **{name: row[f"sum_{name}"] for name in Minutes.__slots__}
        )
        for row in rows
    }


def _issued(
    person: Participant, minutes: Minutes, certificate: Certificate | None
) -> Issued:
    if certificate:
        return _standing_of(certificate, minutes)
    if person.restricted_at:
        return Issued.RESTRICTED
    return Issued.MISSING if minutes.certified else Issued.NOTHING


def _standing_of(certificate: Certificate, minutes: Minutes) -> Issued:
    try:
        same = content_of(certificate).minutes == minutes.certified
    except DomainError:
        same = False
    return Issued.STANDS if same else Issued.DIFFERS
