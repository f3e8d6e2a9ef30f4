"""The statistics of parity, against numbers worked out by hand and against SciPy."""

import itertools
from fractions import Fraction
from math import ceil, comb, floor, isnan

import pytest
from scipy.stats import hypergeom

from reporting.enums import Direction, Verdict
from reporting.parity import Stratum, below, parity


def _exact_chances(*strata):
    """Count every draw of every stratum: the chance of each number of women."""
    chances = {}
    ranges = [range(trained + 1) for _, _, trained in strata]
    for women in itertools.product(*ranges):
        ways = Fraction(1)
        for (size, of_women, trained), drawn in zip(strata, women, strict=True):
            ways *= comb(of_women, drawn) * comb(size - of_women, trained - drawn)
            ways /= comb(size, trained)
        if ways:
            chances[sum(women)] = chances.get(sum(women), 0) + ways
    return chances


def _exact_p(chances, women):
    return sum(chance for chance in chances.values() if chance <= chances[women])


def test_two_of_four_with_two_women_of_four_is_counted_by_hand():
    # 4 people, 2 women, 2 trained: 0, 1, 2 women have 1, 4, 1 of 6 ways.
    assert parity([Stratum(4, 2, 2)], 0).p == pytest.approx(1 / 3)
    assert parity([Stratum(4, 2, 2)], 1).p == pytest.approx(1)
    assert parity([Stratum(4, 2, 2)], 2).p == pytest.approx(1 / 3)


def test_mirror_p_is_counted_by_hand():
    # The margin is the smaller of 5 points and a fifth of one half: 5 points, so of
    # 4 people 2 women become 1 or 3. No woman trained: from 1 woman always "at least
    # 0", so 1; from 3 women 0 of 2 cannot be.
    assert parity([Stratum(4, 2, 2)], 0).mirror_p == pytest.approx(1)
    # One woman trained: P(X >= 1) with 1 woman is 1/2; P(X <= 1) with 3 is 1/2.
    assert parity([Stratum(4, 2, 2)], 1).mirror_p == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    "strata",
    [
        [(10, 3, 4)],
        [(10, 3, 4), (7, 5, 3)],
        [(6, 1, 2), (5, 5, 2), (9, 2, 4)],
        [(8, 0, 3), (4, 2, 0), (12, 6, 6)],
    ],
)
def test_p_of_every_outcome_is_that_of_counting_every_draw(strata):
    chances = _exact_chances(*strata)

    found = {n: parity([Stratum(*s) for s in strata], n).p for n in chances}

    assert found == pytest.approx({n: float(_exact_p(chances, n)) for n in chances})


@pytest.mark.parametrize(("size", "women", "trained"), [(250, 73, 60), (4000, 517, 90)])
def test_p_and_mirror_p_agree_with_scipy(size, women, trained):
    k = 15
    probable = hypergeom(size, women, trained).pmf(range(trained + 1))
    away = parity([Stratum(size, women, trained)], k).margin * size
    low = hypergeom(size, floor(women - away), trained)
    high = hypergeom(size, ceil(women + away), trained)

    found = parity([Stratum(size, women, trained)], k)

    assert found.p == pytest.approx(
        probable[probable <= probable[k] * (1 + 1e-7)].sum(), rel=1e-9
    )
    assert found.mirror_p == pytest.approx(max(low.sf(k - 1), high.cdf(k)), rel=1e-9)


def test_the_band_ends_where_p_falls_below_five_percent():
    # Of 100 with 30 women 11 are trained; the chance of no woman is 1.5 percent.
    stratum = Stratum(100, 30, 11)

    low, high = parity([stratum], 3).band

    inside = [parity([stratum], n).p for n in (low, high)]
    outside = [parity([stratum], n).p for n in (low - 1, high + 1)]
    assert (low, high) == (1, 6)
    assert min(inside) >= 0.05 > max(outside)


def test_to_mirror_rounds_the_expected_number_and_may_be_negative():
    assert parity([Stratum(10, 5, 5)], 1).to_mirror == 2
    assert parity([Stratum(10, 3, 4)], 3).to_mirror == -2
    assert parity([Stratum(10, 4, 5), Stratum(8, 2, 2)], 2).to_mirror == 1


def test_direction_compares_exactly():
    assert parity([Stratum(9, 3, 3)], 1).direction == Direction.EVEN
    assert parity([Stratum(10, 3, 3)], 1).direction == Direction.OVER
    assert parity([Stratum(10, 4, 3)], 1).direction == Direction.UNDER


