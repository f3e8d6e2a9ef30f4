"""What everybody knows of a report's tables without having seen a single row of data.

Written from docs/figures.md, not from the portal's code. `truth` only serves to leave
out what an attacker would take for granted wrongly (that nobody works at two of the
companies, that nobody was corrected): a wrong belief tells nothing.
"""

from tests.attacker.puzzle import Puzzle

PARTS = ("woman", "man", "non_binary", "unknown", "others", "known", "total")
GENDERS = ("woman", "man", "non_binary", "unknown")
STEPS = ("nominated", "confirmed", "attended", "completed")
ANSWERS = ("in_time", "late", "declined", "lapsed", "open")
OUTCOMES = ("met", "partly", "not", "unanswered")
EVERYBODY = {"EECO01", "EECO05", "CO05"}


def puzzle_of(released, truth):
    """Return the puzzle of a released report: what it prints, and how it ties."""
    return _Builder(released, truth).build()


class _Builder:
    def __init__(self, released, truth):
        self.released, self.truth = released, truth
        self.puzzle = Puzzle()

    def build(self):
        for name, value in self.released.counts.items():
            if value is None:
                self.puzzle.number(name)
                self.puzzle.hidden.add(name)
            else:
                self.puzzle.know(name, value)
        self._volumes()
        self._mirror()
        for table in ("themes", "months"):
            parts = [self._people(table, row) for row in self.released.rows(table)]
            for part in parts:
                self._subset(part, self.all)
            for gender in GENDERS:
                self._at_most([self.all[gender]], [part[gender] for part in parts])
        self._pipeline()
        self._requests()
        for when in ("entered", "cumulative"):
            self._indicators(when)
        self._reach()
        return self.puzzle

    def _people(self, table, row, name="persons"):
        people = {part: (table, row, f"{name}.{part}") for part in PARTS}
        self._sum(people["others"], [people["man"], people["non_binary"]])
        self._sum(people["known"], [people["woman"], people["others"]])
        self._sum(people["total"], [people["known"], people["unknown"]])
        return people

    def _sum(self, whole, parts):
        """State a sum; a difference that is there in truth is known, at worst."""
        parts = list(parts)
        rest = sum(self.truth.get(p, 0) for p in parts) - self.truth.get(whole, 0)
        if all(name in self.truth for name in (whole, *parts)):
            self.puzzle.sums(whole, parts, rest)

    def _at_most(self, parts, wholes):
        names = [*parts, *wholes]
        if not wholes or any(name not in self.truth for name in names):
            return
        if sum(self.truth[p] for p in parts) <= sum(self.truth[w] for w in wholes):
            self.puzzle.within(parts, wholes)

    def _subset(self, part, whole):
        for gender in GENDERS:
            self._at_most([part[gender]], [whole[gender]])

    def _volumes(self):
        self.all = self._people("totals", "")
        seats = self._people("totals", "", "participations")
        self._subset(self.all, seats)
        self._at_most([("totals", "", "occasions")], [seats["total"]])
        self._at_most([seats["total"]], [("totals", "", "attendance_rows")])

    def _mirror(self):
        companies = [
            self._row("companies", row) for row in self.released.rows("companies")
        ]
        for part in companies:
            self._subset(part, self.all)
        for gender in GENDERS:
            self._sum(self.all[gender], [part[gender] for part in companies])
        programme = self._row("programme", "")
        self._subset(programme, self.all)
        left_out = ("programme", "", "left_out")
        self._sum(self.all["total"], [programme["total"], left_out])
        for gender in GENDERS:
            self._at_most([self.all[gender]], [programme[gender], left_out])
        groups = [
            self._row("staff_groups", row) for row in self.released.rows("staff_groups")
        ]
        for part in groups:
            self._subset(part, self.all)
        outside = [
            ("staff_groups", row, "left_out")
            for row in self.released.rows("staff_groups")
        ]
        self._sum(self.all["total"], [*(part["total"] for part in groups), *outside])
        for parts in (companies, groups):
            for side in ("women", "others"):
                self._sum(
                    ("programme", "", f"workforce.{side}"),
                    [(*part["total"][:2], f"workforce.{side}") for part in parts],
                )

    def _row(self, table, row):
        people = self._people(table, row)
        staff = {
            part: (table, row, f"workforce.{part}")
            for part in ("women", "men", "non_binary", "others", "headcount")
        }
        self._sum(staff["others"], [staff["men"], staff["non_binary"]])
        self._sum(staff["headcount"], [staff["women"], staff["others"]])
        self._at_most([people["woman"]], [staff["women"]])
        self._at_most([people["others"]], [staff["others"]])
        return people

    def _pipeline(self):
        steps = {name: self._people("pipeline", "", name) for name in STEPS}
        steps["withdrawn"] = self._people("pipeline", "", "withdrawn")
        for part, whole in (
            ("confirmed", "nominated"),
            ("attended", "confirmed"),
            ("completed", "attended"),
            ("withdrawn", "confirmed"),
        ):
            self._subset(steps[part], steps[whole])

    def _requests(self):
        for table in ("accommodations_by_kind", "accommodations_by_provider"):
            rows = self.released.rows(table)
            for answer in (*ANSWERS, "requested"):
                self._sum(
                    ("accommodations", "", answer),
                    [(table, row, answer) for row in rows],
                )
            for row in rows:
                self._answers(table, row)
        self._answers("accommodations", "")
        arranged = ("accommodations", "", "arranged")
        for parts in (("in_time", "late"), [f"outcomes.{o}" for o in OUTCOMES]):
            self._sum(arranged, [("accommodations", "", part) for part in parts])

    def _answers(self, table, row):
        parts = [(table, row, answer) for answer in ANSWERS]
        self._sum((table, row, "requested"), parts)

    def _indicators(self, when):
        rows = {
            row: self._people("indicators", row, when)
            for row in self.released.rows("indicators")
        }
        ages = [people for row, people in rows.items() if row not in EVERYBODY]
        ages.append(self._people("indicators_incomplete", "", when))
        for row in EVERYBODY & set(rows):
            everybody = rows[row]
            for part in PARTS:
                others = [rows[r][part] for r in EVERYBODY & set(rows) if r != row]
                for other in others:
                    self._sum(everybody[part], [other])
                self._at_most([age[part] for age in ages], [everybody[part]])
            for gender in GENDERS:
                pair = [[everybody[gender]], [self.all[gender]]]
                self._at_most(*(pair if when == "entered" else pair[::-1]))
        if when == "cumulative":
            for people in [*rows.values(), ages[-1]]:
                for part in PARTS:
                    table, row, figure = people[part]
                    entered = table, row, figure.replace("cumulative", "entered")
                    self._at_most([entered], [people[part]])

    def _reach(self):
        for row in self.released.rows("principles"):
            self._at_most([("principles", row, "persons")], [self.all["total"]])
        for row in self.released.rows("networks"):
            members = self._people("networks", row, "members")
            self._at_most([("networks", row, "companies")], [members["total"]])
