"""What hangs on a row of a person moves to another row, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from simple_history.models import HistoricalChanges

from accounts.models import User
from companies.models import (
    CalendarFeed,
    KioskCode,
    Merge,
    NotADuplicate,
    Participant,
    PersonalLink,
    SignInCode,
)
from companies.services.kiosk_codes import end_kiosk_codes
from core.errors import DomainError
from core.history import CHANGED, is_tracked, write_history

REASON = gettext_noop("merged")
_STAY = (
    CalendarFeed,
    KioskCode,
    Merge,
    NotADuplicate,
    Participant,
    PersonalLink,
    SignInCode,
)


def move_rows(
    absorbed: Participant, kept: Participant, actor: User
) -> Iterator[tuple[str, list[int]]]:
    """Let all that hangs on one row hang on the other; yield what, and which."""
    for model, field in _rows_about():
        rows = model._base_manager.filter(**{field: absorbed})
        if pks := list(rows.values_list("pk", flat=True)):
            _point(model, field, pks, kept, actor)
            yield f"{model._meta.label_lower}.{field}", pks


def move_code(
    absorbed: Participant, kept: Participant, actor: User
) -> dict[str, list[int]]:
    """Let a code that the person has chosen open the kept row; end the others."""
    pks = list(absorbed.kiosk_codes.proving().values_list("pk", flat=True))
    if pks:
        end_kiosk_codes([kept.pk])
        _point(KioskCode, "participant", pks, kept, actor)
    end_kiosk_codes([absorbed.pk])
    return {"companies.kioskcode.participant": pks} if pks else {}


def put_back(
    label: str, pks: list[int], kept: Participant, absorbed: Participant, actor: User
) -> None:
    """Let rows of this sort be about the absorbed row again, if they are there yet."""
    app, name, field = label.split(".")
    model = apps.get_model(app, name)
    rows = model._base_manager.filter(pk__in=pks, **{field: kept})
    still_there = list(rows.values_list("pk", flat=True))
    _point(model, field, still_there, absorbed, actor)


def _rows_about() -> Iterator[tuple[type[models.Model], str]]:
    """Return every model with a field that points at a participant."""
    relations: Iterable[Any] = Participant._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not (
            relation.auto_created and (relation.one_to_many or relation.one_to_one)
        ):
            continue
        model = relation.related_model
        if model not in _STAY and not issubclass(model, HistoricalChanges):
            yield model, relation.field.name


def _point(
    model: type[models.Model], field: str, pks: list[int], to: Participant, actor: User
) -> None:
    """Let the rows be about another participant, and say so in their history."""
    rows = model._base_manager.filter(pk__in=pks)
    try:
        with transaction.atomic():
            rows.update(**{field: to})
    except IntegrityError as error:
        both = _("Both rows have the same: %(what)s. End one of them first.")
        what = model._meta.verbose_name_plural
        raise DomainError(both % {"what": what}) from error
    if pks and is_tracked(model):
        write_history(rows, kind=CHANGED, reason=REASON, actor=actor)
