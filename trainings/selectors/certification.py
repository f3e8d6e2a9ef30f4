"""Hours as participants certify and dispute them, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import groupby

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from companies.models import Participant
from companies.own_words import written_by_the_reader
from trainings.certifying import VERIFIED
from trainings.enums import OccasionStatus
from trainings.models import (
    Attendance,
    AttendanceCorrection,
    Certification,
    CertificationSeal,
    Dispute,
    DisputeQuerySet,
    Enrolment,
    Occasion,
)
from trainings.models.attendance import UNDISPUTED
from trainings.verification import Break, Fault

_OWNER = "attendance__enrolment__participant"


class TimeState(Enum):
    """How far a recorded time has come, as its participant sees it."""

    WAITS = "waits"
    CORRECTED = "corrected"
    CERTIFIED = "certified"
    DISPUTED = "disputed"
    ABSENT = "absent"
    NOT_OVER = "not_over"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    TimeState.WAITS: _("to certify"),
    TimeState.CORRECTED: _("corrected, to certify again"),
    TimeState.CERTIFIED: _("certified"),
    TimeState.DISPUTED: _("disputed, waits for an answer"),
    TimeState.ABSENT: _("absent"),
    TimeState.NOT_OVER: _("not over yet"),
    TimeState.CANCELLED: _("the occasion was cancelled"),
}


@dataclass(frozen=True, slots=True)
class OwnDispute:
    """A dispute with its answer. `text` is empty where it was erased or `is_hidden`:

    who has the e-mail address now is perhaps somebody else than who wrote it.
    """

    dispute: Dispute
    text: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class OwnTime:
    """A recorded time of the participant's, with all that was said of it."""

    attendance: Attendance
    state: TimeState
    disputes: Sequence[OwnDispute]
    corrections: Sequence[AttendanceCorrection]

    @property
    def hours(self) -> Decimal:
        return Decimal(self.attendance.minutes) / 60

    @property
    def shown(self) -> str:
        """The time as a page sends it back: number of the row, and minutes."""
        return f"{self.attendance.pk}:{self.attendance.minutes}"

    @property
    def may_be_certified(self) -> bool:
        return self.state in {TimeState.WAITS, TimeState.CORRECTED}

    @property
    def may_be_disputed(self) -> bool:
        return all(one.dispute.closed_at for one in self.disputes)


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """The times at sessions that began in one month; hours are minutes ÷ 60."""

    first: dt.date
    times: Sequence[OwnTime]

    @property
    def key(self) -> str:
        """The month as addresses have it, `2026-03`."""
        return f"{self.first:%Y-%m}"

    @property
    def hours(self) -> Decimal:
        return sum((time.hours for time in self.times), Decimal(0))

    @property
    def waiting(self) -> list[OwnTime]:
        return [time for time in self.times if time.may_be_certified]

    @property
    def settled(self) -> list[OwnTime]:
        return [time for time in self.times if not time.may_be_certified]

    @property
    def waiting_hours(self) -> Decimal:
        return sum((time.hours for time in self.waiting), Decimal(0))


def own_months(
    participant: Participant, *, now: dt.datetime, month: dt.date | None = None
) -> list[OwnMonth]:
    """List the participant's times by month, newest first; or those of one month.

    The same number of queries however many there are.
    """
    rows = Attendance.objects.filter(enrolment__participant=participant)
    if month:
        rows = rows.filter(_begins_in(month))
    near = ("session__occasion__course", "enrolment")
    rows = rows.select_related(*near).prefetch_related(
        "disputes__closed_by", "corrections"
    )
    readable = set(readable_disputes(participant).values_list("pk", flat=True))
    explained = set(readable_corrections(participant).values_list("pk", flat=True))
    times = [
        _own_time(row, readable, explained, now)
        for row in rows.order_by("-session__starts_at", "-pk")
    ]
    return [
        OwnMonth(first, sorted(same, key=_when))
        for first, same in groupby(times, key=_month_of)
    ]


def waiting_hours(participant: Participant, *, now: dt.datetime) -> Decimal:
    """Return the hours that wait for the participant to certify them; one query."""
    rows = Attendance.objects.filter(
        UNDISPUTED,
        enrolment__participant=participant,
        certified_at=None,
        session__ends_at__lte=now,
    ).exclude(session__occasion__status=OccasionStatus.CANCELLED)
    return Decimal(rows.aggregate(all=Sum("minutes"))["all"] or 0) / 60


