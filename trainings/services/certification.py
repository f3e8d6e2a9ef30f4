"""Participants certify their hours. Nobody else can: a user is never asked who it is.

Whoever calls these has made sure that it is the participant, by the channel named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from accounts.audit import record
from companies.enums import OwnChannel
from companies.models import Participant
from companies.services.restriction import refuse_closed
from core.chain import commit, new_salt
from core.errors import DomainError
from trainings.certifying import (
    CERTIFICATION_TEXTS,
    CERTIFIED,
    FORGOTTEN,
    NEWEST_TEXT,
    content_of,
    stamp_of,
)
from trainings.enums import OccasionStatus
from trainings.models import (
    Attendance,
    Certification,
    CertificationContent,
    Occasion,
)
from trainings.services.erasure import certified_contents_of
from trainings.services.steps import to_the_minute


@transaction.atomic
def certify_hours(
    *,
    participant: Participant,
    shown: Mapping[int, int],
    channel: OwnChannel,
    text_version: str,
    language: str,
    at: dt.datetime | None = None,
) -> int:
    """Certify own times, all or none; return how many.

    `shown` has the minutes that the participant's page showed, by primary key: a time
    that was changed since is refused, and nothing is certified. Raises DomainError
    with a sentence for each time at fault.
    """
    if not shown:
        raise DomainError(_("Tick at least one time to certify."))
    _refuse_other_text(text_version, language)
    participant = lock_who_may_answer(participant, channel)
    moment = to_the_minute(at)
    rows = lock_own_times(participant, shown)
    if faults := list(_faults(rows, shown, moment)):
        raise DomainError("\n".join(faults))
    for row in rows:
        row.certified_at, row.certified_channel = moment, channel
    keep_certifications(rows, text_version=stamp_of(text_version, language))
    record(
        None,
        CERTIFIED,
        participant,
        by="participant",
        times=len(rows),
        channel=channel,
        text=stamp_of(text_version, language),
    )
    return len(rows)


def keep_certifications(rows: Sequence[Attendance], *, text_version: str) -> None:
    """Save rows with time and channel of their certification, and chain each of them.

    For those who have judged that these rows may be certified, and who record it: an
    entry CERTIFIED for each person with the number of times, which verification
    compares. `text_version` is the stamp of the text.
    """
    now = timezone.now()
    for row in rows:
        row.updated_at = now
    fields = ["certified_at", "certified_channel", "updated_at"]
    bulk_update_with_history(rows, Attendance, fields)
    contents = [_content(row, text_version) for row in rows]
    certifications = Certification.objects.bulk_create(
        Certification(attendance=row, digest=_digest(row, content))
        for row, content in zip(rows, contents, strict=True)
    )
    for content, certification in zip(contents, certifications, strict=True):
        content.certification = certification
    CertificationContent.objects.bulk_create(contents)


@transaction.atomic
def forget_certifications(
    people: Collection[int], refs: Collection[str], *, basis: str
) -> int:
    """Delete what these people's certifications say, and its salts; return how many.

    How much went is written down: verification compares the two.
    """
    gone, _per_model = certified_contents_of(people, refs).delete()
    if gone:
        record(None, FORGOTTEN, contents=gone, basis=basis)
    return gone


def lock_who_may_answer(participant: Participant, channel: OwnChannel) -> Participant:
    """Reread the participant until commit. Raises DomainError if the data are closed.

    Under protected identity hours are answered at a kiosk: there is no other page.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    refuse_closed([participant])
    if participant.protected and channel != OwnChannel.KIOSK:
        raise DomainError(
            _(
                "Under protected identity hours are answered at a kiosk. Ask the "
                "supplier."
            )
        )
    return participant


def lock_own_times(participant: Participant, keys: Collection[int]) -> list[Attendance]:
    """Reread the participant's times by primary key so that they hold until commit.

    Occasions come first, as in every service that changes time. Raises DomainError
    if one of them is not the participant's, or is gone.
    """
    own = Attendance.objects.filter(enrolment__participant=participant, pk__in=keys)
    occasions = Occasion.objects.select_for_update().order_by("pk")
    list(occasions.filter(pk__in=set(own.values_list("session__occasion", flat=True))))
    near = ("session__occasion__course", "enrolment__participant")
    rows = list(own.select_related(*near).order_by("session__starts_at", "pk"))
    if len(rows) != len(set(keys)):
        raise DomainError(
            _("A time that the page showed is no longer yours. Look at them again.")
        )
    return rows


def _refuse_other_text(version: str, language: str) -> None:
    if version != NEWEST_TEXT or language not in CERTIFICATION_TEXTS[version]:
        raise DomainError(
            _("The text that you certify is another one by now. Read it and try again.")
        )


def _faults(
    rows: Sequence[Attendance], shown: Mapping[int, int], moment: dt.datetime
) -> Iterator[str]:
    """Yield a sentence for each time that may not be certified."""
    for row in rows:
        if reason := _fault(row, shown[row.pk], moment):
            starts = timezone.localtime(row.session.starts_at)
            yield _("%(session)s: %(reason)s") % {
                "session": f"{starts:%Y-%m-%d %H:%M}",
                "reason": reason,
            }


def _fault(row: Attendance, shown: int, moment: dt.datetime) -> str:
    if row.minutes != shown:
        return _("The time was changed meanwhile. Look at it again.")
    if row.is_disputed:
        return _("You have disputed this time, and it has no answer yet.")
    if row.certified_at:
        return _("You have certified this time already.")
    return why_not_certified(row, moment)


def why_not_certified(row: Attendance, moment: dt.datetime) -> str:
    """Return why a time, as it stands, is not one to certify; or nothing."""
    if row.session.occasion.status == OccasionStatus.CANCELLED:
        return _("The occasion was cancelled, so nothing of it is certified.")
    if row.session.ends_at > moment:
        return _("The session is not over yet.")
    if row.minutes == 0:
        return _("You were absent: there is no time to certify.")
    return ""


def _content(row: Attendance, text_version: str) -> CertificationContent:
    return CertificationContent(
        salt=new_salt(),
        person_ref=row.person_ref,
        minutes=row.minutes,
        text_version=text_version,
        channel=row.certified_channel,
        at=row.certified_at,  # type: ignore[misc] # Set by who certifies.
    )


def _digest(row: Attendance, content: CertificationContent) -> bytes:
    whole = content_of(
        attendance=row.pk,
        person_ref=content.person_ref,
        minutes=content.minutes,
        text_version=content.text_version,
        channel=content.channel,
        at=content.at,
    )
    return commit(content.salt, whole)
