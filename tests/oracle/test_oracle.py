"""The oracle meets the expected figures, and values that were worked out by hand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from tests.oracle.chance import Stratum, judge, two_sided, ways_by_women
from tests.oracle.compare import differences
from tests.oracle.figures import figures
from tests.oracle.rounding import hours, rounded

DATA = Path(__file__).resolve().parents[1] / "data"
EXPECTED = json.loads((DATA / "programme-small.expected.json").read_text())


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e["period"]["from"])
def test_the_example_has_its_expected_figures(expected):
    start, end = (date.fromisoformat(expected["period"][key]) for key in ("from", "to"))

    computed = json.loads(json.dumps(figures(DATA / "programme-small", start, end)))

    assert list(differences(computed, expected)) == []


def test_p_of_two_drawn_from_two_women_and_two_men():
    # Six pairs: one of men, four mixed, one of women.
    ways = ways_by_women([(4, 2, 2)])

    assert ways == {0: 1, 1: 4, 2: 1}
    assert two_sided(ways) == {0: Fraction(1, 3), 1: 1, 2: Fraction(1, 3)}


def test_p_over_two_companies_is_of_the_sum():
    # A woman of two, a woman of three, one trained of each: 1/2 and 1/3.
    p_of = two_sided(ways_by_women([(2, 1, 1), (3, 1, 1)]))

    assert p_of == {0: Fraction(1, 2), 1: 1, 2: Fraction(1, 6)}


@pytest.mark.parametrize(
    "strata", [[(7, 3, 4)], [(6, 1, 5)], [(4, 1, 2), (3, 2, 1)], [(5, 2, 0), (4, 2, 3)]]
)
def test_every_draw_is_counted(strata):
    draws = Counter({0: 1})
    for staff, women, trained in strata:
        here = Counter(
            sum(person < women for person in drawn)
            for drawn in combinations(range(staff), trained)
        )
        draws = Counter(
            {
                number: sum(
                    draws[before] * here[number - before]
                    for before in range(number + 1)
                )
                for number in range(20)
            }
        )

    assert ways_by_women(strata) == {n: ways for n, ways in draws.items() if ways}


@pytest.mark.parametrize(
    ("stratum", "p", "mirror_p", "band", "verdict"),
    [
        # Two pairs of six are as unlikely as no woman; K moves to 1 and to 3.
        ((4, 2, 2, 0), Fraction(1, 3), 1, [0, 2], "too_few"),
        ((4, 2, 2, 1), 1, Fraction(1, 2), [0, 2], "too_few"),
        # Of 184 756 ways 1, 100, 2 025 and 14 400 have none, one, two, three women.
        ((20, 10, 10, 0), Fraction(2, 184_756), 1, [3, 7], "skewed"),
        ((20, 10, 10, 2), Fraction(4_252, 184_756), None, [3, 7], "leans"),
        ((20, 10, 10, 3), Fraction(33_052, 184_756), None, [3, 7], "inconclusive"),
        # An exact 1/20 is not below 0.05.
        ((20, 1, 1, 1), Fraction(1, 20), 1, [0, 1], "too_few"),
        # Everybody was trained: nothing was left to chance.
        ((4, 2, 4, 2), 1, 0, [2, 2], "mirrors"),
        ((5, 0, 2, 0), 1, 1, [0, 0], "one_gender"),
        ((3, 1, 4, 1), None, None, None, "baseline_too_small"),
        ((9, 1, 3, 2), None, None, None, "baseline_too_small"),
        ((9, 7, 4, 1), None, None, None, "baseline_too_small"),
        ((9, 1, 0, 0), None, None, None, "none_trained"),
    ],
)
def test_judgements_worked_out_by_hand(stratum, p, mirror_p, band, verdict):
    judgement = judge([Stratum(*stratum)])

    assert judgement.p == p
    assert judgement.band == band
    assert judgement.verdict == verdict
    if mirror_p is not None:
        assert judgement.mirror_p == mirror_p


def test_mirror_p_moves_the_women_of_every_company_by_one_margin():
    # The expected share is 35 %, so the margin is 5 points: of ten each, four and
    # three women become three and two, or five and four. One of each was trained and
    # one was a woman: at least one has 1 - 7/10 * 8/10, at most one 1 - 5/10 * 4/10.
    judgement = judge([Stratum(10, 4, 1, 1), Stratum(10, 3, 1, 0)])

    assert judgement.mirror_p == max(Fraction(44, 100), Fraction(80, 100))


def test_numbers_are_rounded_once_half_away_from_zero():
    assert rounded(Fraction(1, 32), 4) == 0.0313
    assert rounded(Fraction(-1, 20), 1) == -0.1
    assert str(rounded(Fraction(-1, 1_000), 1)) == "0.0"
    assert rounded(None, 4) is None
    assert [hours(minutes) for minutes in (0, 1, 10, 61)] == [
        "0.00",
        "0.02",
        "0.17",
        "1.02",
    ]


HAND = {
    "companies": [
        "org_number,name,joined_on,left_on",
        "A,A,2026-01-01,",
        "B,B,2026-01-01,",
        "C,C,2026-01-01,",
        "D,D,2026-02-01,",
    ],
    "workforce": [
        "org_number,reference_date,staff_group,women,men,non_binary",
        "A,2026-01-31,all,4,6,0",
        "B,2026-01-31,all,1,0,0",
        "C,2026-01-30,all,5,5,0",
        "D,2026-01-01,all,90,10,0",
    ],
    "participants": [
        "ref,org_number,personal_number,gender,birth_date,staff_group",
        "p1,A,1,woman,2008-01-31,manager",
        "p2,B,1,man,,manager",
        "p3,B,2,man,1971-01-31,",
        "p4,A,,unknown,1971-02-01,manager",
        "p5,A,2,woman,1990-01-01,manager",
    ],
    "courses": ["code,theme,required_percent,principles", "K,steel,50,"],
    "occasions": [
        "ref,course_code,provider_ref,status",
        "o,K,v,completed",
        "q,K,v,open",
    ],
    "sessions": [
        "ref,occasion_ref,starts_at,minutes",
        "s,o,2026-01-30T23:30,120",
        "t,q,2026-01-31T00:00,60",
    ],
    "enrolments": [
        "ref,occasion_ref,participant_ref,confirmed_at,declined_at,withdrawn_at",
        "e1,o,p1,2026-01-02T08:00,,",
        "e2,q,p2,2026-01-02T08:00,,",
        "e3,o,p3,2026-01-02T08:00,,",
        "e4,o,p4,2026-01-02T08:00,,",
        "e5,q,p5,2026-01-02T08:00,,",
    ],
    "attendance": [
        "enrolment_ref,session_ref,minutes,certified_at,disputed_at,dispute_closed_at",
        "e1,s,60,2026-02-01T08:00,,",
        "e2,t,30,2026-02-01T08:00,2026-02-01T08:00,",
        "e3,s,0,,,",
        "e4,s,59,2026-02-01T08:00,2026-02-01T08:00,2026-02-02T08:00",
        "e5,t,60,,,",
    ],
}


@pytest.fixture
def by_hand(tmp_path):
    for name, lines in HAND.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return figures(tmp_path, date(2026, 1, 30), date(2026, 1, 31))


def test_a_person_at_two_companies_counts_once_with_the_first_row(by_hand):
    assert by_hand["totals"] == {
        "persons": 3,
        "participations": 4,
        "hours": "3.48",
        "certified_hours": "1.98",
        "occasions": 2,
        "cancelled_occasions": 0,
        "companies": 2,
    }
    assert by_hand["by_gender"]["woman"] == {
        "persons": 2,
        "participations": 3,
        "hours": "2.50",
        "certified_hours": "1.00",
    }


def test_who_is_a_stratum_and_whose_hours_count(by_hand):
    a, b, c = by_hand["companies"]
    programme = by_hand["programme"]

    # A man at B, whose whole staff is one woman: B is too small by its own rows; of
    # the persons nobody belongs to B, so that it is a stratum with nobody trained.
    assert (a["verdict"], b["verdict"], c["verdict"]) == (
        "too_few",
        "baseline_too_small",
        "none_trained",
    )
    assert programme["workforce"] == {
        "reference_date": "2026-01-31",
        "women": 10,
        "men": 11,
        "non_binary": 0,
    }
    assert programme["persons"] == {"woman": 2, "man": 0, "non_binary": 0, "unknown": 1}
    assert programme["hours"]["woman"] == "2.50"
    assert programme["expected_share"] == 0.4
    assert (programme["gap"], programme["gap_within"], programme["gap_mix"]) == (
        52.4,
        60.0,
        -7.6,
    )
    # Two women of four in ten, by chance 6 of 45 pairs.
    assert programme["p"] == 0.1333
    assert programme["to_mirror"] == -1
    assert programme["left_out"] == 0


def test_ages_are_of_the_first_day(by_hand):
    entered = {row["code"]: row["entered"]["total"] for row in by_hand["indicators"]}

    # 17 on the eve of an eighteenth birthday; 54 two days before the 55th; 36.
    assert entered == {"EECO01": 3, "EECO05": 3, "EECO06": 1, "EECO07": 0, "EECO08": 0}


def test_completed_needs_the_required_share_of_the_whole_occasion(by_hand):
    assert by_hand["pipeline"]["woman"] == {
        "nominated": 2,
        "confirmed": 2,
        "attended": 2,
        "completed": 2,
        "withdrawn": 0,
    }
    assert by_hand["pipeline"]["unknown"]["completed"] == 0


def test_differences_are_named_by_their_path():
    ours = {"a": [1, {"b": 2.0}], "c": None, "d": True}
    theirs = {"a": [1, {"b": 2}, 3], "d": 1, "e": "x"}

    assert list(differences(ours, theirs)) == [
        "/a: 2 entries, expected 3",
        "/c: unexpected None",
        "/d: True, expected 1",
        "/e: missing, expected 'x'",
    ]
