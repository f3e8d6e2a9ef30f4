"""Every table of parity of a period, and how firm each row of it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from companies.enums import BaselineGroup, StaffGroup
from companies.models import Company
from core.snapshots import one_moment
from networks.models import Network
from reporting.figures import ByGender, Period, ProgrammeFigures, Representation
from reporting.figures.parity_tables import (
    CompanyParity,
    HoursPerPerson,
    Loss,
    MonthRow,
    ParityFigures,
    ParityRow,
    ParityTable,
)
from reporting.parity import Stratum, parity
from reporting.parity.chances import binomial_chances, chances
from reporting.parity.judging import LEANS_BELOW, Reference
from reporting.parity.multiplicity import Outcome, multiplicity
from reporting.parity.simpson import PartOfWhole, SimpsonCheck, simpson_check
from reporting.parity.unknown import Sent, reachable_together, reachable_verdicts
from reporting.periods import by_month, day_number
from reporting.selectors.attendance import AttendanceCounts
from reporting.selectors.meetings import count_members
from reporting.selectors.mirror import (
    Baselines,
    Part,
    company_figures,
    pooled,
    shares_of,
)
from reporting.selectors.placed import count_placed, count_placed_of_company
from reporting.selectors.seats import count_pipeline
from reporting.selectors.workforces import Workforces

_STEPS = ("nominated", "confirmed", "attended", "completed")
_MANY = 5  # More than one in so many of a workforce changes who is left to pick from.
_A_YEAR = 10_000  # As a difference of day numbers.


def parity_figures(starts_on: dt.date, ends_on: dt.date) -> ParityFigures:
    """Compute every table of parity of the local days from the first to the last.

    The number of queries is the same whatever the period holds, and all of them see
    one moment.
    """
    with one_moment():
        return _figures(Period(starts_on, ends_on))


def company_parity(
    starts_on: dt.date, ends_on: dt.date, company: Company
) -> CompanyParity:
    """Compute one company's parity of the same days, from its own rows only."""
    period = Period(starts_on, ends_on)
    with one_moment():
        counts = count_placed_of_company(period, company.pk)
        workforces = Workforces(ends_on)
    source = _Source(period, [company], counts, workforces.on(ends_on))
    groups = tuple(source.own_group(group) for group in sorted(StaffGroup))
    count = counts.of("company", company.pk)
    return CompanyParity(
        period=period,
        company=source.company(company),
        staff_groups=groups,
        months=_months(source, workforces),
        over_staff_groups=_over_staff_groups(groups),
        hours=HoursPerPerson(count.persons, count.minutes),
    )


