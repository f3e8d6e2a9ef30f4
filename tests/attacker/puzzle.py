"""Unknown whole numbers with linear relations, and how closely they can be told.

Nothing here is taken from the portal: an attacker has their own computer.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

SOLVED, WITHOUT_LIMIT = 0, 3
NEARLY = 1e-6


class SolverFailedError(AssertionError):
    """A bound that was not found proves nothing."""


@dataclass
class Puzzle:
    """Numbers by name: `known` stand in a file, `hidden` have a sign there."""

    names: dict = field(default_factory=dict)
    hidden: set = field(default_factory=set)
    known: dict = field(default_factory=dict)
    equal: list = field(default_factory=list)
    at_most: list = field(default_factory=list)

    def number(self, name):
        """Return the place of a number, new or old."""
        return self.names.setdefault(name, len(self.names))

    def know(self, name, value):
        self.number(name)
        self.known[name] = value

    def join(self, other, tag):
        """Add another puzzle's numbers under names of their own."""
        places = {
            place: self.number((tag, *name)) for name, place in other.names.items()
        }
        self.known |= {(tag, *name): value for name, value in other.known.items()}
        self.hidden |= {(tag, *name) for name in other.hidden}
        for mine, theirs in ((self.equal, other.equal), (self.at_most, other.at_most)):
            mine += [
                ({places[place]: factor for place, factor in terms.items()}, rest)
                for terms, rest in theirs
            ]

    def sums(self, whole, parts, rest=0):
        """State: the parts make up the whole, and `rest` more."""
        self.equal.append((_terms(self, [whole], parts), rest))

    def within(self, parts, wholes, rest=0):
        """State: the parts are at most the wholes, and `rest` more."""
        self.at_most.append((_terms(self, wholes, parts), rest))


def _terms(puzzle, wholes, parts):
    terms = {}
    for name in parts:
        place = puzzle.number(name)
        terms[place] = terms.get(place, 0) + 1
    for name in wholes:
        place = puzzle.number(name)
        terms[place] = terms.get(place, 0) - 1
    return terms


class Solver:
    """Bounds of a puzzle's numbers for somebody who has people of their own in it.

    `own` is the least that each number is for that reason, `told` what is known
    beside the file. `sealed` forgets the file: what then is left is certain anyway.
    """

    def __init__(self, puzzle, *, own=None, told=None, sealed=False):
        own = own or {}
        known = {} if sealed else dict(puzzle.known)
        known |= told or {}
        size = len(puzzle.names)
        self.places = puzzle.names
        self.least = np.zeros(size)
        self.value = np.full(size, np.nan)
        for name, place in puzzle.names.items():
            if name in known:
                self.value[place] = self.least[place] = known[name]
            else:
                self.least[place] = own.get(name, 0)
        self.free = np.isnan(self.value)
        own_part = np.zeros(size)
        for name, place in puzzle.names.items():
            own_part[place] = (told or {}).get(name, own.get(name, 0))
        self.equal = self._reduced(puzzle.equal, own_part=None)
        self.at_most = self._reduced(puzzle.at_most, own_part=own_part if own else None)
        self._parts = self._connected()

    def bounds(self, name):
        """Return the least and the most, told by linear, then integer programming."""
        place = self.places[name]
        if not self.free[place]:
            return self.value[place], self.value[place]
        problem = self._problem(self._parts[place])
        column = int(np.flatnonzero(problem["columns"] == place)[0])
        return tuple(_bound(problem, column, sign) for sign in (1, -1))

    def _reduced(self, relations, own_part):
        """Take what is known out of the relations; drop those without unknowns."""
        size = len(self.places)
        rows, cells, factors, bounds = [], [], [], []
        for terms, rest in relations:
            unknown = {p: f for p, f in terms.items() if self.free[p]}
            bound = rest - sum(
                f * self.value[p] for p, f in terms.items() if not self.free[p]
            )
            if own_part is not None and not rest:
                # Others obey the relation among themselves, too.
                mine = sum(f * own_part[p] for p, f in terms.items())
                bound += min(mine, 0)
            if unknown:
                rows += [len(bounds)] * len(unknown)
                cells += unknown
                factors += unknown.values()
                bounds.append(bound)
        shape = (len(bounds), size)
        return csr_array((factors, (rows, cells)), shape=shape), np.array(bounds)

    def _connected(self):
        both = abs(vstack([self.equal[0], self.at_most[0]], format="csr"))
        return connected_components(both.T @ both, directed=False)[1][
            np.arange(len(self.places))
        ]

    def _problem(self, part):
        columns = np.flatnonzero((self._parts == part) & self.free)
        problem = {"columns": columns, "least": self.least[columns]}
        for name, (matrix, bounds) in (
            ("equal", self.equal),
            ("at_most", self.at_most),
        ):
            chosen = matrix[:, columns].tocsr()
            rows = np.flatnonzero(np.diff(chosen.indptr))
            problem[name] = chosen[rows], bounds[rows]
        return problem


def _bound(problem, column, sign):
    """Return the least (sign 1) or the most (sign -1), infinite without a limit."""
    objective = np.zeros(len(problem["columns"]))
    objective[column] = sign
    by_reals, is_whole = _by_reals(problem, objective)
    if math.isinf(by_reals):
        return sign * by_reals
    if is_whole:
        return sign * round(by_reals)  # Whole numbers reach as far, no farther.
    by_integers = _by_integers(problem, objective)
    if by_integers < by_reals - 1e-4:
        raise SolverFailedError("Whole numbers cannot reach farther than real ones.")
    return sign * by_integers


def _by_reals(problem, objective):
    (equal, sums), (at_most, most) = problem["equal"], problem["at_most"]
    found = linprog(
        objective,
        A_eq=equal if len(sums) else None,
        b_eq=sums if len(sums) else None,
        A_ub=at_most if len(most) else None,
        b_ub=most if len(most) else None,
        bounds=[(least, None) for least in problem["least"]],
        method="highs",
    )
    bound = _checked(found)
    if math.isinf(bound):
        return bound, False
    return bound, bool(np.abs(found.x - np.rint(found.x)).max() < NEARLY)


def _by_integers(problem, objective):
    (equal, sums), (at_most, most) = problem["equal"], problem["at_most"]
    constraints = []
    if len(sums):
        constraints.append(LinearConstraint(equal, sums, sums))
    if len(most):
        constraints.append(LinearConstraint(at_most, -np.inf, most))
    found = milp(
        objective,
        constraints=constraints,
        bounds=Bounds(problem["least"], np.inf),
        integrality=np.ones(len(objective)),
        options={"mip_rel_gap": 0, "time_limit": 60},
    )
    return _checked(found)


def _checked(found):
    if found.status == WITHOUT_LIMIT:
        return -math.inf
    if found.status != SOLVED or found.fun is None or not math.isfinite(found.fun):
        raise SolverFailedError(f"{found.status}: {found.message}")
    return float(found.fun)
