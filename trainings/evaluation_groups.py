"""Which groups of answers may be printed, so that no difference of two tells on few.

Answers to a question leave the boxes in lots of at least five, each of one occasion.
They are printed twice: the page of the occasion shows the sum of its lots (a course
the sum of its occasions), and the tables by group show the same answers again, divided
by gender and age within a theme and a quarter. So whoever has both may subtract.

What sums give away. Let a lot be a row, a printed group a column, and what the table
holds the number of answers that are in both; a reader has the sums of all rows and
columns, and may know from a list of participants which cells are empty. Whatever sum
of cells can be computed from these, each counted once, is made of differences of this
kind and no others: some lots, less some groups that lie wholly within these lots. (A
combination of row and column sums gives the cell of row r and column c the weight
h(r) - h(c). That is 0 or 1 in all cells that are not empty, so for each number k the
columns with h(c) >= k lie within the rows with h(r) >= k; what these rows hold beside
these columns is such a difference, and the sum is made of them, each k apart.)
Lots in which nobody of these groups has answered only add five answers or more. So it
is enough to look, for every choice of groups, at the lots in which somebody of them
has answered, and at what these lots hold beside them: nothing, or at least five.

The rule. Each printed group has at least five answers, and for every choice of groups
the above holds. Groups that break it are merged, the least of them first, until it
does; at the end all are one group, which is the sum of the lots and tells nothing new.
A group of which nobody answered is merged too, so it cannot be told from one of few.

Later lots are divided anew, by themselves, and only ever added: a group once printed
is never divided. The difference of two printings is then lots and groups of the later
division, to which the same rule applied. Each question stands alone, as different
people may have left it out.

What is guaranteed: every printed group, every union of printed groups, and every
difference of two of them, of any day, page or table of a question, that can be
computed for whatever is printed, has no answer or at least five. From the numbers
alone, every gender and age group that does not stand alone may be empty. What is not
guaranteed: that equal answers hide who gave them. Where all five of a group gave the
same answer, it is known of each of them; and who knows other people's answers beside
the own one can take these away, too. And how answers are spread, which is printed from
ten answers on, may by subtraction be had of five to nine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

LEAST = 5  # Answers of whatever is printed.
LEAST_SHAPE = 10  # Answers of what is printed with more than number and mean.

GENDERS = ("woman", "man", "non_binary", "unknown")
AGE_GROUPS = ("under_30", "30_54", "55_over", "unknown")

# The finest that the rule allows is taken; the first of those that are as fine.
_GENDER_SPLITS = (
    "woman | man | non_binary | unknown",
    "woman | man | non_binary,unknown",
    "woman | man,unknown | non_binary",
    "woman | man,non_binary | unknown",
    "woman,unknown | man | non_binary",
    "woman,non_binary | man | unknown",
    "woman | man,non_binary,unknown",
    "woman,non_binary,unknown | man",
    "woman,man,non_binary,unknown",
)
_AGE_SPLITS = (
    "under_30 | 30_54 | 55_over | unknown",
    "under_30 | 30_54 | 55_over,unknown",
    "under_30 | 30_54,unknown | 55_over",
    "under_30,unknown | 30_54 | 55_over",
    "under_30,30_54 | 55_over | unknown",
    "under_30 | 30_54,55_over | unknown",
    "under_30 | 30_54,55_over,unknown",
    "under_30,30_54,unknown | 55_over",
    "under_30,30_54,55_over,unknown",
)

Cell = tuple[str, str]  # Gender and age group of somebody who answered.
Lot = Mapping[Cell, int]  # How many answers of a lot are by whom.
Names = tuple[str, ...]


class Group(NamedTuple):
    """Whose answers are printed as one number."""

    genders: Names
    age_groups: Names

    @property
    def cells(self) -> Iterator[Cell]:
        return product(self.genders, self.age_groups)


class Answer(NamedTuple):
    """An answer on the scale, and the gender and age group of whoever gave it."""

    gender: str
    age_group: str
    value: int


def counted(lots: Sequence[Sequence[Answer]]) -> Counter[tuple[Group, int]]:
    """Count the answers of lots by group and value, in groups that may be printed."""
    known = [Counter((a.gender, a.age_group) for a in answers) for answers in lots]
    group_of = {cell: group for group in groups_of(known) for cell in group.cells}
    return Counter(
        (group_of[answer.gender, answer.age_group], answer.value)
        for answers in lots
        for answer in answers
    )


def groups_of(lots: Sequence[Lot]) -> list[Group]:
    """Divide what the lots hold into groups as fine as may be printed.

    Genders come first, then the ages within each group of genders. Every gender and
    age is in exactly one group. Each lot must have at least five answers.
    """
    together = [Group(GENDERS, AGE_GROUPS)]
    apart = ([Group(one, AGE_GROUPS) for one in s] for s in _splits(_GENDER_SPLITS))
    groups = next((split for split in apart if may_be_printed(lots, split)), together)
    for whole in list(groups):
        others = [group for group in groups if group != whole]
        for ages in _splits(_AGE_SPLITS):
            finer = others + [Group(whole.genders, one) for one in ages]
            if may_be_printed(lots, finer):
                groups = finer
                break
    return groups


def may_be_printed(lots: Sequence[Lot], groups: Sequence[Group]) -> bool:
    """Return whether the rule of this module allows these groups of the lots."""
    sizes = [sum(lot.values()) for lot in lots]

    @cache
    def size_of(chosen: int) -> int:
        return sum(size for bit, size in enumerate(sizes) if chosen >> bit & 1)

    # For every choice of groups: the lots that it touches, and how many answered.
    choices = [(0, 0)]
    for group in groups:
        counts = [sum(lot.get(cell, 0) for cell in group.cells) for lot in lots]
        size = sum(counts)
        if size < LEAST:
            return False
        touched = sum(1 << bit for bit, count in enumerate(counts) if count)
        choices += [(lots_of | touched, n + size) for lots_of, n in choices]
    return not any(0 < size_of(lots_of) - n < LEAST for lots_of, n in choices)


def _splits(written: Sequence[str]) -> Iterator[list[Names]]:
    for split in written:
        yield [tuple(part.strip().split(",")) for part in split.split("|")]
