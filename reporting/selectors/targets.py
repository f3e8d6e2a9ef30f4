"""Targets beside what was reached: counted now, or as the scheduler counted last."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from companies.models import Company, Programme
from core.snapshots import one_moment
from reporting.enums import TargetFigure
from reporting.figures import Answers, CompanyFigures, Period, PeriodMetrics
from reporting.figures.targets import Aim, Progress
from reporting.models import Target, TargetReading
from reporting.models.targets import WHOLE
from reporting.selectors.period import company_metrics, period_metrics
from reporting.selectors.seats import answers_in, requests_in

# Figure, company, first and last day: what an aim and a reading are both known by.
Key = tuple[str, int | None, dt.date, dt.date]


def aims(targets: Iterable[Target], programme: Programme | None) -> list[Aim]:
    """Return the targets as aims, after the programme's own.

    The programme's planned participants are its target for its whole length, unless
    somebody has set another one for the same days.
    """
    found = [_aim(target) for target in targets]
    planned = _planned(programme)
    if planned is None or key_of(planned) in map(key_of, found):
        return found
    return [planned, *found]


def progress_of(aims: Iterable[Aim], *, today: dt.date | None = None) -> list[Progress]:
    """Count what was reached of each aim by the end of today, in the same order.

    Aims of the same days are counted together. For one company that is its own row of
    the figures; for several, and for the whole programme, all figures of these days.
    All of them see one moment.
    """
    today = today or timezone.localdate()
    listed = list(aims)
    together: dict[Period, list[Aim]] = defaultdict(list)
    for aim in listed:
        if aim.starts_on <= today:
            together[Period(aim.starts_on, _through(aim, today))].append(aim)
    with one_moment():
        actual = {
            key_of(aim): value
            for period, some in together.items()
            for aim, value in _reached(period, some)
        }
    return [_progress(aim, actual.get(key_of(aim)), today) for aim in listed]


def last_progress(
    aims: Iterable[Aim], *, today: dt.date | None = None
) -> list[Progress]:
    """Return what the scheduler counted last of those aims that are in force.

    In one query, whatever the programme holds. An aim that was not counted yet is
    left out.
    """
    today = today or timezone.localdate()
    listed = [aim for aim in aims if aim.starts_on <= today <= aim.ends_on]
    days = {aim.starts_on for aim in listed}
    readings = {
        (row.figure, row.company_id, row.starts_on, row.ends_on): row
        for row in TargetReading.objects.filter(starts_on__in=days)
    }
    found = [(aim, readings.get(key_of(aim))) for aim in listed]
    return [
        _progress(aim, _fraction(row), row.through, read_at=row.read_at)
        for aim, row in found
        if row
    ]


def key_of(aim: Aim) -> Key:
    company = aim.company.pk if aim.company else None
    return aim.figure.value, company, aim.starts_on, aim.ends_on


def _aim(target: Target) -> Aim:
    return Aim(
        TargetFigure(target.figure),
        target.company,
        target.starts_on,
        target.ends_on,
        target.value,
        target,
    )


def _planned(programme: Programme | None) -> Aim | None:
    if programme is None or not programme.planned_participants:
        return None
    return Aim(
        TargetFigure.PERSONS,
        None,
        programme.starts_on,
        programme.ends_on,
        programme.planned_participants,
    )


def _through(aim: Aim, today: dt.date) -> dt.date:
    return min(aim.ends_on, today)


def _progress(
    aim: Aim,
    actual: Fraction | None,
    today: dt.date,
    *,
    read_at: dt.datetime | None = None,
) -> Progress:
    return Progress(
        aim=aim,
        actual=actual,
        through=_through(aim, today),
        least_days=settings.TARGET_FORECAST_DAYS,
        margin=settings.TARGET_WARNING_MARGIN,
        read_at=read_at,
    )


def _fraction(row: TargetReading) -> Fraction | None:
    return None if row.part is None else Fraction(row.part, row.whole)


def _reached(
    period: Period, aims: Collection[Aim]
) -> Iterator[tuple[Aim, Fraction | None]]:
    companies = {aim.company.pk: aim.company for aim in aims if aim.company}
    is_of_all = any(aim.company is None for aim in aims)
    metrics, own = _figures(period, companies, is_of_all=is_of_all)
    answers = {}
    if any(aim.company and aim.figure == TargetFigure.IN_TIME for aim in aims):
        answers = _answers_of(period, companies)
    for aim in aims:
        if aim.company:
            figures = own.get(aim.company.pk)
            yield aim, _of_company(aim, figures, answers.get(aim.company.pk))
        elif metrics:
            yield aim, _of_all(aim, metrics)


def _figures(
    period: Period, companies: dict[int, Company], *, is_of_all: bool
) -> tuple[PeriodMetrics | None, dict[int, CompanyFigures]]:
    """Return all figures, if they are needed, and those of each company."""
    days = period.starts_on, period.ends_on
    if len(companies) == 1 and not is_of_all:
        return None, {
            pk: company_metrics(*days, company) for pk, company in companies.items()
        }
    metrics = period_metrics(*days)
    return metrics, {figures.company_id: figures for figures in metrics.companies}


def _answers_of(period: Period, companies: Collection[int]) -> dict[int, Answers]:
    """Count the requests of these companies' participants, in one query."""
    company = "enrolment__participant__company"
    rows = list(
        requests_in(period)
        .filter(**{f"{company}__in": list(companies)})
        .values_list("answer", company)
        .annotate(number=Count("pk"))
    )
    return {pk: answers_in([row for row in rows if row[1] == pk]) for pk in companies}


def _of_company(
    aim: Aim, figures: CompanyFigures | None, answers: Answers | None
) -> Fraction | None:
    if aim.figure == TargetFigure.IN_TIME:
        return _in_time(answers) if answers else None
    if figures is None:  # Neither in the programme on these days, nor with attendance.
        return None if aim.figure.is_share else Fraction(0)
    match aim.figure:
        case TargetFigure.PERSONS:
            return Fraction(figures.persons.total)
        case TargetFigure.HOURS:
            return Fraction(figures.minutes.total)
        case _:
            return _per_mille(figures.share)


def _of_all(aim: Aim, metrics: PeriodMetrics) -> Fraction | None:
    volumes = metrics.volumes
    match aim.figure:
        case TargetFigure.PERSONS:
            return Fraction(volumes.persons.total)
        case TargetFigure.HOURS:
            return Fraction(volumes.minutes.total)
        case TargetFigure.WOMEN_SHARE:
            return _per_mille(volumes.persons.share)
        case _:
            return _in_time(metrics.accommodations.answers)


def _in_time(answers: Answers) -> Fraction | None:
    """Return the part of all requests that was arranged in time."""
    if not answers.requested:
        return None
    return _per_mille(Fraction(answers.in_time, answers.requested))


def _per_mille(share: Fraction | None) -> Fraction | None:
    return None if share is None else share * WHOLE
