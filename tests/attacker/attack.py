"""Tries to find out small numbers that a report hides."""

import math
from dataclasses import dataclass, field

from tests.attacker.puzzle import NEARLY, Puzzle, Solver
from tests.attacker.report_relations import puzzle_of


@dataclass(frozen=True)
class Insider:
    """A company's HR: its own row, and how many of its people are in each number."""

    company: str
    own: dict = field(default_factory=dict)

    def told(self, truth):
        return {
            name: value
            for name, value in truth.items()
            if name[:2] == ("companies", self.company)
        }


@dataclass(frozen=True)
class Finding:
    """A small number that somebody can tell: it is at least, or at most, so much."""

    who: str
    name: tuple
    least: float
    most: float


def findings(released, truth, *, smallest_shown=5, insiders=()):
    """Return every hidden small number that is told more closely than it may be.

    It may be told no more closely than to lie between zero (or what the attacker has
    there themselves) and the smallest number shown.
    """
    puzzle = puzzle_of(released, truth)
    found = list(_leaks(puzzle, truth, smallest_shown, "outsider"))
    for insider in insiders:
        own = {n: min(v, truth.get(n, 0)) for n, v in insider.own.items()}
        found += _leaks(
            puzzle,
            truth,
            smallest_shown,
            insider.company,
            own=own,
            told=insider.told(truth),
        )
    return found


def findings_over(issues, *, smallest_shown=5):
    """Return what an outsider finds out from issues of periods that follow each other.

    Each is what was released and the true counts. Who was counted so far, and who has
    entered since, make up who is counted now.
    """
    puzzle, truth = Puzzle(), {}
    for number, (released, true_counts) in enumerate(issues):
        puzzle.join(puzzle_of(released, true_counts), number)
        truth |= {(number, *name): value for name, value in true_counts.items()}
    for number in range(1, len(issues)):
        for name in issues[number][1]:
            if name[-1].startswith("cumulative."):
                entered = *name[:-1], name[-1].replace("cumulative", "entered")
                parts = [(number - 1, *name), (number, *entered)]
                whole = number, *name
                if all(part in truth for part in (whole, *parts)):
                    rest = sum(truth[part] for part in parts) - truth[whole]
                    puzzle.sums(whole, parts, rest)
    return list(_leaks(puzzle, truth, smallest_shown, "outsider"))


def _leaks(puzzle, truth, smallest_shown, who, **knowledge):
    told = knowledge.get("told", {})
    open_eyes = Solver(puzzle, **knowledge)
    blind = Solver(puzzle, **knowledge, sealed=True)
    for name in sorted(puzzle.hidden - set(told)):
        if not 0 < truth.get(name, 0) < smallest_shown:
            continue
        least, most = open_eyes.bounds(name)
        if math.isnan(least) or math.isnan(most):
            yield Finding(who, name, least, most)
        elif least > NEARLY or most < smallest_shown - NEARLY:
            least_anyway, most_anyway = blind.bounds(name)
            if least > least_anyway + NEARLY or most < (
                min(smallest_shown, most_anyway) - NEARLY
            ):
                yield Finding(who, name, least, most)
