"""The aggregated tables, shaped by pandas out of a period's figures.

A table is a DataFrame of plain objects whose columns are `Heading`s. Figures are
taken as `reporting.figures` shows them; nothing is rounded or computed anew here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from companies.enums import Gender
from core.spreadsheets.writing import Cell
from reporting.exports import titles as t
from reporting.figures import (
    AccommodationFigures,
    Answers,
    ByGender,
    IndicatorFigures,
    NetworkFigures,
    PeriodMetrics,
    Pipeline,
    ProgrammeFigures,
    Representation,
    Workforce,
)
from reporting.rounding import shown_hours

MEASURES = ("persons", "minutes")
TINY = 0.0001


class Part(Protocol):
    """A part of the training: a company, a theme, a month."""

    @property
    def persons(self) -> ByGender: ...

    @property
    def minutes(self) -> ByGender: ...


def attended(parts: Sequence[Part]) -> pd.DataFrame:
    """Return exact persons and minutes: a row a part, columns (measure, gender)."""
    return pd.DataFrame(
        [[n for name in MEASURES for _, n in getattr(part, name)] for part in parts],
        columns=pd.MultiIndex.from_product([MEASURES, Gender.values]),
        dtype="int64",
    )


def companies_table(metrics: PeriodMetrics) -> pd.DataFrame:
    rows = metrics.companies
    who = _table({t.ORG_NUMBER: [c.org_number for c in rows]})
    who[t.COMPANY] = [c.name for c in rows]
    blocks = [who, _workforce(rows), _volumes(rows), _representation(rows)]
    return pd.concat(blocks, axis="columns")


def staff_groups_table(metrics: PeriodMetrics) -> pd.DataFrame:
    rows = metrics.staff_groups
    who = _table({t.STAFF_GROUP: [t.GROUPS[g.staff_group] for g in rows]})
    blocks = [
        who,
        _workforce(rows),
        _volumes(rows),
        _representation(rows),
        _strata(rows),
    ]
    return pd.concat(blocks, axis="columns")


def themes_table(metrics: PeriodMetrics) -> pd.DataFrame:
    rows = metrics.themes
    who = _table({t.THEME: [theme.theme for theme in rows]})
    share = _table({t.SHARE: [theme.rounded_share for theme in rows]})
    return pd.concat([who, _volumes(rows), share], axis="columns")


def months_table(metrics: PeriodMetrics) -> pd.DataFrame:
    rows = metrics.months
    who = _table({t.MONTH: [month.month for month in rows]})
    share = _table({t.SHARE: [month.rounded_share for month in rows]})
    return pd.concat([who, _volumes(rows), share], axis="columns")


def pipeline_table(pipeline: Pipeline) -> pd.DataFrame:
    steps = {
        "Anmälda": pipeline.nominated,
        "Har fått plats": pipeline.confirmed,
        "Har deltagit": pipeline.attended,
        "Har fullföljt": pipeline.completed,
        "Har avbrutit efter bekräftad plats": pipeline.withdrawn,
    }
    step = t.Heading("Steg", width=36)
    counts = _by_gender(list(steps.values()), t.BY_GENDER, t.ALL)
    return pd.concat([_table({step: list(steps)}), counts], axis="columns")


def accommodations_table(figures: AccommodationFigures) -> pd.DataFrame:
    """Return all requests on the first row, then by kind and by provider.

    Median and outcomes are told of all together only.
    """
    parts: list[tuple[str, str, Answers]] = [("Alla", "", figures.answers)]
    parts += [("Behov", t.KINDS[kind.kind], kind.answers) for kind in figures.by_kind]
    parts += [
        ("Utbildningsleverantör", _provider(p.ref, p.name), p.answers)
        for p in figures.by_provider
    ]
    answers = [answers for _, _, answers in parts]
    who = _table(
        {
            t.Heading("Uppdelning", width=22): [division for division, _, _ in parts],
            t.Heading("Avser", width=36): [about or None for _, about, _ in parts],
            t.Heading("Begärda", t.COUNT): [a.requested for a in answers],
            t.Heading("Ordnade i tid", t.COUNT): [a.in_time for a in answers],
            t.Heading("Ordnade för sent", t.COUNT): [a.late for a in answers],
            t.Heading("Avböjda", t.COUNT): [a.declined for a in answers],
            t.Heading("Förfallna", t.COUNT): [a.lapsed for a in answers],
            t.Heading("Öppna", t.COUNT): [a.open for a in answers],
        }
    )
    median = t.Heading("Mediantid till ordnad, dagar", t.DAYS, 14)
    outcomes = figures.outcomes
    of_all = _table(
        {
            median: [figures.rounded_median_days],
            t.Heading("Utfall: uppfyllt", t.COUNT): [outcomes.met],
            t.Heading("Utfall: delvis", t.COUNT): [outcomes.partly],
            t.Heading("Utfall: inte uppfyllt", t.COUNT): [outcomes.not_met],
            t.Heading("Utfall: obesvarat", t.COUNT): [outcomes.unanswered],
        }
    )
    return pd.concat([who, of_all], axis="columns")


def indicators_table(
    indicators: Sequence[IndicatorFigures], metrics: PeriodMetrics
) -> pd.DataFrame:
    """Return the indicators, and last those whom no indicator of age counts."""
    code, label = t.Heading("Kod", width=10), t.Heading("Indikator", width=36)
    who = _table(
        {
            code: [*(figures.code for figures in indicators), None],
            label: [
                *(figures.indicator.label for figures in indicators),
                "Födelsedatum saknas (utan åldersindikator)",
            ],
        }
    )
    rows = [*indicators, metrics.incomplete]
    blocks = [
        _by_gender(
            [getattr(row, name) for row in rows],
            {
                gender.value: t.Heading(f"{when}, {word}", t.COUNT, 15)
                for gender, word in t.GENDERS.items()
            },
            t.Heading(f"{when}, alla", t.COUNT, 15),
        )
        for name, when in [("entered", "Nya i perioden"), ("cumulative", "Hittills")]
    ]
    return pd.concat([who, *blocks], axis="columns")


def networks_table(networks: Sequence[NetworkFigures]) -> pd.DataFrame:
    members = {
        gender.value: t.Heading(f"Medlemmar, {word}", t.COUNT)
        for gender, word in t.GENDERS.items()
    }
    everybody = t.Heading("Medlemmar, alla", t.COUNT)
    who = _table(
        {
            t.Heading("Beteckning", width=16): [n.ref for n in networks],
            t.Heading("Nätverk", width=36): [n.name for n in networks],
        }
    )
    met = _table(
        {
            t.Heading("Medlemmarnas företag", t.COUNT, 14): [
                n.companies for n in networks
            ],
            t.Heading("Träffar", t.COUNT): [n.meetings for n in networks],
            t.Heading("Personer på träffar", t.COUNT): [n.persons for n in networks],
            t.Heading("Timmar på träffar", t.HOURS): [n.hours for n in networks],
        }
    )
    counts = _by_gender([n.members for n in networks], members, everybody)
    return pd.concat([who, counts, met], axis="columns")


def probability(figures: Representation) -> Cell:
    """Return p as it is counted, shown in words where four places say nothing."""
    return _shown_p(figures.parity.p, figures.rounded.p)


def mirror_probability(figures: Representation) -> Cell:
    return _shown_p(figures.parity.mirror_p, figures.rounded.mirror_p)


def _shown_p(exact: float | None, rounded: Any) -> Cell:
    tiny = exact is not None and exact < TINY
    return Cell(rounded, t.TINY_PROBABILITY if tiny else t.PROBABILITY)


def _table(columns: Mapping[t.Heading, Sequence[Any]]) -> pd.DataFrame:
    # As objects: a count beside an empty cell stays a whole number.
    return pd.DataFrame(dict(columns), dtype=object)


def _volumes(parts: Sequence[Part]) -> pd.DataFrame:
    exact = attended(parts)
    persons = exact["persons"].rename(columns=t.PERSONS)
    persons[t.ALL_PERSONS] = exact["persons"].sum(axis="columns")
    minutes = exact["minutes"].rename(columns=t.HOURS_BY_GENDER)
    minutes[t.ALL_HOURS] = exact["minutes"].sum(axis="columns")
    hours = minutes.astype(object).map(shown_hours)
    return pd.concat([persons, hours], axis="columns")


def _by_gender(
    counts: Sequence[ByGender], headings: Mapping[str, t.Heading], total: t.Heading
) -> pd.DataFrame:
    frame = pd.DataFrame(
        [[n for _, n in count] for count in counts],
        columns=[headings[gender] for gender in Gender.values],
        dtype="int64",
    )
    frame.insert(0, total, frame.sum(axis="columns"))
    return frame


def _workforce(rows: Sequence[Representation]) -> pd.DataFrame:
    staff = [row.workforce for row in rows]
    return _table(
        {
            t.REFERENCE_DATE: [w.reference_date if w else t.NO_BASELINE for w in staff],
            t.STAFF_WOMEN: [_of(w, "women") for w in staff],
            t.STAFF_MEN: [_of(w, "men") for w in staff],
            t.STAFF_NON_BINARY: [_of(w, "non_binary") for w in staff],
        }
    )


def _of(workforce: Workforce | None, name: str) -> int | None:
    return getattr(workforce, name) if workforce else None


def _representation(rows: Sequence[Representation]) -> pd.DataFrame:
    shown, parities = [row.rounded for row in rows], [row.parity for row in rows]
    bands = [parity.band or (None, None) for parity in parities]
    return _table(
        {
            t.SHARE: [figures.share for figures in shown],
            t.WORKFORCE_SHARE: [figures.workforce_share for figures in shown],
            t.GAP: [figures.gap for figures in shown],
            t.HOURS_SHARE: [figures.hours_share for figures in shown],
            t.HOURS_GAP: [figures.hours_gap for figures in shown],
            t.P: [probability(row) for row in rows],
            t.MIRROR_P: [mirror_probability(row) for row in rows],
            t.BAND_FROM: [fewest for fewest, _ in bands],
            t.BAND_TO: [most for _, most in bands],
            t.VERDICT: [t.VERDICTS[parity.verdict] for parity in parities],
            t.DIRECTION: [
                parity.direction and t.DIRECTIONS[parity.direction]
                for parity in parities
            ],
            t.TO_MIRROR: [parity.to_mirror for parity in parities],
            t.EVEN_40_60: [t.YES_NO[row.even_40_60] for row in rows],
        }
    )


def _strata(rows: Sequence[ProgrammeFigures]) -> pd.DataFrame:
    shown = [row.rounded for row in rows]
    return _table(
        {
            t.EXPECTED_SHARE: [figures.expected_share for figures in shown],
            t.GAP_WITHIN: [figures.gap_within for figures in shown],
            t.GAP_MIX: [figures.gap_mix for figures in shown],
            t.LEFT_OUT: [row.left_out for row in rows],
        }
    )


def _provider(ref: str, name: str) -> str:
    return f"{name} ({ref})" if ref else "ingen leverantör angiven"
