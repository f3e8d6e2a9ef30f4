"""What counts of de minimis aid on a day, at the edge of each kind of years."""

import datetime as dt

import pytest

from reporting.de_minimis import Aid, Ceiling, Ledger
from reporting.enums import CountingYears

OLD = Ceiling(
    "1407/2013",
    200_000_00,
    3,
    CountingYears.FISCAL,
    dt.date(2014, 1, 1),
    dt.date(2023, 12, 31),
)
NEW = Ceiling(
    "2023/2831",
    300_000_00,
    3,
    CountingYears.ROLLING,
    dt.date(2024, 1, 1),
    dt.date(2030, 12, 31),
)


def day(text):
    return dt.date.fromisoformat(text)


def aid(text, euros):
    return Aid(day(text), euros * 100)


def ledger(*granted, fiscal_month=1):
    return Ledger((OLD, NEW), granted, fiscal_month)


def left(book, text):
    return book.room_on(day(text)).left // 100


def test_rolling_years_end_with_the_same_date_three_years_later():
    book = ledger(aid("2024-03-01", 100_000))

    assert left(book, "2024-02-29") == 300_000
    assert left(book, "2024-03-01") == 200_000
    assert left(book, "2027-03-01") == 200_000
    assert left(book, "2027-03-02") == 300_000


def test_aid_of_a_leap_day_counts_to_the_last_of_february():
    book = ledger(aid("2024-02-29", 100_000), aid("2024-02-28", 1))

    assert left(book, "2027-02-28") == 199_999
    assert left(book, "2027-03-01") == 300_000


def test_under_the_old_regulation_aid_counts_to_the_end_of_the_second_fiscal_year_on():
    book = ledger(aid("2020-12-31", 50_000), aid("2021-01-01", 30_000))

    assert left(book, "2020-12-31") == 150_000
    assert left(book, "2022-12-31") == 120_000
    assert left(book, "2023-01-01") == 170_000
    assert left(book, "2023-12-31") == 170_000


@pytest.mark.parametrize("granted", ["2020-09-01", "2021-08-31"])
def test_a_fiscal_year_may_begin_in_another_month(granted):
    # Both lie in the fiscal year from September 2020, which counts with the next two.
    book = ledger(aid(granted, 50_000), fiscal_month=9)

    assert left(book, "2023-08-31") == 150_000
    assert left(book, "2023-09-01") == 200_000


def test_on_the_first_day_of_the_new_regulation_the_same_aid_counts_otherwise():
    # Of November 2020 nothing counts in 2023's fiscal years, and by the rolling years
    # it ended in November 2023; of May 2021 it counts until May 2024.
    book = ledger(aid("2020-11-02", 90_000), aid("2021-05-03", 60_000))

    assert (book.ceiling_on(day("2023-12-31")), left(book, "2023-12-31")) == (
        OLD,
        140_000,
    )
    assert (book.ceiling_on(day("2024-01-01")), left(book, "2024-01-01")) == (
        NEW,
        240_000,
    )
    assert left(book, "2024-05-04") == 300_000


def test_the_old_aid_that_counts_again_under_the_new_regulation():
    # In December 2023 the fiscal years are 2021 to 2023; 31 December 2020 is out. On
    # 1 January 2024 three years back is 1 January 2021: it is out there as well.
    book = ledger(aid("2020-12-31", 10_000), aid("2021-01-01", 20_000))

    assert left(book, "2023-12-31") == 180_000
    assert left(book, "2024-01-01") == 280_000
    assert left(book, "2024-01-02") == 300_000


def test_a_day_without_a_rule_leaves_nothing():
    room = ledger().room_on(day("2031-01-01"))

    assert (room.ceiling, room.left, room.is_exceeded) == (None, 0, False)
    assert ledger().first_too_full(aid("2031-01-01", 1)).ceiling is None


def test_the_last_cent_fits_and_the_next_does_not():
    book = ledger(aid("2025-06-01", 250_000))

    assert book.first_too_full(aid("2026-06-01", 50_000)) is None
    too_much = Aid(day("2026-06-01"), 50_000_01)
    assert book.first_too_full(too_much) == book.room_on(day("2026-06-01"))


def test_aid_entered_late_must_leave_room_for_what_was_granted_after_it():
    book = ledger(aid("2026-06-01", 280_000))

    room = book.first_too_full(aid("2025-01-01", 30_000))

    assert (room.day, room.left) == (day("2026-06-01"), 20_000_00)
    assert book.first_too_full(aid("2023-06-01", 30_000)).day == day("2026-06-01")
    assert book.first_too_full(aid("2023-05-31", 30_000)) is None


def test_more_is_free_when_the_oldest_aid_no_longer_counts():
    book = ledger(aid("2024-03-01", 100_000), aid("2025-05-05", 150_000))

    freer = book.freer_after(day("2026-06-01"))

    assert (freer.day, freer.left) == (day("2027-03-02"), 150_000_00)
    assert book.freer_after(day("2027-03-02")).day == day("2028-05-06")
    assert book.freer_after(day("2028-05-06")) is None


def test_more_is_free_when_a_rule_with_a_higher_ceiling_begins():
    book = ledger(aid("2023-02-01", 200_000))

    freer = book.freer_after(day("2023-06-01"))

    assert (freer.day, freer.left) == (day("2024-01-01"), 100_000_00)


def test_a_ledger_warns_from_the_percent_of_its_ceiling_on():
    below = ledger(Aid(day("2026-01-01"), 239_999_99))
    on_it = ledger(aid("2026-01-01", 240_000))

    assert not below.room_on(day("2026-01-02")).reaches(80)
    assert on_it.room_on(day("2026-01-02")).reaches(80)
