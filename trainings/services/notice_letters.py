"""One letter of all the news of a person, after a pause in which more may come.

The letter's row and the mark on what it tells are one transaction, so a worker that is
killed tells nothing twice, and forgets nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.letters import Attachment, Letter
from accounts.message_templates import all_words_in_force, compose_letter, filled
from accounts.services.outbox import queue_letter
from companies.models import Participant
from companies.services.links import language_of, why_no_letter
from core.errors import DomainError
from core.locks import held_lock
from core.logs import place_of
from trainings.calendar.files import METHOD, MIME_TYPE, calendar_of
from trainings.enums import NoticeDropped, NoticeKind, NoticeLevel
from trainings.models import Notice
from trainings.notices.truth import is_still_true
from trainings.notices.values import News, values_of
from trainings.seat_events import seat_events

_BATCH = 200
_SECONDS = 45  # The next minute's run goes on with what is left.
_SEVERAL = "news"
_NEEDS_ANSWER = frozenset({NoticeKind.OFFERED, NoticeKind.CERTIFY})
_CHANGES = frozenset({NoticeKind.CHANGED, NoticeKind.CANCELLED, NoticeKind.WITHDRAWN})
_WANTED = {
    NoticeLevel.ALL: frozenset(NoticeKind),
    NoticeLevel.ANSWER: _NEEDS_ANSWER | _CHANGES,
    NoticeLevel.CHANGES: _CHANGES,
}
# These tell all the times as they are when the letter is written.
_TELLS_TIMES = frozenset(
    {NoticeKind.INVITATION, NoticeKind.CONFIRMED, NoticeKind.OFFERED}
)
_ORDER = (
    NoticeKind.OFFERED,
    NoticeKind.CANCELLED,
    NoticeKind.CHANGED,
    NoticeKind.INVITATION,
    NoticeKind.CONFIRMED,
    NoticeKind.REMINDER,
    NoticeKind.WAITING,
    NoticeKind.WITHDRAWN,
    NoticeKind.ABSENT,
    NoticeKind.CERTIFY,
    NoticeKind.CERTIFICATE,
)
_WITH_CALENDAR = frozenset(
    {
        NoticeKind.CANCELLED,
        NoticeKind.CHANGED,
        NoticeKind.CONFIRMED,
        NoticeKind.REMINDER,
        NoticeKind.WITHDRAWN,
    }
)

logger = logging.getLogger(__name__)


def tell_all() -> int:
    """Write to everybody whose news have waited long enough; return how many letters.

    What goes wrong with one person's letter keeps nobody else's.
    """
    ends = time.monotonic() + _SECONDS
    seen: set[int] = set()
    letters = 0
    with held_lock("notices") as held:
        while held and time.monotonic() < ends:
            people = [pk for pk in _people_with_news(len(seen)) if pk not in seen]
            if not people:
                break
            for pk in people:
                seen.add(pk)
                letters += _try_to_tell(pk)
    return letters


@transaction.atomic
def tell_person(pk: int) -> bool:
    """Queue one letter with all that a person has not been told; False for none.

    Where no letter may be sent, or none is wanted, the notices say so.
    """
    participant = Participant.objects.select_for_update().get(pk=pk)
    notices = _untold_of(participant)
    if not _is_time(notices):
        return False
    if reason := why_not_written_to(participant):
        _drop(notices, reason)
        return False
    wanted = _without_unwanted(participant, notices)
    language = letter_language(participant)
    with translation.override(language):
        told = _without_what_is_over(_parts_of(wanted))
        news = _without_changes_told_beside(told)
        if not news:
            return False
        letter = _letter(news, language)
        return _queue(participant, news, letter, language)


def why_not_written_to(participant: Participant) -> NoticeDropped | None:
    """Return why no letter may go to a person; None where nothing is against it."""
    if participant.erased_at or participant.merged_into_id:
        return NoticeDropped.GONE
    if participant.protected:
        return NoticeDropped.PROTECTED
    if participant.restricted_at:
        return NoticeDropped.RESTRICTED
    if not participant.email:
        return NoticeDropped.NO_ADDRESS
    return NoticeDropped.SHARED if why_no_letter(participant) else None


def letter_language(participant: Participant) -> str:
    """Return the language that the participant chose, else that of the last link."""
    choice = participant.notice_choices.first()
    return (choice and choice.language) or language_of(participant)


def _try_to_tell(pk: int) -> bool:
    try:
        return tell_person(pk)
    except Exception as error:
        logger.warning("The news of a participant were not told: %s", place_of(error))
        return False


def _people_with_news(skipped: int) -> list[int]:
    """Return whose news have waited long enough, the longest first."""
    due = Notice.objects.untold().filter(_is_due())
    people = due.order_by().values_list("enrolment__participant")
    waiting = people.annotate(since=Min("made_at")).order_by("since")
    return [pk for pk, _since in waiting[: skipped + _BATCH]]


def _is_due() -> Q:
    pause = dt.timedelta(minutes=settings.NOTICE_PAUSE_MINUTES)
    return Q(made_at__lte=timezone.now() - pause) | Q(kind=NoticeKind.OFFERED)


def _is_time(notices: Sequence[Notice]) -> bool:
    due = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    return due.filter(_is_due()).exists()


def _untold_of(participant: Participant) -> list[Notice]:
    rows = Notice.objects.untold().filter(enrolment__participant=participant)
    near = ("enrolment__occasion__course", "enrolment__occasion__provider")
    locked = rows.select_for_update(of=("self",)).select_related(*near)
    return list(locked.order_by("pk"))


def _without_unwanted(
    participant: Participant, notices: Sequence[Notice]
) -> list[Notice]:
    choice = participant.notice_choices.first()
    wanted = _WANTED[NoticeLevel(choice.level) if choice else NoticeLevel.ALL]
    _drop([one for one in notices if one.kind not in wanted], NoticeDropped.CHOSEN)
    return [one for one in notices if one.kind in wanted]


def _parts_of(notices: Iterable[Notice]) -> list[News]:
    """Put together what one part of the letter tells.

    The most urgent seat comes first, and what there is of one seat stands together.
    """
    groups: dict[tuple[NoticeKind, object], list[Notice]] = defaultdict(list)
    for notice in notices:
        kind = NoticeKind(notice.kind)
        is_monthly = kind == NoticeKind.CERTIFY
        about = notice.occurrence if is_monthly else notice.enrolment_id
        groups[kind, about].append(notice)
    parts = [News(kind, group) for (kind, _about), group in groups.items()]
    places = {kind: place for place, kind in enumerate(_ORDER)}
    first: dict[int, int] = {}
    for part in parts:
        place, seat = places[part.kind], part.enrolment.pk
        first[seat] = min(first.get(seat, place), place)

    def place_of_part(part: News) -> tuple[int, int, int]:
        seat = part.enrolment.pk
        return first[seat], seat, places[part.kind]

    return sorted(parts, key=place_of_part)


def _without_what_is_over(parts: Iterable[News]) -> list[News]:
    told = []
    for part in parts:
        if is_still_true(part):
            told.append(part)
        else:
            _drop(part.notices, NoticeDropped.OVER)
    return told


def _without_changes_told_beside(parts: Sequence[News]) -> list[News]:
    """Leave out changes that came after news which the letter tells with all times.

    Judged here and not when the change is noted: what would have told the times may be
    unwanted, or over by now.
    """
    since: dict[int, int] = {}
    for part in parts:
        if part.kind in _TELLS_TIMES:
            first = min(notice.pk for notice in part.notices)
            since[part.enrolment.pk] = min(since.get(part.enrolment.pk, first), first)
    told = []
    for part in parts:
        is_change = part.kind == NoticeKind.CHANGED
        ends = since.get(part.enrolment.pk) if is_change else None
        late = [one for one in part.notices if ends and one.pk > ends]
        _drop(late, NoticeDropped.REPLACED)
        rest = [one for one in part.notices if one not in late]
        if rest and (not late or is_still_true(News(part.kind, rest))):
            told.append(News(part.kind, rest))
    return told


def _letter(news: Sequence[News], language: str) -> Letter:
    words = all_words_in_force({part.kind.value for part in news}, language)
    parts = [filled(words[part.kind.value], values_of(part)) for part in news]
    letter = compose_letter(parts, page=_how_to_open_the_page(), language=language)
    file = _calendar(news)
    attachments = [file] if file else []
    return Letter(letter.subject, letter.text, letter.html, attachments)


def _how_to_open_the_page() -> str:
    """Say how; a letter cannot repeat the personal link, of which we keep a digest."""
    told = _(
        "Open it by the personal link that you have got before, or sign in with a code "
        "that is sent to you. If neither works, ask HR at your company for a new link."
    )
    if address := _address():
        return f"{told} {_('The address is:')} {address}"
    return told


def _address() -> str:
    """Return the address of everybody's own page; empty where it is not known."""
    url = settings.PORTAL_URL.rstrip("/")
    return f"{url}{reverse('own:page')}" if url else ""


