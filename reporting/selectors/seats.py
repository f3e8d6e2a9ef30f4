"""What became of seats and of requests for adaptation.

Both look at occasions, not cancelled, whose first session is in the period; every
later step of a seat may lie anywhere in time.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction

from django.db.models import (
    Case,
    Count,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from companies.enums import Gender
from reporting.figures import (
    AccommodationFigures,
    Answers,
    ByGender,
    KindAnswers,
    Outcomes,
    Period,
    Pipeline,
    ProviderAnswers,
)
from reporting.periods import instants
from reporting.selectors.sql import counted
from trainings.enums import AccommodationKind, AccommodationOutcome, OccasionStatus
from trainings.models import Accommodation, Occasion, Session

# Told by two conditions on sessions instead of one on the earliest, because the
# engine then knows how few or many occasions there are before it joins their seats.
_BEGUN = """
begun AS (
    SELECT occasion.id, course.required_percent,
        SUM(session.minutes) AS session_minutes
    FROM trainings_occasion AS occasion
    JOIN trainings_course AS course ON course.id = occasion.course_id
    JOIN trainings_session AS session ON session.occasion_id = occasion.id
    WHERE occasion.status <> %(cancelled)s
        AND EXISTS (
            SELECT 1 FROM trainings_session AS inside
            WHERE inside.occasion_id = occasion.id
                AND inside.starts_at >= %(starts_at)s
                AND inside.starts_at < %(ends_before)s
        )
        AND NOT EXISTS (
            SELECT 1 FROM trainings_session AS earlier
            WHERE earlier.occasion_id = occasion.id
                AND earlier.starts_at < %(starts_at)s
        )
    GROUP BY occasion.id, course.required_percent
)
"""

_SEAT = """
seat AS (
    SELECT enrolment.participant_id, enrolment.confirmed_at, enrolment.withdrawn_at,
        begun.required_percent, begun.session_minutes,
        COALESCE(attended.minutes, 0) AS minutes
    FROM begun
    JOIN trainings_enrolment AS enrolment ON enrolment.occasion_id = begun.id
    LEFT JOIN (
        SELECT attendance.enrolment_id, SUM(attendance.minutes) AS minutes
        FROM begun
        JOIN trainings_session AS session ON session.occasion_id = begun.id
        JOIN trainings_attendance AS attendance ON attendance.session_id = session.id
        GROUP BY attendance.enrolment_id
    ) AS attended ON attended.enrolment_id = enrolment.id
)
"""

_STEPS = """
SELECT participant.gender, COUNT(*),
    SUM(CASE WHEN confirmed_at IS NOT NULL THEN 1 ELSE 0 END),
    SUM(CASE WHEN minutes > 0 THEN 1 ELSE 0 END),
    SUM(
        CASE
            WHEN minutes > 0 AND minutes * 100 >= required_percent * session_minutes
            THEN 1 ELSE 0
        END
    ),
    SUM(
        CASE
            WHEN confirmed_at IS NOT NULL AND withdrawn_at IS NOT NULL
            THEN 1 ELSE 0
        END
    )
