"""The command, on the example package and on invented ones."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from reporting.selectors import period_metrics
from tests.oracle.compare import differences
from tests.oracle.figures import figures
from tests.oracle.packages import PERIODS, make_package

DATA = Path(__file__).parents[2] / "tests" / "data"
EXPECTED = json.loads((DATA / "programme-small.expected.json").read_text("utf-8"))

pytestmark = pytest.mark.django_db


def _metrics(capsys, first, last):
    call_command("esf_metrics", "--from", str(first), "--to", str(last), "--json")
    return capsys.readouterr().out


def test_the_example_gives_the_expected_figures_to_the_last_digit(capsys):
    call_command("load_programme", DATA / "programme-small")
    capsys.readouterr()

    for expected in EXPECTED:
        days = expected["period"]
        printed = _metrics(capsys, days["from"], days["to"])

        assert list(differences(json.loads(printed), expected)) == []
        assert _keys(json.loads(printed)) == _keys(expected)


def test_rows_with_time_in_the_period_are_what_was_read():
    call_command("load_programme", DATA / "programme-small")

    quarter = period_metrics(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    year = period_metrics(dt.date(2025, 9, 1), dt.date(2026, 8, 31))

    assert (quarter.attendance_rows, year.attendance_rows) == (159, 406)


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_an_invented_programme_gives_what_another_computation_gives(
    seed, tmp_path, capsys
):
    make_package(tmp_path, seed=seed)
    call_command("load_programme", tmp_path)
    capsys.readouterr()

    for first, last in PERIODS:
        ours = json.loads(_metrics(capsys, first, last))

        assert list(differences(ours, figures(tmp_path, first, last))) == []


def test_without_json_a_table_is_printed(capsys):
    call_command("load_programme", DATA / "programme-small")
    capsys.readouterr()

    with override("en"):
        call_command("esf_metrics", "--from", "2026-01-01", "--to", "2026-03-31")

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "Persons Women Workforce Gap Verdict"
    assert lines[2] == "Omställaren AB 7 0.4286 0.1233 30.5 sign of skew"
    assert lines[-1].startswith("Programme 53 0.2115 0.1538 5.8")
    assert len(lines) == 12


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-02-30", "2026-03-31", "“2026-02-30” is not a date such as 2026-03-31."),
        ("2026-W10-1", "2026-03-31", "“2026-W10-1” is not a date such as 2026-03-31."),
        ("20260101", "2026-03-31", "“20260101” is not a date such as 2026-03-31."),
        ("2026-01-01", "mars", "“mars” is not a date such as 2026-03-31."),
        ("2026-03-31", "2026-01-01", "A period cannot end before it starts."),
        (
            "2026-01-01",
            "2026-03-31",
            "There is no programme yet: load or seed one first.",
        ),
    ],
)
def test_what_cannot_be_computed_is_said_in_a_sentence(first, last, sentence):
    with override("en"), pytest.raises(CommandError) as refusal:
        call_command("esf_metrics", "--from", first, "--to", last, "--json")

    assert str(refusal.value) == sentence
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_the_first_and_the_last_day_of_all_time_are_periods(day, capsys):
    call_command("load_programme", DATA / "programme-small")
    capsys.readouterr()

    assert json.loads(_metrics(capsys, day, day))["totals"]["persons"] == 0


def _keys(value):
    """Return the keys of all objects inside, in their order."""
    if isinstance(value, dict):
        return [(key, _keys(inner)) for key, inner in value.items()]
    return [_keys(inner) for inner in value] if isinstance(value, list) else None
