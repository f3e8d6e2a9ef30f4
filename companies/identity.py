"""What Swedish numbers say, and the one form in which each is kept.

Nothing here reads the database. A message never repeats the number that it refuses.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
import stdnum.exceptions
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from personnummer import personnummer
from stdnum.se import orgnr

from companies.enums import Gender
from core.errors import DomainError

YOUNGEST, OLDEST = 16, 100  # Years; outside of them an uploaded number is doubted.

# The library also takes other scripts' digits and numbers without a check digit.
_PERSONAL = re.compile(r"(\d{2})?(\d{6})([-+]?)(\d{4})", re.ASCII)
_IN_TEXT = re.compile(r"(?<!\d)(18|19|20)?(\d{6})\s?([-+–]?)\s?(\d{4})(?!\d)", re.ASCII)
_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
_COORDINATION_DAY = 60
_FIRST_BIRTH = dt.date(1800, 1, 1)


class InvalidNumberError(DomainError, ValueError):
    """The text is no such number; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A personal number whose birth date and check digit are right.

    `digits` are twelve. `gender` is what the sex digit says: woman or man.
    A coordination number has the day of birth plus 60.
    """

    digits: str
    birth_date: dt.date
    gender: Gender
    is_coordination: bool

    def age_on(self, day: dt.date) -> int:
        """Return whole years lived on the day."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def parse_number(text: str | int, *, today: dt.date) -> PersonalNumber:
    """Read a personal or coordination number of 10 or 12 digits, with `-`, `+` or not.

    Of 10 digits the birth date is the latest that is not after `today`; `+` makes it
    a hundred years earlier. A whole number, as a spreadsheet stores it, gets its lost
    leading zeros back. Raises InvalidNumberError.
    """
    written = f"{text:010}" if isinstance(text, int) else text.strip()
    match = _PERSONAL.fullmatch(written)
    if not match:
        raise InvalidNumberError(
            _("A personal number has 10 or 12 digits, such as 850709-9805.")
        )
    century, date_digits, sign, serial = match.groups()
    birth_date = _birth_date(date_digits, century, today=today, over_100=sign == "+")
    digits = f"{birth_date.year // 100}{date_digits}{serial}"
    if not personnummer.valid(digits):
        raise InvalidNumberError(
            _("The check digit of the personal number does not fit: see its digits.")
        )
    return PersonalNumber(
        digits=digits,
        birth_date=birth_date,
        gender=Gender.MAN if int(serial[2]) % 2 else Gender.WOMAN,
        is_coordination=int(date_digits[4:]) > _COORDINATION_DAY,
    )


def holds_a_number(text: str) -> bool:
    """Return whether something in the text looks like somebody's personal number.

    Twelve digits or a sign between are enough with a possible birth date. Ten bare
    digits need a check digit that fits, because a mobile number may begin as one.
    """
    today = timezone.localdate()
    return any(_looks_personal(found, today) for found in _IN_TEXT.finditer(text))


def _looks_personal(found: re.Match[str], today: dt.date) -> bool:
    century, digits, sign, serial = found.groups()
    try:
        _birth_date(digits, century, today=today, over_100=sign == "+")
    except InvalidNumberError:
        return False
    return bool(century or sign) or personnummer.valid(f"{digits}{serial}")


def parse_org_number(text: str) -> str:
    """Return an organisation number as `NNNNNN-NNNN`, or raise InvalidNumberError."""
    try:
        digits = orgnr.validate(text)
    except stdnum.exceptions.ValidationError:
        raise InvalidNumberError(
            _("This is not an organisation number, such as 999009-3362.")
        ) from None
    return f"{digits[:6]}-{digits[6:]}"


def parse_mobile(text: str) -> str:
    """Return a telephone number as `+46701740635`; without a country it is Swedish.

    Raises InvalidNumberError.
    """
    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise InvalidNumberError(
            _("This is not a telephone number, such as 070-174 06 35.")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_email(text: str) -> str:
    """Return an e-mail address with its domain in small letters.

    What stands between quotation marks could be written in many ways, so that nobody
    would know whose mailbox it is. Raises InvalidNumberError.
    """
    local, _at, domain = unicodedata.normalize("NFKC", text).strip().rpartition("@")
    email = f"{local}@{domain.lower()}"
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    if not email or '"' in local:
        raise InvalidNumberError(
            _("This is not an e-mail address, such as anna.berg@example.org.")
        )
    return email


def parse_role_code(text: str | int) -> str:
    """Return a code of SSYK 2012 as four digits, or raise InvalidNumberError.

    A whole number, as a spreadsheet stores it, gets its lost leading zeros back.
    """
    code = f"{text:04}" if isinstance(text, int) else text.strip()
    if not _FOUR_DIGITS.fullmatch(code):
        raise InvalidNumberError(_("A role code (SSYK) has four digits, such as 7233."))
    return code


def _birth_date(
    digits: str, century: str | None, *, today: dt.date, over_100: bool
) -> dt.date:
    """Return the date of `YYMMDD`, of the century or else the latest that fits."""
    if century:
        dates = [_date(f"{century}{digits}")]
    else:
        latest = today.year // 100
        dates = [_date(f"{latest - back}{digits}") for back in range(3)]
    past = [date for date in dates if date and _FIRST_BIRTH <= date <= today]
    past = past[1:] if over_100 and not century else past
    if not past:
        raise InvalidNumberError(
            _("The personal number does not begin with a possible birth date.")
        )
    return past[0]


def _date(digits: str) -> dt.date | None:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    try:
        return dt.date(year, month, day - _COORDINATION_DAY * (day > _COORDINATION_DAY))
    except ValueError:
        return None
