"""The planner's numbers, each worked out by hand, and all of them by trying."""

import datetime as dt

import pytest

from reporting.planner import (
    OpenSeats,
    Standing,
    first_seats,
    out_of_reach_from,
    women_to_mirror,
)

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
APRIL, MAY, JUNE = (
    dt.datetime(2026, month, 1, 8, 0, tzinfo=dt.UTC) for month in (4, 5, 6)
)
# A fifth of a hundred are women; one woman of ten is trained.
BEHIND = Standing(size=100, women=20, trained=10, women_trained=1)


@pytest.mark.parametrize(
    ("seats", "women"),
    [
        (0, None),  # 1/10 is less than a fifth.
        (1, None),  # 2/11 is: 10 of 55 against 11.
        (2, 2),  # 3/12 is more than a fifth, and 2/12 less.
        (5, 2),  # 3/15 is a fifth.
        (6, 3),  # 3/16 is less, 4/16 is more.
        (90, 19),  # Everybody.
        (91, None),  # There are no more people.
    ],
)
def test_the_fewest_women_among_the_next_seats(seats, women):
    assert women_to_mirror(BEHIND, seats) == women


def test_of_nobody_there_is_no_share():
    assert women_to_mirror(Standing(10, 5, 0, 0), 0) is None
    assert women_to_mirror(Standing(10, 5, 0, 0), 1) == 1
    assert women_to_mirror(Standing(10, 0, 0, 0), 1) == 0


def test_the_others_run_out_before_the_women():
    """Of ten others eight are trained: of five seats three go to women at least."""
    standing = Standing(size=20, women=10, trained=16, women_trained=8)

    assert women_to_mirror(standing, 3) == 2  # 10/19 is over a half, 9/19 below.
    assert women_to_mirror(standing, 4) == 2
    assert women_to_mirror(standing, 5) is None


def test_no_woman_more_is_needed_where_women_are_many():
    assert women_to_mirror(Standing(100, 20, 10, 9), 5) == 0
    assert first_seats(Standing(100, 20, 10, 9)) == 0


@pytest.mark.parametrize(
    ("standing", "seats"),
    [
        (BEHIND, 2),  # 20·10 − 100·1 = 100; over 80 others, rounded up.
        (Standing(100, 20, 10, 2), 0),  # Exactly a fifth.
        (Standing(4, 2, 2, 0), 2),  # Both women, then everybody is trained.
        (Standing(10, 10, 3, 3), 0),  # A workforce of one gender mirrors itself.
        (Standing(10, 0, 3, 0), 0),
        (Standing(10, 5, 0, 0), 1),  # Of nobody there is no share yet.
        (Standing(10, 0, 0, 0), 1),
        (Standing(0, 0, 0, 0), None),
        (Standing(10, 2, 9, 0), None),  # Nine others cannot come from eight.
        (Standing(10, 2, 3, 3), None),
    ],
)
def test_the_first_number_of_seats_that_reaches_it(standing, seats):
    assert first_seats(standing) == seats


def test_both_are_what_trying_every_number_finds():
    sizes = range(1, 8)
    standings = [
        Standing(size, women, trained, of_them)
        for size in sizes
        for women in range(size + 1)
        for trained in range(size + 1)
        for of_them in range(trained + 1)
    ]
    fitting = [standing for standing in standings if standing.fits]

    assert len(fitting) == 4 + 10 + 20 + 35 + 56 + 84 + 120
    for standing in fitting:
        found = [_by_trying(standing, seats) for seats in range(9)]
        assert [women_to_mirror(standing, seats) for seats in range(9)] == found
        reached = [seats for seats, women in enumerate(found) if women is not None]
        assert first_seats(standing) == reached[0]


def _by_trying(standing, seats):
    trained, of_them = standing.trained, standing.women_trained
    if trained + seats == 0:
        return None
    for women in range(seats + 1):
        share_is_reached = (of_them + women) * standing.size >= standing.women * (
            trained + seats
        )
        others = seats - women
        if (
            share_is_reached
            and women <= standing.women - of_them
            and others <= standing.size - standing.women - (trained - of_them)
        ):
            return women
    return None


def test_it_is_out_of_reach_when_the_last_seats_that_it_takes_are_gone():
    seats = [OpenSeats(JUNE, 1), OpenSeats(APRIL, 4), OpenSeats(MAY, 1)]

    # Two are needed: after April two are left, after May one.
    assert out_of_reach_from(BEHIND, seats, NOW) == MAY
    assert out_of_reach_from(BEHIND, seats[:1], NOW) == NOW
    assert out_of_reach_from(BEHIND, [], NOW) == NOW


def test_what_mirrors_already_and_what_has_no_date_is_never_out_of_reach():
    undated = [OpenSeats(APRIL, 4), OpenSeats(None, 2)]

    assert out_of_reach_from(BEHIND, undated, NOW) is None
    assert out_of_reach_from(Standing(100, 20, 10, 2), [], NOW) is None
