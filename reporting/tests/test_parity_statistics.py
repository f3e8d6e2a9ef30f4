"""What stands beside a p, against numbers worked out by hand."""

from fractions import Fraction
from math import comb

import pytest

from reporting.enums import Verdict
from reporting.parity import Stratum
from reporting.parity.chances import binomial_chances, chances
from reporting.parity.control import Lateness, Pace, lateness, limits
from reporting.parity.multiplicity import Outcome, multiplicity
from reporting.parity.simpson import PartOfWhole, simpson_check
from reporting.parity.unknown import Sent, reachable_together, reachable_verdicts

# Of 184 756 ways to draw 10 of 10 women and 10 men, 1, 100, 2 025 and 14 400 have
# none, one, two and three women, and as many have ten, nine, eight and seven.
TEN_OF_TWENTY = Stratum(20, 10, 10)
WAYS = 184_756


def test_drawn_anew_two_of_a_half_are_a_coin_thrown_twice():
    found = binomial_chances([Stratum(4, 2, 2)])

    assert [found.p(n) for n in range(3)] == pytest.approx([1 / 2, 1, 1 / 2])


def test_drawn_anew_from_two_workforces_is_the_sum_of_both():
    # Two coins and a third: 2/12, 5/12, 4/12 and 1/12 for none to three.
    found = binomial_chances([Stratum(4, 2, 2), Stratum(3, 1, 1)])

    assert [found.p(n) for n in range(4)] == pytest.approx([1 / 4, 1, 7 / 12, 1 / 12])


def test_drawn_anew_a_workforce_of_one_gender_adds_what_is_certain():
    strata = [Stratum(5, 5, 2), Stratum(5, 0, 3), Stratum(2, 1, 1)]

    found = binomial_chances(strata)

    assert (found.fewest, found.most) == (2, 3)
    assert [found.p(n) for n in (2, 3)] == pytest.approx([1, 1])


def test_a_row_that_can_reach_five_percent_tells_how_often_chance_does():
    found = Outcome.of(chances([TEN_OF_TWENTY]), 2)

    assert found.p == pytest.approx(4_252 / WAYS)
    assert found.least_p == pytest.approx(2 / WAYS)
    assert found.chance == pytest.approx(4_252 / WAYS)
    assert (found.can_reach, found.has_reached) == (True, True)


def test_exactly_five_percent_reaches_nothing():
    # One woman of twenty, one trained: she has one chance of twenty.
    found = Outcome.of(chances([Stratum(20, 1, 1)]), 1)

    assert found.p == pytest.approx(1 / 20)
    assert (found.can_reach, found.has_reached, found.chance) == (False, False, 0)


def test_a_table_counts_what_can_reach_did_and_would_by_chance():
    skewed = Outcome.of(chances([TEN_OF_TWENTY]), 2)
    even = Outcome.of(chances([TEN_OF_TWENTY]), 5)
    small = Outcome.of(chances([Stratum(20, 1, 1)]), 1)

    found = multiplicity([even, None, skewed, small])

    assert (found.tested, found.can_reach, found.reached) == (3, 2, 1)
    assert found.by_chance == pytest.approx(2 * 4_252 / WAYS)
    # 0.023 is above a third of five percent.
    assert (found.holds, found.holding) == ((False, False, False, False), 0)


@pytest.mark.parametrize(
    ("ps", "holds"),
    [
        ([0.9, 0.02, 0.04, 0.01], (False, True, False, True)),
        # The largest is below 5 %, so all before it hold as well.
        ([0.036, 0.03, 0.035], (True, True, True)),
        # Exactly the bound holds, also when the last bits err; more does not.
        ([0.05], (True,)),
        ([0.9, 0.025], (False, True)),
        ([0.05 * (1 + 1e-12)], (True,)),
        ([0.0501], (False,)),
        ([], ()),
    ],
)
def test_benjamini_and_hochberg_step_up_from_the_smallest(ps, holds):
    assert multiplicity([Outcome(p, p, 0.01) for p in ps]).holds == holds


def test_two_of_unknown_gender_could_make_a_sure_skew_a_sign_of_one():
    # Without them 0 of 8: 90 of 125 970. With them ten, of whom 0, 1 or 2 women:
    # 2, 202 and 4 252 of 184 756, and only the last is above one percent.
    sent = Sent(Stratum(20, 10, 8), women=0, unknown=2)

    assert reachable_verdicts(sent) == (Verdict.LEANS,)


def test_nobody_of_unknown_gender_changes_nothing():
    assert reachable_verdicts(Sent(Stratum(20, 10, 8), women=0, unknown=0)) == ()
    assert reachable_together([]) == ()


@pytest.mark.parametrize(
    "sent",
    [
        # Four of three.
        Sent(Stratum(3, 1, 2), women=1, unknown=2),
        # The only woman is trained; another cannot be.
        Sent(Stratum(10, 1, 1), women=1, unknown=1),
    ],
)
def test_people_whom_a_workforce_cannot_hold_make_it_too_small(sent):
    assert reachable_verdicts(sent) == (Verdict.BASELINE_TOO_SMALL,)


def test_of_several_one_that_cannot_hold_its_people_is_left_out():
    # Two of one. What the other proves stands: it has a skew without the first too.
    full = Sent(Stratum(1, 1, 1), women=1, unknown=1)
    skewed = Sent(Stratum(20, 10, 8), women=0, unknown=0)

    assert reachable_together([full, skewed]) == ()
    assert reachable_together([full]) == (Verdict.NO_BASELINE,)


