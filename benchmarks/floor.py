"""The counts of a period by polars on Parquet files: how fast it can be at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MINUTES = pl.col("minutes")
IN_PERIOD = pl.col("month") > 0


def count_all(folder: Path, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Count everything but parity and networks, in the words of figures.py."""
    tables = _Tables(folder, first, last)
    seat = tables.seat().collect()
    person = tables.person(seat)
    seat = seat.join(person, on="participant_id")
    now = seat.filter(IN_PERIOD)
    attendee = now.group_by("participant_id").agg(
        pl.first("person_id", "company_id", "staff_group", "gender", "own_gender"),
        pl.first("ref"),
        pl.sum("minutes"),
        pl.min("starts_at"),
    )
    placed = attendee.sort("starts_at", "ref")
    principles = {
        name: now.filter(pl.col(f"covers_{name}"))["person_id"].n_unique()
        for name in ("accessibility", "equal_treatment", "gender_equality")
    }
    volumes = now.group_by("gender").agg(
        pl.n_unique("person_id"),
        pl.n_unique("enrolment_id"),
        pl.sum("minutes"),
        pl.sum("certified"),
    )
    return {
        "volumes": {gender: numbers for gender, *numbers in volumes.iter_rows()},
        "company": _persons(
            attendee.group_by("company_id", "own_gender").agg(
                pl.len(), pl.sum("minutes")
            )
        ),
        "month": _of_persons(now, "month"),
        "theme": _of_persons(now, "theme"),
        "stratum": _stratum(placed),
        "staff_group": _staff_groups(placed),
        "entered": _entrants(seat, first),
        "principle": principles,
        "occasions": now["occasion_id"].n_unique(),
        **tables.pipeline(),
        **tables.accommodations(),
    }


