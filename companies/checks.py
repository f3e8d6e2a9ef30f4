"""What must be true before the portal starts; asked of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.utils.translation import gettext as _

from companies.models import PersonKeysInForce, fingerprint_of, person_secrets


@register(Tags.database)
def people_can_be_found(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Tell where the secret by which people are found is not this process's own."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        row = PersonKeysInForce.objects.first()
    except DatabaseError:  # It has no tables yet.
        return []
    known = {"", *map(fingerprint_of, person_secrets())}
    if row is None or {row.current, row.next} <= known:
        return []
    return [
        Error(
            _("The keys of people in this database are made under another secret."),
            hint=_("PERSON_KEY_SECRET and PERSON_KEY_SECRET_NEXT must name it."),
            id="companies.E001",
        )
    ]
