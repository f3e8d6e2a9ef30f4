from decimal import Decimal
from fractions import Fraction

import pytest

from reporting.rounding import (
    rounded,
    shown_days,
    shown_gap,
    shown_hours,
    shown_probability,
    shown_share,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 8), "0.13"),
        (Fraction(-1, 8), "-0.13"),
        (Fraction(249, 2000), "0.12"),
        (Fraction(-1, 1000), "0.00"),
        (7, "7.00"),
    ],
)
def test_halves_round_away_from_zero_and_zero_has_no_sign(value, shown):
    assert str(rounded(value, 2)) == shown


def test_a_gap_is_rounded_once_from_the_exact_fraction():
    assert shown_gap(Fraction(1, 4) - Fraction(1, 3)) == Decimal("-8.3")
    assert shown_gap(Fraction(45, 100_000)) == Decimal("0.0")
    assert shown_gap(Fraction(1, 2000)) == Decimal("0.1")


def test_a_share_has_four_decimals():
    assert shown_share(Fraction(1, 32)) == Decimal("0.0313")


def test_a_probability_that_is_a_tie_but_for_its_last_bits_goes_up():
    just_below = 0.03125 * (1 - 1e-13)

    assert just_below < 0.03125
    assert shown_probability(just_below) == Decimal("0.0313")
    assert shown_probability(0.03124) == Decimal("0.0312")
    assert shown_probability(1.0) == Decimal("1.0000")


def test_minutes_are_shown_as_hours_with_two_decimals():
    assert [str(shown_hours(n)) for n in (0, 1, 90, 6001)] == [
        "0.00",
        "0.02",
        "1.50",
        "100.02",
    ]


def test_days_have_one_decimal():
    assert shown_days(Fraction(5, 4)) == Decimal("1.3")


def test_what_does_not_exist_is_not_shown_as_zero():
    shown = [show(None) for show in (shown_share, shown_gap, shown_days)]

    assert [*shown, shown_probability(None)] == [None, None, None, None]
