"""Text of a cell becomes a value, or a sentence."""

import datetime as dt

import pytest

from core.exchange.columns import (
    CellError,
    read_date,
    read_integer,
    read_local_time,
    read_text,
)


def test_a_local_time_is_swedish_in_winter_and_summer():
    assert read_local_time("2026-03-02T08:00") == dt.datetime(
        2026, 3, 2, 7, tzinfo=dt.UTC
    )
    assert read_local_time("2026-07-01T08:00") == dt.datetime(
        2026, 7, 1, 6, tzinfo=dt.UTC
    )


def test_a_time_that_the_clock_shows_twice_is_its_first_occurrence():
    first = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC)
    assert read_local_time("2025-10-26T02:30") == first


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-29T02:00",
        "2026-03-29T02:59",
        "2026-03-02",
        "2026-03-02 08:00",
        "2026-03-02T08:00:00",
        "2026-03-02T24:00",
        "2026-03-02T08:00Z",
        "0001-01-01T00:00",
    ],
)
def test_what_is_no_local_time_is_refused(text):
    with pytest.raises(CellError):
        read_local_time(text)


def test_the_hour_around_the_skipped_one_is_taken():
    assert read_local_time("2026-03-29T01:59").hour == 0
    assert read_local_time("2026-03-29T03:00").hour == 1


@pytest.mark.parametrize("text", ["2026-3-2", "20260302", "2026-02-29", "0999-01-01"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(CellError):
        read_date(text)


def test_a_whole_number_keeps_within_its_bounds():
    assert read_integer("8", least=1, most=8) == 8
    for text in ("9", "0", "+1", "01", "1.0", "1e3", "٣", " 1", "9" * 30):
        with pytest.raises(CellError):
            read_integer(text, least=1, most=8)


def test_prose_is_composed_and_trimmed():
    assert read_text("  A\u030akerlund\n", longest=9) == "Åkerlund"


@pytest.mark.parametrize("text", ["a\x00b", "a\rb", "a\x7fb", "M\udce5ns", "too long"])
def test_prose_without_an_honest_sign_is_refused(text):
    with pytest.raises(CellError):
        read_text(text, longest=5)
