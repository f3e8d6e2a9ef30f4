"""News for participants: noted when something happens, told later by one letter.

Whoever does something that concerns people calls `tell` in the same transaction, after
the change. It sends nothing: `notice_letters` makes one letter of all the news of a
person. Packages and lists do not call it, so that nobody is written to for a row that
came with a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from companies.models import Participant
from core.errors import DomainError
from trainings.enums import NoticeDropped, NoticeKind, NoticeLevel
from trainings.models import Enrolment, Notice, NoticeChoice, Session

Times = tuple[dt.datetime | None, dt.datetime | None]

_BATCH = 500
_ENDINGS = frozenset({NoticeKind.CANCELLED, NoticeKind.WITHDRAWN})
# What was recorded stays true, whatever becomes of the seat.
_OF_HOURS = frozenset({NoticeKind.CERTIFY, NoticeKind.ABSENT, NoticeKind.CERTIFICATE})
# By news, the untold news whose place it takes.
_REPLACES: Mapping[NoticeKind, Collection[NoticeKind]] = {
    NoticeKind.CONFIRMED: {NoticeKind.WAITING, NoticeKind.OFFERED},
    NoticeKind.WAITING: {NoticeKind.OFFERED},
    NoticeKind.OFFERED: {NoticeKind.WAITING},
    NoticeKind.CANCELLED: set(NoticeKind) - _OF_HOURS - {NoticeKind.CANCELLED},
    NoticeKind.WITHDRAWN: set(NoticeKind) - _OF_HOURS - {NoticeKind.WITHDRAWN},
}
_STEPS = {
    NoticeKind.CONFIRMED: "confirmed_at",
    NoticeKind.OFFERED: "offered_at",
    NoticeKind.WAITING: "waitlisted_at",
}


@transaction.atomic
def tell(
    *,
    enrolments: Iterable[Enrolment],
    kind: NoticeKind,
    session: Session | None = None,
    occurrence: str = "",
    at: dt.datetime | None = None,
) -> int:
    """Note a piece of news for each of these enrolments; return how many are new.

    The same news twice is noted once. Untold news that it makes void falls away. News
    of the end of a nomination that nobody was told of is not told either. `session` is
    the one that was changed or that somebody was absent from; it may be deleted.
    `occurrence` tells two of a kind apart where the seat's own times do not.
    """
    rows = list(enrolments)
    count = 0
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        count += _tell(batch, kind, session, occurrence, at or timezone.now())
    return count


def tell_who_knows(*, enrolments: Iterable[Enrolment], kind: NoticeKind) -> int:
    """Note it for those alone who were told of their nomination.

    A list or a package brings people whom nobody has written to: of what becomes of
    their place they hear from their company, which sees it on its pages.
    """
    rows = list(enrolments)
    told = set(
        Notice.objects.filter(enrolment__in=rows).values_list("enrolment", flat=True)
    )
    return tell(enrolments=[row for row in rows if row.pk in told], kind=kind)


@transaction.atomic
def choose_letters(
    *, participant: Participant, level: str, language: str
) -> NoticeChoice:
    """Keep which letters the participant wants, and in which language.

    Only the participant's own page calls it. The same choice again changes nothing.
    """
    if level not in NoticeLevel.values or language not in dict(settings.LANGUAGES):
        raise DomainError(_("Choose one of the answers."))
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    newest = participant.notice_choices.first()
    if newest and (newest.level, newest.language) == (level, language):
        return newest
    choice = participant.notice_choices.create(level=level, language=language)
    record(
        None,
        "trainings.letters_chosen",
        choice,
        by="participant",
        level=level,
        language=language,
    )
    return choice


def _tell(
    rows: list[Enrolment],
    kind: NoticeKind,
    session: Session | None,
    occurrence: str,
    now: dt.datetime,
) -> int:
    untold = Notice.objects.untold().filter(enrolment__in=rows)
    # In one order, so that two who note and tell at a time do not wait in a ring.
    waiting = list(untold.select_for_update().order_by("pk"))
    skipped = _who_need_not_know(rows, waiting, kind, session)
    replaced = _REPLACES.get(kind, ())
    void = [notice.pk for notice in waiting if notice.kind in replaced]
    Notice.objects.filter(pk__in=void).update(dropped=NoticeDropped.REPLACED)
    was: Times = (None, None)
    if session and kind == NoticeKind.CHANGED:
        was, version = _change_of(session)
        occurrence = occurrence or str(version)
    made = [
        Notice(
            enrolment=row,
            kind=kind,
            session_ref=session.ref if session else "",
            was_starts_at=was[0],
            was_ends_at=was[1],
            occurrence=occurrence or _time_of_step(row, kind),
            made_at=now,
        )
        for row in rows
        if row.pk not in skipped
    ]
    before = Notice.objects.filter(enrolment__in=rows).count()
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    return Notice.objects.filter(enrolment__in=rows).count() - before


def _who_need_not_know(
    rows: list[Enrolment],
    waiting: list[Notice],
    kind: NoticeKind,
    session: Session | None,
) -> set[int]:
    if kind == NoticeKind.CHANGED and session:
        # The first untold change knows when the session was, as it was last told.
        return {
            notice.enrolment_id
            for notice in waiting
            if notice.kind == kind and notice.session_ref == session.ref
        }
    if kind in _ENDINGS:
        invited = {
            notice.enrolment_id
            for notice in waiting
            if notice.kind == NoticeKind.INVITATION
        }
        told = Notice.objects.filter(enrolment__in=rows).exclude(told_at=None)
        return invited - set(told.values_list("enrolment", flat=True))
    return set()


def _change_of(session: Session) -> tuple[Times, int]:
    """Return when the session was before its last change, and how many it has had.

    A new one was at no time before.
    """
    records = Session.history.filter(ref=session.ref)
    newest = list(records.order_by("-history_date", "-history_id")[:2])
    is_gone = bool(newest) and newest[0].history_type == "-"
    before = newest[:1] if is_gone else newest[1:]
    was = (before[0].starts_at, before[0].ends_at) if before else (None, None)
    return was, records.count()


def _time_of_step(row: Enrolment, kind: NoticeKind) -> str:
    """Return when the step was taken that the news tell of; empty where it is once."""
    moment: dt.datetime | None = getattr(row, _STEPS.get(kind, ""), None)
    return moment.astimezone(dt.UTC).isoformat() if moment else ""