def test_the_margin_is_five_points_or_a_fifth_of_the_smaller_side():
    assert parity([Stratum(100, 40, 10)], 4).margin == Fraction(1, 20)
    assert parity([Stratum(100, 10, 10)], 1).margin == Fraction(1, 50)
    assert parity([Stratum(100, 90, 10)], 9).margin == Fraction(1, 50)


def test_the_margins_are_settings(settings):
    settings.MIRROR_MARGIN, settings.MIRROR_MARGIN_RELATIVE = "1/100", "1/2"

    assert parity([Stratum(100, 40, 10)], 4).margin == Fraction(1, 100)


@pytest.mark.parametrize(
    ("strata", "women", "verdict"),
    [
        ([], 0, Verdict.NO_BASELINE),
        ([(100, 40, 0)], 0, Verdict.NONE_TRAINED),
        ([(3, 1, 7)], 1, Verdict.BASELINE_TOO_SMALL),
        ([(10, 2, 5)], 3, Verdict.BASELINE_TOO_SMALL),
        ([(10, 8, 5)], 2, Verdict.BASELINE_TOO_SMALL),
        ([(100, 0, 5)], 0, Verdict.ONE_GENDER),
        ([(100, 100, 5)], 5, Verdict.ONE_GENDER),
        ([(10, 4, 10)], 4, Verdict.MIRRORS),
        ([(2000, 600, 1500)], 450, Verdict.MIRRORS),
        # A difference that is proved, yet smaller than the margin.
        ([(100_000, 30_000, 60_000)], 18_600, Verdict.MIRRORS),
        ([(100, 40, 30)], 4, Verdict.SKEWED),
        ([(90, 35, 7)], 0, Verdict.LEANS),
        ([(40, 11, 2)], 1, Verdict.TOO_FEW),
        ([(100, 40, 20)], 8, Verdict.INCONCLUSIVE),
    ],
)
def test_verdicts_come_in_their_order(strata, women, verdict):
    assert parity([Stratum(*s) for s in strata], women).verdict == verdict


def test_a_small_p_within_the_margin_is_still_small():
    assert parity([Stratum(100_000, 30_000, 60_000)], 18_600).p < 0.01


def test_people_who_do_not_fit_take_the_probabilities_and_nothing_else():
    found = parity([Stratum(3, 1, 7)], 1)

    assert (found.p, found.mirror_p, found.band) == (None, None, None)
    assert found.expected_share == Fraction(1, 3)
    assert (found.direction, found.to_mirror) == (Direction.UNDER, 1)


def test_a_stratum_that_sent_nobody_changes_nothing():
    alone = parity([Stratum(50, 20, 10)], 3)

    assert parity([Stratum(50, 20, 10), Stratum(900, 5, 0)], 3) == alone


def test_exactly_the_level_is_not_below_it_whatever_the_last_bits():
    assert not below(0.05, 0.05)
    assert not below(0.05 * (1 - 1e-12), 0.05)
    assert below(0.0499, 0.05)


@pytest.mark.parametrize(
    ("size", "women", "trained", "among"),
    [
        (1, 0, 1, 0),
        (1, 1, 1, 1),
        (500, 0, 500, 0),
        (500, 500, 200, 200),
        (500, 250, 500, 250),
        (20_000, 3_000, 5_000, 0),
        (20_000, 10_000, 5_000, 5_000),
        (2_000_000_000, 1, 40_000, 1),
        (2_000_000_000, 1_000_000_000, 40_000, 20_000),
    ],
)
def test_extremes_give_numbers(size, women, trained, among):
    found = parity([Stratum(size, women, trained)], among)

    assert not isnan(found.p)
    assert not isnan(found.mirror_p)
    assert 0 <= found.p <= 1
    assert 0 <= found.mirror_p <= 1
    assert found.band[0] <= found.to_mirror + among <= found.band[1]


def test_thousands_agree_with_scipy():
    found = parity([Stratum(20_000, 4_000, 5_000)], 940)

    probable = hypergeom(20_000, 4_000, 5_000).pmf(range(4_001))
    p = probable[probable <= probable[940] * (1 + 1e-7)].sum()
    assert found.p == pytest.approx(p, rel=1e-8)


def test_the_far_ends_of_large_strata_are_as_good_as_impossible():
    strata = [Stratum(20_000, 10_000, 5_000), Stratum(9_000, 3_000, 4_000)]

    found = parity(strata, 0)

    assert found.p == pytest.approx(0, abs=1e-12)
    assert found.verdict == Verdict.SKEWED
    assert found.to_mirror == round(5_000 / 2 + 4_000 / 3)
    assert found.band[0] < found.to_mirror < found.band[1]
