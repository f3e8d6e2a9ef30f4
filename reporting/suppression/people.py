"""Counts of people by gender as cells: in full, or women and others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple, dataclass

from reporting.figures import ByGender
from reporting.suppression.linked_tables import BODY, MARGIN, Cell, LinkedTables

# Non-binary and unknown are so few that only the programme's own tables print them.
IN_FULL = frozenset({"woman", "man", "non_binary", "unknown", "total"})
COARSE = frozenset({"woman", "others", "known"})
# Where no share is printed, the rest of all tells nobody's gender.
WOMEN_AND_ALL = frozenset({"woman", "total"})
ALL = frozenset({"total"})
UNSEEN: frozenset[str] = frozenset()

# Women's share is what the programme is judged by, so women are dearer to hide than
# men; sums are dearest.
_WEIGHTS = {"woman": 2, "known": 2 * MARGIN, "total": 2 * MARGIN}


@dataclass(frozen=True, slots=True)
class Place:
    """Where figures stand: table, row, and what their names begin with."""

    table: str
    row: str
    prefix: str

    def key(self, part: str) -> tuple[str, str, str]:
        return self.table, self.row, f"{self.prefix}.{part}"


@dataclass(frozen=True, slots=True)
class People:
    """The places of one count's cells; those not printed are latent.

    `others` are men and non-binary, `known` women and others, `total` everybody.
    """

    woman: int
    man: int
    non_binary: int
    unknown: int
    others: int
    known: int
    total: int


def add_people(
    tables: LinkedTables,
    place: Place,
    counts: ByGender,
    printed: Collection[str],
    weight: int = BODY,
) -> People:
    """Add a count by gender, its sums, and how they hang together."""
    numbers = {
        "woman": counts.woman,
        "man": counts.man,
        "non_binary": counts.non_binary,
        "unknown": counts.unknown,
        "others": counts.man + counts.non_binary,
        "known": counts.known,
        "total": counts.total,
    }
    people = People(
        **{
            part: tables.add(
                Cell(
                    place.key(part),
                    number,
                    weight * _WEIGHTS.get(part, 1),
                    latent=part not in printed,
                )
            )
            for part, number in numbers.items()
        }
    )
    tables.total(people.others, [people.man, people.non_binary])
    tables.total(people.known, [people.woman, people.others])
    tables.total(people.total, [people.known, people.unknown])
    return people


def within(tables: LinkedTables, part: People, whole: People) -> None:
    """State that the part's people are among the whole's, gender by gender."""
    for cells in _side_by_side(part, [whole]):
        tables.at_most(*cells)


def covered(tables: LinkedTables, whole: People, parts: Sequence[People]) -> None:
    """State that each person of the whole is in some part, or in several."""
    for cells in _side_by_side(whole, parts):
        tables.at_most(*cells)


def added_up(tables: LinkedTables, whole: People, parts: Sequence[People]) -> None:
    """State that the parts make up the whole, gender by gender."""
    for of_whole, *of_parts in _side_by_side(whole, parts):
        tables.total(of_whole, of_parts)


def _side_by_side(first: People, rest: Sequence[People]) -> Iterator[tuple[int, ...]]:
    """Yield the cells of each gender, and of everybody."""
    if rest:
        yield from zip(astuple(first), *map(astuple, rest), strict=True)
