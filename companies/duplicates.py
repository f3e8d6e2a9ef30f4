"""Which rows of a company may be the same human, and why they look so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import NotADuplicate, Participant

# An address that more people share is a workplace's, and says nothing of anybody.
MOST_ALIKE = 4
MOST_SHOWN = 200

# What two people do not share by chance, and how a page says so.
_SIGNS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("the same e-mail address"), ("email",)),
    (_("the same mobile"), ("mobile",)),
    (_("the same name and birth date"), ("given_name", "family_name", "birth_date")),
    (_("the same given name and birth date"), ("given_name", "birth_date")),
    (_("the same family name and birth date"), ("family_name", "birth_date")),
    (_("the same name"), ("given_name", "family_name")),
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two rows of one company that may be one human; `first` is the older."""

    first: Participant
    second: Participant
    signs: tuple[str, ...]


def find_duplicates(people: QuerySet[Participant]) -> list[Likeness]:
    """List pairs among the people that look like one human, most signs first.

    Only rows of the same company are compared, and pairs that somebody judged to be
    two humans are left out. At most 200 pairs are returned.
    """
    signs: dict[tuple[int, int], list[str]] = {}
    for sign, fields in _SIGNS:
        for pair in _alike(people, fields):
            signs.setdefault(pair, []).append(str(sign))
    judged = set(NotADuplicate.objects.values_list("first_id", "second_id"))
    found = [(pair, why) for pair, why in signs.items() if pair not in judged]
    found.sort(key=lambda one: (-len(one[1]), one[0]))
    return _likenesses(found[:MOST_SHOWN], people)


def _alike(
    people: QuerySet[Participant], fields: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    """Return pairs of rows of a company that have all these fields in common."""
    keys = [f"key_{field}" for field in fields]
    folded = {
        key: F(field) if field == "birth_date" else Lower(field)
        for key, field in zip(keys, fields, strict=True)
    }
    filled = ~Q(*[(field, "") for field in fields if field != "birth_date"])
    rows = people.filter(filled).annotate(**folded).order_by()
    if "birth_date" in fields:
        rows = rows.exclude(birth_date=None)
    groups = rows.values("company", *keys).annotate(alike=Count("pk"))
    several = groups.filter(alike__gt=1, alike__lte=MOST_ALIKE)
    wanted = {tuple(group.values())[:-1] for group in several}
    if not wanted:
        return
    columns = rows.values_list("company", *keys, "pk").order_by("company", *keys, "pk")
    for key, group in groupby(columns.iterator(), key=lambda row: row[:-1]):
        if key in wanted:
            yield from combinations([row[-1] for row in group], 2)


def _likenesses(
    found: Iterable[tuple[tuple[int, int], list[str]]], people: QuerySet[Participant]
) -> list[Likeness]:
    pairs = list(found)
    pks = {pk for pair, _signs in pairs for pk in pair}
    rows = people.select_related("company").in_bulk(list(pks))
    return [
        Likeness(rows[first], rows[second], tuple(signs))
        for (first, second), signs in pairs
    ]