def test_of_several_one_may_cease_to_hold_its_people():
    # All six others are trained: 0 of 6 has 2 of 924 ways with its like. A woman more
    # gives 12 of 792; another man more does not fit, and only women are left.
    used_up = Sent(Stratum(12, 6, 6), women=0, unknown=1)
    women = Sent(Stratum(10, 10, 1), women=1, unknown=0)

    assert set(reachable_together([used_up, women])) == {
        Verdict.LEANS,
        Verdict.ONE_GENDER,
    }


def test_only_those_of_unknown_gender_could_be_anything():
    # One of twenty: p is never below five percent.
    sent = Sent(Stratum(20, 10, 0), women=0, unknown=1)

    assert reachable_verdicts(sent) == (Verdict.TOO_FEW,)


def _part(name, *stratum, women, verdict=Verdict.INCONCLUSIVE):
    return PartOfWhole(name, Stratum(*stratum), women, verdict)


def test_more_women_in_the_whole_than_in_any_part_is_a_reversal():
    # 24 and 2 expected, 22 and 1 trained: fewer in both. The whole has 23 of 40
    # against 100 of 200, because three times as many came from where women are many.
    found = simpson_check(
        [_part("A", 100, 80, 30, women=22), _part("B", 100, 20, 10, women=1)]
    )

    assert (found.gap, found.gap_within, found.gap_mix) == (
        Fraction(3, 40),
        Fraction(-3, 40),
        Fraction(6, 40),
    )
    assert (found.reversal, found.mix, found.masked) == (True, True, False)


@pytest.mark.parametrize(
    ("parts", "gap", "is_reversal"),
    [
        # 52 expected and 51 came, of workforces with 100 in 200: a point either way.
        ([("A", 100, 60, 60, 35), ("B", 100, 40, 40, 16)], Fraction(1, 100), True),
        # 112 expected and 111 came, of workforces with 220 in 400: half a point.
        ([("A", 200, 120, 120, 71), ("B", 200, 100, 80, 40)], Fraction(1, 200), False),
    ],
)
def test_a_reversal_is_at_least_a_point_either_way(parts, gap, is_reversal):
    found = simpson_check([_part(*part, women=women) for *part, women in parts])

    assert (found.gap, found.gap_within) == (gap, -gap)
    assert (found.reversal, found.mix, found.masked) == (is_reversal, False, False)


def test_two_skews_that_make_an_even_whole_are_masked():
    found = simpson_check(
        [
            _part("A", 100, 40, 30, women=6, verdict=Verdict.LEANS),
            _part("B", 100, 40, 30, women=18, verdict=Verdict.INCONCLUSIVE),
        ]
    )

    assert (found.gap, found.masked, found.telling) == (0, True, ("A",))
    assert (found.reversal, found.mix) == (False, False)


def test_a_whole_beyond_the_margin_masks_nothing():
    # 12 of 60 against 40 %.
    found = simpson_check([_part("A", 100, 40, 60, women=12, verdict=Verdict.SKEWED)])

    assert (found.gap, found.margin) == (Fraction(-1, 5), Fraction(1, 20))
    assert (found.masked, found.mix) == (False, False)


def test_nobody_trained_makes_no_whole():
    assert simpson_check([_part("A", 100, 40, 0, women=0)]) is None
    assert simpson_check([]) is None


def test_limits_are_the_last_numbers_outside_neither_tail():
    # So few as 0, 1, 2, 3 have 1, 101, 2 126 and 16 526 of 184 756: 0.055 percent is
    # an alarm and 1.15 percent is not; 1.15 percent is outside 2.5 and 8.9 is not.
    found = limits(chances([TEN_OF_TWENTY]))

    assert (found.alarm, found.watch) == ((2, 8), (3, 7))


def test_few_people_have_no_limit_but_their_number():
    found = limits(chances([Stratum(4, 2, 2)]))

    assert (found.alarm, found.watch) == ((0, 2), (0, 2))


def test_how_late_no_woman_at_all_would_be_told_is_counted():
    # Of 100 with 50 women: the first number of men whose draw is below 0.135 percent.
    first = next(n for n in range(51) if 100_000 * comb(50, n) < 135 * comb(100, n))

    assert first == 9
    assert lateness([Pace(100, 50, Fraction(2))]) == Lateness(persons=9, months=5)


def test_of_two_companies_each_goes_on_at_its_own_pace():
    # Three of four new people come from the first; whole people only.
    def sounds(n):
        first, second = 3 * n // 4, n // 4
        without = comb(30, first) * comb(8, second)
        return 100_000 * without < 135 * comb(40, first) * comb(12, second)

    first = next(n for n in range(1, 33) if sounds(n))

    found = lateness([Pace(40, 10, Fraction(3)), Pace(12, 4, Fraction(1))])

    assert found == Lateness(persons=first, months=-(-first // 4))


@pytest.mark.parametrize(
    "paces",
    [
        [],
        [Pace(100, 50, Fraction(0))],
        # No woman to miss; and four men are trained before four of five say much.
        [Pace(100, 0, Fraction(5))],
        [Pace(5, 1, Fraction(1))],
        [Pace(5, 5, Fraction(1))],
    ],
)
def test_some_would_never_be_told(paces):
    assert lateness(paces) is None
