"""All that is held on a participant, as a file for the participant (GDPR, article 15).

A ZIP with two faces of the same: `data.json` for programs and `utdrag.html` for
people. The keys of `data.json` are English and stay as they are; its values are data,
codes, or words in the language of the copy. `README.txt` explains keys and codes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Participant, Programme
from kompetenslyft.privacy import held
from kompetenslyft.privacy.held import Code, Section

FORMAT_VERSION = 2
WIDEST_TABLE = 6  # Columns; wider rows are told one under the other.
LANGUAGE = "sv"
_EMPTY = (None, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A section as people read it; `rows` for narrow ones, `cards` for wide ones.

    A card has a heading and a value for each cell that is not empty.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    cards: Sequence[Sequence[tuple[str, str]]] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of `data.json` in words, and the codes that occur under it in words."""

    key: str
    word: str
    codes: Mapping[str, str]


def write_access_copy(
    participant: Participant, target: IO[bytes], *, for_participant: bool
) -> None:
    """Write the ZIP on a participant of one company, open at its beginning.

    What the participant wrote in confidence, the notes on accommodations, is in it
    only where the participant fetches it (`for_participant`). The key by which people
    are found is never in it.
    """
    with translation.override(LANGUAGE):
        sections = held.sections(participant, with_notes=for_participant)
        about = _about(participant, for_participant=for_participant)
        told = {"about": about, "participant": participant}
        page = render_to_string(
            "privacy/access_copy.html",
            told
            | {
                "tables": [_table(section) for section in sections],
                "for_participant": for_participant,
            },
        )
        parts = [(section, _keys(section)) for section in sections]
        readme = render_to_string(
            "privacy/access_copy_readme.txt", told | {"parts": parts}
        )
    content = {**about, **{section.key: section.rows for section in sections}}
    data = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
    with ZipFile(target, "w", ZIP_DEFLATED) as copy:
        copy.writestr("README.txt", readme)
        copy.writestr("data.json", data)
        copy.writestr("utdrag.html", page)


def _about(participant: Participant, *, for_participant: bool) -> dict[str, Any]:
    programme = Programme.objects.first()
    return {
        "format_version": FORMAT_VERSION,
        "language": LANGUAGE,
        "made_at": timezone.now(),
        "made_for": "participant" if for_participant else "project_leader",
        "programme": programme.name if programme else "",
        "controller": programme.owner if programme else "",
        "company": participant.company.name,
        "participant": participant.ref,
    }


def _keys(section: Section) -> list[Key]:
    """Explain the keys of a section in the order in which they stand there."""
    codes: dict[str, dict[str, str]] = {key: {} for key in section.columns}
    for row in section.rows:
        for key in section.columns:
            value = row[key]
            found = value if isinstance(value, Mapping) else [value]
            codes[key] |= {one: one.label for one in found if isinstance(one, Code)}
    return [
        Key(key, word, dict(sorted(codes[key].items())))
        for key, word in section.columns.items()
    ]


def _table(section: Section) -> Table:
    headings = list(section.columns.values())
    rows = [[row[key] for key in section.columns] for row in section.rows]
    if len(headings) <= WIDEST_TABLE:
        return Table(
            section.title, headings, rows=[[_shown(v) for v in row] for row in rows]
        )
    cards = [
        [(heading, _shown(value)) for heading, value in cells if value not in _EMPTY]
        for cells in (zip(headings, row, strict=True) for row in rows)
    ]
    return Table(section.title, headings, cards=cards)


def _shown(value: object) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case Code():
            return capfirst(value.label)
        case dt.datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case Mapping():
            return "; ".join(f"{_shown(key)}: {text}" for key, text in value.items())
        case _:
            return str(value)


def _plain(value: object) -> str:
    match value:
        case dt.datetime():
            return timezone.localtime(value).isoformat()
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)
