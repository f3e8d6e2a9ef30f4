"""What is wrong with a package, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.exchange.tables import Sentence, Table

WHOLE_ROW = "-"


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one place; line 1 is the header."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.message}"


class Problems:
    """Problems of all files, kept until they are shown together."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], Problem] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, file: str, line: int, column: str, message: Sentence) -> None:
        """Keep the first problem of a cell: the others follow from it."""
        problem = Problem(file, line, column, str(message))
        self._found.setdefault((file, line, column), problem)

    def sorted(self, tables: Sequence[Table]) -> list[Problem]:
        """Return them by the order of the tables, then line, then column."""
        places = {table.file: place for place, table in enumerate(tables)}
        by_file = {table.file: table for table in tables}

        def place(problem: Problem) -> tuple:
            table = by_file.get(problem.file)
            column = table.place_of(problem.column) if table else -1
            number = places.get(problem.file, len(places))
            return (number, problem.file, problem.line, column)

        return sorted(self._found.values(), key=place)


def printable(text: str) -> str:
    """Return a name from outside so that it fits one line of any terminal."""
    return text.encode("unicode_escape").decode() if _is_odd(text) else text


def _is_odd(text: str) -> bool:
    return not text.isprintable()
