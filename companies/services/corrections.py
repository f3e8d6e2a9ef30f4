"""What participants find wrong in their own row, and the answers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from accounts.services.outbox import post_letter
from companies.enums import CorrectionField
from companies.identity import holds_a_number
from companies.models import CorrectionRequest, Participant
from companies.services.links import language_of, why_no_letter
from core.crypto import encrypt
from core.errors import DomainError

LETTER = "correction_answered"
MOST_OPEN = 10
LONGEST_TEXT = 1000


@transaction.atomic
def ask_for_correction(
    *, participant: Participant, field: CorrectionField, text: str
) -> CorrectionRequest:
    """Keep, sealed, what a participant wants to have corrected.

    Raises DomainError if the text holds a personal number, or if ten wait already.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    _refuse_numbers(text)
    if participant.corrections.open().count() >= MOST_OPEN:
        sentence = ngettext(
            "%(count)d correction waits for an answer. Wait for it first.",
            "%(count)d corrections wait for an answer. Wait for one of them first.",
            MOST_OPEN,
        )
        raise DomainError(sentence % {"count": MOST_OPEN})
    correction = CorrectionRequest.objects.create(
        participant=participant, field=field, sealed=encrypt(text)
    )
    record(
        None, "companies.correction_asked", correction, by="participant", field=field
    )
    return correction


def close_as_corrected(
    *, correction: CorrectionRequest, actor: User, answer: str = ""
) -> CorrectionRequest:
    """Tell the participant that the row is right now. Raises DomainError."""
    return _answer(correction, actor, answer, "corrected_at")


def decline_correction(
    *, correction: CorrectionRequest, actor: User, answer: str
) -> CorrectionRequest:
    """Tell the participant why the row stays as it is. Raises DomainError."""
    if not answer.strip():
        raise DomainError(_("Say why nothing is changed."))
    return _answer(correction, actor, answer, "declined_at")


def forget_answered_corrections(*, before: dt.datetime) -> int:
    """Blank the words of corrections answered by then; return how many there were.

    That somebody asked, about which field, and how it ended is kept with the person.
    """
    answered = Q(corrected_at__lt=before) | Q(declined_at__lt=before)
    rows = CorrectionRequest.objects.filter(answered)
    return rows.exclude(sealed=None, answer="").update(sealed=None, answer="")


@transaction.atomic
def _answer(
    correction: CorrectionRequest, actor: User, answer: str, ended: str
) -> CorrectionRequest:
    correction = CorrectionRequest.objects.select_for_update().get(pk=correction.pk)
    if not correction.is_open:
        raise DomainError(_("Somebody has answered this already."))
    _refuse_numbers(answer)
    setattr(correction, ended, timezone.now())
    correction.answer, correction.answered_by = answer, actor
    correction.save()
    record(actor, f"companies.correction_{ended.removesuffix('_at')}", correction)
    _tell(correction.participant)
    return correction


def _tell(participant: Participant) -> None:
    """Write that there is an answer, not what it says; where nothing may be sent, not.

    The answer stands on the participant's page either way.
    """
    if not why_no_letter(participant):
        post_letter(
            kind=LETTER,
            recipient=participant.email,
            language=language_of(participant),
            context={},
            person_ref=participant.ref,
        )


def _refuse_numbers(text: str) -> None:
    if holds_a_number(text):
        raise DomainError(
            _(
                "The text seems to hold a personal number. Leave it out, and write a "
                "telephone number with spaces."
            )
        )
