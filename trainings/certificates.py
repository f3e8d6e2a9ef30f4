"""What a certificate says, taken from the rows and frozen when it is issued."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db.models import Max, Min, Sum
from django.utils import timezone

from companies.models import Participant, Programme
from core.crypto import decrypt
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Certificate, Enrolment, Session

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class CertifiedTime:
    """Minutes of one sitting that the participant has certified; days are ISO dates."""

    day: str
    course: str
    occasion: str
    minutes: int
    certified_on: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a certificate says, in no language.

    Of a month there are `month` (such as `2026-03`) and `times`, of a course the
    rest. `minutes` is the sum of certified minutes of a month, or of minutes attended
    of the course's `of_minutes`. Days are ISO dates.
    """

    name: str
    company: str
    programme: str
    number: str
    owner: str
    minutes: int
    is_protected: bool = False
    month: str = ""
    times: Sequence[CertifiedTime] = field(default_factory=tuple)
    course: str = ""
    goals: str = ""
    provider: str = ""
    level: str = ""
    seqf_level: int | None = None
    principles: Sequence[str] = field(default_factory=tuple)
    first_day: str = ""
    last_day: str = ""
    of_minutes: int = 0

    @property
    def hours(self) -> tuple[object, ...]:
        """What must still hold for the certificate to stand."""
        return (self.minutes, self.of_minutes, tuple(self.times))

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        times = tuple(CertifiedTime(**time) for time in values.pop("times"))
        return cls(
            **values | {"times": times, "principles": tuple(values["principles"])}
        )


def content_of_month(participant: Participant, month: dt.date) -> Content | None:
    """Return what the participant has certified of a month; None if nothing.

    A sitting belongs to the month in which it starts, local time.
    """
    following = (month + dt.timedelta(days=31)).replace(day=1)
    here = timezone.get_current_timezone()
    begins, ends = (
        dt.datetime.combine(day, dt.time(), here) for day in (month, following)
    )
    rows = certified_times(participant).filter(
        session__starts_at__gte=begins, session__starts_at__lt=ends
    )
    times = tuple(_time(row) for row in rows)
    if not times:
        return None
    return Content(
        **_whose(participant),
        month=f"{month:%Y-%m}",
        times=times,
        minutes=sum(time.minutes for time in times),
    )


def content_of_course(enrolment: Enrolment) -> Content | None:
    """Return what a completed course comes to; None if it is not completed.

    Completed: the occasion is, and `required_percent` of its minutes were attended
    (section 6 of docs/figures.md, pipeline).
    """
    occasion = enrolment.occasion
    course = occasion.course
    sessions = occasion.sessions.aggregate(
        minutes=Sum("minutes"), first=Min("starts_at"), last=Max("ends_at")
    )
    there = enrolment.attendance.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    of_minutes = sessions["minutes"] or 0
    is_over = occasion.status == OccasionStatus.COMPLETED
    enough = there * _PERCENT >= course.required_percent * of_minutes
    if not (is_over and there and enough):
        return None
    return Content(
        **_whose(enrolment.participant),
        course=course.title,
        goals=course.goals,
        provider=occasion.provider.name if occasion.provider else "",
        level=course.level,
        seqf_level=course.seqf_level,
        principles=tuple(principle.value for principle in course.principles),
        first_day=_day(sessions["first"]),
        last_day=_day(sessions["last"]),
        minutes=there,
        of_minutes=of_minutes,
    )


def content_of(certificate: Certificate) -> Content:
    """Return what the certificate says. Raises UnreadableError."""
    return Content.from_json(decrypt(bytes(certificate.sealed or b"")))


def content_now(certificate: Certificate) -> Content | None:
    """Return what it would say if it were issued now."""
    if certificate.enrolment:
        return content_of_course(certificate.enrolment)
    if certificate.month:
        return content_of_month(certificate.participant, certificate.month)
    return None


def certified_times(participant: Participant):
    """Attendance that the participant has certified, in the order of the sittings."""
    rows = Attendance.objects.certified().filter(
        enrolment__participant=participant, minutes__gt=0
    )
    rows = rows.select_related("session", "enrolment__occasion__course")
    return rows.order_by("session__starts_at", "pk")


def _time(row: Attendance) -> CertifiedTime:
    session: Session = row.session
    return CertifiedTime(
        day=_day(session.starts_at),
        course=row.enrolment.occasion.course.title,
        occasion=row.enrolment.occasion.ref,
        minutes=row.minutes,
        certified_on=_day(row.certified_at),
    )


def _day(moment: dt.datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def _whose(participant: Participant) -> dict[str, Any]:
    programme = Programme.objects.first()
    return {
        "name": participant.full_name,
        "company": participant.company.name,
        "is_protected": participant.protected,
        "programme": programme.name if programme else "",
        "number": programme.number if programme else "",
        "owner": programme.owner if programme else "",
    }
