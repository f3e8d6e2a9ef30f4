"""Co-financing in kind, the most that aid may be, and ledgers of de minimis aid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from companies.models import Company
from reporting.de_minimis import Aid, Ledger
from reporting.figures import Period
from reporting.figures.state_aid import CoFinancing, CompanyAid, GroupLedger
from reporting.models import (
    AidAward,
    AidGroup,
    AidGroupMember,
    DeMinimisRule,
    EligibleCost,
    TrainingAidRule,
    UnitCost,
)
from reporting.models.aid_rates import CENTS
from reporting.periods import instants
from trainings.models import Attendance

_DAY = dt.timedelta(days=1)
_COUNTY_DIGITS = 2  # The first ones of a municipality's code.
_HOUR = 60


def co_financing(
    period: Period, companies: Collection[Company]
) -> dict[int, CoFinancing]:
    """Value the certified hours of each company's people in a period, by primary key.

    An hour is worth the unit cost in force on its session's local day: of those that
    fit the participant's occupation and the company's county, the one of the longest
    occupational group, then the county's own before the rest of the country's. Of one
    group and county the one that began last decides; once it is over there is none.
    One query for each stretch of days between which rates change.
    """
    counties = {company.pk: _county(company) for company in companies}
    begun = UnitCost.objects.filter(valid_from__lte=period.ends_on)
    rates = list(begun.order_by("valid_from"))
    found: dict[int, CoFinancing] = {pk: CoFinancing() for pk in counties}
    for stretch in _stretches(period, rates):
        in_force = _in_force(rates, stretch.starts_on)
        for company, occupation, minutes in _certified(stretch, counties):
            rate = _rate(in_force, occupation, counties[company])
            found[company] += _worth(minutes, rate)
    return found


def company_aid(period: Period) -> list[CompanyAid]:
    """Return what each company put in, and the most aid, by name.

    Companies in the programme on a day of the period, or with certified hours in it.
    Other costs are those booked on a day of the period.
    """
    everyone = list(Company.objects.select_related("aid_membership__group"))
    worth = co_financing(period, everyone)
    partners = Company.objects.in_programme(period.starts_on, period.ends_on)
    listed = set(partners.values_list("pk", flat=True))
    companies = [c for c in everyone if c.pk in listed or worth[c.pk].minutes]
    costs = _other_costs(period)
    rule = training_rule(period)
    sizes = _sizes(period.ends_on)
    return [
        CompanyAid(
            company=company,
            group=_group_of(company),
            co_financing=worth[company.pk],
            other_costs=costs.get(company.pk, Decimal(0)),
            size_class=sizes.get(company.pk, company.size_class),
            rule=rule,
        )
        for company in companies
    ]


def training_rule(period: Period) -> TrainingAidRule | None:
    """Return the rule of training aid in force on the last of the days."""
    return TrainingAidRule.objects.holding_on(period.ends_on)


def ledgers(
    groups: Iterable[AidGroup], *, day: dt.date | None = None
) -> list[GroupLedger]:
    """Return the ledger of each group on a day, in three queries however many."""
    day = day or timezone.localdate()
    listed = list(groups)
    ceilings = [rule.ceiling for rule in DeMinimisRule.objects.all()]
    awards: dict[int, list[AidAward]] = defaultdict(list)
    rows = AidAward.objects.filter(group__in=listed)
    for award in rows.select_related("company", "rule", "entered_by"):
        awards[award.group_id].append(award)
    members: dict[int, list[Company]] = defaultdict(list)
    belonging = AidGroupMember.objects.filter(group__in=listed)
    for member in belonging.select_related("company"):
        members[member.group_id].append(member.company)
    return [
        _ledger(group, members[group.pk], awards[group.pk], ceilings, day)
        for group in listed
    ]


def ledger_of(group: AidGroup) -> Ledger:
    """Return what counts of a group's awards, by the rules that are entered."""
    rules = [rule.ceiling for rule in DeMinimisRule.objects.all()]
    return Ledger(rules, _aid(group.awards.counting()), group.fiscal_month)


