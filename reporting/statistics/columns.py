"""Which columns the file has in a month, and how each writes what it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from companies.enums import FundPeriod
from reporting.enums import ColumnContent, ColumnFormat
from reporting.models import StatisticsColumn
from reporting.rounding import rounded
from reporting.statistics.people import PersonInMonth

UNKNOWN_WORD = "okänt"  # As the fund advised while the template had the columns.

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: its heading, what it holds and how it is written."""

    heading: str
    content: ColumnContent
    format: ColumnFormat

    def text(self, person: PersonInMonth) -> str:
        """Return the cell as text, hours with a decimal point."""
        match self.content:
            case ColumnContent.NUMBER:
                return _hyphened(person.number, self.format, last=4)
            case ColumnContent.STARTED_ON:
                return _date(person.started_on, self.format)
            case ColumnContent.ENDED_ON:
                return _date(person.ended_on, self.format)
            case ColumnContent.HOURS:
                return hours_text(person.certified_minutes, self.format)
            case ColumnContent.ORG_NUMBER:
                return _org_number(person.org_number, self.format)
        return UNKNOWN_WORD if self.format == ColumnFormat.UNKNOWN else ""


def default_columns(fund_period: str) -> list[FileColumn]:
    """Return the map that comes with the portal.

    No source could be read that lists the template's columns, so the order is ours.
    In the period 2014–2020 the contact columns say `okänt`, as the fund advised from
    August 2019; after it nobody asks for them, and they are empty. An address is never
    written: nobody requires it.
    """
    contact = (
        ColumnFormat.UNKNOWN
        if fund_period == FundPeriod.ESF_2014_2020
        else ColumnFormat.EMPTY
    )
    content, style = ColumnContent, ColumnFormat
    return [
        FileColumn("Personnummer", content.NUMBER, style.DIGITS),
        FileColumn("Startdatum", content.STARTED_ON, style.ISO),
        FileColumn("Slutdatum", content.ENDED_ON, style.ISO),
        FileColumn("Antal timmar", content.HOURS, style.HOURS_DOWN),
        FileColumn("Organisationsnummer", content.ORG_NUMBER, style.HYPHEN),
        FileColumn("E-post", content.EMAIL, contact),
        FileColumn("Mobilnummer", content.MOBILE, contact),
    ]


class ColumnMaps:
    """The maps of all months, read once.

    A map holds from its month until the next one begins. Before the first one, or
    without any, the portal's own does: so an installation without a map of its own
    follows the portal's releases, and a database that was emptied still has one.
    """

    def __init__(self, fund_period: str) -> None:
        self._default = default_columns(fund_period)
        self._maps: dict[dt.date, list[FileColumn]] = {}
        for row in StatisticsColumn.objects.order_by("valid_from", "position"):
            column = FileColumn(
                row.heading, ColumnContent(row.content), ColumnFormat(row.format)
            )
            self._maps.setdefault(row.valid_from, []).append(column)

    def of(self, month: dt.date) -> Sequence[FileColumn]:
        begun = [first for first in self._maps if first <= month]
        return self._maps[max(begun)] if begun else self._default


def values_of(person: PersonInMonth, columns: Sequence[FileColumn]) -> Values:
    """Return what the file says of a person, by content."""
    return {column.content.value: column.text(person) for column in columns}


def hours_text(minutes: int, style: ColumnFormat) -> str:
    """Return minutes as hours: whole ones rounded down or half up, or two decimals.

    Whole hours rounded down is what a project's staff reports; whether it holds for
    participants no source told, so the map says which it is.
    """
    match style:
        case ColumnFormat.HOURS_DOWN:
            return str(minutes // 60)
        case ColumnFormat.HOURS_NEAREST:
            return str(rounded(Fraction(minutes, 60), 0))
    return str(rounded(Fraction(minutes, 60), 2))


def _date(day: dt.date | None, style: ColumnFormat) -> str:
    if day is None:
        return ""
    return f"{day:%Y%m%d}" if style == ColumnFormat.COMPACT else day.isoformat()


def _hyphened(text: str, style: ColumnFormat, *, last: int) -> str:
    if style != ColumnFormat.HYPHEN or not text:
        return text
    return f"{text[:-last]}-{text[-last:]}"


def _org_number(text: str, style: ColumnFormat) -> str:
    digits = text.replace("-", "")
    if style == ColumnFormat.SIXTEEN:
        return f"16{digits}" if digits else ""
    return _hyphened(digits, style, last=4)
