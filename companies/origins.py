"""Where each value on a person came from: read from the history, nothing guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from companies.models import Participant
from core.crypto import decrypt

Record = Any  # A historical record; its class is made by simple_history.

# What is shown of a person, and what each value is used for.
PURPOSES = {
    "given_name": gettext_lazy("To call you by name, on lists and certificates."),
    "family_name": gettext_lazy("To call you by name, on lists and certificates."),
    "number_mask": gettext_lazy(
        "To know that you are one person, also at two companies, and for the "
        "statistics that the fund must have. It is stored encrypted."
    ),
    "no_number_reason": gettext_lazy("To know why there is no personal number."),
    "gender": gettext_lazy(
        "To follow up that women and men get training as they work in the companies."
    ),
    "birth_date": gettext_lazy("For the statistics that the fund must have."),
    "email": gettext_lazy("To reach you about your training."),
    "mobile": gettext_lazy("To reach you about your training."),
    "job_title": gettext_lazy("To find training that suits your work."),
    "role_code": gettext_lazy("To find training that suits your work."),
    "staff_group": gettext_lazy("To follow up that all groups of staff get training."),
    "protected": gettext_lazy("To hide who you are from almost everybody."),
}
_STORED_AS = {"number_mask": "encrypted_number"}
_LABELS = {"number_mask": gettext_lazy("Personal number")}

# What services write into the history when they change many rows at once.
_REASONS = {
    "uploaded list": gettext_lazy("from a list that was uploaded"),
    "merged": gettext_lazy("from another row about you, put together with this one"),
    "own page": gettext_lazy("by yourself, on this page"),
    "programme package": gettext_lazy("from a file with the whole programme"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """How a value came here; `who` is empty where a command did it."""

    how: str
    at: dt.datetime
    who: User | None


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One value that is kept on a person. An empty one has no origin."""

    label: str
    value: str
    purpose: str
    origin: Origin | None


def known_facts(participant: Participant) -> list[KnownFact]:
    """List what is kept on a person, what for, and where each value came from."""
    records = _records(participant)
    return [
        _fact(participant, name, str(purpose), records)
        for name, purpose in PURPOSES.items()
        if getattr(participant, name) or name not in {"no_number_reason", "protected"}
    ]


def origin_of(participant: Participant, name: str) -> Origin | None:
    """Return where one value came from; None where there is none."""
    return _origin(name, _records(participant)) if getattr(participant, name) else None


def _records(participant: Participant) -> list[Record]:
    history = participant.history.select_related("history_user")
    return list(history.order_by("-history_date", "-history_id"))


def _fact(
    participant: Participant, name: str, purpose: str, records: Sequence[Record]
) -> KnownFact:
    field: Any = participant._meta.get_field(_STORED_AS.get(name, name))
    label = capfirst(str(_LABELS.get(name, field.verbose_name)))
    value = _shown(participant, name)
    origin = _origin(field.attname, records) if value else None
    return KnownFact(label, value, purpose, origin)


def _shown(participant: Participant, name: str) -> str:
    value = getattr(participant, name)
    if name == "protected":
        return _("yes")
    if display := getattr(participant, f"get_{name}_display", None):
        return display()
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def _origin(stored: str, records: Sequence[Record]) -> Origin | None:
    """Find the record with which the value became what it is now."""
    came_with = None
    for record in records:
        if came_with and _plain(record, stored) != _plain(came_with, stored):
            break
        came_with = record
    if came_with is None:
        return None
    who = came_with.history_user
    how = _how(came_with.history_change_reason, who)
    return Origin(how, came_with.history_date, who)


def _plain(record: Record, stored: str) -> object:
    value = getattr(record, stored)
    if stored != "encrypted_number":
        return value
    # The same number sealed twice is two different ciphertexts.
    return decrypt(bytes(value)) if value else ""


def _how(reason: str | None, who: User | None) -> str:
    if reason in _REASONS:
        return str(_REASONS[reason])
    return _("written on the form") if who else _("by the portal")
