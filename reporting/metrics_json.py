"""The figures of a period as the JSON that other programs read.

Keys, their order and decimals are a contract; see docs/figures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from companies.enums import FundPeriod, Gender
from reporting import registry
from reporting.figures import PeriodMetrics
from reporting.registry import Figure, Unit

Json = dict[str, Any]

EVERYBODY = "total"
SHARES = ("share", "workforce_share", "gap", "hours_share", "hours_gap")
STRATA = ("expected_share", "gap_within", "gap_mix", "left_out")
STEPS = ("nominated", "confirmed", "attended", "completed", "withdrawn")
ANSWERS = ("requested", "in_time", "late", "declined", "lapsed", "open")
OUTCOMES = ("met", "partly", "not", "unanswered")

# Hours are text, so that they stay exact; what is not named here is a whole number.
_WRITTEN: dict[Unit, Callable[[Any], Any]] = {
    Unit.HOURS: str,
    Unit.SHARE: float,
    Unit.POINTS: float,
    Unit.PROBABILITY: float,
    Unit.DAYS: float,
    Unit.DATE: lambda day: day.isoformat(),
    Unit.WORDS: lambda word: word.value,
}


def metrics_json(metrics: PeriodMetrics) -> Json:
    """Return the figures as plain values, indicators under the codes of ESF+."""
    rows = _Rows(metrics)
    totals = rows.only("totals")
    return {
        "period": {
            "from": metrics.period.starts_on.isoformat(),
            "to": metrics.period.ends_on.isoformat(),
        },
        "totals": _totals(totals),
        "by_gender": {
            gender.value: {
                measure: totals[f"{measure}.{gender.value}"]
                for measure in ("persons", "participations", "hours", "certified_hours")
            }
            for gender in Gender
        },
        "companies": [
            {"org_number": key, "name": name, **_representation(row)}
            for key, name, row in rows.of("companies")
        ],
        "programme": _programme(rows.only("programme")),
        "staff_groups": rows.listed("staff_groups", "staff_group", _programme),
        "themes": rows.listed("themes", "theme", _part),
        "months": rows.listed("months", "month", _part),
        "pipeline": _pipeline(rows.only("pipeline")),
        "accommodations": _accommodations(rows),
        "indicators": _indicators(rows),
        "indicators_incomplete": _incomplete(rows.only("indicators_incomplete")),
        "networks": rows.listed("networks", "ref", _network),
        "principles": rows.listed("principles", "principle", _principle),
    }


class _Rows:
    """The registry's rows, each figure written as JSON writes its unit."""

    def __init__(self, metrics: PeriodMetrics) -> None:
        self.metrics = metrics

    def of(self, table_id: str) -> Iterator[tuple[str, str, Json]]:
        table = registry.table(table_id)
        for key, label, row in table.rows(self.metrics, FundPeriod.ESF_PLUS):
            yield key, label, {f.id: _written(f, row) for f in table.figures}

    def listed(
        self, table_id: str, known_by: str, told: Callable[[Json], Json]
    ) -> list[Json]:
        """Return what is told of each row, after the key that it is known by."""
        return [{known_by: key, **told(row)} for key, _, row in self.of(table_id)]

    def only(self, table_id: str) -> Json:
        """Return the row of a table that has one."""
        [(_, _, row)] = self.of(table_id)
        return row


def _written(figure: Figure, row: Any) -> Any:
    shown = figure.shown_of(row)
    write = _WRITTEN.get(figure.unit)
    return write(shown) if write and shown is not None else shown


def _totals(row: Json) -> Json:
    return {
        "persons": row["persons.total"],
        "participations": row["participations.total"],
        "hours": row["hours.total"],
        "certified_hours": row["certified_hours.total"],
        "occasions": row["occasions"],
        "cancelled_occasions": row["cancelled_occasions"],
        "companies": row["companies"],
    }


def _representation(row: Json) -> Json:
    band = [row["band.from"], row["band.to"]]
    return {
        "workforce": _workforce(row),
        "persons": _by_gender(row, "persons"),
        "hours": _by_gender(row, "hours"),
        **{key: row[key] for key in (*SHARES, "p", "mirror_p")},
        "band": None if None in band else band,
        **{key: row[key] for key in ("verdict", "direction", "to_mirror")},
        "even_40_60": row["even_40_60"],
    }


def _programme(row: Json) -> Json:
    return {**_representation(row), **{key: row[key] for key in STRATA}}


def _workforce(row: Json) -> Json | None:
    if row["workforce.reference_date"] is None:
        return None
    parts = ("reference_date", "women", "men", "non_binary")
    return {part: row[f"workforce.{part}"] for part in parts}


def _part(row: Json) -> Json:
    return {
        "persons": _by_gender(row, "persons"),
        "hours": _by_gender(row, "hours"),
        "share": row["share"],
    }


def _pipeline(row: Json) -> Json:
    return {
        gender.value: {step: row[f"{step}.{gender.value}"] for step in STEPS}
        for gender in Gender
    }


def _accommodations(rows: _Rows) -> Json:
    everything = rows.only("accommodations")
    by_kind = rows.of("accommodations_by_kind")
    by_provider = rows.of("accommodations_by_provider")
    return {
        **_answers(everything),
        "median_days": everything["median_days"],
        "outcomes": {name: everything[f"outcomes.{name}"] for name in OUTCOMES},
        "by_kind": [{"kind": key, **_answers(row)} for key, _, row in by_kind],
        "by_provider": [
            {"provider": key or None, **_answers(row)} for key, _, row in by_provider
        ],
    }


def _answers(row: Json) -> Json:
    return {answer: row[answer] for answer in ANSWERS}


def _indicators(rows: _Rows) -> list[Json]:
    return [
        {
            "code": code,
            "entered": _by_gender(row, "entered", EVERYBODY),
            "cumulative": _by_gender(row, "cumulative", EVERYBODY),
        }
        for code, _, row in rows.of("indicators")
    ]


def _incomplete(row: Json) -> Json:
    return {when: row[f"{when}.{EVERYBODY}"] for when in ("entered", "cumulative")}


def _network(row: Json) -> Json:
    told = ("companies", "meetings", "persons", "hours")
    return {"members": _by_gender(row, "members"), **{key: row[key] for key in told}}


def _principle(row: Json) -> Json:
    return {"persons": row["persons"], "share_of_all": row["share_of_all"]}


def _by_gender(row: Json, prefix: str, *more: str) -> Json:
    return {part: row[f"{prefix}.{part}"] for part in (*Gender.values, *more)}