def readable_disputes(participant: Participant) -> QuerySet[Dispute]:
    """Return the participant's disputes whose words the own page may show.

    Not those written under another e-mail address, or before a merge.
    """
    return written_by_the_reader(
        Dispute.objects.order_by(), participant, owner=_OWNER, moment="created_at"
    )


def readable_corrections(
    participant: Participant,
) -> QuerySet[AttendanceCorrection]:
    """Return corrections whose reason the own page may show, as with disputes.

    What a dispute is answered with is the reason of the correction, too.
    """
    rows = AttendanceCorrection.objects.order_by()
    return written_by_the_reader(rows, participant, owner=_OWNER, moment="corrected_at")


def answerable_disputes(user: User) -> DisputeQuerySet:
    """Return the disputes on occasions whose time the user records, open and closed.

    Of people who are erased nothing is left to answer, and the data of those who are
    restricted are for leaders alone.
    """
    occasions = Occasion.objects.recordable_by(user)
    owner = "attendance__enrolment__participant"
    rows = Dispute.objects.filter(attendance__enrolment__occasion__in=occasions)
    rows = rows.filter(**{f"{owner}__erased_at": None})
    if user.is_project_leader:
        return rows
    return rows.filter(**{f"{owner}__restricted_at": None})


def corrections_of_seat(
    enrolment: Enrolment, user: User
) -> Sequence[AttendanceCorrection] | None:
    """Return the corrections of a seat's time, for those who make them; else None.

    A reason may say what the participant wrote, which is not for the employer.
    """
    occasions = Occasion.objects.recordable_by(user)
    if not occasions.filter(pk=enrolment.occasion_id).exists():
        return None
    rows = AttendanceCorrection.objects.filter(attendance__enrolment=enrolment)
    return list(rows.select_related("attendance__session", "corrected_by"))


@dataclass(frozen=True, slots=True)
class LastCheck:
    at: dt.datetime
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class CertificationState:
    """Where the chain stands; `seal` and `verified` are None where there is none."""

    count: int
    seal: CertificationSeal | None
    unsealed: int
    verified: LastCheck | None


def certification_state() -> CertificationState:
    """Tell where the chain of certifications stands, in four queries."""
    entries = AuditEntry.objects.filter(action=VERIFIED).select_related("payload")
    last = entries.order_by("-pk").first()
    return CertificationState(
        count=Certification.objects.count(),
        seal=CertificationSeal.objects.order_by("-pk").first(),
        unsealed=Certification.objects.filter(seal=None).count(),
        verified=_check(last) if last and last.content else None,
    )


def _check(entry: AuditEntry) -> LastCheck:
    said = entry.payload.facts
    found = zip(said["breaks"], said["numbers"], strict=True)
    faults = [Fault(Break(kind), int(number)) for kind, number in found]
    return LastCheck(entry.payload.at, faults)


def _own_time(
    row: Attendance, readable: set[int], explained: set[int], now: dt.datetime
) -> OwnTime:
    disputes = [
        OwnDispute(
            dispute=one,
            text=one.text if one.pk in readable else "",
            is_hidden=one.pk not in readable,
        )
        for one in row.disputes.all()
    ]
    corrections = list(row.corrections.all())
    for one in corrections:
        if one.pk not in explained:
            one.why = ""  # Shown to nobody who may be another reader; never saved.
    return OwnTime(row, _state(row, corrections, now), disputes, corrections)


def _state(
    row: Attendance, corrections: Sequence[AttendanceCorrection], now: dt.datetime
) -> TimeState:
    if row.is_disputed:
        return TimeState.DISPUTED
    if row.certified_at:
        return TimeState.CERTIFIED
    if row.session.occasion.status == OccasionStatus.CANCELLED:
        return TimeState.CANCELLED
    if row.session.ends_at > now:
        return TimeState.NOT_OVER
    if row.minutes == 0:
        return TimeState.ABSENT
    return TimeState.CORRECTED if corrections else TimeState.WAITS


def _begins_in(month: dt.date) -> Q:
    """Return what holds for times at sessions that began in a month, local time."""
    following = (month + dt.timedelta(days=31)).replace(day=1)
    return Q(
        session__starts_at__gte=_midnight(month),
        session__starts_at__lt=_midnight(following),
    )


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _month_of(time: OwnTime) -> dt.date:
    return timezone.localdate(time.attendance.session.starts_at).replace(day=1)


def _when(time: OwnTime) -> tuple[dt.datetime, int]:
    return time.attendance.session.starts_at, time.attendance.pk
