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
from reporting.selectors.sql import EVERY_COMPANY, counted
from trainings.enums import (
    AccommodationKind,
    AccommodationOutcome,
    AskedBy,
    OccasionStatus,
)
from trainings.models import Accommodation, Occasion, Session

# Told by two conditions on sessions instead of one on the earliest, because the
# engine then knows how few or many occasions there are before it joins their seats.
BEGUN = """
begun AS (
    SELECT occasion.id, occasion.status, course.required_percent,
        SUM(session.minutes) AS session_minutes, MIN(session.starts_at) AS begins_at
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
    GROUP BY occasion.id, occasion.status, course.required_percent
)
"""

# The enrolments on these occasions, with all minutes attended, whenever.
PLACE = """
place AS (
    SELECT enrolment.id AS enrolment_id, enrolment.participant_id,
        enrolment.waitlisted_at, enrolment.confirmed_at,
        enrolment.declined_at, enrolment.withdrawn_at, begun.status, begun.begins_at,
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

# Which of these places are at a step, in the order of `Pipeline`.
STEPS = {
    "nominated": "1 = 1",
    "confirmed": "confirmed_at IS NOT NULL",
    "attended": "minutes > 0",
    "completed": "minutes > 0 AND minutes * 100 >= required_percent * session_minutes",
    "withdrawn": "confirmed_at IS NOT NULL AND withdrawn_at IS NOT NULL",
}
_BY_STEP = ", ".join(
    f"SUM(CASE WHEN {is_there} THEN 1 ELSE 0 END)" for is_there in STEPS.values()
)
_PIPELINE = f"""
SELECT participant.gender, {_BY_STEP}
FROM place
JOIN companies_participant AS participant ON participant.id = place.participant_id
WHERE {{of_company}}
GROUP BY participant.gender
"""  # noqa: S608 - Of our own words only.

_ONE_COMPANY = "participant.company_id = %(company_id)s"

_DAY = dt.timedelta(days=1)


def count_pipeline(period: Period, *, company_id: int | None = None) -> Pipeline:
    """Count enrolments by step and by the gender of their own participant row."""
    starts_at, ends_before = instants(period)
    rows = counted(
        [BEGUN, PLACE],
        [_PIPELINE],
        of_company=EVERY_COMPANY if company_id is None else _ONE_COMPANY,
        company_id=company_id,
        cancelled=OccasionStatus.CANCELLED.value,
        starts_at=starts_at,
        ends_before=ends_before,
    )
    steps: dict[str, dict[str, int]] = {step: {} for step in STEPS}
    for gender, *numbers in rows:
        for step, number in zip(STEPS, numbers, strict=True):
            steps[step][Gender(gender).value] = int(number)
    return Pipeline(**{step: ByGender(**numbers) for step, numbers in steps.items()})


def count_cancelled_occasions(period: Period) -> int:
    """Count cancelled occasions whose first session is in the period."""
    starts_at, ends_before = instants(period)
    first = Min("sessions__starts_at")
    cancelled = Occasion.objects.filter(status=OccasionStatus.CANCELLED)
    begun = cancelled.annotate(first=first).filter(
        first__gte=starts_at, first__lt=ends_before
    )
    return begun.count()


def count_accommodations(
    period: Period, *, company_id: int | None = None
) -> AccommodationFigures:
    """Count requests that were not withdrawn, in two queries.

    Of one company: those that its HR asked for, as it hears of no others.
    """
    requests = requests_in(period)
    if company_id is not None:
        requests = requests.filter(
            asked_by=AskedBy.HR, enrolment__participant__company=company_id
        )
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
    answers = answers_in(rows)
    return AccommodationFigures(
        answers=answers,
        median_days=median_days(requests, answers.arranged),
        outcomes=outcomes_in(rows),
        by_kind=tuple(
            KindAnswers(
                AccommodationKind(kind), answers_in([r for r in rows if r[2] == kind])
            )
            for kind in sorted(kinds)
        ),
        by_provider=tuple(
            ProviderAnswers(
                ref or "", name or "", answers_in([r for r in rows if r[3] == ref])
            )
            for ref, name in sorted(providers, key=lambda provider: provider[0] or "")
        ),
    )


def requests_in(period: Period) -> QuerySet:
    """Return the requests that count, each with its `answer`, in no order."""
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


def answers_in(rows: list[tuple]) -> Answers:
    """Add up rows that begin with an answer and end with their number."""
    numbers: Counter[str] = Counter()
    for answer, *_rest, number in rows:
        numbers[answer] += number
    return Answers(**numbers)


def outcomes_in(rows: list[tuple]) -> Outcomes:
    """Add up rows of answer and outcome, of which those arranged count."""
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


def median_days(requests: QuerySet, arranged: int) -> Fraction | None:
    """Return the median time from request to arranged, in days of 24 hours."""
    if not arranged:
        return None
    waits = (
        requests.exclude(arranged_at=None)
        .annotate(wait=F("arranged_at") - F("requested_at"))
        .order_by("wait")
        .values_list("wait", flat=True)
    )
    return mean_days(list(waits[(arranged - 1) // 2 : arranged // 2 + 1]))


def mean_days(waits: list[dt.timedelta]) -> Fraction:
    """Return the exact mean of one wait or more, in days of 24 hours."""
    microseconds = [wait // dt.timedelta(microseconds=1) for wait in waits]
    day = len(microseconds) * (_DAY // dt.timedelta(microseconds=1))
    return Fraction(sum(microseconds), day)
