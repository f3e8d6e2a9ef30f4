"""What the parts of a copy are made of: rows of one kind, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

Row = dict[str, Any]


class Code(str):
    """The code of a choice, which people read as its label."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        made = super().__new__(cls, code)
        made.label = str(label)
        return made


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind. `columns` has the words for the keys of a row, in order."""

    key: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Row] = field(default_factory=list)


def occasion_columns() -> dict[str, str]:
    return {"occasion": _("Occasion"), "course": _("Course")}


def occasion_values(occasion: Any) -> Row:
    return {"occasion": occasion.ref, "course": occasion.course.title}


def labels_of(model: type[models.Model], names: Sequence[str]) -> dict[str, str]:
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
    return {name: capfirst(str(one.verbose_name)) for name, one in fields.items()}


def values_of(row: models.Model, names: Sequence[str]) -> Row:
    """Return a row's values; those of a choice with their words."""
    values = {}
    for name in names:
        value = getattr(row, name)
        if value and (display := getattr(row, f"get_{name}_display", None)):
            value = Code(value, display())
        values[name] = value
    return values


def name_of(user: object) -> str:
    return str(user) if user else ""