class _Tables:
    def __init__(self, folder: Path, first: dt.date, last: dt.date):
        self.folder = folder
        midnight = dt.time(tzinfo=STOCKHOLM)
        self.first_day = first.year * 10_000 + first.month * 100 + first.day
        self.starts_at = int(dt.datetime.combine(first, midnight).timestamp())
        after = dt.datetime.combine(last + dt.timedelta(days=1), midnight)
        self.ends_before = int(after.timestamp())

    def scan(self, name: str) -> pl.LazyFrame:
        return pl.scan_parquet(self.folder / f"{name}.parquet")

    def seat(self) -> pl.LazyFrame:
        """Attendance up to the period's end, by seat and month; month 0 is before."""
        certified = pl.col("certified_at") & (
            ~pl.col("disputed_at") | pl.col("dispute_closed_at")
        )
        course = self.scan("trainings_course")
        occasion = self.scan("trainings_occasion").join(
            course, left_on="course_id", right_on="id"
        )
        return (
            self.scan("trainings_attendance")
            .filter(MINUTES > 0)
            .join(self.sitting(), on="session_id")
            .group_by("enrolment_id", "month")
            .agg(
                pl.sum("minutes"),
                certified=MINUTES.filter(certified).sum(),
                starts_at=pl.min("starts_at"),
                day=pl.min("day"),
            )
            .join(
                self.scan("trainings_enrolment").select(
                    "occasion_id", "participant_id", enrolment_id="id"
                ),
                on="enrolment_id",
            )
            .join(
                occasion.select("theme", "^covers_.*$", occasion_id="id"),
                on="occasion_id",
            )
        )

    def sitting(self) -> pl.LazyFrame:
        """Sessions up to the period's end, with local day and month."""
        local = pl.from_epoch("starts_at").dt.convert_time_zone("Europe/Stockholm")
        year, month, day = (
            part.cast(pl.Int32)
            for part in (local.dt.year(), local.dt.month(), local.dt.day())
        )
        return (
            self.scan("trainings_session")
            .filter(pl.col("starts_at") < self.ends_before)
            .select(
                "starts_at",
                session_id="id",
                day=year * 10_000 + month * 100 + day,
            )
            .with_columns(
                month=pl.when(pl.col("day") >= self.first_day)
                .then(pl.col("day") // 100)
                .otherwise(0)
            )
        )

    def person(self, seat: pl.DataFrame) -> pl.DataFrame:
        """Each participant as a person: of several rows the earliest decides."""
        participant = self.scan("companies_participant").collect()
        several = participant.filter(pl.col("person_key").is_duplicated())
        begun = seat.group_by("participant_id").agg(began=pl.min("starts_at"))
        deciding = (
            several.join(begun, left_on="id", right_on="participant_id", how="left")
            .sort("began", "ref", nulls_last=True)
            .unique("person_key", keep="first", maintain_order=True)
            .select(
                "person_key",
                deciding="id",
                decided_gender="gender",
                decided_birth="birth_date",
            )
        )
        return participant.join(deciding, on="person_key", how="left").select(
            "company_id",
            "staff_group",
            "ref",
            participant_id="id",
            person_id=pl.coalesce("deciding", "id"),
            own_gender="gender",
            gender=pl.coalesce("decided_gender", "gender"),
            birth_date=pl.coalesce("decided_birth", "birth_date"),
        )

    def begun(self) -> pl.LazyFrame:
        """Occasions, not cancelled, whose first session is in the period."""
        return (
            self.scan("trainings_session")
            .group_by("occasion_id")
            .agg(session_minutes=pl.sum("minutes"), first=pl.min("starts_at"))
            .filter(
                pl.col("first").is_between(
                    self.starts_at, self.ends_before, closed="left"
                )
            )
            .join(
                self.scan("trainings_occasion").filter(pl.col("status") != "cancelled"),
                left_on="occasion_id",
                right_on="id",
            )
            .join(
                self.scan("trainings_course").select("id", "required_percent"),
                left_on="course_id",
                right_on="id",
            )
        )

    def pipeline(self) -> dict[str, dict[str, int]]:
        attended = (
            self.scan("trainings_attendance")
            .group_by("enrolment_id")
            .agg(pl.sum("minutes"))
        )
        minutes = MINUTES.fill_null(0)
        needed = pl.col("required_percent") * pl.col("session_minutes")
        confirmed = pl.col("confirmed_at")
        steps = (
            self.scan("trainings_enrolment")
            .join(self.begun(), on="occasion_id")
            .join(
                self.scan("companies_participant").select("id", "gender"),
                left_on="participant_id",
                right_on="id",
            )
            .join(attended, left_on="id", right_on="enrolment_id", how="left")
            .group_by("gender")
            .agg(
                nominated=pl.len(),
                confirmed=confirmed.sum(),
                attended=(minutes > 0).sum(),
                completed=((minutes > 0) & (minutes * 100 >= needed)).sum(),
                withdrawn=(confirmed & pl.col("withdrawn_at")).sum(),
            )
            .collect()
        )
        return {
            name: {
                gender: number
                for gender, number in steps.select("gender", name).iter_rows()
                if number
            }
            for name in steps.columns[1:]
        }

    def accommodations(self) -> dict[str, Any]:
        given_up = pl.col("seat_declined") | pl.col("seat_withdrawn")
        answer = (
            pl.when(pl.col("arranged_at") < pl.col("first"))
            .then(pl.lit("in_time"))
            .when(pl.col("arranged_at").is_not_null())
            .then(pl.lit("late"))
            .when("declined_at")
            .then(pl.lit("declined"))
            .when(given_up)
            .then(pl.lit("lapsed"))
            .otherwise(pl.lit("open"))
        )
        enrolment = self.scan("trainings_enrolment").select(
            "id",
            "occasion_id",
            seat_declined="declined_at",
            seat_withdrawn="withdrawn_at",
        )
        requests = (
            self.scan("trainings_accommodation")
            .filter(~pl.col("withdrawn_at"))
            .join(enrolment, left_on="enrolment_id", right_on="id")
            .join(self.begun(), on="occasion_id")
            .with_columns(answer=answer)
            .collect()
        )
        counted = requests.group_by("answer", "outcome", "kind", "provider_id").len()
        numbers = dict(
            counted.group_by("answer").agg(pl.sum("len")).iter_rows()  # Of the table.
        )
        waits = requests["arranged_at"] - requests["requested_at"]
        answers = ("in_time", "late", "declined", "lapsed", "open")
        return {
            "accommodations": [numbers.get(name, 0) for name in answers],
            "median_days": waits.median() / 86_400,
        }


def _of_persons(rows: pl.DataFrame, column: str) -> dict[str, int]:
    of_person = rows.group_by(column, "person_id", "gender").agg(pl.sum("minutes"))
    return _persons(
        of_person.group_by(column, "gender").agg(pl.len(), pl.sum("minutes"))
    )


def _stratum(placed: pl.DataFrame) -> dict[str, int]:
    first = placed.unique("person_id", keep="first", maintain_order=True)
    of_company = first.group_by("company_id", "gender").len()
    placed.group_by("company_id", "gender").agg(pl.sum("minutes"))
    total = of_company.group_by(pl.lit(""), "gender").agg(pl.sum("len"))
    return _persons(total)


def _staff_groups(placed: pl.DataFrame) -> dict[str, int]:
    placed = placed.filter(pl.col("staff_group") != "")
    first = placed.unique(
        ["staff_group", "person_id"], keep="first", maintain_order=True
    )
    of_company = first.group_by("staff_group", "company_id", "gender").len()
    placed.group_by("staff_group", "company_id", "gender").agg(pl.sum("minutes"))
    return _persons(of_company.group_by("staff_group", "gender").agg(pl.sum("len")))


def _entrants(seat: pl.DataFrame, first: dt.date) -> dict[str, int]:
    """Persons whose first attendance ever is in the period, by age on that day."""
    born = pl.col("birth_date").str.replace_all("-", "").cast(pl.Int32)
    entrants = seat.group_by("person_id", "gender", "birth_date").agg(pl.min("day"))
    aged = entrants.with_columns(age=(pl.col("day") - born) // 10_000)
    first_day = first.year * 10_000 + first.month * 100 + first.day
    aged.group_by("age", "gender").len()
    entered = aged.filter(pl.col("day") >= first_day)
    return _persons(entered.group_by("age", "gender").len())


def _persons(rows: pl.DataFrame) -> dict[str, int]:
    return {f"{row[0]} {row[1]}": row[2] for row in rows.iter_rows()}
