"""Which code counts whom, and from when to when."""

import datetime as dt

import pytest

from companies.enums import FundPeriod
from reporting.indicators import (
    INDICATORS,
    OTHERS,
    NotCollected,
    indicators_on,
    not_collected_on,
)

TODAY = dt.date(2026, 3, 31)


def test_a_fund_period_has_its_own_codes():
    older = indicators_on(FundPeriod.ESF_2014_2020, dt.date(2020, 12, 31))
    plus = indicators_on(FundPeriod.ESF_PLUS, TODAY)

    assert [row.code for row in older] == ["CO05", "CO06", "CO07"]
    assert [row.code for row in plus] == [
        "EECO01",
        "EECO05",
        "EECO06",
        "EECO07",
        "EECO08",
    ]


def test_before_its_first_day_the_mapping_is_that_of_the_first_day():
    before = indicators_on(FundPeriod.ESF_PLUS, dt.date.min)

    assert before == indicators_on(FundPeriod.ESF_PLUS, dt.date(2021, 1, 1))


@pytest.mark.parametrize(
    ("age", "plus", "older"),
    [
        (17, ["EECO06"], ["CO06"]),
        (18, ["EECO07"], ["CO06"]),
        (24, ["EECO07"], ["CO06"]),
        (25, ["EECO07"], []),
        (29, ["EECO07"], []),
        (30, [], []),
        (54, [], []),
        (55, ["EECO08"], ["CO07"]),
        (None, [], []),
    ],
)
def test_a_persons_age_decides_which_codes_count_it(age, plus, older):
    counted = {
        fund_period: [
            row.code
            for row in indicators_on(fund_period, TODAY)
            if row.is_of_age and row.covers(age)
        ]
        for fund_period in FundPeriod
    }

    assert counted == {FundPeriod.ESF_PLUS: plus, FundPeriod.ESF_2014_2020: older}


def test_every_code_of_an_annex_is_counted_or_told_why_it_is_not():
    codes = {
        fund_period: sorted(
            row.code for row in (*INDICATORS[fund_period], *OTHERS[fund_period])
        )
        for fund_period in FundPeriod
    }

    assert codes == {
        FundPeriod.ESF_2014_2020: [
            *(f"CO{number:02}" for number in range(1, 24)),
            *(f"CR{number:02}" for number in range(1, 10)),
        ],
        FundPeriod.ESF_PLUS: [
            *(f"EECO{number:02}" for number in range(1, 20)),
            *(f"EECR{number:02}" for number in range(1, 7)),
        ],
    }


def test_households_were_taken_out_of_the_annex_on_a_day():
    def households(day):
        others = not_collected_on(FundPeriod.ESF_2014_2020, day)
        return [row.code for row in others if row.code in {"CO12", "CO13", "CO14"}]

    assert households(dt.date(2018, 8, 1)) == ["CO12", "CO13", "CO14"]
    assert households(dt.date(2018, 8, 2)) == []


def test_organisations_are_not_derived_from_registers_of_people():
    others = not_collected_on(FundPeriod.ESF_PLUS, TODAY)

    assert [row.code for row in others if row.why == NotCollected.ORGANISATIONS] == [
        "EECO18",
        "EECO19",
    ]
