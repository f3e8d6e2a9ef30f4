"""SQLite that sorts and searches Swedish text as PostgreSQL with ICU does."""

import re
from functools import lru_cache

from django.db.backends.sqlite3 import base

_ALPHABET = "aàáâbcdeéèêfghijklmnopqrstuüvwxyzåäæöø"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET)}
_OTHER_LETTERS = len(_ALPHABET)
_BEFORE_LETTERS = 0x110000  # More than any code point: digits and signs sort first.


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.create_collation("swedish", _compare)
        # SQLite's own LIKE folds the case of ASCII letters only.
        connection.create_function("like", 2, _like, deterministic=True)
        connection.create_function("like", 3, _like, deterministic=True)
        return connection


def _compare(left: str, right: str) -> int:
    """Order by Swedish letters; equal ones by code point, so that order is total."""
    a, b = (_sort_key(left), left), (_sort_key(right), right)
    return (a > b) - (a < b)


@lru_cache(maxsize=4096)
def _sort_key(text: str) -> tuple[int, ...]:
    return tuple(_weight(character) for character in text.casefold())


def _weight(character: str) -> int:
    if (rank := _RANK.get(character)) is not None:
        return rank
    code = ord(character)
    return _OTHER_LETTERS + code if character.isalpha() else code - _BEFORE_LETTERS


def _like(pattern: str, text: str, escape: str | None = None) -> bool | None:
    if pattern is None or text is None:
        return None
    return _expression(str(pattern), escape).fullmatch(str(text)) is not None


@lru_cache(maxsize=512)
def _expression(pattern: str, escape: str | None) -> re.Pattern[str]:
    parts = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