FROM seat
JOIN companies_participant AS participant ON participant.id = seat.participant_id
GROUP BY participant.gender
"""

_DAY = dt.timedelta(days=1)


def count_pipeline(period: Period) -> Pipeline:
    """Count enrolments by step and by the gender of their own participant row."""
    starts_at, ends_before = instants(period)
    rows = counted(
        [_BEGUN, _SEAT],
        [_STEPS],
        cancelled=OccasionStatus.CANCELLED.value,
        starts_at=starts_at,
        ends_before=ends_before,
    )
    steps: list[dict[str, int]] = [{}, {}, {}, {}, {}]
    for gender, *numbers in rows:
        for by_gender, number in zip(steps, numbers, strict=True):
            by_gender[Gender(gender).value] = int(number)
    return Pipeline(*(ByGender(**by_gender) for by_gender in steps))


def count_cancelled_occasions(period: Period) -> int:
    """Count cancelled occasions whose first session is in the period."""
    starts_at, ends_before = instants(period)
    first = Min("sessions__starts_at")
    cancelled = Occasion.objects.filter(status=OccasionStatus.CANCELLED)
    begun = cancelled.annotate(first=first).filter(
        first__gte=starts_at, first__lt=ends_before
    )
    return begun.count()


def count_accommodations(period: Period) -> AccommodationFigures:
    """Count requests that were not withdrawn, in two queries."""
    requests = _requests(period)
    rows = list(
        requests.values_list(
            "answer",
            "outcome",
            "kind",
            "enrolment__occasion__provider__ref",
            "enrolment__occasion__provider__name",
        ).annotate(number=Count("pk"))
    )
    kinds, providers = {row[2] for row in rows}, {row[3:5] for row in rows}
    answers = _answers(rows)
    return AccommodationFigures(
        answers=answers,
        median_days=_median_days(requests, answers.arranged),
        outcomes=_outcomes(rows),
        by_kind=tuple(
            KindAnswers(
                AccommodationKind(kind), _answers([r for r in rows if r[2] == kind])
            )
            for kind in sorted(kinds)
        ),
        by_provider=tuple(
            ProviderAnswers(
                ref or "", name or "", _answers([r for r in rows if r[3] == ref])
            )
            for ref, name in sorted(providers, key=lambda provider: provider[0] or "")
        ),
    )


def _requests(period: Period) -> QuerySet:
    """Return the requests that count, each with its answer."""
    starts_at, ends_before = instants(period)
    sessions = Session.objects.filter(occasion=OuterRef("enrolment__occasion"))
    seat_is_given_up = ~Q(enrolment__declined_at=None, enrolment__withdrawn_at=None)
    answer = Case(
        When(arranged_at__lt=F("first_starts_at"), then=Value("in_time")),
        When(arranged_at__isnull=False, then=Value("late")),
        When(declined_at__isnull=False, then=Value("declined")),
        When(seat_is_given_up, then=Value("lapsed")),
        default=Value("open"),
    )
    return (
        Accommodation.objects.filter(withdrawn_at=None)
        .exclude(enrolment__occasion__status=OccasionStatus.CANCELLED)
        .annotate(
            first_starts_at=Subquery(
                sessions.order_by("starts_at").values("starts_at")[:1]
            )
        )
        .filter(first_starts_at__gte=starts_at, first_starts_at__lt=ends_before)
        .annotate(answer=answer)
        .order_by()
    )


def _answers(rows: list[tuple]) -> Answers:
    numbers: Counter[str] = Counter()
    for answer, *_rest, number in rows:
        numbers[answer] += number
    return Answers(**numbers)


def _outcomes(rows: list[tuple]) -> Outcomes:
    numbers: Counter[str] = Counter()
    for answer, outcome, *_rest, number in rows:
        if answer in {"in_time", "late"}:
            numbers[outcome] += number
    return Outcomes(
        met=numbers[AccommodationOutcome.MET],
        partly=numbers[AccommodationOutcome.PARTLY],
        not_met=numbers[AccommodationOutcome.NOT],
        unanswered=numbers[""],
    )


def _median_days(requests: QuerySet, arranged: int) -> Fraction | None:
    """Return the median time from request to arranged, in days of 24 hours."""
    if not arranged:
        return None
    waits = (
        requests.exclude(arranged_at=None)
        .annotate(wait=F("arranged_at") - F("requested_at"))
        .order_by("wait")
        .values_list("wait", flat=True)
    )
    middle = waits[(arranged - 1) // 2 : arranged // 2 + 1]
    microseconds = [wait // dt.timedelta(microseconds=1) for wait in middle]
    day = len(microseconds) * (_DAY // dt.timedelta(microseconds=1))
    return Fraction(sum(microseconds), day)
