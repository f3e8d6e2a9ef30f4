"""What a spreadsheet is made of once it has been read, whatever its file format."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is calculated, or that shows an error such as #N/A.

    `text` is what stands in the cell: "=A2", "#N/A", or only "=" where the
    workbook shares one formula between many cells.
    """

    text: str

    def __str__(self) -> str:
        return self.text


Cell = None | str | int | float | bool | date | datetime | time | timedelta | Formula


class Row(NamedTuple):
    """One row that is not blank.

    `line` is the number that the user's own program shows beside it. `cells`
    begin at column A; rows of one sheet may differ in length.
    """

    line: int
    cells: tuple[Cell, ...]


class Sheet(NamedTuple):
    """A sheet and its rows, which are read while they are iterated, once."""

    name: str
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an upload is read before it is refused."""

    rows: int = 100_000  # With something in them, on one sheet, below the heading.
    columns: int = 60
    characters: int = 32_767  # In one cell; Excel's own limit.
    memory_bytes: int = 1 << 30  # Address space of the process that parses.
    cpu_seconds: int = 60
    wait_seconds: float = 60  # For the process that parses, in all.


def too_many_rows(limits: Limits) -> DomainError:
    return DomainError(
        _("The list has more than %(limit)d rows. Divide it into several files.")
        % {"limit": limits.rows}
    )


def too_many_columns(limits: Limits) -> DomainError:
    return DomainError(
        _(
            "The list has more than %(limit)d columns. Keep only the columns that are "
            "needed and upload it again."
        )
        % {"limit": limits.columns}
    )


def too_much_text(limits: Limits) -> DomainError:
    return DomainError(
        _(
            "A cell holds more than %(limit)d characters. Shorten it and upload the "
            "list again."
        )
        % {"limit": limits.characters}
    )
