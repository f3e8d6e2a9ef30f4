"""What may be wrong, or odd, with a cell of a list, and how it is said.

A problem is kept as a code, so that each reader gets the sentence in the own
language. No sentence repeats what stands in the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "missing": _("Fill in this cell."),
    "formula": _("The cell is calculated. Put the value itself in it."),
    "date": _(
        "The spreadsheet made a date of this. Format the cell as text and write it "
        "again."
    ),
    "not_text": _("Text belongs here."),
    "too_long": _("At most %(limit)d characters have room here."),
    "unreadable": _("The text has characters that cannot be shown. Write it again."),
    "same_person": _("Same person as on line %(line)d."),
    "restricted": _("This person's data are restricted. Leave the line out."),
    "kept": _("The person has confirmed another one, which stays."),
    "example": _("This is the number of the example row. Write the person's own."),
    "email": _("This is not an e-mail address, such as anna.berg@example.org."),
    "gender": _("Choose one of: kvinna, man, icke-binär, okänt."),
    "staff_group": _("Choose one of: arbetare, tjänsteman, chef."),
    "occasion": _("No open occasion has this reference, such as occ-2026-0042."),
    "young": _("The person is under %(years)d years old."),
    "old": _("The person is over %(years)d years old."),
    "coordination": _("This is a coordination number (samordningsnummer)."),
}


class Problem(NamedTuple):
    """What is wrong in the column with this heading.

    `code` is a key of SENTENCES, or the untranslated sentence itself where the
    check of a number has its own.
    """

    heading: str
    code: str
    params: dict[str, Any] = {}

    @property
    def sentence(self) -> str:
        """The problem in the language that is active now."""
        return (SENTENCES.get(self.code) or gettext(self.code)) % self.params


def problems_of(kept: Iterable[Sequence[Any]]) -> list[Problem]:
    """Return problems from the lists that a row keeps them as."""
    return [Problem(*problem) for problem in kept]


class CellError(Exception):
    """A cell does not hold what its column takes."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