def aid_of(award: AidAward) -> Aid:
    return Aid(award.granted_on, int(award.euros * CENTS))


def _ledger(group, companies, awards, ceilings, day) -> GroupLedger:
    counting = [award for award in awards if award.revoked_at is None]
    ledger = Ledger(ceilings, _aid(counting), group.fiscal_month)
    return GroupLedger(
        group=group,
        companies=tuple(companies),
        awards=tuple(awards),
        ledger=ledger,
        room=ledger.room_on(day),
        freer=ledger.freer_after(day),
        warning_percent=settings.DE_MINIMIS_WARNING_PERCENT,
    )


def _aid(awards: Iterable[AidAward]) -> list[Aid]:
    return [aid_of(award) for award in awards]


def _sizes(day: dt.date) -> Mapping[int, str]:
    """Return size classes as they stood after a day, as far back as history goes."""
    _before, after = instants(Period(day, day))
    records = Company.history.filter(history_date__lt=after)
    rows = records.order_by("history_date", "history_id")
    return dict(rows.values_list("id", "size_class"))


def _in_force(rates: Iterable[UnitCost], day: dt.date) -> list[UnitCost]:
    """Return the last of each occupational group and county; `rates` are by first day.

    None where the last one is over: an earlier one does not come back.
    """
    last = {
        (rate.occupation, rate.county): rate for rate in rates if rate.valid_from <= day
    }
    return [rate for rate in last.values() if rate.is_in_force(day)]


def _stretches(period: Period, rates: Iterable[UnitCost]) -> Iterator[Period]:
    """Cut the period where a rate begins or has ended."""
    starts = {period.starts_on}
    for rate in rates:
        starts.add(rate.valid_from)
        if rate.valid_until and rate.valid_until < period.ends_on:
            starts.add(rate.valid_until + _DAY)
    inside = sorted(day for day in starts if day >= period.starts_on)
    ends = [*(day - _DAY for day in inside[1:]), period.ends_on]
    return (Period(first, last) for first, last in zip(inside, ends, strict=True))


def _certified(
    period: Period, companies: Collection[int]
) -> Iterator[tuple[int, str, int]]:
    """Yield certified minutes by company and occupation."""
    starts_at, ends_before = instants(period)
    person = "enrolment__participant"
    rows = (
        Attendance.objects.certified()
        .filter(session__starts_at__gte=starts_at, session__starts_at__lt=ends_before)
        .filter(**{f"{person}__company__in": list(companies)})
        .order_by()
        .values_list(f"{person}__company", f"{person}__role_code")
        .annotate(total=Sum("minutes"))
    )
    yield from rows


def _rate(rates: Iterable[UnitCost], occupation: str, county: str) -> UnitCost | None:
    fitting = [
        rate
        for rate in rates
        if occupation.startswith(rate.occupation) and rate.county in {county, ""}
    ]
    return max(
        fitting,
        key=lambda rate: (len(rate.occupation), len(rate.county)),
        default=None,
    )


def _worth(minutes: int, rate: UnitCost | None) -> CoFinancing:
    if rate is None:
        return CoFinancing(minutes, minutes)
    return CoFinancing(minutes, 0, Fraction(minutes, _HOUR) * Fraction(rate.kronor))


def _county(company: Company) -> str:
    return company.municipality_code[:_COUNTY_DIGITS]


def _other_costs(period: Period) -> dict[int, Decimal]:
    """Add the costs up here: engines do not add decimals alike."""
    costs: dict[int, Decimal] = defaultdict(Decimal)
    rows = EligibleCost.objects.filter(
        booked_on__range=(period.starts_on, period.ends_on)
    )
    for company, kronor in rows.order_by().values_list("company", "kronor"):
        costs[company] += kronor
    return costs


def _group_of(company: Company) -> AidGroup | None:
    membership = getattr(company, "aid_membership", None)
    return membership.group if membership else None
