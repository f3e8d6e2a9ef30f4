"""The fund's common indicators, dated: which code counts whom, and what is not asked.

A row is in force from its first day to its last, by the act that it names. The table
stands in the code because a code comes with a rule that must be computed and tested:
a new act is a new row here, and never changes what a code meant before. Labels are
the fund's own, in Swedish.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.enums import FundPeriod

_ESF_2014 = dt.date(2014, 1, 1)
_ESF_PLUS = dt.date(2021, 1, 1)
FIRST_DAYS = {FundPeriod.ESF_2014_2020: _ESF_2014, FundPeriod.ESF_PLUS: _ESF_PLUS}
SOURCES = {
    FundPeriod.ESF_2014_2020: "Förordning (EU) nr 1304/2013, bilaga I",
    FundPeriod.ESF_PLUS: "Förordning (EU) 2021/1057, bilaga I",
}


@dataclass(frozen=True, slots=True)
class IndicatorCode:
    """Whom a code counts: everybody, or those from a lowest to a highest age.

    In force from `valid_from` to `valid_to`, both included; None is until further
    notice. `source` is the act.
    """

    code: str
    label: str
    source: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    lowest_age: int | None = None
    highest_age: int | None = None

    def covers(self, age: int | None) -> bool:
        """Return whether a person of this age counts; None is an unknown age."""
        if not self.is_of_age:
            return True
        if age is None:
            return False
        over = self.lowest_age is None or age >= self.lowest_age
        return over and (self.highest_age is None or age <= self.highest_age)

    @property
    def is_of_age(self) -> bool:
        return self.lowest_age is not None or self.highest_age is not None


class NotCollected(models.TextChoices):
    """Why the portal does not collect an indicator."""

    REGISTERS = (
        "registers",
        _("derived by the statistics office from registers, not collected"),
    )
    ORGANISATIONS = (
        "organisations",
        _("counts organisations or projects, not the people who are trained"),
    )


@dataclass(frozen=True, slots=True)
class OtherIndicator:
    """An indicator of the annex that is not counted here, and why."""

    code: str
    label: str
    why: NotCollected
    source: str
    valid_from: dt.date
    valid_to: dt.date | None = None


Row = TypeVar("Row", IndicatorCode, OtherIndicator)


def indicators_on(fund_period: FundPeriod, day: dt.date) -> tuple[IndicatorCode, ...]:
    """Return what is counted under the mapping that is in force on a day.

    Before the fund period's first day: the mapping of that day.
    """
    return tuple(_in_force(INDICATORS[fund_period], fund_period, day))


def not_collected_on(
    fund_period: FundPeriod, day: dt.date
) -> tuple[OtherIndicator, ...]:
    """Return the annex' other indicators on a day, in order of their codes."""
    return tuple(_in_force(OTHERS[fund_period], fund_period, day))


def _in_force(
    rows: Iterable[Row], fund_period: FundPeriod, day: dt.date
) -> Iterator[Row]:
    day = max(day, FIRST_DAYS[fund_period])
    for row in rows:
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
            yield row


def _counted(
    fund_period: FundPeriod,
    code: str,
    label: str,
    *,
    lowest_age: int | None = None,
    highest_age: int | None = None,
) -> IndicatorCode:
    return IndicatorCode(
        code,
        label,
        SOURCES[fund_period],
        FIRST_DAYS[fund_period],
        lowest_age=lowest_age,
        highest_age=highest_age,
    )


_older = partial(_counted, FundPeriod.ESF_2014_2020)
_plus = partial(_counted, FundPeriod.ESF_PLUS)

# Everybody in the programme is employed: whom a company entered works there.
INDICATORS: dict[FundPeriod, tuple[IndicatorCode, ...]] = {
    FundPeriod.ESF_2014_2020: (
        _older("CO05", "Anställda, även egenföretagare"),
        _older("CO06", "Yngre än 25 år", highest_age=24),
        _older("CO07", "Äldre än 54 år", lowest_age=55),
    ),
    FundPeriod.ESF_PLUS: (
        _plus("EECO01", "Deltagare totalt"),
        _plus("EECO05", "Anställda, även egenföretagare"),
        _plus("EECO06", "Yngre än 18 år", highest_age=17),
        _plus("EECO07", "18–29 år", lowest_age=18, highest_age=29),
        _plus("EECO08", "55 år och äldre", lowest_age=55),
    ),
}


def _others(
    fund_period: FundPeriod,
    why: NotCollected,
    labels: dict[str, str],
    *,
    amended_by: str = "",
    valid_to: dt.date | None = None,
) -> list[OtherIndicator]:
    source = SOURCES[fund_period] + amended_by
    first = FIRST_DAYS[fund_period]
    return [
        OtherIndicator(code, label, why, source, first, valid_to)
        for code, label in labels.items()
    ]


