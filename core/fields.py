"""Field factories that several apps share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

SWEDISH = "swedish"


def ref_field(default=None) -> models.CharField:
    """Return the field for a row's outer name; unique, never reused."""
    extra = {"default": default} if default else {}
    return models.CharField(_("ref"), max_length=40, unique=True, **extra)


def name_field(label, *, max_length: int = 200, **options) -> models.CharField:
    """Return a text field that sorts as a Swedish dictionary does."""
    return models.CharField(
        label, max_length=max_length, db_collation=SWEDISH, **options
    )