def _calendar(news: Sequence[News]) -> Attachment | None:
    """Return the sessions that the letter is about, for the reader's own calendar."""
    seated = (part for part in news if part.enrolment.confirmed_at)
    concerned = [part for part in seated if part.kind in _WITH_CALENDAR]
    changed: dict[int, set[str]] = defaultdict(set)
    for part in concerned:
        if part.kind == NoticeKind.CHANGED:
            refs = {notice.session_ref for notice in part.notices}
            changed[part.enrolment.pk] |= refs
    seats = {part.enrolment.pk: part.enrolment for part in concerned}
    whole = {p.enrolment.pk for p in concerned if p.kind != NoticeKind.CHANGED}
    only = {pk: refs for pk, refs in changed.items() if pk not in whole}
    events = seat_events(seats.values(), url=_address(), only=only)
    if not events:
        return None
    return Attachment(
        name=_("training.ics"),
        content_type=MIME_TYPE,
        content=calendar_of(events),
        parameters={"method": METHOD, "charset": "utf-8"},
    )


def _queue(
    participant: Participant, news: Sequence[News], letter: Letter, language: str
) -> bool:
    notices = [notice for part in news for notice in part.notices]
    kind = f"{_SEVERAL}_{news[0].kind}" if len(news) == 1 else _SEVERAL
    try:
        message = queue_letter(
            kind=kind,
            recipient=participant.email,
            language=language,
            letter=letter,
            person_ref=participant.ref,
        )
    except DomainError:  # It was entered long ago, and is no address.
        _drop(notices, NoticeDropped.NO_ADDRESS)
        return False
    told = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    told.update(told_at=message.queued_at, letter=message.pk)
    return True


def _drop(notices: Sequence[Notice], reason: NoticeDropped) -> None:
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(dropped=reason)
