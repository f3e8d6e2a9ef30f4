"""One column of a file: how its text becomes a value, and the value text again.

Names and other prose are brought to Unicode NFC and trimmed when they are read: the
difference cannot be seen, so refusing it would help nobody. Everything that other
rows or programs compare (refs, codes, numbers, dates, choices) must be exact.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import timezone
from django.utils.translation import gettext as _

_REF = re.compile(r"\w[\w.:-]*")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_YEARS = range(1800, 3000)  # Nobody and nothing here was born or ends outside.
# How to read, how to write, and the stand-in of a faulty cell.
Kind = tuple[Callable[[str], Any], Callable[..., str], Any]
_KEPT_CONTROLS = "\n\t"


class CellError(ValueError):
    """The text of one cell cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `read` gets text that is not empty, `write` what `sources` hold.

    `sources` are paths for `values_list`. `field` is the model field that the column
    fills, None where the table's `derive` does. `empty` is the value of an empty
    cell. `stand_in` takes the place of a faulty value so that the rows that rest on
    this one are still checked; without one they are not. `is_fixed`: a row that
    exists never changes it.
    """

    name: str
    read: Callable[[str], Any]
    write: Callable[..., str]
    sources: tuple[str, ...]
    field: Any = None
    required: bool = False
    empty: Any = None
    stand_in: Any = None
    is_fixed: bool = False

    @property
    def is_ref(self) -> bool:
        return self.field is not None and self.field.is_relation


def column(
    model: type[models.Model],
    name: str,
    field_name: str = "",
    *,
    least: int | None = None,
    check: Callable[[str], object] | None = None,
    is_fixed: bool = False,
) -> Column:
    """Describe the column that fills a field of the model, in the field's own kind.

    A foreign key is written as the outer key of the row it points at. A field that
    may be blank or null may be empty. `check` gets the text after the kind has taken
    it, and raises ValueError with a sentence.
    """
    field: Any = model._meta.get_field(field_name or name)
    read, write, stand_in = _kind(field, least)
    if check:
        read = partial(_read_checked, read=read, check=check)
    is_text = isinstance(field, models.CharField)
    path = f"{field.name}__{outer_key(field).name}" if field.is_relation else field.name
    return Column(
        name=name,
        read=read,
        write=write,
        sources=(path,),
        field=field,
        required=not (field.null or field.blank or _is_flag(field)),
        empty="" if is_text else False if _is_flag(field) else None,
        stand_in=stand_in,
        is_fixed=is_fixed,
    )


def custom_column(
    name: str,
    *,
    read: Callable[[str], Any],
    write: Callable[..., str],
    sources: Iterable[str],
    empty: Any,
    required: bool = False,
) -> Column:
    """Describe a column that does not fill one field just as it stands."""
    return Column(
        name=name,
        read=read,
        write=write,
        sources=tuple(sources),
        empty=empty,
        required=required,
    )


def outer_key(foreign_key: Any) -> Any:
    """Return the unique field by which files name the row that a key points at."""
    fields = foreign_key.related_model._meta.concrete_fields
    return next(field for field in fields if field.unique and not field.primary_key)


def read_integer(text: str, *, least: int, most: int) -> int:
    """Return a whole number in digits, within bounds that the message names."""
    if not _INTEGER.fullmatch(text) or not least <= int(text) <= most:
        raise CellError(
            _("A whole number from %(least)d to %(most)d is wanted.")
            % {"least": least, "most": most}
        )
    return int(text)


@lru_cache(maxsize=2**14)
def read_date(text: str) -> dt.date:
    """Return the date of `2026-03-02`."""
    try:
        day = dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise CellError(_("A date such as 2026-03-02 is wanted."))
    return day


@lru_cache(maxsize=2**14)
def read_local_time(text: str) -> dt.datetime:
    """Return the moment of the local time `2026-03-02T08:00`, in UTC.

    Of a time that the clock shows twice in autumn the first is meant; one that it
    skips in spring is refused.
    """
    try:
        naive = dt.datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        naive = None
    if naive is None or naive.year not in _YEARS:
        raise CellError(_("A date and time such as 2026-03-02T08:00 is wanted."))
    zone = timezone.get_default_timezone()
    moment = naive.replace(tzinfo=zone).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != naive:
        raise CellError(_("The clock skips this time: summer time begins."))
    return moment


def read_text(text: str, *, longest: int) -> str:
    """Return prose in NFC without surrounding space."""
    clean = text.strip()
    if not clean.isascii():
        clean = unicodedata.normalize("NFC", clean)
    if not clean.isprintable():
        _refuse_controls(clean)
    if len(clean) > longest:
        raise CellError(_("At most %(longest)d characters.") % {"longest": longest})
    return clean


def _kind(field: Any, least: int | None) -> Kind:
    """Return how to read and write the field's kind, and its stand-in."""
    match field:
        case models.ForeignKey():
            return partial(_read_key, longest=40), _write_text, None
        case models.BooleanField():
            return _read_yes, _write_yes, False
        case models.DateTimeField():
            return read_local_time, _write_time, None
        case models.DateField():
            return read_date, _write_date, None
        case models.IntegerField():
            lowest, most = _bounds(field, least)
            read = partial(read_integer, least=lowest, most=most)
            return read, _write_integer, None
        case _:
            return _choice_kind(field) if field.choices else _text_kind(field)


