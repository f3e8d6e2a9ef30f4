"""Codes of the common output indicators: labels of the fund, not constants of ours.

Regulation (EU) 2021/1057, Annex I, and Regulation (EU) No 1304/2013, Annex I. The
other indicators of the annexes are derived by the statistics office from registers
and are not collected.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from companies.enums import FundPeriod


@dataclass(frozen=True, slots=True)
class IndicatorCode:
    """Whom a code counts: everybody, or those from a lowest to a highest age."""

    code: str
    label: str
    valid_from: dt.date
    lowest_age: int | None = None
    highest_age: int | None = None

    def covers(self, age: int | None) -> bool:
        """Return whether a person of this age counts; None is an unknown age."""
        if self.lowest_age is None and self.highest_age is None:
            return True
        if age is None:
            return False
        over = self.lowest_age is None or age >= self.lowest_age
        return over and (self.highest_age is None or age <= self.highest_age)


_ESF_2014 = dt.date(2014, 1, 1)
_ESF_PLUS = dt.date(2021, 1, 1)

# Everybody in the programme is employed: whom a company entered works there.
INDICATORS: dict[FundPeriod, tuple[IndicatorCode, ...]] = {
    FundPeriod.ESF_2014_2020: (
        IndicatorCode("CO05", "Anställda, även egenföretagare", _ESF_2014),
        IndicatorCode("CO06", "Yngre än 25 år", _ESF_2014, highest_age=24),
        IndicatorCode("CO07", "Äldre än 54 år", _ESF_2014, lowest_age=55),
    ),
    FundPeriod.ESF_PLUS: (
        IndicatorCode("EECO01", "Deltagare totalt", _ESF_PLUS),
        IndicatorCode("EECO05", "Anställda, även egenföretagare", _ESF_PLUS),
        IndicatorCode("EECO06", "Yngre än 18 år", _ESF_PLUS, highest_age=17),
        IndicatorCode("EECO07", "18–29 år", _ESF_PLUS, lowest_age=18, highest_age=29),
        IndicatorCode("EECO08", "55 år och äldre", _ESF_PLUS, lowest_age=55),
    ),
}
