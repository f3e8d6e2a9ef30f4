"""Hours that participants have certified on their page, and times that they dispute."""

import datetime as dt

from simple_history.utils import bulk_update_with_history

from accounts.audit import record
from companies.enums import OwnChannel
from core.crypto import encrypt
from kompetenslyft.demo.stage import Stage
from trainings.certifying import NEWEST_TEXT, stamp_of
from trainings.models import Attendance, Dispute, Occasion
from trainings.services.certification import keep_certifications

DAY = dt.timedelta(days=1)
SHARE_CERTIFIED, SHARE_DISPUTED, SHARE_ANSWERED = 0.85, 0.04, 0.5
ANSWERED_AFTER = 60 * DAY  # The latest; some are answered within days.
LEFT_EARLY = "Jag gick hem vid lunch, så det är för mycket."
WAS_THERE = "Jag var på plats hela tiden, det var min kollega som var sjuk."
ANSWER = "Närvarolistan och läraren säger samma tid. Ring oss om du tycker annat."


def certify_and_dispute(stage: Stage, occasion: Occasion, ends: dt.datetime) -> None:
    """Let most on an occasion certify within weeks, and a few dispute.

    All rows at once: a page for each would take the demo an hour.
    """
    near = ("session", "enrolment__participant")
    found = Attendance.objects.filter(enrolment__occasion=occasion)
    rows = list(found.select_related(*near))
    disputed = [row for row in rows if stage.dice.random() < SHARE_DISPUTED]
    _dispute(stage, disputed, ends)
    certified = [
        row
        for row in rows
        if row.minutes
        and not row.is_disputed
        and _certifies(stage, row, row.dispute_closed_at or ends)
    ]
    if not certified:
        return
    stamp = stamp_of(NEWEST_TEXT, "sv")
    keep_certifications(certified, text_version=stamp)
    record(
        None,
        "trainings.hours_certified",
        occasion,
        people={row.person_ref for row in certified},
        by="participant",
        times=len(certified),
        text=stamp,
    )


def _certifies(stage: Stage, row: Attendance, since: dt.datetime) -> bool:
    at = since + stage.dice.randint(1, 20) * DAY
    noon = dt.datetime.combine(stage.today, dt.time(12), since.tzinfo)
    if stage.dice.random() >= SHARE_CERTIFIED or at >= noon:
        return False
    by_link = not row.enrolment.participant.protected
    channel = OwnChannel.LINK if by_link else OwnChannel.KIOSK
    row.certified_at, row.certified_channel = at, channel
    return True


def _dispute(stage: Stage, rows: list[Attendance], ends: dt.datetime) -> None:
    noon = dt.datetime.combine(stage.today, dt.time(12), ends.tzinfo)
    if ends + 2 * DAY >= noon:
        return
    is_old, may_be_answered = ends < noon - ANSWERED_AFTER, ends + 5 * DAY < noon
    disputes = []
    for row in rows:
        row.disputed_at = ends + 2 * DAY
        if is_old or (may_be_answered and stage.dice.random() < SHARE_ANSWERED):
            row.dispute_closed_at = row.disputed_at + 3 * DAY
        disputes.append(_words_on(stage, row))
    fields = ["disputed_at", "dispute_closed_at"]
    bulk_update_with_history(rows, Attendance, fields)
    Dispute.objects.bulk_create(disputes)


def _words_on(stage: Stage, row: Attendance) -> Dispute:
    is_closed = row.dispute_closed_at is not None
    return Dispute(
        attendance=row,
        claimed_minutes=row.minutes // 2 if row.minutes else row.session.minutes,
        sealed=encrypt(LEFT_EARLY if row.minutes else WAS_THERE),
        opened_at=row.disputed_at,
        closed_at=row.dispute_closed_at,
        closed_by=stage.leader if is_closed else None,
        answer=ANSWER if is_closed else "",
    )