def _figures(period: Period) -> ParityFigures:
    counts, workforces = count_placed(period), Workforces(period.ends_on)
    everyone = list(Company.objects.order_by("org_number"))
    source = _Source(period, everyone, counts, workforces.on(period.ends_on))
    listed = source.listed(period, "company")
    companies = tuple(listed.company(company) for company in listed.companies)
    groups = tuple(
        listed.row("staff_group", of=group.value, key=group.value, group=group)
        for group in sorted(StaffGroup)
    )
    themes = sorted({key.name or "" for key in counts.keys("theme")})
    volumes = counts.of("volumes")
    return ParityFigures(
        period=period,
        programme=listed.row("stratum"),
        cumulative=_cumulative(source),
        leadership=_leadership(listed),
        companies=_table(companies),
        staff_groups=_table(groups),
        themes=_table(listed.row("theme", of=name, key=name) for name in themes),
        networks=_table(_networks(source)),
        months=_months(source, workforces),
        over_companies=_over_companies(listed),
        over_staff_groups=_over_staff_groups(groups),
        losses=_losses(period),
        hours=HoursPerPerson(volumes.persons, volumes.minutes),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """What rows are made from: who was counted, and the workforce of each company."""

    period: Period
    companies: Sequence[Company]
    counts: AttendanceCounts
    baselines: Baselines

    def listed(self, period: Period, figure: str, of: str = "") -> _Source:
        """Narrow to companies in the programme on a day, or with a count there."""
        keys = self.counts.keys(figure)
        counted = {key.company_id for key in keys if key.name == of}
        companies = [
            company
            for company in self.companies
            if company.pk in counted
            or company.was_partner(period.starts_on, period.ends_on)
        ]
        return replace(self, companies=companies)

    def parts(
        self, figure: str, of: str = "", group: str = BaselineGroup.ALL
    ) -> list[Part]:
        """Return the companies with a baseline that their people fit."""
        parts = (
            Part(workforce, self.counts.of(figure, company.pk, of))
            for company in self.companies
            if (workforce := self.baselines.get((company.pk, group)))
        )
        return [part for part in parts if part.fits]

    def row(
        self,
        figure: str,
        *,
        of: str = "",
        key: str = "",
        name: str = "",
        group: str = BaselineGroup.ALL,
        everybody: ByGender | None = None,
    ) -> ParityRow:
        """Return a row over several companies; `everybody` includes those left out."""
        parts = self.parts(figure, of, group)
        if everybody is None:
            everybody = self.counts.persons_of_all(figure, of)
        figures = ProgrammeFigures(**pooled(parts, everybody))
        row = _judged(figures, parts, self.period)
        could_change = reachable_together([_sent(part) for part in parts])
        return replace(
            row,
            key=key,
            name=name,
            left_out=figures.left_out,
            could_change=could_change,
        )

    def company(self, company: Company) -> ParityRow:
        """Return a company's own row: its people need not fit its baseline."""
        figures = company_figures(company, self.counts, self.baselines)
        count = self.counts.of("company", company.pk)
        parts = [Part(figures.workforce, count)] if figures.workforce else []
        row = _judged_alone(figures, parts, self.period)
        return replace(row, key=company.org_number, name=company.name)

    def own_group(self, group: StaffGroup) -> ParityRow:
        """Return one staff group's own row, of the only company there is."""
        (company,) = self.companies
        workforce = self.baselines.get((company.pk, group))
        count = self.counts.of("staff_group", company.pk, group.value)
        parts = [Part(workforce, count)] if workforce else []
        figures = Representation(
            workforce=workforce,
            persons=count.persons,
            minutes=count.minutes,
            parity=parity([part.stratum for part in parts], count.persons.woman),
        )
        return replace(_judged_alone(figures, parts, self.period), key=group.value)


def _judged(
    figures: Representation, parts: Sequence[Part], period: Period
) -> ParityRow:
    """Return a row without its names, and how firm what the parts prove is."""
    women = figures.persons.woman
    row = ParityRow(key="", name="", figures=figures)
    if figures.parity.p is None:
        return row
    strata = [part.stratum for part in parts]
    outcome = Outcome.of(chances(strata), women)
    if not any(_is_worn(part, period) for part in parts):
        return replace(row, outcome=outcome)
    return replace(row, outcome=outcome, binomial_p=binomial_chances(strata).p(women))


def _judged_alone(
    figures: Representation, parts: Sequence[Part], period: Period
) -> ParityRow:
    """Return the same of one workforce at most, which need not hold its people."""
    row = _judged(figures, parts, period)
    for part in parts:
        row = replace(row, could_change=reachable_verdicts(_sent(part)))
    return row


def _sent(part: Part) -> Sent:
    persons = part.count.persons
    return Sent(part.stratum, persons.woman, persons.unknown)


def _is_worn(part: Part, period: Period) -> bool:
    """Return whether the workforce has been used up and has changed since its date."""
    newest = day_number(period.ends_on) - _A_YEAR
    is_old = day_number(part.workforce.reference_date) < newest
    return is_old and part.stratum.trained * _MANY > part.stratum.size


def _table(rows: Iterable[ParityRow]) -> ParityTable:
    rows = tuple(rows)
    return ParityTable(rows, multiplicity([row.outcome for row in rows]))


def _cumulative(source: _Source) -> ParityRow:
    """Return everybody trained so far, at the company of the first attendance."""
    so_far = replace(source, counts=source.counts.summed("entrant"))
    days = Period(dt.date.min, source.period.ends_on)
    return so_far.listed(days, "entrant").row("entrant")


def _leadership(source: _Source) -> ParityRow:
    everybody = source.counts.of("on_leadership_courses").persons
    return source.row("manager", group=BaselineGroup.MANAGER, everybody=everybody)


def _networks(source: _Source) -> Iterable[ParityRow]:
    """Yield each network by ref: its members, and the companies that have members."""
    members = count_members(source.period)
    networks = Network.objects.order_by().values_list("pk", "ref", "name")
    for pk, ref, name in sorted(networks, key=lambda network: network[1]):
        of = str(pk)
        inside = {k.company_id for k in members.keys("member") if k.name == of}
        companies = [c for c in source.companies if c.pk in inside]
        of_members = replace(source, companies=companies, counts=members)
        yield of_members.row("member", of=of, key=ref, name=name)


def _months(source: _Source, workforces: Workforces) -> tuple[MonthRow, ...]:
    rows = []
    for month in by_month(source.period):
        of = str(day_number(month.ends_on) // 100)
        baselines = workforces.on(month.ends_on)
        in_month = replace(source.listed(month, "month", of), baselines=baselines)
        everybody = source.counts.persons_of_all("month", of)
        rows.append(_month(month, in_month.parts("month", of), everybody))
    return tuple(rows)


def _month(month: Period, parts: list[Part], everybody: ByGender) -> MonthRow:
    shares = shares_of(parts, everybody)
    reference = Reference(part.stratum for part in parts)
    row = MonthRow(
        first_day=month.starts_on.replace(day=1),
        expected_share=None,
        to_mirror=None,
        band=None,
        **shares,
    )
    if not reference.strata:
        return row
    return replace(
        row,
        expected_share=reference.expected_share,
        to_mirror=reference.to_mirror(row.persons.woman),
        band=reference.chances.band(LEANS_BELOW),
    )


def _over_companies(source: _Source) -> SimpsonCheck | None:
    """Look at the strata of the programme, each judged by itself.

    Not by its company's own row: whoever came first from another one counts there.
    """
    parts = []
    for company in source.companies:
        alone = replace(source, companies=[company])
        for part in alone.parts("stratum"):
            women = part.count.persons.woman
            verdict = parity([part.stratum], women).verdict
            parts.append(PartOfWhole(company.name, part.stratum, women, verdict))
    return simpson_check(parts)


def _over_staff_groups(rows: Sequence[ParityRow]) -> SimpsonCheck | None:
    """Look at the staff groups, each of the workforces that its people fit."""
    parts = []
    for row in rows:
        workforce, persons = row.figures.workforce, row.figures.persons
        if workforce is None:
            continue
        stratum = Stratum(workforce.headcount, workforce.women, persons.known)
        if stratum.holds(persons.woman):
            verdict = row.figures.parity.verdict
            parts.append(PartOfWhole(row.key, stratum, persons.woman, verdict))
    return simpson_check(parts)


def _losses(period: Period) -> tuple[Loss, ...]:
    pipeline = count_pipeline(period)
    return tuple(
        Loss(step, following, getattr(pipeline, step), getattr(pipeline, following))
        for step, following in pairwise(_STEPS)
    )
