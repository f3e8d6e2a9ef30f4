"""Nobody finds out a small number, whoever reads what is released, however closely."""

import datetime as dt
import json
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest

from companies.enums import FundPeriod
from reporting.figures import ByGender, Entrants, Period
from reporting.suppression import suppress
from reporting.suppression.cells import linked_tables
from reporting.tests.invented_metrics import Size, invent, metrics_of
from tests.attacker.attack import Insider, findings, findings_over
from tests.attacker.puzzle import Puzzle, Solver, SolverFailedError
from tests.attacker.released import SIGN, read_json

SMALLEST = 5
SIZE = Size(people=260, companies=4, themes=3, months=2, kinds=4, providers=2)
SMALL = Size(people=90, companies=3, themes=2, months=1, kinds=2, providers=1)
SEEDS = (1, 2)


def truth_of(metrics):
    tables = linked_tables(metrics, FundPeriod.ESF_PLUS, SMALLEST)
    return {cell.key: cell.value for cell in tables.cells}


def own_of(people):
    companies = sorted({human.company for human in people})
    return {
        f"99900{number}-000{number}": metrics_of(
            [human for human in people if human.company == number], SIZE
        )
        for number in companies
    }


def insiders_of(own):
    return [Insider(company, truth_of(theirs)) for company, theirs in own.items()]


@pytest.fixture(scope="module", params=SEEDS)
def released(request):
    """A report as its JSON, the true counts, and each company's own."""
    people = invent(request.param, SIZE)
    metrics, own = metrics_of(people, SIZE), own_of(people)
    suppression = suppress(metrics, FundPeriod.ESF_PLUS, own=own)
    assert (suppression.given_away, suppression.coarser) == ((), ())
    text = json.dumps(suppression.report.as_record())
    return text, truth_of(metrics), insiders_of(own)


def test_an_outsider_finds_no_small_number(released):
    text, truth, _ = released

    assert findings(read_json(text), truth) == []


def test_no_companys_hr_finds_a_small_number_of_others(released):
    text, truth, insiders = released

    assert findings(read_json(text), truth, insiders=insiders[:2]) == []


def test_every_small_number_has_the_sign(released):
    text, truth, _ = released

    shown = {
        name for name, value in read_json(text).counts.items() if value is not None
    }
    small = {name for name, value in truth.items() if 0 < value < SMALLEST}
    things = {name for name in small if name[-1] in {"companies", "meetings"}}
    things |= {("totals", "", "cancelled_occasions"), ("totals", "", "occasions")}
    assert shown & small - things == set()


def test_printing_one_needed_number_gives_another_away(released):
    """Each hidden number that is not small is there for one that is."""
    text, truth, insiders = released
    report = read_json(text)
    spare = [
        name
        for name, value in report.counts.items()
        if value is None and not 0 < truth.get(name, 0) < SMALLEST and name in truth
    ]
    assert spare

    for name in spare[:2]:
        given = read_json(text)
        given.counts[name] = truth[name]
        assert findings(given, truth, insiders=insiders) != []


def later(metrics, seed):
    """Return the figures of the quarter after, which counts those before as well."""
    after = metrics_of(invent(seed, SMALL), SMALL)
    before = {part.age: part.cumulative for part in metrics.entrants}
    entrants = tuple(
        replace(part, cumulative=before.get(part.age, ByGender()) + part.entered)
        for part in after.entrants
    )
    days = Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    return replace(after, period=days, entrants=entrants)


def test_two_issues_together_tell_no_small_number():
    first = metrics_of(invent(1, SMALL), SMALL)
    issues, earlier = [], []
    for metrics in (first, later(first, 2)):
        suppression = suppress(metrics, FundPeriod.ESF_PLUS, earlier=earlier)
        earlier.append(suppression.ledgers)
        text = json.dumps(suppression.report.as_record())
        issues.append((read_json(text), truth_of(metrics)))
        assert "outsider" not in {one.attacker for one in suppression.given_away}

    assert findings_over(issues) == []


