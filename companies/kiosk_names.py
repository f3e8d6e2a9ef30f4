"""Whether a typed name is a person's: as people type on a strange keyboard."""

from __future__ import annotations

import re
import unicodedata

# Letters that are no letter with a mark, and that a keyboard may lack.
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th"}
    | dict.fromkeys("'’`´", "")
)
_WORD = re.compile(r"[^\W_]+")


def is_name_of(typed: str, given_name: str, family_name: str) -> bool:
    """Whether somebody who types this may mean the person.

    In any order and without regard to case, marks and hyphens: all of the family name,
    one or more of the given names, and nothing else.
    """
    said, given, family = words(typed), words(given_name), words(family_name)
    is_whole = bool(said & given) and bool(family) and family <= said
    return is_whole and said <= given | family


def words(name: str) -> set[str]:
    """Return the words of a name in plain small letters: `Åsa-Lena` is asa, lena."""
    spelled = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    plain = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return set(_WORD.findall(plain))
