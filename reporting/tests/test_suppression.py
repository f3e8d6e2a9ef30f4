"""Hiding is judged by listing every other table that would print the same."""

from itertools import product
from random import Random

import numpy as np
import pytest

from reporting.suppression.attackers import OUTSIDER, Attacker, View
from reporting.suppression.linked_tables import Cell, LinkedTables
from reporting.suppression.moves import UnsolvedError, cheapest_move
from reporting.suppression.protect import protect

SMALLEST = 5
ROWS, COLUMNS = "ab", "xyz"
ALL = "all"
MOST = 12  # No cell is larger in the tables that are listed.


def cross_table(numbers):
    """Two rows by three columns with both margins."""
    tables = LinkedTables(SMALLEST)
    for row, column in product((*ROWS, ALL), (*COLUMNS, ALL)):
        value = sum(
            numbers[r, c]
            for r, c in product(ROWS, COLUMNS)
            if row in {r, ALL} and column in {c, ALL}
        )
        weight = 4 ** [row, column].count(ALL)
        tables.add(Cell((row, column), value, weight))
    for row in (*ROWS, ALL):
        tables.total(
            tables.place((row, ALL)), [tables.place((row, c)) for c in COLUMNS]
        )
    for column in (*COLUMNS, ALL):
        tables.total(
            tables.place((ALL, column)), [tables.place((r, column)) for r in ROWS]
        )
    return tables


def others_like_it(tables, hidden, known=()):
    """List every inner table that prints the same, as values of all cells."""
    inner = [tables.place(key) for key in product(ROWS, COLUMNS)]
    grids = np.meshgrid(
        *(
            np.arange(MOST, dtype=np.int16)
            if place in hidden and place not in known
            else np.array([tables.cells[place].value], dtype=np.int16)
            for place in inner
        ),
        indexing="ij",
    )
    numbers = dict(zip(product(ROWS, COLUMNS), (g.ravel() for g in grids), strict=True))
    worlds = np.stack(
        [
            sum(
                numbers[r, c]
                for r, c in product(ROWS, COLUMNS)
                if row in {r, ALL} and column in {c, ALL}
            )
            for row, column in (cell.key for cell in tables.cells)
        ],
        axis=1,
    )
    printed = [n for n in range(len(tables)) if n not in hidden or n in known]
    return worlds[(worlds[:, printed] == tables.values[printed]).all(axis=1)]


def told(tables, hidden, known=()):
    """Return the small numbers that can be told although they are hidden."""
    worlds = others_like_it(tables, hidden, known)
    return {
        tables.cells[place].key
        for place in tables.primary - set(known)
        if worlds[:, place].min() > 0 or worlds[:, place].max() < SMALLEST
    }


def random_table(seed):
    rng = Random(seed)
    return cross_table(
        {key: rng.choice([0, 1, 2, 3, 4, 6]) for key in product(ROWS, COLUMNS)}
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_small_number_can_be_told_by_listing_every_other_table(seed):
    tables = random_table(seed)

    protection = protect(tables, [OUTSIDER])

    assert protection.exposed == ()
    assert told(tables, protection.hidden) == set()


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_hidden_that_need_not_be(seed):
    tables = random_table(seed)

    hidden = protect(tables, [OUTSIDER]).hidden

    spare = hidden - tables.primary
    assert {place for place in spare if not told(tables, hidden - {place})} == set()


@pytest.mark.parametrize("seed", range(8))
def test_whoever_knows_a_row_cannot_tell_the_others_either(seed):
    tables = random_table(seed)
    known = [tables.place(("a", column)) for column in (*COLUMNS, ALL)]
    insider = Attacker("a", knows=frozenset(tables.cells[place].key for place in known))

    protection = protect(tables, [OUTSIDER, insider])

    everything = range(len(tables))
    assert told(tables, protection.hidden, known) <= told(tables, everything, known)


def test_a_single_small_number_takes_a_square_of_others_with_it():
    numbers = dict.fromkeys(product(ROWS, COLUMNS), 20) | {("a", "x"): 3}
    tables = cross_table(numbers)

    hidden = protect(tables, [OUTSIDER]).hidden

    rows, columns = zip(*(tables.cells[place].key for place in hidden), strict=True)
    assert (len(hidden), set(rows), len(set(columns))) == (4, set("ab"), 2)


def test_a_part_and_a_whole_that_differ_by_little_are_hidden_together():
    tables = LinkedTables(SMALLEST)
    attended = tables.add(Cell(("attended",), 3))
    confirmed = tables.add(Cell(("confirmed",), 4))
    nominated = tables.add(Cell(("nominated",), 30))
    tables.at_most(attended, confirmed)
    tables.at_most(confirmed, nominated)

    assert protect(tables, [OUTSIDER]).hidden == {attended, confirmed}
    assert nominated not in protect(tables, [OUTSIDER]).hidden


def test_a_company_that_sent_nearly_all_of_a_total_cannot_tell_the_rest():
    """Of 33 persons 3 are women; who sent 29 of the 30 men knows of one other."""
    tables = LinkedTables(SMALLEST)
    women = tables.add(Cell(("women",), 3))
    men = tables.add(Cell(("men",), 30))
    total = tables.add(Cell(("total",), 33, weight=4))
    tables.total(total, [women, men])
    sender = Attacker("sender", own={("men",): 29, ("total",): 29})

    outside = protect(tables, [OUTSIDER]).hidden
    inside = protect(tables, [OUTSIDER, sender]).hidden

    assert outside == {women, men}
    assert inside == {women, total}


def test_what_an_attacker_sent_themselves_is_no_secret():
    tables = LinkedTables(SMALLEST)
    women = tables.add(Cell(("women",), 3))
    sender = Attacker("sender", own={("women",): 2})

    protection = protect(tables, [OUTSIDER, sender])

    assert (protection.hidden, protection.exposed) == ({women}, ())


def test_a_number_that_was_printed_before_gives_another_away():
    tables = LinkedTables(SMALLEST)
    before = tables.add(Cell(("before",), 20, fixed=True))
    now = tables.add(Cell(("now",), 23, fixed=True))
    entered = tables.add(Cell(("entered",), 3))
    tables.total(now, [before, entered])

    protection = protect(tables, [OUTSIDER])

    assert protection.hidden == {entered}
    assert [(one.attacker, one.key) for one in protection.exposed] == [
        ("outsider", ("entered",))
    ]


def test_a_move_is_in_whole_numbers_where_halves_would_do():
    """Twice a hidden number is another: three cannot become four and a half."""
    tables = LinkedTables(SMALLEST)
    pairs = tables.add(Cell(("pairs",), 2))
    people = tables.add(Cell(("people",), 4))
    tables.total(people, [pairs, pairs])

    move = cheapest_move(View(tables, OUTSIDER), people, 1, hidden={pairs, people})

    assert move.tolist() == [1, 2]


def test_a_solver_without_time_proves_nothing(monkeypatch):
    tables = random_table(3)
    monkeypatch.setattr("reporting.suppression.moves.LONGEST_SOLVE", 0)

    with pytest.raises(UnsolvedError):
        protect(tables, [OUTSIDER])