def test_two_issues_that_do_not_know_of_each_other_do_tell():
    """Who hides in each issue for itself alone gives numbers away by subtraction."""
    january = metrics_of(invent(1, SMALL), SMALL)
    first, second = plain(january, 20, 20), plain(later(january, 2), 3, 23)

    apart = [suppress(metrics, FundPeriod.ESF_PLUS) for metrics in (first, second)]

    issues = [
        (read_json(json.dumps(one.report.as_record())), truth_of(metrics))
        for one, metrics in zip(apart, (first, second), strict=True)
    ]
    found = {(finding.name[0], finding.name[-1]) for finding in findings_over(issues)}
    assert (1, "entered.total") in found


def plain(metrics, entered, cumulative):
    """Let all who ever came be men of 40, of whom so many are new."""
    return replace(
        metrics,
        entrants=(Entrants(40, ByGender(man=entered), ByGender(man=cumulative)),),
    )


def enumerated(puzzle, hidden, limit):
    """List every solution in whole numbers; return the least and most of each."""
    names = list(puzzle.names)
    grids = np.meshgrid(
        *(
            np.arange(limit, dtype=np.int16)
            if name in hidden
            else np.array([puzzle.known[name]], dtype=np.int16)
            for name in names
        ),
        indexing="ij",
    )
    worlds = np.stack([grid.ravel() for grid in grids], axis=1)
    for terms, rest in puzzle.equal:
        sums = sum(factor * worlds[:, place] for place, factor in terms.items())
        worlds = worlds[sums == rest]
    for terms, rest in puzzle.at_most:
        sums = sum(factor * worlds[:, place] for place, factor in terms.items())
        worlds = worlds[sums <= rest]
    return {
        name: (worlds[:, place].min(), worlds[:, place].max())
        for name, place in puzzle.names.items()
    }


def random_puzzle(seed):
    """Two by three numbers with printed margins, and some within others."""
    rng = Random(seed)
    truth = {key: rng.choice([0, 1, 2, 3, 4]) for key in product("ab", "xyz")}
    puzzle, hidden = Puzzle(), set()
    for row in "ab":
        puzzle.sums((row, "all"), [(row, column) for column in "xyz"])
        puzzle.know((row, "all"), sum(truth[row, column] for column in "xyz"))
    for column in "xyz":
        puzzle.sums(("all", column), [(row, column) for row in "ab"])
        puzzle.know(("all", column), sum(truth[row, column] for row in "ab"))
    for part, whole in product(truth, repeat=2):
        if truth[part] < truth[whole] and rng.random() < 0.2:
            puzzle.within([part], [whole])
    for key, value in truth.items():
        if rng.random() < 0.8:
            hidden.add(key)
        else:
            puzzle.know(key, value)
    return puzzle, hidden


@pytest.mark.parametrize("seed", range(10))
def test_the_attacker_finds_what_listing_every_solution_finds(seed):
    puzzle, hidden = random_puzzle(seed)

    solver = Solver(puzzle)

    listed = enumerated(puzzle, hidden, 13)
    assert {name: solver.bounds(name) for name in hidden} == {
        name: listed[name] for name in hidden
    }


def test_a_number_without_a_limit_is_found_to_have_none():
    puzzle = Puzzle()
    puzzle.within(["part"], ["whole"])
    puzzle.know("part", 7)

    assert Solver(puzzle).bounds("whole") == (7, float("inf"))


def test_a_report_that_contradicts_itself_fails_the_attacker():
    puzzle = Puzzle()
    puzzle.sums("whole", ["part", "other"])
    puzzle.know("whole", 3)
    puzzle.know("part", 4)

    with pytest.raises(SolverFailedError):
        Solver(puzzle).bounds("other")


def test_the_sign_is_the_same_for_every_hidden_number(released):
    text, _, _ = released

    figures = [
        value
        for table in json.loads(text)["tables"]
        for row in table["rows"]
        for value in row["figures"].values()
    ]
    assert SIGN in figures
    assert not [value for value in figures if isinstance(value, str) and "<" in value]
