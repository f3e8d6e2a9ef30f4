"""Entries of the audit trail told in words: rows by their names, codes as they read."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.actions import sentence_of
from accounts.facts import CHOICES, WORDS, label_of
from accounts.models import AuditEntry
from accounts.names import KEYS, PLACES, kind_of_row, names_of
from accounts.verification import Fault

_NAMED_FACTS = {
    "actors": ("accounts.user",),
    "company": ("companies.company",),
    "place": PLACES,
    "user": ("accounts.user",),
}
_LOADED = re.compile(r"(\d+) rows, (\d+) new, (\d+) changed")

Names = Mapping[tuple[str, str], str]  # By kind of row and key.


@dataclass(frozen=True, slots=True)
class Told:
    """The row that an entry is about and its facts, by label; nothing if erased."""

    kind: str
    row: str
    facts: Mapping[str, str]


def tell(entries: Iterable[AuditEntry]) -> dict[int, Told]:
    """Tell what entries are about, by their number; a query for each kind of names."""
    entries = list(entries)
    names = _names(entries)
    return {entry.pk: _told(entry, names) for entry in entries}


def _told(entry: AuditEntry, names: Names) -> Told:
    said = entry.content
    if said is None:
        return Told("", "", {})
    kind, ref = said.subject_type, said.subject_ref
    name = names.get((kind, ref))
    facts = {
        label_of(entry.action, fact): _value(entry, fact, value, names)
        for fact, value in said.facts.items()
        if value not in ([], "")
    }
    row = f"{name} ({ref})" if name else ref
    # By label: the two databases keep facts in orders of their own.
    return Told(kind_of_row(kind), row, dict(sorted(facts.items())))


def _names(entries: Iterable[AuditEntry]) -> Names:
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for kind, key in _keys_in(entry):
            wanted[kind].add(key)
    return {
        (kind, key): name
        for kind, keys in wanted.items()
        for key, name in names_of(kind, keys).items()
    }


def _keys_in(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    """Yield each row that an entry names and that may be called by a name."""
    said = entry.content
    if said is None:
        return
    if said.subject_type in KEYS:
        yield said.subject_type, said.subject_ref
    for fact, value in said.facts.items():
        for kind in _kinds_of(entry, fact):
            yield from ((kind, str(key)) for key in _parts(value))


def _kinds_of(entry: AuditEntry, fact: str) -> tuple[str, ...]:
    """Return what kinds of rows the values of a fact are keys of."""
    listed = entry.payload.facts.get("kind")
    if fact == "refs" and listed in KEYS:
        return (listed,)
    return _NAMED_FACTS.get(fact, ())


def _value(entry: AuditEntry, fact: str, value: object, names: Names) -> str:
    between = " " if fact == "faults" else ", "  # Faults are sentences.
    return between.join(_part(entry, fact, str(part), names) for part in _parts(value))


def _parts(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _part(entry: AuditEntry, fact: str, text: str, names: Names) -> str:
    for kind in _kinds_of(entry, fact):
        if name := names.get((kind, text)):
            return name
    if word := WORDS.get(fact, {}).get(text):
        return str(word)
    if fact == "fields":
        return _field(entry.payload.subject_type, text)
    if fact in CHOICES:
        return _choice(*CHOICES[fact], text)
    return _READERS.get(fact, _loaded)(text)


def _field(label: str, name: str) -> str:
    """Return what a field is called; a merge is about participants, of no row."""
    try:
        field = apps.get_model(label or "companies.participant")._meta.get_field(name)
    except (FieldDoesNotExist, LookupError):
        return name
    return str(getattr(field, "verbose_name", name))


def _choice(label: str, field: str, value: str) -> str:
    choices = apps.get_model(label)._meta.get_field(field).flatchoices
    return str(dict(choices).get(value, value))


def _loaded(text: str) -> str:
    """Tell what loading a package did with a file; other texts stand as they are."""
    if not (counts := _LOADED.fullmatch(text)):
        return text
    rows, new, changed = counts.groups()
    words = {"rows": rows, "new": new, "changed": changed}
    return _("%(rows)s rows, %(new)s new, %(changed)s changed") % words


def _fault(text: str) -> str:
    with suppress(ValueError):  # Of a kind that is known no more.
        return str(Fault.parse(text))
    return text


def _month(text: str) -> str:
    with suppress(ValueError):
        return date_format(dt.date.fromisoformat(f"{text}-01"), "F Y")
    return text


_READERS: Mapping[str, Callable[[str], str]] = {
    "faults": _fault,
    "kind": kind_of_row,
    "month": _month,
    "sought": sentence_of,
}
