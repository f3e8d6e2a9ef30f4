"""The first sheet: how much, of whom, and whether it mirrors the workforce."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from django.utils import timezone

from companies.enums import FundPeriod
from companies.models import Programme
from core.spreadsheets.writing import Cell
from reporting.exports import titles as t
from reporting.exports.tables import PeriodTables

SUBJECT = t.Heading("Uppgift", width=44)
IN_WORDS = t.Heading("Förklaring", width=72, wrap=True)
COLUMNS = [SUBJECT, *t.BY_GENDER.values(), IN_WORDS]

Line = list[Any]
Numbers = Mapping[str, Any]


def summary_table(
    tables: PeriodTables, programme: Programme, made_at: dt.datetime
) -> pd.DataFrame:
    """Return one line a figure, under bold headings of their own."""
    lines = [
        *_project(tables, programme, made_at),
        *_volumes(tables.only("totals")),
        *_parity(tables),
        *_principles(tables.rows("principles")),
    ]
    return pd.DataFrame(lines, columns=COLUMNS, dtype=object)


def _project(
    tables: PeriodTables, programme: Programme, made_at: dt.datetime
) -> Iterator[Line]:
    period = tables.metrics.period
    yield _line(_bold("Projektet"))
    yield _line("Projekt", programme.name)
    yield _line("Projektnummer", programme.number)
    yield _line("Projektägare", programme.owner)
    yield _line("Programperiod", t.FUND_PERIODS[FundPeriod(programme.fund_period)])
    yield _line("Från och med", period.starts_on.isoformat())
    yield _line("Till och med", period.ends_on.isoformat())
    yield _line("Framtagen", timezone.localtime(made_at).strftime("%Y-%m-%d %H:%M"))


def _volumes(totals: Numbers) -> Iterator[Line]:
    yield from _section("Omfattning")
    for label, measure, words in (
        ("Personer", "persons", "Olika människor, var och en räknad en gång."),
        (
            "Deltaganden",
            "participations",
            "Platser på kurstillfällen med närvaro i perioden.",
        ),
        ("Timmar", "hours", "Närvaro, i timmar om 60 minuter."),
        (
            "Intygade timmar",
            "certified_hours",
            "Timmar som deltagaren har intygat och inte bestrider.",
        ),
    ):
        yield _by_gender(label, totals, measure, words)
    for label, name, words in (
        ("Kurstillfällen", "occasions", "Med närvaro i perioden."),
        (
            "Inställda kurstillfällen",
            "cancelled_occasions",
            "Inställda, med första kurspasset i perioden.",
        ),
        ("Företag", "companies", "Med närvaro i perioden."),
    ):
        yield _line(label, totals[name], words=words)


def _parity(tables: PeriodTables) -> Iterator[Line]:
    programme = tables.only("programme")
    yield from _section("Speglar utbildningen personalen? Hela projektet")
    yield from _compared(programme)
    for label, name, words in (*_SHARES, *_CHANCE):
        yield _line(label, programme[name], words=words)


def _compared(programme: Numbers) -> Iterator[Line]:
    yield _by_gender(
        "Personer i jämförelsen",
        programme,
        "persons",
        "Vid företag som har ett personalunderlag som deras deltagare ryms i.",
    )
    yield _line(
        "Personer utanför jämförelsen",
        programme["left_out"],
        words="Vid företag utan underlag, eller med ett som är för litet.",
    )
    yield _by_gender("Timmar i jämförelsen", programme, "hours", "Vid samma företag.")
    as_of = programme["workforce.reference_date"]
    words = f"Senaste underlag per {as_of}, summerade." if as_of else "Inget underlag."
    parts = ("headcount", "women", "men", "non_binary")
    yield _line(
        "Personal i jämförelsen",
        *(programme[f"workforce.{part}"] for part in parts),
        words=words,
    )


_SHARES = (
    ("Andel kvinnor i utbildning", "share", "Av personerna."),
    ("Andel kvinnor i personalen", "workforce_share", ""),
    (
        "Skillnad, procentenheter",
        "gap",
        "Andel i utbildning minus andel i personalen.",
    ),
    ("varav inom företagen", "gap_within", "Vilka som valdes ut inom företagen."),
    ("varav mellan företagen", "gap_mix", "Vilka företag som skickade deltagare."),
    (
        "Väntad andel kvinnor",
        "expected_share",
        "Om deltagarna hade valts utan hänsyn till kön inom varje företag.",
    ),
    ("Kvinnors andel av timmarna", "hours_share", ""),
    ("Skillnad för timmar, procentenheter", "hours_gap", ""),
)
_CHANCE = (
    ("p", "p", "Hur ofta slumpen ger en minst lika ovanlig fördelning."),
    ("Speglings-p", "mirror_p", "Under 0,05: spegling är visad, inom marginalen."),
    ("Inom slumpen från, kvinnor", "band.from", "Minsta antal kvinnor."),
    ("Inom slumpen till, kvinnor", "band.to", "Största antal kvinnor."),
    (
        "Bedömning",
        "verdict",
        "Talar om bevis, inte om storlek: läs den med skillnad och slump.",
    ),
    ("Riktning", "direction", ""),
    (
        "Kvinnor till spegling",
        "to_mirror",
        "Så många fler kvinnor (minus: färre) hade speglat personalen.",
    ),
    (
        "Jämn fördelning 40/60",
        "even_40_60",
        "Kvinnor och män utgör båda 40–60 procent av personerna.",
    ),
)


def _principles(principles: Sequence[tuple[str, Numbers]]) -> Iterator[Line]:
    if principles:
        yield from _section("Horisontella principer")
    names = {principle.value: name for principle, name in t.PRINCIPLES.items()}
    for key, numbers in principles:
        words = "Personer på utbildningar som tar upp principen."
        yield _line(names[key], numbers["persons"], words=words)
        share = numbers["share_of_all"]
        yield _line(f"{names[key]}, andel", share, words="Av alla personer i perioden.")


def _section(title: str) -> Iterator[Line]:
    yield _line(None)
    yield _line(_bold(title))


def _bold(title: str) -> Cell:
    return Cell(title, bold=True)


def _by_gender(label: str, numbers: Numbers, measure: str, words: str) -> Line:
    return _line(
        label, *(numbers[f"{measure}.{part}"] for part in t.BY_GENDER), words=words
    )


def _line(label: str | Cell | None, *figures: Any, words: str = "") -> Line:
    empty = [None] * (len(COLUMNS) - 2 - len(figures))
    return [label, *figures, *empty, words or None]
