"""All figures of a period, put together."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.db.models import Q

from companies.models import Company
from core.snapshots import one_moment
from reporting.figures import (
    CompanyFigures,
    Entrants,
    MonthFigures,
    Period,
    PeriodMetrics,
    PrincipleFigures,
    ThemeFigures,
    Volumes,
)
from reporting.periods import months
from reporting.selectors.attendance import (
    AttendanceCounts,
    count_attendance,
    count_attendance_of_company,
)
from reporting.selectors.meetings import count_networks
from reporting.selectors.mirror import (
    baselines_on,
    company_figures,
    programme_figures,
    staff_group_figures,
)
from reporting.selectors.seats import (
    count_accommodations,
    count_cancelled_occasions,
    count_pipeline,
)
from trainings.enums import Principle


def period_metrics(starts_on: dt.date, ends_on: dt.date) -> PeriodMetrics:
    """Compute every figure of the local days from the first to the last.

    The number of queries is the same whatever the period holds, and all of them see
    one moment. What is counted is what the database holds now: the same period later
    may give other figures.
    """
    with one_moment():
        return _metrics(Period(starts_on, ends_on))


def company_metrics(
    starts_on: dt.date, ends_on: dt.date, company: Company
) -> CompanyFigures:
    """Compute one company's own row of `period_metrics`, from its rows only."""
    period = Period(starts_on, ends_on)
    counts = count_attendance_of_company(period, company.pk)
    return company_figures(company, counts, baselines_on(period))


def own_metrics(starts_on: dt.date, ends_on: dt.date) -> dict[str, PeriodMetrics]:
    """Compute each company's own part in every figure, by organisation number.

    A person counts by the same gender and at the same age as in all figures. Requests
    for adaptation are those that its HR asked for itself. It is what the company knows
    of figures before it has seen any.
    """
    period = Period(starts_on, ends_on)
    with one_moment():
        companies = _companies(period, count_attendance(period))
        return {company.org_number: _metrics(period, company) for company in companies}


def _metrics(period: Period, company: Company | None = None) -> PeriodMetrics:
    """Return all figures, or one company's part in them."""
    of = company.pk if company else None
    counts = count_attendance(period, company_id=of)
    companies = [company] if company else _companies(period, counts)
    baselines = baselines_on(period)
    return PeriodMetrics(
        period=period,
        volumes=_volumes(counts),
        attendance_rows=counts.of("rows").persons.total,
        occasions=counts.of("occasions").persons.total,
        cancelled_occasions=count_cancelled_occasions(period),
        companies_attending=len(_attending(counts)),
        companies=tuple(
            company_figures(company, counts, baselines) for company in companies
        ),
        programme=programme_figures(companies, counts, baselines),
        staff_groups=staff_group_figures(companies, counts, baselines),
        themes=_themes(counts),
        months=_months(period, counts),
        pipeline=count_pipeline(period, company_id=of),
        accommodations=count_accommodations(period, company_id=of),
        entrants=_entrants(counts),
        networks=count_networks(period, company_id=of),
        principles=_principles(counts),
    )


def _attending(counts: AttendanceCounts) -> set[int]:
    return {key.company_id for key in counts.keys("company")}


def _companies(period: Period, counts: AttendanceCounts) -> list[Company]:
    """Return companies in the programme on a day of the period, or with attendance."""
    partners = Company.objects.in_programme(period.starts_on, period.ends_on)
    listed = Company.objects.filter(
        Q(pk__in=partners.values("pk")) | Q(pk__in=_attending(counts))
    )
    return sorted(listed, key=lambda company: company.org_number)


def _volumes(counts: AttendanceCounts) -> Volumes:
    count = counts.of("volumes")
    return Volumes(
        count.persons, count.participations, count.minutes, count.certified_minutes
    )


def _themes(counts: AttendanceCounts) -> tuple[ThemeFigures, ...]:
    names = sorted(key.name or "" for key in counts.keys("theme"))
    of_names = [(name, counts.of("theme", name=name)) for name in names]
    return tuple(
        ThemeFigures(name, count.persons, count.minutes) for name, count in of_names
    )


def _months(period: Period, counts: AttendanceCounts) -> tuple[MonthFigures, ...]:
    of_months = [
        (first, counts.of("month", name=f"{first.year}{first.month:02}"))
        for first in months(period)
    ]
    return tuple(
        MonthFigures(first, count.persons, count.minutes) for first, count in of_months
    )


def _entrants(counts: AttendanceCounts) -> tuple[Entrants, ...]:
    """Return entrants by age, those of unknown age last."""
    names = [key.name for key in counts.keys("cumulative")]
    ages = sorted(int(name) for name in names if name is not None)
    return tuple(
        Entrants(
            age,
            counts.of("entered", name=None if age is None else str(age)).persons,
            counts.of("cumulative", name=None if age is None else str(age)).persons,
        )
        for age in [*ages, *([None] if None in names else [])]
    )


def _principles(counts: AttendanceCounts) -> tuple[PrincipleFigures, ...]:
    everybody = counts.of("volumes").persons.total
    reached = {p: counts.of("principle", name=p.value).persons.total for p in Principle}
    return tuple(
        PrincipleFigures(p, n, Fraction(n, everybody) if everybody else None)
        for p, n in reached.items()
    )
