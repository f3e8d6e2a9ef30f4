"""The first sheet: how much, of whom, and whether it mirrors the workforce."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd
from django.utils import timezone

from companies.enums import FundPeriod
from companies.models import Programme
from core.spreadsheets.writing import Cell
from reporting.exports import titles as t
from reporting.exports.tables import mirror_probability, probability
from reporting.figures import (
    ByGender,
    PeriodMetrics,
    PrincipleFigures,
    ProgrammeFigures,
)
from reporting.rounding import shown_hours

SUBJECT = t.Heading("Uppgift", width=44)
IN_WORDS = t.Heading("Förklaring", width=72, wrap=True)
COLUMNS = [SUBJECT, t.ALL, *t.BY_GENDER.values(), IN_WORDS]

Line = list[Any]


def summary_table(
    metrics: PeriodMetrics, programme: Programme, made_at: dt.datetime, remark: str
) -> pd.DataFrame:
    """Return one line a figure, under bold headings of their own."""
    lines = [
        *_project(metrics, programme, made_at, remark),
        *_volumes(metrics),
        *_parity(metrics),
        *_principles(metrics.principles),
    ]
    return pd.DataFrame(lines, columns=COLUMNS, dtype=object)


def _project(
    metrics: PeriodMetrics, programme: Programme, made_at: dt.datetime, remark: str
) -> Iterator[Line]:
    period = metrics.period
    yield _line(_bold("Projektet"))
    yield _line("Projekt", programme.name)
    yield _line("Projektnummer", programme.number)
    yield _line("Projektägare", programme.owner)
    yield _line("Programperiod", t.FUND_PERIODS[FundPeriod(programme.fund_period)])
    yield _line("Från och med", period.starts_on.isoformat())
    yield _line("Till och med", period.ends_on.isoformat())
    yield _line("Framtagen", timezone.localtime(made_at).strftime("%Y-%m-%d %H:%M"))
    if remark:
        yield _line("Om denna utgåva", remark)


def _volumes(metrics: PeriodMetrics) -> Iterator[Line]:
    volumes = metrics.volumes
    yield from _section("Omfattning")
    yield _counts(
        "Personer", volumes.persons, "Olika människor, var och en räknad en gång."
    )
    yield _counts(
        "Deltaganden",
        volumes.participations,
        "Platser på kurstillfällen med närvaro i perioden.",
    )
    yield _hours("Timmar", volumes.minutes, "Närvaro, i timmar om 60 minuter.")
    yield _hours(
        "Intygade timmar",
        volumes.certified_minutes,
        "Timmar som deltagaren har intygat och inte bestrider.",
    )
    yield _line("Kurstillfällen", metrics.occasions, words="Med närvaro i perioden.")
    yield _line(
        "Inställda kurstillfällen",
        metrics.cancelled_occasions,
        words="Inställda, med första kurspasset i perioden.",
    )
    yield _line("Företag", metrics.companies_attending, words="Med närvaro i perioden.")


def _parity(metrics: PeriodMetrics) -> Iterator[Line]:
    yield from _section("Speglar utbildningen personalen? Hela projektet")
    yield from _compared(metrics.programme)
    yield from _shares(metrics.programme)
    yield from _chance(metrics.programme)
    yield from _verdict(metrics.programme)


def _compared(programme: ProgrammeFigures) -> Iterator[Line]:
    staff = programme.workforce
    yield _counts(
        "Personer i jämförelsen",
        programme.persons,
        "Vid företag som har ett personalunderlag som deras deltagare ryms i.",
    )
    yield _line(
        "Personer utanför jämförelsen",
        programme.left_out,
        words="Vid företag utan underlag, eller med ett som är för litet.",
    )
    yield _hours("Timmar i jämförelsen", programme.minutes, "Vid samma företag.")
    counts = [staff.women, staff.men, staff.non_binary, None] if staff else []
    yield _line(
        "Personal i jämförelsen",
        staff.headcount if staff else None,
        *counts,
        words=f"Senaste underlag per {staff.reference_date}, summerade."
        if staff
        else "Inget underlag.",
    )


def _shares(programme: ProgrammeFigures) -> Iterator[Line]:
    shown = programme.rounded
    for label, value, number_format, words in (
        ("Andel kvinnor i utbildning", shown.share, t.PERCENT, "Av personerna."),
        ("Andel kvinnor i personalen", shown.workforce_share, t.PERCENT, ""),
        (
            "Skillnad, procentenheter",
            shown.gap,
            t.POINTS,
            "Andel i utbildning minus andel i personalen.",
        ),
        (
            "varav inom företagen",
            shown.gap_within,
            t.POINTS,
            "Vilka som valdes ut inom företagen.",
        ),
        (
            "varav mellan företagen",
            shown.gap_mix,
            t.POINTS,
            "Vilka företag som skickade deltagare.",
        ),
        (
            "Väntad andel kvinnor",
            shown.expected_share,
            t.PERCENT,
            "Om deltagarna hade valts utan hänsyn till kön inom varje företag.",
        ),
        ("Kvinnors andel av timmarna", shown.hours_share, t.PERCENT, ""),
        ("Skillnad för timmar, procentenheter", shown.hours_gap, t.POINTS, ""),
    ):
        yield _line(label, Cell(value, number_format), words=words)


def _chance(programme: ProgrammeFigures) -> Iterator[Line]:
    yield _line(
        "p",
        probability(programme),
        words="Hur ofta slumpen ger en minst lika ovanlig fördelning.",
    )
    yield _line(
        "Speglings-p",
        mirror_probability(programme),
        words="Under 0,05: spegling är visad, inom marginalen.",
    )
    fewest, most = programme.parity.band or (None, None)
    yield _line("Inom slumpen från, kvinnor", fewest, words="Minsta antal kvinnor.")
    yield _line("Inom slumpen till, kvinnor", most, words="Största antal kvinnor.")


def _verdict(programme: ProgrammeFigures) -> Iterator[Line]:
    parity = programme.parity
    yield _line(
        "Bedömning",
        t.VERDICTS[parity.verdict],
        words="Talar om bevis, inte om storlek: läs den med skillnad och slump.",
    )
    yield _line("Riktning", parity.direction and t.DIRECTIONS[parity.direction])
    yield _line(
        "Kvinnor till spegling",
        Cell(parity.to_mirror, t.DIFFERENCE),
        words="Så många fler kvinnor (minus: färre) hade speglat personalen.",
    )
    yield _line(
        "Jämn fördelning 40/60",
        t.YES_NO[programme.even_40_60],
        words="Kvinnor och män utgör båda 40–60 procent av personerna.",
    )


def _principles(principles: tuple[PrincipleFigures, ...]) -> Iterator[Line]:
    if principles:
        yield from _section("Horisontella principer")
    for figures in principles:
        name = t.PRINCIPLES[figures.principle]
        words = "Personer på utbildningar som tar upp principen."
        yield _line(name, figures.persons, words=words)
        share = Cell(figures.rounded_share, t.PERCENT)
        yield _line(f"{name}, andel", share, words="Av alla personer i perioden.")


def _section(title: str) -> Iterator[Line]:
    yield _line(None)
    yield _line(_bold(title))


def _bold(title: str) -> Cell:
    return Cell(title, bold=True)


def _counts(label: str, counts: ByGender, words: str) -> Line:
    return _line(label, counts.total, *(n for _, n in counts), words=words)


def _hours(label: str, minutes: ByGender, words: str) -> Line:
    figures = [minutes.total, *(n for _, n in minutes)]
    cells = [Cell(shown_hours(n), t.HOURS) for n in figures]
    return _line(label, *cells, words=words)


def _line(label: str | Cell | None, *figures: Any, words: str = "") -> Line:
    empty = [None] * (len(COLUMNS) - 2 - len(figures))
    return [label, *figures, *empty, words or None]
