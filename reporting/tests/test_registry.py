"""Every figure is explained, and every face takes its numbers from the registry."""

import io
import json
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override

from companies.enums import FundPeriod
from companies.models import Programme
from reporting.exports import write_leader_workbook
from reporting.periods import read_day
from reporting.registry import (
    TABLES,
    NoSuchFigureError,
    Unit,
    figure,
    values,
)
from reporting.registry.words import in_words
from reporting.selectors import period_metrics
from reporting.tests.tiny import tiny_metrics
from trainings.tests.factories import at

PACKAGE = settings.BASE_DIR / "tests" / "data" / "programme-small"
EXPECTED = json.loads(PACKAGE.with_suffix(".expected.json").read_text())

FIGURES = [(one, kind) for one in TABLES for kind in one.figures]
# Where the JSON lists rows: the table, and what a row of it is known by.
LISTS = {
    "companies": ("companies", "org_number"),
    "staff_groups": ("staff_groups", "staff_group"),
    "themes": ("themes", "theme"),
    "months": ("months", "month"),
    "indicators": ("indicators", "code"),
    "networks": ("networks", "ref"),
    "principles": ("principles", "principle"),
    "by_kind": ("accommodations_by_kind", "kind"),
    "by_provider": ("accommodations_by_provider", "provider"),
}
NO_FIGURES = {"period", "name", *(key for _, key in LISTS.values())}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_figure_says_what_it_is_and_whose_rule_it_follows(language):
    with override(language):
        silent = [
            (one.id, kind.id)
            for one, kind in FIGURES
            if not all(
                str(text).strip()
                for text in (
                    *(kind.name, kind.definition, kind.unit.label, kind.source),
                    *(one.name, one.rules),
                )
            )
        ]

    assert silent == []
    assert all(kind.id.isascii() for _, kind in FIGURES)


def test_what_a_figure_rests_on_are_counts_of_the_same_row():
    people = {Unit.PERSONS, Unit.SEATS, Unit.REQUESTS, Unit.EMPLOYED}
    for one, kind in FIGURES:
        rests_on = [one.figure(count) for count in kind.rests_on]

        assert all(count.is_count for count in rests_on), (one.id, kind.id)
        assert not (kind.is_count and rests_on), (one.id, kind.id)
        assert kind.is_count == (kind.unit in people), (one.id, kind.id)


def test_what_is_computed_of_people_rests_on_a_count():
    alone = {
        (one.id, kind.id)
        for one, kind in FIGURES
        if not kind.is_count and not kind.rests_on
    }

    assert {
        ("totals", "occasions"),
        ("totals", "cancelled_occasions"),
        ("totals", "companies"),
        ("programme", "workforce.reference_date"),
        ("companies", "workforce.reference_date"),
        ("staff_groups", "workforce.reference_date"),
        ("networks", "meetings"),
    } <= alone
    assert not any(kind_id.startswith(("hours", "gap", "p")) for _, kind_id in alone)


def test_a_figure_that_is_not_there_is_an_error_of_its_own():
    for ids in (("totals", "nonsense"), ("nonsense", "persons.total")):
        with pytest.raises(NoSuchFigureError):
            figure(*ids)


def test_exact_and_shown_stand_side_by_side():
    found = {value.key: value for value in values(tiny_metrics(), FundPeriod.ESF_PLUS)}

    hours = found["totals", "", "hours.woman"]
    assert (hours.exact, hours.shown) == (100, Decimal("1.67"))
    no_baseline = found["companies", "999002-0002", "gap"]
    assert (no_baseline.exact, no_baseline.shown) == (None, None)
    assert found["companies", "999001-0001", "persons.known"].shown == 2
    assert found["networks", "net-1", "members.total"].shown == 3


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (("hours.man",), "8.33"),
        (("share",), "0.00%"),
        (("gap",), "−50.0"),
        (("p",), "0.3333"),
        (("verdict",), "Too few to tell"),
        (("to_mirror",), "+1"),
        (("even_40_60",), "No"),
        (("workforce.reference_date",), "2025-12-31"),
        (("persons.total",), "2"),
    ],
)
def test_pages_write_a_figure_as_its_unit_is(ids, words):
    company = tiny_metrics().companies[0]

    with override("en"):
        assert in_words(figure("companies", *ids), company) == words


