"""Who is treated how, straight from the files of a programme package.

Nothing of the portal's way of counting: plain rows and loops. What is read how:

 1. Requests as in steps.py, in parts by kind, provider and course theme.
 2. Seats and places in line as the pipeline's enrolments, by the enrolment's own
    gender; completed says the occasion's status, not the clock.
 3. Age in whole years on the day of the person's first attendance ever, of the
    deciding row's birth date; who never attended, on the first day of the occasion.
 4. A company's own: its rows, each with its own birth date, and the first attendance
    of that row.
 5. Audiences: persons by staff group of the rows that they attended with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from statistics import median

from tests.oracle.period import GENDERS, Period
from tests.oracle.steps import STATES, _counts, _days, _state
from tests.oracle.tables import Row

OUTCOMES = {"met": "met", "partly": "partly", "not": "not_met", "": "unanswered"}
SEATS = (
    *("confirmed", "attended", "completed", "withdrawn", "absent", "pending"),
    *("waitlisted", "seated", "waiting", "gave_up", "left_out"),
)


def fulfilment(period: Period, part_of: Callable[[Row, Row], str]) -> dict[str, dict]:
    """Answers, days and outcomes of each part; a request and its occasion say which."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in period.package.rows["accommodations"]:
        enrolment = period.package.enrolment[row["enrolment_ref"]]
        occasion = period.package.occasion[enrolment["occasion_ref"]]
        if row["withdrawn_at"] is None and _counts(period, occasion):
            state = _state(row, enrolment, period.package.first_start(occasion["ref"]))
            parts[part_of(row, occasion)].append({**row, "state": state})
    return {part: _fulfilled(parts[part]) for part in sorted(parts)}


def _fulfilled(requests: list[Row]) -> dict:
    arranged = [row for row in requests if row["state"] in ("in_time", "late")]
    days = [_days(row["requested_at"], row["arranged_at"]) for row in arranged]
    return {
        **{state: sum(r["state"] == state for r in requests) for state in STATES},
        **{
            word: sum(row["outcome"] == code for row in arranged)
            for code, word in OUTCOMES.items()
        },
        "median": Fraction(median(days)) if days else None,
    }


def seats(period: Period, company: str | None = None) -> dict[str, dict[str, int]]:
    """Counts by gender and by age group, of one company from its own rows."""
    package = period.package
    minutes: dict[str, int] = defaultdict(int)
    first: dict[str, date] = {}
    for row in package.rows["attendance"]:
        minutes[row["enrolment_ref"]] += row["minutes"]
    for fact in period.attended_ever:
        who = _who(fact["participant"], company)
        first[who] = min(fact["on"], first.get(who, fact["on"]))
    groups = (*GENDERS, "under_30", "30_54", "55_over", "no age")
    counts = {group: dict.fromkeys(SEATS, 0) for group in groups}
    for row in package.rows["enrolments"]:
        person = package.participant[row["participant_ref"]]
        occasion = package.occasion[row["occasion_ref"]]
        is_own = company is None or person["org_number"] == company
        if not (is_own and _counts(period, occasion)):
            continue
        begins = package.first_start(occasion["ref"]).date()
        on = first.get(_who(person, company), begins)
        source = person if company else period.deciding[person["key"]]
        for group in (person["gender"], _age_group(source["birth_date"], on)):
            for name, holds in _seat(period, row, occasion, minutes).items():
                counts[group][name] += bool(holds)
    return counts


def _who(participant: Row, company: str | None) -> str:
    return participant["ref"] if company else participant["key"]


def _seat(period: Period, row: Row, occasion: Row, minutes: dict[str, int]) -> dict:
    package, attended = period.package, minutes[row["ref"]]
    whole = sum(session["minutes"] for session in package.sessions_of[occasion["ref"]])
    percent = package.course[occasion["course_code"]]["required_percent"]
    is_over = occasion["status"] == "completed"
    is_live = not (row["declined_at"] or row["withdrawn_at"])
    has_seat, waited = row["confirmed_at"], row["waitlisted_at"]
    stayed_away = has_seat and is_live and not attended
    unseated = waited and not has_seat
    return {
        "confirmed": has_seat,
        "attended": attended,
        "completed": attended and attended * 100 >= percent * whole,
        "withdrawn": has_seat and row["withdrawn_at"],
        "absent": stayed_away and is_over,
        "pending": stayed_away and not is_over,
        "waitlisted": waited,
        "seated": waited and has_seat,
        "waiting": unseated and is_live and not is_over,
        "gave_up": unseated and not is_live,
        "left_out": unseated and is_live and is_over,
    }


def _age_group(born: date | None, on: date) -> str:
    if born is None:
        return "no age"
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return "under_30" if years < 30 else "30_54" if years < 55 else "55_over"


def audiences(period: Period) -> dict[str, dict[str, int]]:
    """Persons of everybody and of each staff group, and whom each principle reached."""
    reached: dict[str, dict[str, set]] = defaultdict(lambda: defaultdict(set))
    for fact in period.facts:
        principles = [p for p in fact["course"]["principles"].split(";") if p]
        for audience in ("everybody", fact["participant"]["staff_group"]):
            for name in ("persons", *principles):
                reached[audience][name].add(fact["key"])
    return {
        audience: {name: len(keys) for name, keys in by_name.items()}
        for audience, by_name in reached.items()
    }
