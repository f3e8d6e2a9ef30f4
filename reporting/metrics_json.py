"""The figures of a period as the JSON that other programs read.

Keys, their order and decimals are a contract; see docs/figures.md.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from companies.enums import FundPeriod, Gender
from reporting.figures import (
    AccommodationFigures,
    Answers,
    ByGender,
    NetworkFigures,
    PeriodMetrics,
    Pipeline,
    PrincipleFigures,
    ProgrammeFigures,
    Representation,
    Volumes,
    Workforce,
)
from reporting.rounding import shown_hours

Json = dict[str, Any]


def metrics_json(metrics: PeriodMetrics) -> Json:
    """Return the figures as plain values; hours are text, so that they stay exact."""
    return {
        "period": {
            "from": metrics.period.starts_on.isoformat(),
            "to": metrics.period.ends_on.isoformat(),
        },
        "totals": _totals(metrics),
        "by_gender": _by_gender(metrics.volumes),
        "companies": [
            {"org_number": c.org_number, "name": c.name, **_representation(c)}
            for c in metrics.companies
        ],
        "programme": _programme(metrics.programme),
        "staff_groups": [
            {"staff_group": group.staff_group.value, **_programme(group)}
            for group in metrics.staff_groups
        ],
        "themes": [
            {"theme": t.theme, **_part(t.persons, t.minutes, t.rounded_share)}
            for t in metrics.themes
        ],
        "months": [
            {"month": m.month, **_part(m.persons, m.minutes, m.rounded_share)}
            for m in metrics.months
        ],
        "pipeline": _pipeline(metrics.pipeline),
        "accommodations": _accommodations(metrics.accommodations),
        "indicators": _indicators(metrics),
        "indicators_incomplete": {
            "entered": metrics.incomplete.entered.total,
            "cumulative": metrics.incomplete.cumulative.total,
        },
        "networks": [_network(network) for network in metrics.networks],
        "principles": [_principle(principle) for principle in metrics.principles],
    }


def _totals(metrics: PeriodMetrics) -> Json:
    volumes = metrics.volumes
    return {
        "persons": volumes.persons.total,
        "participations": volumes.participations.total,
        "hours": str(volumes.minutes.total_hours),
        "certified_hours": str(volumes.certified_minutes.total_hours),
        "occasions": metrics.occasions,
        "cancelled_occasions": metrics.cancelled_occasions,
        "companies": metrics.companies_attending,
    }


def _by_gender(volumes: Volumes) -> Json:
    return {
        gender.value: {
            "persons": volumes.persons[gender],
            "participations": volumes.participations[gender],
            "hours": str(shown_hours(volumes.minutes[gender])),
            "certified_hours": str(shown_hours(volumes.certified_minutes[gender])),
        }
        for gender in Gender
    }


def _representation(group: Representation) -> Json:
    rounded, parity = group.rounded, group.parity
    return {
        "workforce": _workforce(group.workforce),
        "persons": _counts(group.persons),
        "hours": _hours(group.minutes),
        "share": _number(rounded.share),
        "workforce_share": _number(rounded.workforce_share),
        "gap": _number(rounded.gap),
        "hours_share": _number(rounded.hours_share),
        "hours_gap": _number(rounded.hours_gap),
        "p": _number(rounded.p),
        "mirror_p": _number(rounded.mirror_p),
        "band": list(parity.band) if parity.band else None,
        "verdict": parity.verdict.value,
        "direction": parity.direction.value if parity.direction else None,
        "to_mirror": parity.to_mirror,
        "even_40_60": group.even_40_60,
    }


def _programme(figures: ProgrammeFigures) -> Json:
    rounded = figures.rounded
    return {
        **_representation(figures),
        "expected_share": _number(rounded.expected_share),
        "gap_within": _number(rounded.gap_within),
        "gap_mix": _number(rounded.gap_mix),
        "left_out": figures.left_out,
    }


def _workforce(workforce: Workforce | None) -> Json | None:
    if workforce is None:
        return None
    return {
        "reference_date": workforce.reference_date.isoformat(),
        "women": workforce.women,
        "men": workforce.men,
        "non_binary": workforce.non_binary,
    }


def _part(persons: ByGender, minutes: ByGender, share: Decimal | None) -> Json:
    return {
        "persons": _counts(persons),
        "hours": _hours(minutes),
        "share": _number(share),
    }


def _pipeline(pipeline: Pipeline) -> Json:
    return {
        gender.value: {
            "nominated": pipeline.nominated[gender],
            "confirmed": pipeline.confirmed[gender],
            "attended": pipeline.attended[gender],
            "completed": pipeline.completed[gender],
            "withdrawn": pipeline.withdrawn[gender],
        }
        for gender in Gender
    }


def _accommodations(figures: AccommodationFigures) -> Json:
    outcomes = figures.outcomes
    return {
        **_answers(figures.answers),
        "median_days": _number(figures.rounded_median_days),
        "outcomes": {
            "met": outcomes.met,
            "partly": outcomes.partly,
            "not": outcomes.not_met,
            "unanswered": outcomes.unanswered,
        },
        "by_kind": [
            {"kind": row.kind.value, **_answers(row.answers)} for row in figures.by_kind
        ],
        "by_provider": [
            {"provider": row.ref or None, **_answers(row.answers)}
            for row in figures.by_provider
        ],
    }


def _answers(answers: Answers) -> Json:
    return {
        "requested": answers.requested,
        "in_time": answers.in_time,
        "late": answers.late,
        "declined": answers.declined,
        "lapsed": answers.lapsed,
        "open": answers.open,
    }


def _indicators(metrics: PeriodMetrics) -> list[Json]:
    return [
        {
            "code": indicator.code,
            "entered": _counts_and_total(indicator.entered),
            "cumulative": _counts_and_total(indicator.cumulative),
        }
        for indicator in metrics.indicators(FundPeriod.ESF_PLUS)
    ]


def _network(network: NetworkFigures) -> Json:
    return {
        "ref": network.ref,
        "members": _counts(network.members),
        "companies": network.companies,
        "meetings": network.meetings,
        "persons": network.persons,
        "hours": str(network.hours),
    }


def _principle(figures: PrincipleFigures) -> Json:
    return {
        "principle": figures.principle.value,
        "persons": figures.persons,
        "share_of_all": _number(figures.rounded_share),
    }


def _counts(counts: ByGender) -> dict[str, int]:
    return {gender.value: number for gender, number in counts}


def _counts_and_total(counts: ByGender) -> dict[str, int]:
    return {**_counts(counts), "total": counts.total}


def _hours(minutes: ByGender) -> dict[str, str]:
    return {gender: str(hours) for gender, hours in minutes.hours.items()}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