def test_what_does_not_exist_is_a_dash_on_pages():
    company = tiny_metrics().companies[1]

    assert in_words(figure("companies", "gap"), company) == "–"


@pytest.mark.django_db
@pytest.mark.parametrize("given", EXPECTED, ids=lambda given: given["period"]["from"])
def test_every_number_that_is_given_has_its_place_in_the_registry(given):
    call_command("load_programme", PACKAGE, verbosity=0)
    days = [read_day(given["period"][end]) for end in ("from", "to")]

    found = {v.key: v.shown for v in values(period_metrics(*days), FundPeriod.ESF_PLUS)}

    numbers = dict(_numbers(given))
    assert {key: plain(found[key]) for key in numbers} == numbers
    assert len(numbers) > 600
    for row in _workbook_rows(period_metrics(*days)):
        sheet_table, key, cells = row
        known = {
            plain(shown) for k, shown in found.items() if k[:2] == (sheet_table, key)
        }
        assert cells - known == set(), (sheet_table, key)


def plain(shown):
    """Return a shown value as the JSON and a sheet have it."""
    if isinstance(shown, Decimal):
        return float(shown)
    return getattr(shown, "value", shown)


def _numbers(given):
    """Yield every number of the JSON with the place that it has in the registry."""
    yield from _of_object(given["totals"], "totals", "", {"persons", "participations",
        "hours", "certified_hours"})  # fmt: skip
    for gender, measures in given["by_gender"].items():
        for measure, number in measures.items():
            yield ("totals", "", f"{measure}.{gender}"), float(number)
    for gender, steps in given["pipeline"].items():
        for step, number in steps.items():
            yield ("pipeline", "", f"{step}.{gender}"), number
    for when, number in given["indicators_incomplete"].items():
        yield ("indicators_incomplete", "", f"{when}.total"), number
    yield from _of_object(given["programme"], "programme", "")
    yield from _of_object(given["accommodations"], "accommodations", "")
    for name, (table_id, key) in LISTS.items():
        for row in given.get(name, given["accommodations"].get(name)):
            yield from _of_object(row, table_id, row[key] or "")


def _of_object(row, table_id, key, totals=frozenset()):
    for name, value in row.items():
        if name in NO_FIGURES or name in LISTS:
            continue
        if name == "band":
            for end, number in zip(("from", "to"), value or [None] * 2, strict=True):
                yield (table_id, key, f"band.{end}"), number
        elif isinstance(value, dict):
            for part, number in value.items():
                if part != "reference_date":
                    yield (table_id, key, f"{name}.{part}"), _number(number)
        elif name != "workforce":
            figure_id = f"{name}.total" if name in totals else name
            yield (table_id, key, figure_id), _number(value)


def _number(value):
    is_hours = isinstance(value, str) and value.replace(".", "").isdigit()
    return float(value) if is_hours else value


SHEETS = {
    "Företag": ("companies", "Organisationsnummer"),
    "Utbildningar": ("themes", "Tema"),
    "Månader": ("months", "Månad"),
    "Nätverk": ("networks", "Beteckning"),
    "Indikatorer": ("indicators", "Kod"),
}


def _workbook_rows(metrics):
    """Yield each row of the sheets that are a table: its key, and all its numbers."""
    file = io.BytesIO()
    programme = Programme.objects.get()
    write_leader_workbook(metrics, programme, at("2026-09-02 10:15"), file)
    workbook = openpyxl.load_workbook(file)
    for sheet, (table_id, heading) in SHEETS.items():
        headings, *rows = workbook[sheet].iter_rows(values_only=True)
        column = headings.index(heading)
        for row in rows:
            if row[column]:
                cells = {cell for cell in row if isinstance(cell, int | float)}
                yield table_id, row[column], cells