_OF_REGISTERS_2014 = {
    "CO01": "Arbetslösa, även långtidsarbetslösa",
    "CO02": "Långtidsarbetslösa",
    "CO03": "Utanför arbetskraften",
    "CO04": "Utanför arbetskraften, inte i utbildning",
    "CO08": "Äldre än 54 år, arbetslösa eller utanför arbetskraften, inte i utbildning",
    "CO09": "Grundskoleutbildning (ISCED 1–2)",
    "CO10": "Gymnasial eller eftergymnasial utbildning (ISCED 3–4)",
    "CO11": "Högskoleutbildning (ISCED 5–8)",
    "CO15": "Migranter, personer med utländsk bakgrund, minoriteter",
    "CO16": "Personer med funktionsnedsättning",
    "CO17": "Övriga missgynnade personer",
    "CO18": "Hemlösa eller utestängda från bostadsmarknaden",
    "CO19": "Boende på landsbygden",
    "CR01": "Arbetssökande efter avslut",
    "CR02": "I utbildning efter avslut",
    "CR03": "Fått en kvalifikation vid avslut",
    "CR04": "I arbete efter avslut",
    "CR05": "Missgynnade i arbete, utbildning eller arbetssökande efter avslut",
    "CR06": "I arbete sex månader efter avslut",
    "CR07": "Bättre ställning på arbetsmarknaden sex månader efter avslut",
    "CR08": "Äldre än 54 år, i arbete sex månader efter avslut",
    "CR09": "Missgynnade i arbete sex månader efter avslut",
}
# Taken out of the annex by Regulation (EU, Euratom) 2018/1046.
_OF_HOUSEHOLDS = {
    "CO12": "Hushåll utan arbete",
    "CO13": "Hushåll utan arbete, med barn",
    "CO14": "Hushåll med en vuxen, med barn",
}
_LAST_DAY_OF_HOUSEHOLDS = dt.date(2018, 8, 1)
_OF_ORGANISATIONS_2014 = {
    "CO20": "Projekt av arbetsmarknadens parter eller frivilligorganisationer",
    "CO21": "Projekt för kvinnors deltagande i arbetslivet",
    "CO22": "Projekt för offentlig förvaltning",
    "CO23": "Mikroföretag, små och medelstora företag som får stöd",
}
_OF_REGISTERS_PLUS = {
    "EECO02": "Arbetslösa, även långtidsarbetslösa",
    "EECO03": "Långtidsarbetslösa",
    "EECO04": "Utanför arbetskraften",
    "EECO09": "Högst grundskoleutbildning (ISCED 0–2)",
    "EECO10": "Gymnasial eller eftergymnasial utbildning (ISCED 3–4)",
    "EECO11": "Högskoleutbildning (ISCED 5–8)",
    "EECO12": "Personer med funktionsnedsättning",
    "EECO13": "Tredjelandsmedborgare",
    "EECO14": "Personer med utländsk bakgrund",
    "EECO15": "Minoriteter",
    "EECO16": "Hemlösa eller utestängda från bostadsmarknaden",
    "EECO17": "Boende på landsbygden",
    "EECR01": "Arbetssökande efter avslut",
    "EECR02": "I utbildning efter avslut",
    "EECR03": "Fått en kvalifikation vid avslut",
    "EECR04": "I arbete efter avslut",
    "EECR05": "I arbete sex månader efter avslut",
    "EECR06": "Bättre ställning på arbetsmarknaden sex månader efter avslut",
}
_OF_ORGANISATIONS_PLUS = {
    "EECO18": "Offentliga förvaltningar eller offentliga tjänster som får stöd",
    "EECO19": "Mikroföretag, små och medelstora företag som får stöd",
}

OTHERS: dict[FundPeriod, list[OtherIndicator]] = {
    FundPeriod.ESF_2014_2020: sorted(
        [
            *_others(
                FundPeriod.ESF_2014_2020, NotCollected.REGISTERS, _OF_REGISTERS_2014
            ),
            *_others(
                FundPeriod.ESF_2014_2020,
                NotCollected.REGISTERS,
                _OF_HOUSEHOLDS,
                amended_by=", före förordning (EU, Euratom) 2018/1046",
                valid_to=_LAST_DAY_OF_HOUSEHOLDS,
            ),
            *_others(
                FundPeriod.ESF_2014_2020,
                NotCollected.ORGANISATIONS,
                _OF_ORGANISATIONS_2014,
            ),
        ],
        key=lambda other: other.code,
    ),
    FundPeriod.ESF_PLUS: sorted(
        [
            *_others(FundPeriod.ESF_PLUS, NotCollected.REGISTERS, _OF_REGISTERS_PLUS),
            *_others(
                FundPeriod.ESF_PLUS, NotCollected.ORGANISATIONS, _OF_ORGANISATIONS_PLUS
            ),
        ],
        key=lambda other: other.code,
    ),
}
