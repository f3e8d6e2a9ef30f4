"""What is printed of groups gives nobody away, whoever subtracts what from what."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from trainings.evaluation_groups import (
    AGE_GROUPS,
    GENDERS,
    Answer,
    Group,
    counted,
    groups_of,
    may_be_printed,
)

EVERYBODY = Group(GENDERS, AGE_GROUPS)
WOMEN = Group(("woman",), AGE_GROUPS)
OTHERS = Group(("man", "non_binary", "unknown"), AGE_GROUPS)


def lot(**counts):
    """Say how many answered, by gender and age: `woman_30_54=5`."""
    cells = {f"{g}_{a}": (g, a) for g, a in product(GENDERS, AGE_GROUPS)}
    return Counter({cells[name]: count for name, count in counts.items()})


def test_women_and_the_others_stand_apart_where_both_are_five():
    assert groups_of([lot(woman_30_54=5, man_30_54=5)]) == [WOMEN, OTHERS]


def test_four_women_are_told_together_with_the_others():
    assert groups_of([lot(woman_30_54=4, man_30_54=30)]) == [EVERYBODY]


def test_few_non_binary_people_look_as_if_there_were_none():
    some = [lot(woman_30_54=7, man_30_54=8, non_binary_30_54=1)]
    none = [lot(woman_30_54=7, man_30_54=9)]

    assert groups_of(some) == groups_of(none) == [WOMEN, OTHERS]


def test_five_of_each_gender_stand_by_themselves():
    five = lot(woman_30_54=5, man_30_54=5, non_binary_30_54=5, unknown_unknown=5)

    assert [group.genders for group in groups_of([five])] == [
        ("woman",),
        ("man",),
        ("non_binary",),
        ("unknown",),
    ]


def test_ages_are_divided_within_a_gender_where_they_can_be():
    found = groups_of(
        [lot(woman_under_30=5, woman_30_54=5, woman_55_over=2, man_30_54=6)]
    )

    assert sorted(found) == sorted(
        [
            Group(("woman",), ("under_30",)),
            Group(("woman",), ("30_54", "55_over", "unknown")),
            OTHERS,
        ]
    )


def test_women_of_one_occasion_only_do_not_give_away_its_only_man():
    """Its page shows 7 answers, and 6 women less are the man's."""
    first = lot(woman_30_54=6, man_30_54=1)
    second = lot(man_30_54=9)

    assert groups_of([first, second]) == [EVERYBODY]


def test_women_of_two_occasions_stand_apart_though_few_at_each():
    first = lot(woman_30_54=3, man_30_54=3)
    second = lot(woman_30_54=3, man_30_54=3)

    assert groups_of([first, second]) == [WOMEN, OTHERS]


def test_two_groups_together_do_not_give_away_what_an_occasion_holds_beside():
    """Women and men are all at the first but for one; each group is in both."""
    first = lot(woman_30_54=5, man_30_54=5, non_binary_30_54=2)
    second = lot(non_binary_30_54=8)
    apart = [
        Group(("woman",), AGE_GROUPS),
        Group(("man",), AGE_GROUPS),
        Group(("non_binary", "unknown"), AGE_GROUPS),
    ]

    assert not may_be_printed([first, second], apart)
    assert groups_of([first, second]) != apart


def test_a_late_lot_of_five_is_never_divided():
    assert groups_of([lot(woman_30_54=2, man_30_54=3)]) == [EVERYBODY]


def test_nothing_is_one_group_of_nobody():
    assert groups_of([]) == [EVERYBODY]
    assert counted([]) == {}


def test_answers_are_counted_by_group_and_value():
    women = [Answer("woman", "30_54", 4)] * 5
    men = [Answer("man", "under_30", 2)] * 3 + [Answer("man", "30_54", 5)] * 4

    found = counted([women + men])

    assert found == {(WOMEN, 4): 5, (OTHERS, 2): 3, (OTHERS, 5): 4}


CELLS = st.tuples(
    st.sampled_from(("woman", "woman", "man", "man", "non_binary", "unknown")),
    st.sampled_from(("under_30", "30_54", "55_over")),
)
LOTS = st.lists(st.lists(CELLS, min_size=5, max_size=13), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(printings=st.lists(LOTS, min_size=1, max_size=2))
def test_no_sum_that_can_be_computed_is_of_one_to_four_answers(printings):
    """Everything that is ever printed, in the hands of somebody who can do algebra.

    The attacker knows of each lot how many of whom answered, and the sum of each lot
    and of each printed group, of both printings. Whether the sum of some one to four
    answers can be computed is asked of linear algebra, not of the rule.
    """
    kinds, printed = Counter(), []
    for number, lots in enumerate(printings):
        groups = groups_of([Counter(people) for people in lots])
        for group in groups:
            cells = set(group.cells)
            printed.append(
                lambda kind, n=number, c=cells: (kind[0] == n) & (kind[2] in c)
            )
        for place, people in enumerate(lots):
            kinds.update((number, place, cell) for cell in people)
            printed.append(lambda kind, n=number, p=place: kind[:2] == (n, p))
    merged = Counter()
    for kind, count in kinds.items():
        merged[tuple(bool(knows(kind)) for knows in printed)] += count
    rows = [list(column) for column in zip(*merged, strict=True)]
    basis = reduced(rows)
    few = [at for at, count in enumerate(merged.values()) if count < 5]
    counts = list(merged.values())

    for size in range(1, 5):
        for chosen in combinations(few, size):
            if sum(counts[at] for at in chosen) < 5:
                target = [Fraction(at in chosen) for at in range(len(counts))]
                assert any(rest_of(target, basis)), [list(merged)[at] for at in chosen]


def reduced(rows):
    """Return rows in echelon form with the column that each leads with."""
    basis = []
    for row in rows:
        rest = rest_of([Fraction(value) for value in row], basis)
        lead = next((at for at, value in enumerate(rest) if value), None)
        if lead is not None:
            basis.append((lead, [value / rest[lead] for value in rest]))
    return basis


def rest_of(row, basis):
    """Return what is left of a row when all that the basis can make is taken away."""
    for lead, other in basis:
        if factor := row[lead]:
            row = [
                value - factor * minus for value, minus in zip(row, other, strict=True)
            ]
    return row
