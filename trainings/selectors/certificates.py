"""Which certificates there are, may be fetched, and still hold."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Sum
from django.utils import timezone

from companies.models import Participant
from core.querysets import subtotal
from trainings.certificates import (
    Content,
    certified_times,
    content_now,
    content_of,
)
from trainings.enums import OccasionStatus
from trainings.models import (
    Attendance,
    Certificate,
    EnrolmentQuerySet,
    Session,
)

_NOT_A_SIGN = re.compile(r"[\s-]+")
_READ_AS = str.maketrans("OIL", "011")  # As Crockford's base 32 takes what was misread.
_SIGNS = 16


class Standing(StrEnum):
    """Whether a certificate still holds."""

    STANDS = "stands"
    REPLACED = "replaced"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Verified:
    """A certificate as anybody with its code may see it."""

    certificate: Certificate
    content: Content
    standing: Standing

    @property
    def is_named(self) -> bool:
        """Whether the name is shown: not of people who are protected, then or now."""
        is_protected = self.certificate.participant.protected
        return not (self.content.is_protected or is_protected)


@dataclass(frozen=True, slots=True)
class MonthToCertify:
    """A month with certified minutes; `is_over` when its certificate can be had."""

    month: dt.date
    minutes: int
    is_over: bool

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60


def months_of(participant: Participant) -> list[MonthToCertify]:
    """List the months of which a participant has certified hours, newest first."""
    minutes: Counter[dt.date] = Counter()
    for row in certified_times(participant):
        day = timezone.localdate(row.session.starts_at)
        minutes[day.replace(day=1)] += row.minutes
    now = timezone.localdate().replace(day=1)
    return [
        MonthToCertify(month, minutes[month], is_over=month < now)
        for month in sorted(minutes, reverse=True)
    ]


def completed(rows: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep the enrolments that completed their course.

    The occasion is completed, and of all its minutes the required share, and any at
    all, was attended.
    """
    there = subtotal(Attendance.objects.all(), Sum("minutes"), per="enrolment")
    held = subtotal(Session.objects.all(), Sum("minutes"), per="occasion__enrolments")
    needed = F("occasion__course__required_percent") * held
    return (
        rows.filter(occasion__status=OccasionStatus.COMPLETED)
        .annotate(minutes_there=there, percent_needed=needed)
        .annotate(percent_there=F("minutes_there") * 100)
        .filter(minutes_there__gt=0, percent_there__gte=F("percent_needed"))
    )


def verified(code: str) -> Verified | None:
    """Find a certificate by its code, however it was typed; None if there is none.

    Of people who are erased or restricted nothing is found.
    """
    signs = _NOT_A_SIGN.sub("", code).upper().translate(_READ_AS)
    if len(signs) != _SIGNS:
        return None
    exact = "-".join(signs[at : at + 4] for at in range(0, _SIGNS, 4))
    certificates = Certificate.objects.exclude(sealed=None).select_related(
        "participant__company", "enrolment__occasion__course"
    )
    certificate = certificates.filter(
        code=exact, participant__erased_at=None, participant__restricted_at=None
    ).first()
    if certificate is None:
        return None
    content = content_of(certificate)
    return Verified(certificate, content, _standing(certificate, content))


def _standing(certificate: Certificate, content: Content) -> Standing:
    if certificate.replaced_at:
        return Standing.REPLACED
    now = content_now(certificate)
    same = now is not None and now.hours == content.hours
    return Standing.STANDS if same else Standing.DIFFERS
