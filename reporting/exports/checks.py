"""The sheet that counts the others again, and says what they were made of."""

from __future__ import annotations

import datetime as dt
import operator
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd
from django.conf import settings
from django.utils import timezone

from companies.enums import Gender
from core.spreadsheets.writing import Cell
from reporting.exports import titles as t
from reporting.exports.tables import attended
from reporting.figures import ByGender, Entrants, IndicatorFigures, PeriodMetrics
from reporting.rounding import shown_hours

CHECK = t.Heading("Kontroll", width=46)
PARTS = t.Heading("Delarna", t.COUNT, 14)
RELATION = t.Heading("Ska vara", width=14)
TOTAL = t.Heading("Totalen", t.COUNT, 20)
RESULT = t.Heading("Utfall", width=12)

LIBRARIES = ("Django", "pandas", "numpy", "XlsxWriter")

_RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "lika med": operator.eq,
    "minst": operator.ge,
    "högst": operator.le,
}


@dataclass(frozen=True, slots=True)
class Check:
    """What the parts come to, beside the total; time is in whole minutes."""

    about: str
    parts: int
    relation: str
    total: int
    remark: str = ""
    is_time: bool = False

    @property
    def is_met(self) -> bool:
        return _RELATIONS[self.relation](self.parts, self.total)


def checks_table(
    metrics: PeriodMetrics,
    indicators: Sequence[IndicatorFigures],
    made_at: dt.datetime,
    head: str = "",
) -> pd.DataFrame:
    """Return every check with its result, then rows read, versions and time."""
    checks = [
        *_volumes(metrics),
        *_flow(metrics),
        *_indicators(metrics, indicators),
        *_accommodations(metrics),
    ]
    columns = [CHECK, PARTS, RELATION, TOTAL, RESULT, t.REMARK]
    lines = [*map(_line, checks), *_origin(metrics, made_at, head)]
    return pd.DataFrame(lines, columns=columns, dtype=object)


def _volumes(metrics: PeriodMetrics) -> Iterator[Check]:
    volumes = metrics.volumes
    people = volumes.persons.total
    yield from _companies(metrics)
    for name, parts in (("teman", metrics.themes), ("månader", metrics.months)):
        yield from _division(name, attended(parts), volumes.persons, volumes.minutes)
    yield Check(
        "Personer: i och utanför jämförelsen",
        metrics.programme.persons.total + metrics.programme.left_out,
        "lika med",
        people,
    )
    yield Check(
        "Deltaganden",
        volumes.participations.total,
        "minst",
        people,
        "Varje person har minst ett deltagande.",
    )
    yield Check(
        "Intygade timmar",
        volumes.certified_minutes.total,
        "högst",
        volumes.minutes.total,
        is_time=True,
    )


def _companies(metrics: PeriodMetrics) -> Iterator[Check]:
    by_company = attended(metrics.companies)
    yield Check(
        "Timmar: summan av företagen",
        _sum(by_company, "minutes"),
        "lika med",
        metrics.volumes.minutes.total,
        is_time=True,
    )
    yield Check(
        "Personer: summan av företagen",
        _sum(by_company, "persons"),
        "minst",
        metrics.volumes.persons.total,
        "En person kan finnas vid flera företag.",
    )
    yield Check(
        "Företag med personer",
        int((by_company["persons"].sum(axis="columns") > 0).sum()),
        "lika med",
        metrics.companies_attending,
    )


def _division(
    name: str, frame: pd.DataFrame, persons: ByGender, minutes: ByGender
) -> Iterator[Check]:
    for gender in Gender:
        yield Check(
            f"Timmar, {t.GENDERS[gender]}: summan av {name}",
            int(frame["minutes"][gender.value].sum()),
            "lika med",
            minutes[gender],
            is_time=True,
        )
    yield Check(
        f"Personer: summan av {name}",
        _sum(frame, "persons"),
        "minst",
        persons.total,
        "En person kan räknas i flera delar.",
    )
    largest = frame["persons"].sum(axis="columns").max() if len(frame) else 0
    yield Check(
        f"Personer: den största av {name}", int(largest), "högst", persons.total
    )


