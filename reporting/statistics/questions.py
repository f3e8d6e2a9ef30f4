"""What must be true of a person's row: the questions that the rule book asks.

Each answers yes where it has nothing to judge, so that one fault is told by one rule.
"""

from __future__ import annotations

import re
from fractions import Fraction

from companies.enums import Gender
from companies.identity import (
    InvalidNumberError,
    parse_number,
    parse_org_number,
)
from reporting.statistics.people import Closed, PersonInMonth

# A year's 1862 hours on average, holiday included, over twelve months.
_WORKING_MINUTES = Fraction(15516, 100) * 60
_PROTECTED = re.compile(r"\d{8}[A-Za-z][A-Za-z0-9]\d{2}", re.ASCII)


def number_is_read(one: PersonInMonth) -> bool:
    return one.is_readable


def has_number(one: PersonInMonth) -> bool:
    can_be_told = bool(one.number) or one.is_protected or not one.is_readable
    return can_be_told or bool(one.closed)


def number_is_right(one: PersonInMonth) -> bool:
    """Twelve digits with a real date and a check digit that fits (Luhn)."""
    if not one.number or one.is_protected:
        return True
    try:
        return parse_number(one.number, today=one.today).digits == one.number
    except InvalidNumberError:
        return False


def protected_has_birth_date(one: PersonInMonth) -> bool:
    return not one.is_protected or one.has_birth_date


def protected_has_legal_sex(one: PersonInMonth) -> bool:
    return not one.is_protected or one.legal_sex != Gender.UNKNOWN


def protected_form_is_known(one: PersonInMonth) -> bool:
    is_told = one.has_birth_date and one.legal_sex != Gender.UNKNOWN
    return not (one.is_protected and is_told) or bool(one.number)


def protected_form_is_right(one: PersonInMonth) -> bool:
    if not (one.is_protected and one.number):
        return True
    return _PROTECTED.fullmatch(one.number) is not None


def starts_by_the_month(one: PersonInMonth) -> bool:
    return one.started_on is None or one.started_on <= one.last_day


def has_a_start(one: PersonInMonth) -> bool:
    return one.started_on is not None


def starts_before_it_ends(one: PersonInMonth) -> bool:
    days = (one.started_on, one.ended_on)
    return None in days or one.started_on <= one.ended_on  # type: ignore[operator]


def ends_in_the_past(one: PersonInMonth) -> bool:
    return one.ended_on is None or one.ended_on <= one.today


def is_in_the_programme(one: PersonInMonth) -> bool:
    start = one.started_on
    if start is None:
        return True
    return one.programme_starts_on <= start <= one.programme_ends_on


def month_holds_the_hours(one: PersonInMonth) -> bool:
    return one.certified_minutes <= one.last_day.day * 24 * 60


def hours_fit_working_time(one: PersonInMonth) -> bool:
    is_possible = month_holds_the_hours(one)
    return one.certified_minutes <= _WORKING_MINUTES or not is_possible


def rounds_to_something(one: PersonInMonth) -> bool:
    is_in_file = one.is_reported and one.certified_minutes > 0
    return not is_in_file or float(one.hours or 0) > 0


def is_certified(one: PersonInMonth) -> bool:
    waits = one.recorded_minutes > 0 and one.certified_minutes == 0
    return not waits or bool(one.closed)


def stands_once(one: PersonInMonth) -> bool:
    return not one.is_reported or one.rows_of_person == 1


def has_org_number(one: PersonInMonth) -> bool:
    try:
        return parse_org_number(one.org_number) == one.org_number
    except InvalidNumberError:
        return False


def worked_before_leaving(one: PersonInMonth) -> bool:
    has_left = one.ended_on is not None and one.ended_on < one.month
    return not (has_left and one.certified_minutes > 0)


def is_not_erased(one: PersonInMonth) -> bool:
    return one.closed != Closed.ERASED


def is_not_restricted(one: PersonInMonth) -> bool:
    return one.closed != Closed.RESTRICTED
