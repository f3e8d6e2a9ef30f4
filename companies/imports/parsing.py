"""Find the list in a file, and read its rows.

Pure: cells in, values and problems out. Line numbers are those of the user's own
spreadsheet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from companies.identity import OLDEST, YOUNGEST, PersonalNumber
from companies.imports.columns import (
    COLUMN_OF,
    COLUMNS,
    EXAMPLE_NUMBER,
    FAMILY_NAME,
    FIELD_OF_HEADING,
    NUMBER,
    Rules,
)
from companies.imports.problems import CellError, Problem
from companies.imports.values import as_typed, normal, read_number
from core.errors import DomainError
from core.spreadsheets.reading import Cell, Row, Sheet

SAME_PERSON = "same_person"
RESTRICTED = "restricted"
KEPT = "kept"

_ORDER = {column.heading: place for place, column in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The list that was found in a file.

    `columns` gives the heading as its owner wrote it for each field, in the file's
    order; `places` where the cells are; `ignored` the headings that mean nothing.
    """

    columns: dict[str, str]
    places: dict[str, int]
    ignored: list[str]
    rows: list[Row]


@dataclass(slots=True)
class ListRow:
    """One row: what was typed, what it means, and what is wrong with it.

    `typed` and `values` have the cells that are not blank. `values` are as the
    model keeps them; a personal number has twelve digits, and `person` all that it
    says.
    """

    line: int
    typed: dict[str, str]
    person: PersonalNumber | None = None
    values: dict[str, str] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.person.digits if self.person else ""

    def refuse(self, field_name: str, code: str, **params: object) -> None:
        problem = Problem(COLUMN_OF[field_name].heading, code, params)
        if problem not in self.errors:
            self.errors.append(problem)
        self.errors.sort(key=lambda problem: _ORDER[problem.heading])

    def warn(self, field_name: str, code: str) -> None:
        self.warnings.append(Problem(COLUMN_OF[field_name].heading, code))

    def require(self, field_names: Iterable[str]) -> None:
        """Refuse the cells of these columns that are blank."""
        for name in field_names:
            if name not in self.typed:
                self.refuse(name, "missing")

    @property
    def is_example(self) -> bool:
        """Whether this is the template's example row, left as it was."""
        names = ("given_name", FAMILY_NAME)
        return self.number == EXAMPLE_NUMBER and all(
            self.typed.get(name) == COLUMN_OF[name].example for name in names
        )


def find_list(sheets: Iterable[Sheet]) -> PeopleList:
    """Return the list on the first sheet that has a heading row.

    That is the first row with a personal number's and a family name's heading. Rows
    above it and blank rows are skipped. Raises DomainError if there is none, or if
    two headings mean the same.
    """
    for sheet in sheets:
        for row in sheet.rows:
            headings = [as_typed(cell) for cell in row.cells]
            fields = [FIELD_OF_HEADING.get(heading.lower()) for heading in headings]
            if NUMBER in fields and FAMILY_NAME in fields:
                return _list_below(headings, fields, sheet.rows)
    raise DomainError(
        _(
            "No list was found: it needs a row with the headings Personnummer, Förnamn "
            "and Efternamn. Add it above the people, or use the template."
        )
    )


def parse_rows(people: PeopleList, rules: Rules) -> Iterator[ListRow]:
    """Read every row; the template's example row is left out.

    The same person twice is an error on the later line.
    """
    first_line: dict[str, int] = {}
    for row in people.rows:
        cells = {
            name: row.cells[place]
            for name, place in people.places.items()
            if place < len(row.cells)
        }
        parsed = parse_cells(row.line, cells, rules)
        if parsed.is_example:
            continue
        if parsed.number:
            earlier = first_line.setdefault(parsed.number, row.line)
            if earlier != row.line:
                parsed.refuse(NUMBER, SAME_PERSON, line=earlier)
        yield parsed


def parse_cells(line: int, cells: Mapping[str, Cell], rules: Rules) -> ListRow:
    """Read one row, looking at nothing but its own cells."""
    typed = {
        name: as_typed(cell, digits=COLUMN_OF[name].digits)
        for name, cell in cells.items()
    }
    row = ListRow(line, {name: text for name, text in typed.items() if text})
    # The check of a number says its sentence at once: untranslated, it is a code.
    with translation.override(None):
        for name in row.typed:
            try:
                if name == NUMBER:
                    row.person = read_number(cells[name], today=rules.today)
                    row.values[name] = row.person.digits
                else:
                    row.values[name] = rules.read[name](cells[name])
            except CellError as error:
                row.refuse(name, error.code, **error.params)
    row.require([NUMBER])
    if row.number == EXAMPLE_NUMBER and not row.is_example:
        row.refuse(NUMBER, "example")
    if row.person:
        row.warnings.extend(_doubts(row.person, rules.today))
    return row


def _list_below(
    headings: list[str], fields: list[str | None], rows: Iterable[Row]
) -> PeopleList:
    columns: dict[str, str] = {}
    places: dict[str, int] = {}
    for place, (heading, name) in enumerate(zip(headings, fields, strict=True)):
        if name is None:
            continue
        if name in columns:
            raise DomainError(
                _(
                    "Two columns mean the same: “%(first)s” and “%(second)s”. Keep one "
                    "of them and upload the list again."
                )
                % {"first": columns[name], "second": heading}
            )
        columns[name], places[name] = heading, place
    ignored = [
        heading
        for heading, name in zip(headings, fields, strict=True)
        if heading and not name
    ]
    data = [row for row in rows if any(map(_is_filled, row.cells))]
    return PeopleList(columns, places, ignored, data)


def _is_filled(cell: Cell) -> bool:
    return bool(normal(cell)) if isinstance(cell, str) else cell is not None


def _doubts(person: PersonalNumber, today: dt.date) -> Iterator[Problem]:
    """Say what is odd about a number that may well be right."""
    heading = COLUMN_OF[NUMBER].heading
    age = person.age_on(today)
    if age < YOUNGEST:
        yield Problem(heading, "young", {"years": YOUNGEST})
    if age > OLDEST:
        yield Problem(heading, "old", {"years": OLDEST})
    if person.is_coordination:
        yield Problem(heading, "coordination")
