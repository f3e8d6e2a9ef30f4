"""Women's part in the training beside their part in the workforce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from companies.enums import BaselineGroup, StaffGroup
from companies.models import Company, WorkforceSnapshot
from reporting.figures import (
    ByGender,
    CompanyFigures,
    Period,
    ProgrammeFigures,
    StaffGroupFigures,
    Workforce,
    sum_by_gender,
)
from reporting.parity import Stratum, parity
from reporting.selectors.attendance import AttendanceCounts, Count

Baselines = dict[tuple[int, str], Workforce]


def baselines_on(period: Period) -> Baselines:
    """Return each company's baseline of the period, by company and staff group.

    The snapshot with the latest reference date not after the period's end. Where
    that one counts nobody there is no baseline, also if an older one does.
    """
    dates = WorkforceSnapshot.objects.filter(
        company=OuterRef("company"),
        staff_group=OuterRef("staff_group"),
        reference_date__lte=period.ends_on,
    ).order_by("-reference_date")
    latest = WorkforceSnapshot.objects.filter(
        reference_date=Subquery(dates.values("reference_date")[:1])
    )
    rows = latest.order_by().values_list(
        "company_id", "staff_group", "reference_date", "women", "men", "non_binary"
    )
    baselines = {
        (company_id, group): Workforce(day, women, men, non_binary)
        for company_id, group, day, women, men, non_binary in rows
    }
    return {key: found for key, found in baselines.items() if found.headcount}


def company_figures(
    company: Company, counts: AttendanceCounts, baselines: Baselines
) -> CompanyFigures:
    """Return the figures of one company by its own rows."""
    workforce = baselines.get((company.pk, BaselineGroup.ALL))
    count = counts.of("company", company.pk)
    strata = [stratum_of(workforce, count.persons)] if workforce else []
    return CompanyFigures(
        company_id=company.pk,
        org_number=company.org_number,
        name=company.name,
        workforce=workforce,
        persons=count.persons,
        minutes=count.minutes,
        parity=parity(strata, count.persons.woman),
    )


def programme_figures(
    companies: list[Company], counts: AttendanceCounts, baselines: Baselines
) -> ProgrammeFigures:
    """Return the figures over all companies whose people fit their baseline."""
    parts = [
        Part(workforce, counts.of("stratum", company.pk))
        for company in companies
        if (workforce := baselines.get((company.pk, BaselineGroup.ALL)))
    ]
    return ProgrammeFigures(**pooled(parts, counts.persons_of_all("stratum")))


def staff_group_figures(
    companies: list[Company], counts: AttendanceCounts, baselines: Baselines
) -> tuple[StaffGroupFigures, ...]:
    """Return the same of each staff group, always all three, sorted by code."""
    figures = []
    for group in sorted(StaffGroup):
        parts = [
            Part(workforce, counts.of("staff_group", company.pk, group.value))
            for company in companies
            if (workforce := baselines.get((company.pk, group)))
        ]
        everybody = counts.persons_of_all("staff_group", group.value)
        figures.append(StaffGroupFigures(staff_group=group, **pooled(parts, everybody)))
    return tuple(figures)


@dataclass(frozen=True, slots=True)
class Part:
    """A company with a baseline, and whom it sent."""

    workforce: Workforce
    count: Count

    @property
    def stratum(self) -> Stratum:
        return stratum_of(self.workforce, self.count.persons)

    @property
    def fits(self) -> bool:
        return self.stratum.holds(self.count.persons.woman)


def pooled(parts: list[Part], everybody: ByGender) -> dict[str, Any]:
    """Return what those that fit make up together; the rest is left out."""
    parts = [part for part in parts if part.fits]
    women = sum(part.count.persons.woman for part in parts)
    judged = parity([part.stratum for part in parts], women)
    return {"parity": judged, **shares_of(parts, everybody)}


def shares_of(parts: list[Part], everybody: ByGender) -> dict[str, Any]:
    """Return the same of parts that all fit, without a judgement."""
    persons = sum_by_gender(part.count.persons for part in parts)
    return {
        "workforce": _sum_of_workforces([part.workforce for part in parts]),
        "persons": persons,
        "minutes": sum_by_gender(part.count.minutes for part in parts),
        "left_out": everybody.total - persons.total,
    }


def stratum_of(workforce: Workforce, persons: ByGender) -> Stratum:
    """Return the stratum of a workforce and those trained of known gender."""
    return Stratum(workforce.headcount, workforce.women, persons.known)


def _sum_of_workforces(workforces: list[Workforce]) -> Workforce | None:
    if not workforces:
        return None
    return Workforce(
        max(workforce.reference_date for workforce in workforces),
        sum(workforce.women for workforce in workforces),
        sum(workforce.men for workforce in workforces),
        sum(workforce.non_binary for workforce in workforces),
    )
