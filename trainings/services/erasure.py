"""What trainings hold of people who are erased: seats and time stay, notes go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from trainings.enums import OccasionStatus
from trainings.models import (
    AccommodationNote,
    Attendance,
    AttendanceCorrection,
    Certificate,
    CertificationContent,
    Dispute,
    Enrolment,
    Notice,
    NoticeChoice,
    Occasion,
    Session,
)

_RUNS = (OccasionStatus.PLANNED, OccasionStatus.OPEN, OccasionStatus.ONGOING)


def occasions_ahead(people: Collection[int]) -> QuerySet[Occasion]:
    """Occasions that are not over, on which one of the people has a place."""
    live = Enrolment.objects.live().filter(participant__in=people).order_by()
    return Occasion.objects.filter(pk__in=live.values("occasion"), status__in=_RUNS)


def lock_occasions_of(people: Collection[int]) -> list[Occasion]:
    """Let nobody record their time meanwhile; in the order in which lists lock."""
    occasions = occasions_ahead(people).select_for_update()
    return list(occasions.order_by("pk"))


def first_attended(people: Collection[int]) -> dict[int, dt.datetime]:
    """Return when each was at a session first, by primary key; some never were."""
    attended = Attendance.objects.filter(
        enrolment__participant__in=people, minutes__gt=0
    )
    first = attended.order_by().values_list("enrolment__participant")
    return dict(first.annotate(Min("session__starts_at")))


def notes_of(people: Collection[int]) -> QuerySet[AccommodationNote]:
    return AccommodationNote.objects.filter(
        accommodation__enrolment__participant__in=people
    )


def certified_contents_of(
    people: Collection[int], refs: Collection[str]
) -> QuerySet[CertificationContent]:
    """What these people's certifications say; under another row's ref, too.

    Rows that were merged take their time along, and certified it under their own ref.
    """
    theirs = Q(certification__attendance__enrolment__participant__in=people)
    return CertificationContent.objects.filter(theirs | Q(person_ref__in=refs))


def disputes_of(people: Collection[int]) -> QuerySet[Dispute]:
    """Disputes in which something in words is left."""
    theirs = Dispute.objects.filter(attendance__enrolment__participant__in=people)
    return theirs.exclude(sealed=None, answer="")


def corrections_of_time(people: Collection[int]) -> QuerySet[AttendanceCorrection]:
    """Corrections of time that still say why."""
    owner = "attendance__enrolment__participant__in"
    return AttendanceCorrection.objects.filter(**{owner: people}).exclude(why="")


def blank_words_on_time(people: Collection[int]) -> None:
    """Blank what was said about these people's time; when and how much stays."""
    disputes_of(people).update(sealed=None, answer="")
    corrections_of_time(people).update(why="")


def forget_answered_disputes(*, before: dt.datetime) -> int:
    """Blank the words of disputes closed by then; return how many there were.

    That a time was disputed, what was claimed and when stays. So does why a certified
    time was corrected, until the person is erased: it is part of the correction.
    """
    closed = Dispute.objects.filter(closed_at__lt=before)
    return closed.exclude(sealed=None, answer="").update(sealed=None, answer="")


def notices_of(people: Collection[int]) -> QuerySet[Notice]:
    return Notice.objects.filter(enrolment__participant__in=people)


def choices_of(people: Collection[int]) -> QuerySet[NoticeChoice]:
    return NoticeChoice.objects.filter(participant__in=people)


def forget_news(people: Collection[int]) -> None:
    """Delete what these people were told, and which letters they chose."""
    notices_of(people).delete()
    choices_of(people).delete()


def notes_past(weeks: int) -> QuerySet[AccommodationNote]:
    """Notes on occasions whose last session ended more than so many weeks ago.

    One that was cancelled without a session counts from when it was last changed.
    """
    sessions = Session.objects.filter(occasion=OuterRef("pk")).order_by()
    last = sessions.values("occasion").annotate(at=Max("ends_at")).values("at")
    past = timezone.now() - dt.timedelta(weeks=weeks)
    never_held = Q(last_ends_at=None, status=OccasionStatus.CANCELLED)
    over = Occasion.objects.annotate(last_ends_at=Subquery(last)).filter(
        Q(last_ends_at__lt=past) | (never_held & Q(updated_at__lt=past))
    )
    return AccommodationNote.objects.filter(
        accommodation__enrolment__occasion__in=over.order_by()
    )


def certificates_of(people: Collection[int]) -> QuerySet[Certificate]:
    """Certificates of these people that still say something."""
    return Certificate.objects.filter(participant__in=people).exclude(sealed=None)


def blank_certificates(people: Collection[int]) -> None:
    """Forget what was certified; that something was, and when, stays."""
    certificates_of(people).update(sealed=None)
