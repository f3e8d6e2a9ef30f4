"""What texts must not hold that people write about a training."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from companies.identity import holds_a_number
from core.errors import DomainError


def refuse_numbers(*texts: str) -> None:
    """Raise DomainError if a text seems to hold somebody's personal number."""
    if any(holds_a_number(text) for text in texts):
        raise DomainError(
            _(
                "The text seems to hold a personal number. Leave it out, and write a "
                "telephone number with spaces."
            )
        )


def refuse_invalid(row: models.Model) -> None:
    """Raise DomainError with every sentence that a row's own rules have against it."""
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise DomainError("\n".join(refusal.messages)) from refusal
