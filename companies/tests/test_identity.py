"""Numbers of people, organisations and telephones."""

import datetime as dt

import pytest

from companies.enums import Gender
from companies.identity import (
    InvalidNumberError,
    PersonalNumber,
    parse_mobile,
    parse_number,
    parse_org_number,
    parse_role_code,
)

pytestmark = pytest.mark.usefixtures("english")

TODAY = dt.date(2026, 3, 2)


def test_twelve_digits_say_birth_date_and_sex():
    assert parse_number("198507099805", today=TODAY) == PersonalNumber(
        "198507099805", dt.date(1985, 7, 9), Gender.WOMAN, is_coordination=False
    )


@pytest.mark.parametrize(
    "text",
    ["19850709-9805", "850709-9805", "8507099805", " 850709-9805 ", 8507099805],
)
def test_every_way_to_write_a_number_gives_twelve_digits(text):
    assert parse_number(text, today=TODAY).digits == "198507099805"


def test_ten_digits_mean_the_latest_birth_date_that_is_not_in_the_future():
    assert parse_number("050221-9975", today=TODAY).birth_date == dt.date(2005, 2, 21)
    born_today = parse_number("260302-9808", today=TODAY)
    assert born_today.birth_date == dt.date(2026, 3, 2)
    day_before = parse_number("260302-9808", today=dt.date(2026, 3, 1))
    assert day_before.birth_date == dt.date(1926, 3, 2)


def test_a_plus_sign_means_a_hundred_years_earlier():
    assert parse_number("231005+9809", today=TODAY).birth_date == dt.date(1923, 10, 5)


def test_a_number_that_a_spreadsheet_stored_gets_its_leading_zeros_back():
    assert parse_number(502219975, today=TODAY).digits == "200502219975"


def test_a_coordination_number_has_sixty_added_to_the_day():
    number = parse_number("200305659880", today=TODAY)
    assert number.is_coordination
    assert number.birth_date == dt.date(2003, 5, 5)


def test_an_odd_sex_digit_is_a_man():
    assert parse_number("050221-9975", today=TODAY).gender == Gender.MAN


def test_age_is_whole_years_on_the_day():
    number = parse_number("198507099805", today=TODAY)
    assert number.age_on(dt.date(2026, 7, 8)) == 40
    assert number.age_on(dt.date(2026, 7, 9)) == 41


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("070-174 06 35", "10 or 12 digits"),
        ("", "10 or 12 digits"),
        ("19850709980", "10 or 12 digits"),
        ("１９８５０７０９９８０５", "10 or 12 digits"),
        ("850709-980", "10 or 12 digits"),
        ("199013329806", "birth date"),
        ("0745671234", "birth date"),
        ("20261231-9806", "birth date"),
        ("178507099805", "birth date"),
        ("198507099806", "check digit"),
    ],
)
def test_what_is_no_personal_number_is_refused(text, word):
    with pytest.raises(InvalidNumberError, match=word):
        parse_number(text, today=TODAY)


def test_a_refusal_does_not_repeat_the_number():
    with pytest.raises(InvalidNumberError) as refusal:
        parse_number("198507099806", today=TODAY)
    assert "9806" not in str(refusal.value)


@pytest.mark.parametrize("text", ["9990093362", "999009-3362", " 999009-3362"])
def test_an_organisation_number_is_kept_with_a_hyphen(text):
    assert parse_org_number(text) == "999009-3362"


@pytest.mark.parametrize("text", ["999009-3363", "99900-93362x", "", "16999009-3362"])
def test_what_is_no_organisation_number_is_refused(text):
    with pytest.raises(InvalidNumberError, match="organisation number"):
        parse_org_number(text)


@pytest.mark.parametrize("text", ["070-174 06 35", "+46 70 174 06 35", "0046701740635"])
def test_a_telephone_number_is_kept_in_international_form(text):
    assert parse_mobile(text) == "+46701740635"


@pytest.mark.parametrize("text", ["", "y", "070-12", "123"])
def test_what_is_no_telephone_number_is_refused(text):
    with pytest.raises(InvalidNumberError, match="telephone"):
        parse_mobile(text)


def test_a_role_code_has_four_digits():
    assert parse_role_code("7233") == "7233"
    assert parse_role_code(110) == "0110"
    with pytest.raises(InvalidNumberError, match="four digits"):
        parse_role_code("72a3")
