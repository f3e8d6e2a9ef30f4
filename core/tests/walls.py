"""What the database itself says no to."""

from collections.abc import Callable

from django.db import IntegrityError, transaction


def refused(make: Callable[..., object], **values: object) -> bool:
    """Return whether the database refuses the row that `make` saves."""
    try:
        with transaction.atomic():
            make(**values)
    except IntegrityError:
        return True
    return False