def _flow(metrics: PeriodMetrics) -> Iterator[Check]:
    flow = metrics.pipeline
    for about, part, whole in (
        ("Flöde: har fått plats", flow.confirmed, flow.nominated),
        ("Flöde: har deltagit", flow.attended, flow.confirmed),
        ("Flöde: har fullföljt", flow.completed, flow.attended),
        ("Flöde: har avbrutit", flow.withdrawn, flow.confirmed),
    ):
        yield Check(about, part.total, "högst", whole.total, "Av steget före.")


def _indicators(
    metrics: PeriodMetrics, indicators: Sequence[IndicatorFigures]
) -> Iterator[Check]:
    """Compare those of every age, the first, with ages and with the period."""
    everybody, *others = indicators
    ages = [
        figures
        for figures in others
        if figures.indicator.lowest_age or figures.indicator.highest_age
    ]
    parts: list[IndicatorFigures | Entrants] = [*ages, metrics.incomplete]
    yield Check(
        "Indikatorer: åldrar och saknade födelsedatum, nya",
        sum(part.entered.total for part in parts),
        "högst",
        everybody.entered.total,
    )
    yield Check(
        "Indikatorer: åldrar och saknade födelsedatum, hittills",
        sum(part.cumulative.total for part in parts),
        "högst",
        everybody.cumulative.total,
    )
    yield Check(
        "Indikatorer: nya i perioden",
        everybody.entered.total,
        "högst",
        metrics.volumes.persons.total,
        "Av personerna i perioden.",
    )


def _accommodations(metrics: PeriodMetrics) -> Iterator[Check]:
    figures = metrics.accommodations
    requested = figures.answers.requested
    for about, parts in (
        ("Anpassningar: summan av behoven", figures.by_kind),
        ("Anpassningar: summan av leverantörerna", figures.by_provider),
    ):
        total = sum(part.answers.requested for part in parts)
        yield Check(about, total, "lika med", requested)
    outcomes = figures.outcomes
    yield Check(
        "Anpassningar: summan av utfallen",
        outcomes.met + outcomes.partly + outcomes.not_met + outcomes.unanswered,
        "lika med",
        figures.answers.arranged,
        "Av de ordnade.",
    )


def _sum(frame: pd.DataFrame, measure: str) -> int:
    return int(frame[measure].to_numpy().sum())


def _line(check: Check) -> list[Any]:
    figures = [Cell(check.parts), Cell(check.total)]
    if check.is_time:
        figures = [
            Cell(shown_hours(minutes), t.HOURS)
            for minutes in (check.parts, check.total)
        ]
    result = t.OK if check.is_met else Cell(t.DIFFERS, bold=True)
    parts, total = figures
    remark = check.remark or None
    return [check.about, parts, check.relation, total, result, remark]


def _origin(
    metrics: PeriodMetrics, made_at: dt.datetime, head: str
) -> Iterator[list[Any]]:
    read = "Underlag i perioden, efter urval."
    yield _fact("Lästa närvarorader", metrics.attendance_rows, read)
    yield _fact("Lästa deltaganden", metrics.volumes.participations.total, read)
    yield _fact("Lästa anmälningar i flödet", metrics.pipeline.nominated.total, read)
    yield _fact(
        "Lästa personer hittills",
        sum(entrants.cumulative.total for entrants in metrics.entrants),
        "Med närvaro till och med periodens sista dag.",
    )
    yield _fact("Portalens version", _portal_version())
    for library in LIBRARIES:
        yield _fact(f"Programbibliotek: {library}", version(library))
    made = timezone.localtime(made_at).strftime("%Y-%m-%d %H:%M")
    yield _fact("Framtagen", made, "Svensk tid.")
    if head:
        # Kept here, it tells later of a trail that was cut off or written anew.
        seal = int(head.partition(":")[0])
        yield _fact("Granskningsloggens senaste försegling", seal, head)


def _fact(about: str, value: int | str, remark: str = "") -> list[Any]:
    return [about, None, None, value, None, remark or None]


def _portal_version() -> str:
    project = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(project)["project"]["version"]
