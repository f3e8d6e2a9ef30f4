"""What people need so that they can take part: asked for, answered, and how it went.

A request and its answer are between the participant and the supplier. What the two
write lies in the note, which goes some weeks after the occasion; who asked, when, what
kind, the answer and the outcome stay. Refusals name nobody: the one who reads them may
not know who it is. With `at`, as commands tell what has been, no letter is sent.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Participant
from core.errors import DomainError
from trainings.enums import (
    AccommodationKind,
    AccommodationOutcome,
    AskedBy,
)
from trainings.models import Accommodation, AccommodationNote, Enrolment, Occasion
from trainings.selectors.accommodations import (
    answer_due,
    may_be_told,
    open_of_kind,
)
from trainings.selectors.notes import last_end, notes_kept_until
from trainings.selectors.seats import first_start
from trainings.services.accommodation_letters import (
    is_due_soon,
    tell_answer,
    tell_staff,
)
from trainings.services.occasions import lock
from trainings.services.seats import to_the_minute
from trainings.services.texts import refuse_numbers

LONGEST_TEXT = 1000


@transaction.atomic
def ask_for_accommodation(
    *,
    enrolment: Enrolment,
    kind: AccommodationKind | str,
    asked_by: AskedBy,
    actor: User | None,
    note: str = "",
    at: dt.datetime | None = None,
) -> Accommodation:
    """Ask the supplier to arrange something for a seat or a place in line.

    `actor` is None where the participant asks. What HR writes down is without a note:
    HR gets to know none. Raises DomainError where the person is no longer on the
    occasion, where nothing of it is to come, where the data may not be used, and where
    a request of the kind waits already.
    """
    enrolment, occasion = _locked_seat(enrolment)
    moment = to_the_minute(at)
    _refuse_closed(enrolment.participant)
    _refuse_past(enrolment, occasion, moment)
    _refuse_words(note)
    if note and asked_by == AskedBy.HR:
        raise DomainError(_("HR writes down the need alone, without a note."))
    _refuse_kind(enrolment, kind, asked_by)
    accommodation = Accommodation(
        enrolment=enrolment,
        kind=kind,
        asked_by=asked_by,
        requested_at=moment,
        answer_due_at=answer_due(moment, first_start(occasion)),
    )
    if at is None and tell_staff(accommodation) and is_due_soon(accommodation, moment):
        accommodation.reminded_at = moment  # One letter says both.
    accommodation._history_user = actor  # type: ignore[attr-defined]
    accommodation.save()
    if note:
        AccommodationNote.objects.create(accommodation=accommodation, text=note)
    _record("asked", accommodation, actor, occasion)
    return accommodation


@transaction.atomic
def withdraw_request(
    *, accommodation: Accommodation, actor: User | None, at: dt.datetime | None = None
) -> Accommodation:
    """Take a request back, and delete what was written about it.

    `actor` is None where the participant does; who wrote it down for somebody takes it
    back only until it is answered. Raises DomainError where it is declined, or arranged
    and begun: then how it went is what counts.
    """
    accommodation, occasion = _locked(accommodation)
    moment = to_the_minute(at)
    if actor:
        _refuse_closed(accommodation.enrolment.participant)
        _refuse_answered(accommodation)
    if reason := _why_not_withdrawn(accommodation, moment):
        raise DomainError(reason)
    accommodation.withdrawn_at = max(moment, accommodation.requested_at)
    _save(accommodation, ["withdrawn_at"], actor)
    AccommodationNote.objects.filter(accommodation=accommodation).delete()
    _record("withdrawn", accommodation, actor, occasion)
    return accommodation


@transaction.atomic
def answer_accommodation(
    *,
    accommodation: Accommodation,
    arranged: bool,
    actor: User,
    words: str = "",
    seen: str = "",
    at: dt.datetime | None = None,
) -> Accommodation:
    """Say for the supplier that it is arranged, or declined and why.

    The answer may change until the occasion is over, but what was arranged cannot be
    declined once the course has begun. `seen` is the state that the page showed; if it
    is another now, nothing is saved. Raises DomainError.
    """
    accommodation, occasion = _locked(accommodation)
    words = words.strip()
    moment = max(to_the_minute(at), accommodation.requested_at)
    if reason := why_no_answer(accommodation):
        raise DomainError(reason)
    if seen and seen != accommodation.state:
        raise DomainError(
            _("Somebody has answered meanwhile. Read that answer, then say yours.")
        )
    if not arranged and is_held_to_it(accommodation, moment):
        raise DomainError(
            _("It was arranged and the course has begun: it can no longer be declined.")
        )
    _refuse_words(words)
    if not (arranged or words):
        raise DomainError(_("Say why it cannot be arranged."))
    _give_answer(accommodation, arranged=arranged, at=moment)
    accommodation.answered_by = actor
    _save(accommodation, ["arranged_at", "declined_at", "answered_by"], actor)
    _keep_answer(accommodation, words)
    _record(accommodation.state, accommodation, actor, occasion)
    if at is None:
        tell_answer(accommodation.enrolment.participant)
    return accommodation


@transaction.atomic
def tell_outcome(
    *,
    accommodation: Accommodation,
    outcome: AccommodationOutcome | str,
    at: dt.datetime | None = None,
) -> Accommodation:
    """Keep what the participant says of something arranged: met, partly or not.

    From the first session on. What was said can be changed until the notes on the
    occasion are erased; by then the figures are settled. Raises DomainError.
    """
    accommodation, occasion = _locked(accommodation)
    moment = to_the_minute(at)
    _refuse_closed(accommodation.enrolment.participant)
    if outcome not in AccommodationOutcome.values:
        raise DomainError(_("Choose how it went."))
    if accommodation.state != Accommodation.ARRANGED:
        raise DomainError(_("Only of what was arranged can you say how it went."))
    begins = first_start(occasion)
    if not may_be_told(accommodation, has_begun=bool(begins and begins <= moment)):
        raise DomainError(
            _("You can say how it went from the first session that you have a seat at.")
        )
    if accommodation.outcome and is_settled(occasion, moment):
        raise DomainError(_("It is too late to change what you have said."))
    accommodation.outcome, accommodation.outcome_at = outcome, moment
    _save(accommodation, ["outcome", "outcome_at"], None)
    _record("outcome_told", accommodation, None, occasion)
    return accommodation


def why_no_answer(accommodation: Accommodation) -> str:
    """Say why the supplier can no longer answer; empty where it can."""
    seat = accommodation.enrolment
    if reason := _why_closed(seat.participant):
        return reason
    if accommodation.state == Accommodation.WITHDRAWN:
        return _("It has been taken back: nothing needs to be arranged.")
    if not seat.is_live:
        return _("This person is no longer on the occasion.")
    if seat.occasion.is_over:
        return _("The occasion is over; its requests no longer change.")
    return ""


def is_held_to_it(accommodation: Accommodation, now: dt.datetime) -> bool:
    """Whether it was arranged for a course that has begun: that now stands."""
    begins = first_start(accommodation.enrolment.occasion)
    is_arranged = accommodation.state == Accommodation.ARRANGED
    return is_arranged and begins is not None and begins <= now


def may_be_withdrawn(accommodation: Accommodation) -> bool:
    """Whether the participant can still take it back."""
    return not _why_not_withdrawn(accommodation, timezone.now())


def is_settled(occasion: Occasion, now: dt.datetime) -> bool:
    """Whether what was said of an occasion stays as it is."""
    until = notes_kept_until(occasion)
    return until is not None and until < now


def _locked_seat(enrolment: Enrolment) -> tuple[Enrolment, Occasion]:
    """Reread a seat, so that neither person nor occasion changes until commit."""
    person = Enrolment.objects.values("participant").filter(pk=enrolment.pk)
    Participant.objects.select_for_update().get(pk__in=person)
    occasion = lock(enrolment.occasion)
    enrolment = Enrolment.objects.select_related("participant").get(pk=enrolment.pk)
    enrolment.occasion = occasion
    return enrolment, occasion


def _locked(accommodation: Accommodation) -> tuple[Accommodation, Occasion]:
    enrolment, occasion = _locked_seat(accommodation.enrolment)
    rows = Accommodation.objects.select_for_update(of=("self",))
    accommodation = rows.get(pk=accommodation.pk)
    accommodation.enrolment = enrolment
    return accommodation, occasion


def _refuse_closed(participant: Participant) -> None:
    if reason := _why_closed(participant):
        raise DomainError(reason)


def _why_closed(participant: Participant) -> str:
    if participant.erased_at or participant.merged_into_id:
        return _("Nothing can be added about this person any more.")
    if participant.restricted_at:
        return _(
            "This person's data are kept and not used: nothing can be changed now."
        )
    return ""


def _refuse_past(enrolment: Enrolment, occasion: Occasion, moment: dt.datetime) -> None:
    if not enrolment.is_live:
        raise DomainError(_("This person is no longer on the occasion."))
    ends = last_end(occasion)
    if occasion.is_over or (ends and ends <= moment):
        raise DomainError(_("The occasion is over: nothing can be asked for any more."))


def _why_not_withdrawn(accommodation: Accommodation, moment: dt.datetime) -> str:
    match accommodation.state:
        case Accommodation.WITHDRAWN:
            return _("This request has been taken back already.")
        case Accommodation.DECLINED:
            return _("It has been declined: there is nothing to take back.")
    if accommodation.enrolment.occasion.is_over:
        return _("The occasion is over; its requests no longer change.")
    if is_held_to_it(accommodation, moment):
        return _("It is arranged and the course has begun. Say how it went instead.")
    return ""


def _refuse_answered(accommodation: Accommodation) -> None:
    if accommodation.state in {Accommodation.ARRANGED, Accommodation.DECLINED}:
        raise DomainError(
            _("It has an answer by now. Only the person can still take it back.")
        )


def _refuse_kind(
    enrolment: Enrolment, kind: AccommodationKind | str, asked_by: AskedBy
) -> None:
    if kind not in AccommodationKind.values:
        raise DomainError(_("Choose what is needed from the list."))
    if open_of_kind(enrolment, AccommodationKind(kind), asked_by).exists():
        raise DomainError(
            _("A request for this waits for an answer already. Wait for it first.")
        )


def _refuse_words(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise DomainError(
            _("Write at most %(count)d characters.") % {"count": LONGEST_TEXT}
        )
    refuse_numbers(text)


def _give_answer(
    accommodation: Accommodation, *, arranged: bool, at: dt.datetime
) -> None:
    """Set the times of an answer; who says the same again leaves them as they are."""
    if arranged and accommodation.state != Accommodation.ARRANGED:
        accommodation.arranged_at, accommodation.declined_at = at, None
    elif not arranged and accommodation.state != Accommodation.DECLINED:
        accommodation.arranged_at, accommodation.declined_at = None, at


def _keep_answer(accommodation: Accommodation, words: str) -> None:
    notes = AccommodationNote.objects.filter(accommodation=accommodation)
    if not notes.update(answer=words, updated_at=timezone.now()) and words:
        AccommodationNote.objects.create(accommodation=accommodation, answer=words)


def _save(accommodation: Accommodation, fields: list[str], actor: User | None) -> None:
    accommodation._history_user = actor  # type: ignore[attr-defined]
    accommodation.save(update_fields=[*fields, "updated_at"])


def _record(
    step: str, accommodation: Accommodation, actor: User | None, occasion: Occasion
) -> None:
    """Write down an act; without an actor it is the participant's own."""
    record(
        actor,
        f"trainings.accommodation_{step}",
        accommodation,
        occasion=occasion.ref,
        by=None if actor else "participant",
    )
