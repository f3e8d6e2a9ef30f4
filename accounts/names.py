"""What rows of the apps above are called that are known here by a key alone."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

# Kinds of rows that have a name, and the key that others know them by.
KEYS = {
    "accounts.user": "pk",
    "companies.company": "org_number",
    "trainings.provider": "ref",
}
PLACES = ("companies.company", "trainings.provider")
_MOST_DIGITS = 18


def names_of(kind: str, keys: Iterable[str]) -> dict[str, str]:
    """Return what rows of a kind are called, by key; those that are gone left out."""
    key, wanted = KEYS[kind], set(keys)
    if key == "pk":
        wanted = {text for text in wanted if _is_number(text)}
    if not wanted:
        return {}
    rows = apps.get_model(kind)._base_manager.filter(**{f"{key}__in": wanted})
    return {str(getattr(row, key)): str(row) for row in rows}


def name_of_place(field: str) -> Coalesce:
    """Name the company or provider whose key stands in a field, else the key."""
    names = (_name(kind, field) for kind in PLACES)
    return Coalesce(*names, F(field), output_field=CharField())


def kind_of_row(label: str) -> str:
    """Return what a kind of row is called; by its own name if it is gone."""
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label


def _name(kind: str, field: str) -> Subquery:
    rows = apps.get_model(kind)._base_manager.filter(**{KEYS[kind]: OuterRef(field)})
    return Subquery(rows.values("name")[:1])


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS
