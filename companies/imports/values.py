"""What each kind of cell may hold, and the one form in which it is kept.

Every function takes a cell that is not blank and raises CellError.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial

from companies.enums import Gender, StaffGroup
from companies.identity import (
    InvalidNumberError,
    PersonalNumber,
    parse_email,
    parse_mobile,
    parse_number,
    parse_role_code,
)
from companies.imports.problems import CellError
from core.spreadsheets.reading import Cell, Formula

Read = Callable[[Cell], str]

GENDERS = {
    word: gender
    for gender, words in {
        Gender.WOMAN: "kvinna k woman female f",
        Gender.MAN: "man m male",
        Gender.NON_BINARY: "icke-binär ickebinär non-binary nonbinary x",
        Gender.UNKNOWN: "okänt unknown",
    }.items()
    for word in words.split()
}
STAFF_GROUPS = {
    "arbetare": StaffGroup.BLUE_COLLAR,
    "blue collar": StaffGroup.BLUE_COLLAR,
    "tjänsteman": StaffGroup.WHITE_COLLAR,
    "tjänstemän": StaffGroup.WHITE_COLLAR,
    "white collar": StaffGroup.WHITE_COLLAR,
    "chef": StaffGroup.MANAGER,
    "chefer": StaffGroup.MANAGER,
    "manager": StaffGroup.MANAGER,
}
MAX_EMAIL_CHARACTERS = 254
MAX_TYPED_CHARACTERS = 500  # Of what is kept so that it can be shown and mended.

_SEPARATORS = re.compile("[ -]")
_SWEDISH_MOBILE = re.compile(r"(?:\+46|0046|0)(7[02369]\d{7})", re.ASCII)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def as_typed(cell: Cell, *, digits: int = 0) -> str:
    """Return what stands in a cell as its owner would write it; empty if blank.

    A whole number gets zeros in front until it has as many digits.
    """
    match cell:
        case None:
            return ""
        case bool():
            return str(cell)
        case float() | int() if cell == int(cell):
            return f"{int(cell):0{digits}}"
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
    return normal(str(cell))[:MAX_TYPED_CHARACTERS]


def normal(text: str) -> str:
    """Return the text composed (NFC), with single spaces and none around it."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def read_text(cell: Cell, *, limit: int) -> str:
    text = _written(cell)
    if len(text) > limit:
        raise CellError("too_long", limit=limit)
    if _CONTROL.search(text):
        raise CellError("unreadable")
    return text


def read_number(cell: Cell, *, today: dt.date) -> PersonalNumber:
    try:
        return parse_number(_number_or_text(cell), today=today)
    except InvalidNumberError as refusal:
        raise CellError(str(refusal)) from refusal


def read_role_code(cell: Cell) -> str:
    try:
        return parse_role_code(_number_or_text(cell))
    except InvalidNumberError as refusal:
        raise CellError(str(refusal)) from refusal


def read_mobile(cell: Cell) -> str:
    text = _written(cell)
    # Nearly every cell is one of these, and the library takes a hundred times longer.
    if match := _SWEDISH_MOBILE.fullmatch(_SEPARATORS.sub("", text)):
        return f"+46{match[1]}"
    try:
        return parse_mobile(text)
    except InvalidNumberError as refusal:
        raise CellError(str(refusal)) from refusal


def read_email(cell: Cell) -> str:
    try:
        return parse_email(read_text(cell, limit=MAX_EMAIL_CHARACTERS))
    except InvalidNumberError as refusal:
        raise CellError("email") from refusal


def read_word(cell: Cell, *, words: Mapping[str, str], code: str) -> str:
    """Return what the word stands for; case does not matter."""
    word = _written(cell).lower()
    if word not in words:
        raise CellError(code)
    return str(words[word])


def read_gender(cell: Cell) -> str:
    # A capital X is how lists tick a box; only the small one is a gender.
    if _written(cell) == "X":
        raise CellError("gender")
    return read_word(cell, words=GENDERS, code="gender")


read_staff_group = partial(read_word, words=STAFF_GROUPS, code="staff_group")


def _written(cell: Cell) -> str:
    value = _number_or_text(cell)
    return value if isinstance(value, str) else str(value)


def _number_or_text(cell: Cell) -> int | str:
    """Return a whole number as int, and all else that can be written as text."""
    match cell:
        case Formula():
            raise CellError("formula")
        case bool():
            raise CellError("not_text")
        case dt.date() | dt.time() | dt.timedelta():
            raise CellError("date")
        case float() if cell.is_integer():
            return int(cell)
        case int():
            return cell
        case _:
            return normal(str(cell))
