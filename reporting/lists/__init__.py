"""Lists that can be taken out as files; a new one is a `ListOf` and a name below.

Who may see which row is decided by the querysets; here stands which columns there are.
"""

from __future__ import annotations

from accounts.models import User
from reporting.lists.people import COMPANIES, PEOPLE, WORKFORCE
from reporting.lists.shape import ListColumn, ListOf
from reporting.lists.trainings import (
    ACCOMMODATIONS,
    ATTENDANCE,
    NEEDS,
    OCCASIONS,
    SEATS,
)

__all__ = ["LISTS", "ListColumn", "ListOf", "find_list", "lists_of"]

LISTS = (
    PEOPLE,
    WORKFORCE,
    COMPANIES,
    NEEDS,
    OCCASIONS,
    SEATS,
    ATTENDANCE,
    ACCOMMODATIONS,
)


def lists_of(user: User) -> list[ListOf]:
    """Return the lists of which the user may have any row."""
    return [each for each in LISTS if each.rows(user, None) is not None]


def find_list(user: User, list_id: str) -> ListOf | None:
    """Return a list that the user may have, or None."""
    return next((each for each in lists_of(user) if each.id == list_id), None)
