"""The sessions of an occasion: added, moved and removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import Occasion, Session
from trainings.selectors.planning import card_of, plan_of
from trainings.services.accommodation_deadlines import follow_first_session
from trainings.services.notices import tell
from trainings.services.occasions import lock
from trainings.services.planning import late_card, refuse_planning
from trainings.services.texts import refuse_invalid
from trainings.sittings import NamedSitting, Sitting, length_fault, overlap_faults

MOST_SESSIONS = 200
CERTIFIED = gettext_lazy("Time at this session is certified; it stays as it is.")
_TIMES = ("starts_at", "ends_at", "minutes")


@transaction.atomic
def add_sessions(
    *, occasion: Occasion, sittings: Sequence[NamedSitting], actor: User | None
) -> list[Session]:
    """Add sessions, all or none: both sides while planned, then the project leader.

    Raises DomainError with every fault, one to a line, each beginning with the name
    of its sitting.
    """
    occasion = lock(occasion)
    refuse_planning(occasion, actor)
    if not sittings:
        raise DomainError(_("Choose at least one day."))
    taken = taken_times(occasion)
    if len(taken) + len(sittings) > MOST_SESSIONS:
        raise DomainError(
            _("An occasion has at most %(most)d sessions.") % {"most": MOST_SESSIONS}
        )
    lengths = ((named.name, length_fault(named.sitting)) for named in sittings)
    faults = [f"{name}: {fault}" for name, fault in lengths if fault]
    faults += overlap_faults(sittings, taken)
    if faults:
        raise DomainError("\n".join(faults))
    new = [_session(occasion, named.sitting) for named in sittings]
    bulk_create_with_history(new, Session, default_user=actor)
    _hold_the_card(occasion)
    refs = [session.ref for session in new]
    record(actor, "trainings.sessions_added", occasion, sessions=refs)
    for session in new:
        _tell_of(session, occasion, ends_at=session.ends_at)
    follow_first_session(occasion, actor=actor)
    return new


@transaction.atomic
def change_session(
    *, session: Session, sitting: Sitting, actor: User | None
) -> Session:
    """Move a session, or change its teaching time.

    What is recorded at it holds it: its minutes stay enough, it does not begin after
    the time was entered, and certified time holds it altogether. Raises DomainError.
    """
    session = _reread(session, actor)
    occasion = session.occasion
    changed = [
        name for name in _TIMES if getattr(session, name) != getattr(sitting, name)
    ]
    if not changed:
        return session
    if session.attendance.exclude(certified_at=None).exists():
        raise DomainError(str(CERTIFIED))
    others = taken_times(occasion, apart_from=session)
    named = [NamedSitting(sitting, str(sitting))]
    if met := next(overlap_faults(named, others), ""):
        raise DomainError(met)
    last = max(session.ends_at, sitting.ends_at)
    for name in changed:
        setattr(session, name, getattr(sitting, name))
    refuse_invalid(session)
    session._history_user = actor  # type: ignore[attr-defined]
    session.save(update_fields=[*changed, "updated_at"])
    _hold_the_card(occasion)
    record(
        actor,
        "trainings.session_changed",
        session,
        occasion=occasion.ref,
        fields=changed,
    )
    _tell_of(session, occasion, ends_at=last)
    follow_first_session(occasion, actor=actor)
    return session


@transaction.atomic
def remove_session(*, session: Session, actor: User | None) -> None:
    """Take a session away at which nothing is recorded; its history stays.

    An occasion that has been opened keeps at least one. Raises DomainError.
    """
    session = _reread(session, actor)
    occasion = session.occasion
    if session.attendance.exists():
        raise DomainError(_("Time is recorded at this session, so it stays."))
    is_last = not occasion.sessions.exclude(pk=session.pk).exists()
    if is_last and occasion.status != OccasionStatus.PLANNED:
        raise DomainError(
            _("It is the only session. Cancel the occasion if it is not held.")
        )
    record(actor, "trainings.session_removed", session, occasion=occasion.ref)
    session._history_user = actor  # type: ignore[attr-defined]
    try:
        session.delete()
    except ProtectedError:
        raise DomainError(_("Something rests on this session, so it stays.")) from None
    _tell_of(session, occasion, ends_at=session.ends_at)


def taken_times(
    occasion: Occasion, *, apart_from: Session | None = None
) -> list[Sitting]:
    """Return when the occasion has sessions already, in order."""
    return [
        Sitting(one.starts_at, one.ends_at, one.minutes)
        for one in occasion.sessions.all()
        if apart_from is None or one.pk != apart_from.pk
    ]


def _tell_of(session: Session, occasion: Occasion, *, ends_at: dt.datetime) -> None:
    """Note for all who are on the occasion that this session is another, or gone.

    Nobody need hear of one that is over both as it was and as it is: `ends_at` is the
    later end.
    """
    moves = occasion.status in {OccasionStatus.OPEN, OccasionStatus.ONGOING}
    if moves and ends_at > timezone.now():
        live = occasion.enrolments.live()
        tell(enrolments=live, kind=NoticeKind.CHANGED, session=session)


def _reread(session: Session, actor: User | None) -> Session:
    occasion = lock(session.occasion)
    refuse_planning(occasion, actor)
    current = occasion.sessions.filter(pk=session.pk).first()
    if current is None:
        raise DomainError(_("The session has been removed meanwhile."))
    current.occasion = occasion
    return current


def _session(occasion: Occasion, sitting: Sitting) -> Session:
    return Session(
        occasion=occasion,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        minutes=sitting.minutes,
    )


def _hold_the_card(occasion: Occasion) -> None:
    """Once it is open, the first session stays after the day to ask for adaptations.

    While it is planned, the two are judged when it opens.
    """
    card = card_of(occasion)
    if card is None or occasion.status == OccasionStatus.PLANNED:
        return
    if late_card(card.ask_by, plan_of(occasion).first_day):
        raise DomainError(
            _(
                "People may ask for adaptations until %(day)s. Set an earlier day on "
                "the accessibility card first."
            )
            % {"day": card.ask_by.isoformat()}
        )