def _choice_kind(field: Any) -> Kind:
    known = tuple(str(value) for value, _label in field.flatchoices)
    return partial(_read_choice, known=known), _write_text, known[0]


def _text_kind(field: Any) -> Kind:
    longest = field.max_length or 0
    if field.unique:
        read = _read_ref if field.name == "ref" else _read_key
        return partial(read, longest=longest), _write_text, None
    validators = tuple(
        v for v in field.validators if not isinstance(v, MaxLengthValidator)
    )
    if validators:
        read = partial(_read_validated, longest=longest, validators=validators)
        return read, _write_text, "" if field.blank else "?"
    return partial(read_text, longest=longest), _write_text, "?"


def _is_flag(field: Any) -> bool:
    return isinstance(field, models.BooleanField)


def _bounds(field: Any, least: int | None) -> tuple[int, int]:
    """Return the narrowest of the field's own validators and of its database type."""
    ranges = BaseDatabaseOperations.integer_field_ranges
    lowest, highest = ranges[field.get_internal_type()]
    for validator in field._validators:
        if isinstance(validator, MinValueValidator):
            lowest = max(lowest, validator.limit_value)
        if isinstance(validator, MaxValueValidator):
            highest = min(highest, validator.limit_value)
    return (lowest if least is None else least), highest


def _read_checked(
    text: str, *, read: Callable[[str], Any], check: Callable[[str], object]
) -> Any:
    value = read(text)
    try:
        check(text)
    except ValueError as refusal:
        raise CellError(str(refusal)) from refusal
    return value


def _read_key(text: str, *, longest: int) -> str:
    if read_text(text, longest=longest) != text:
        raise CellError(
            _("A key has no space around it and is in Unicode's composed form (NFC).")
        )
    return text


def _read_ref(text: str, *, longest: int) -> str:
    if not _REF.fullmatch(text) or unicodedata.normalize("NFC", text) != text:
        raise CellError(
            _("A ref has letters, digits and -_.: only, such as occ-2026-0042.")
        )
    return read_text(text, longest=longest)


def _read_choice(text: str, *, known: tuple[str, ...]) -> str:
    if text not in known:
        raise CellError(_("One of these is wanted: %(list)s.") % {"list": _list(known)})
    return text


def _read_yes(text: str) -> bool:
    if text != "yes":
        raise CellError(_("Either yes or an empty cell is wanted."))
    return True


def _read_validated(text: str, *, longest: int, validators: tuple) -> str:
    clean = read_text(text, longest=longest)
    try:
        for validate in validators if clean else ():
            validate(clean)
    except ValidationError as refusal:
        raise CellError(" ".join(refusal.messages)) from refusal
    return clean


def _refuse_controls(text: str) -> None:
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            raise CellError(_("The text is not UTF-8."))
        if category == "Cc" and character not in _KEPT_CONTROLS:
            raise CellError(_("The text has a control character in it."))


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _write_text(value: str | None) -> str:
    return value or ""


def _write_integer(value: int | None) -> str:
    return "" if value is None else str(value)


def _write_yes(value: object) -> str:
    return "yes" if value else ""


def _write_date(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def _write_time(value: dt.datetime | None) -> str:
    return _local_minute(value) if value else ""


@lru_cache(maxsize=2**14)
def _local_minute(moment: dt.datetime) -> str:
    local = moment.astimezone(timezone.get_default_timezone())
    return local.replace(tzinfo=None).isoformat(timespec="minutes")
