"""Conditions that several tables share."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

four_digits = RegexValidator(r"^\d{4}$", _("Four digits, such as 7233."))


def known(field: str, choices: type[models.TextChoices], *, empty: bool = False) -> Q:
    """Condition that a column holds one of the choices."""
    return Q(**{f"{field}__in": [*choices.values, *([""] if empty else [])]})


def in_order(earlier: str, later: str) -> Q:
    """Condition that of two times, where both are set, the later is not earlier."""
    return (
        Q(**{earlier: None})
        | Q(**{later: None})
        | Q(**{f"{later}__gte": models.F(earlier)})
    )
