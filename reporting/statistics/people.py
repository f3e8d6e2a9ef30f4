"""What is known of a person in a month, before it is written into a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from companies.enums import Gender
from companies.identity import InvalidNumberError, parse_number


class Closed(StrEnum):
    """Why a person's data are not used."""

    NOT = ""
    ERASED = "erased"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class PersonInMonth:
    """One participant's month. Minutes are whole; days are Swedish local days.

    `number` is what the file says: twelve digits, or the authority's own form for
    protected identities, or nothing. `started_on` is the person's first attendance
    ever, at any company; `ended_on` is the last day of whoever has left by the month's
    end. `rows_of_person` counts the rows that the person has in the file.
    """

    ref: str
    month: dt.date
    last_day: dt.date
    today: dt.date
    programme_starts_on: dt.date
    programme_ends_on: dt.date
    org_number: str
    number: str
    is_protected: bool
    is_readable: bool
    has_birth_date: bool
    legal_sex: Gender
    started_on: dt.date | None
    ended_on: dt.date | None
    recorded_minutes: int
    certified_minutes: int
    hours: str
    rows_of_person: int
    closed: Closed = Closed.NOT

    @property
    def is_reported(self) -> bool:
        """Whether the file has a row of the person.

        Everybody with certified time in the month, and whoever left in it. Who has no
        number has no row, and nobody has whose data are erased or restricted.
        """
        has_time = self.certified_minutes > 0 or self.left_in_month
        can_be_told = bool(self.number) or self.is_protected or not self.is_readable
        return has_time and can_be_told and not self.closed

    @property
    def left_in_month(self) -> bool:
        return self.ended_on is not None and self.ended_on >= self.month


def legal_sex(number: str, gender: str, *, today: dt.date) -> Gender:
    """Return the sex that the number tells; without a number what the row says.

    The authority's form for protected identities knows women and men alone: a person
    of another or unknown gender has a legal sex that only the number tells.
    """
    if number:
        try:
            return parse_number(number, today=today).gender
        except InvalidNumberError:
            return Gender.UNKNOWN
    is_told = gender in {Gender.WOMAN, Gender.MAN}
    return Gender(gender) if is_told else Gender.UNKNOWN


def protected_form(birth_date: dt.date | None, sex: Gender) -> str:
    """Return such as `19850709Tf29`; empty where it cannot be formed.

    The form of women is published, that of men is not: until somebody has asked and
    set `STATISTICS_PROTECTED_MAN` there is none.
    """
    ending = {
        Gender.WOMAN: settings.STATISTICS_PROTECTED_WOMAN,
        Gender.MAN: settings.STATISTICS_PROTECTED_MAN,
    }.get(sex, "")
    return f"{birth_date:%Y%m%d}{ending}" if birth_date and ending else ""
