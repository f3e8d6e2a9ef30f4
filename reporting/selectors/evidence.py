"""The log of evidence: what is tied to which figure, and who may stand on it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from companies.models import Participant
from core.sealed_files import read_sealed
from networks.models import MeetingAttendance, NetworkMember
from reporting import registry
from reporting.figures import Period
from reporting.models import Evidence, ReportingPeriod
from reporting.periods import instants
from reporting.registry import Figure, NoSuchFigureError, Table
from reporting.registry.equal_treatment import EQUAL_TREATMENT
from reporting.registry.reach import INCOMPLETE, INDICATORS
from trainings.models import Attendance, Enrolment, Session

TABLES: tuple[Table, ...] = (*registry.TABLES, *EQUAL_TREATMENT)

# Their figures count everybody since the programme's first day.
_SO_FAR = [INDICATORS.id, INCOMPLETE.id]


def find_figure(table_id: str, figure_id: str) -> tuple[Table, Figure]:
    """Return a figure that evidence can be tied to. Raises NoSuchFigureError."""
    for table in TABLES:
        if table.id == table_id:
            return table, table.figure(figure_id)
    raise NoSuchFigureError(table_id)


def name_of(entry: Evidence) -> str:
    """Return what the entry's figure is called; its ids where it is no more."""
    try:
        table, figure = find_figure(entry.table, entry.figure)
    except NoSuchFigureError:
        return f"{entry.table}, {entry.figure}"
    return _("%(table)s: %(figure)s") % {"table": table.name, "figure": figure.name}


def evidence_of(period: ReportingPeriod) -> QuerySet[Evidence]:
    """Return the entries of a period in order, removed ones among them."""
    return period.evidence.select_related("added_by", "removed_by")


def kept_evidence(period: ReportingPeriod) -> QuerySet[Evidence]:
    """Return the entries that were not removed."""
    return evidence_of(period).filter(removed_at=None)


def evidence_about(people: Collection[int]) -> QuerySet[Evidence]:
    """Return the documents on which one of these people may stand.

    Of those said to show people: whoever was ever enrolled on an occasion with a
    session in the period, was a member of a network on one of its days or came to a
    meeting in it, may be one of them. Where the figure counts from the first day on,
    so may whoever attended anything before the period's end.
    """
    return _showing(Participant.objects.filter(pk__in=people))


def evidence_past_use() -> QuerySet[Evidence]:
    """Return the documents that show people, but nobody whose data are restricted.

    Once the grant's rules keep nobody, these are kept for nobody.
    """
    needed = _showing(Participant.objects.exclude(restricted_at=None))
    return _showing_people().exclude(pk__in=needed.values("pk"))


def content_of(entry: Evidence) -> bytes:
    """Return the file as it is handed out. Raises UnreadableError."""
    key = bytes(entry.sealed_key or b"")
    return b"".join(read_sealed(str(entry.file), key, about=entry.ref))


def _showing_people() -> QuerySet[Evidence]:
    return Evidence.objects.filter(shows_people=True).exclude(file="")


def _showing(people: QuerySet[Participant]) -> QuerySet[Evidence]:
    rows = _showing_people()
    of_days, so_far = [], []
    for period in ReportingPeriod.objects.filter(
        pk__in=rows.order_by().values("period")
    ):
        if _took_part(period, people):
            of_days.append(period.pk)
        elif _attended_before_the_end(period, people):
            so_far.append(period.pk)
    return rows.filter(Q(period__in=of_days) | Q(period__in=so_far, table__in=_SO_FAR))


def _took_part(period: ReportingPeriod, people: QuerySet[Participant]) -> bool:
    starts_at, ends_before = instants(Period(period.starts_on, period.ends_on))
    sessions = Session.objects.filter(
        occasion=OuterRef("occasion"),
        starts_at__gte=starts_at,
        starts_at__lt=ends_before,
    )
    enrolled = Enrolment.objects.filter(Exists(sessions.order_by()))
    members = NetworkMember.objects.filter(
        Q(left_on=None) | Q(left_on__gte=period.starts_on),
        joined_on__lte=period.ends_on,
    )
    guests = MeetingAttendance.objects.filter(
        meeting__starts_at__gte=starts_at, meeting__starts_at__lt=ends_before
    )
    return any(_is_one(rows, people) for rows in (enrolled, members, guests))


def _attended_before_the_end(
    period: ReportingPeriod, people: QuerySet[Participant]
) -> bool:
    _starts_at, ends_before = instants(Period(period.starts_on, period.ends_on))
    attended = Attendance.objects.filter(
        minutes__gt=0, session__starts_at__lt=ends_before
    )
    return attended.filter(
        enrolment__participant__in=people.order_by().values("pk")
    ).exists()


def _is_one(rows: QuerySet, people: QuerySet[Participant]) -> bool:
    """Return whether one of these people has one of these rows."""
    return rows.filter(participant__in=people.order_by().values("pk")).exists()
