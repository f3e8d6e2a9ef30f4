"""Letters and text messages: rows, sent by a worker, forgotten once sent.

A letter is sent *at least once*: a worker that dies between handing it over and
noting that leaves a letter that the next one sends again. Both copies carry the same
Message-ID, by which most mailboxes show one; a text message then comes twice. Of two
live workers one sends: a claim takes the letter for as long as sending may take, under
a new fence.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import smtplib
import time
from collections.abc import Collection, Mapping
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from functools import partial
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import LetterChannel, LetterState
from accounts.letters import Attachment, Letter, one_line, render_letter
from accounts.mail_files import delete_files_of
from accounts.models import OutboxMessage, User
from accounts.sms import (
    SmsRefusedError,
    TextMessage,
    hand_over,
    is_mobile,
    render_text,
    sms_is_on,
)
from core.crypto import decrypt, encrypt
from core.errors import DomainError
from core.logs import place_of

ROUND_SECONDS = 60  # After so long another worker may go on with what is due.
SEND_SECONDS = ROUND_SECONDS + 120  # The task that sends is stopped after it.
LEASE = dt.timedelta(seconds=SEND_SECONDS + 60)
PAUSES = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
    dt.timedelta(hours=24),
)
MOST_TRIES = len(PAUSES) + 1
CONTACT_CHANGED = "contact_changed"  # To an old address; nothing of the person in it.
_RUNG = "accounts.outbox.rung"  # A call for a worker waits that has not begun.
_RUNG_SECONDS = 30

logger = logging.getLogger(__name__)


def post_letter(
    *,
    kind: str,
    recipient: str,
    language: str,
    context: Mapping[str, object],
    person_ref: str = "",
    worthless_at: dt.datetime | None = None,
) -> OutboxMessage:
    """Write a letter now, in this language, and send it once the caller has saved.

    `person_ref` names the participant whom it is about; what is not sent before
    `worthless_at` is not sent at all. Raises DomainError for what is no address.
    """
    return queue_letter(
        kind=kind,
        recipient=recipient,
        language=language,
        letter=render_letter(kind, language, context),
        person_ref=person_ref,
        worthless_at=worthless_at,
    )


@transaction.atomic
def queue_letter(
    *,
    kind: str,
    recipient: str,
    language: str,
    letter: Letter,
    person_ref: str = "",
    worthless_at: dt.datetime | None = None,
) -> OutboxMessage:
    """Queue what is written already; otherwise as `post_letter`."""
    try:
        validate_email(recipient)
    except ValidationError as error:
        raise DomainError(_("A letter needs an e-mail address.")) from error
    content = [
        one_line(letter.subject),
        letter.text,
        letter.html,
        [_packed(attachment) for attachment in letter.attachments],
    ]
    message = OutboxMessage.objects.create(
        kind=kind,
        recipient=recipient,
        language=language,
        sealed=encrypt(json.dumps(content)),
        person_ref=person_ref,
        worthless_at=worthless_at,
    )
    _ring_on_commit()
    return message


@transaction.atomic
def post_text(
    *,
    kind: str,
    number: str,
    language: str,
    context: Mapping[str, object],
    person_ref: str = "",
    worthless_at: dt.datetime | None = None,
) -> OutboxMessage:
    """Write a text message now, in this language, and send it as letters are sent.

    Its words are `texts/<kind>.txt`, its number as `+46701740635`. Raises DomainError
    for what is no mobile in that form, and where the portal sends no text messages.
    """
    if not sms_is_on():
        raise DomainError(_("This portal sends no text messages."))
    if not is_mobile(number):
        raise DomainError(
            _("A text message needs a mobile number in international form.")
        )
    words = render_text(kind, language, context)
    message = OutboxMessage.objects.create(
        kind=kind,
        channel=LetterChannel.SMS,
        recipient=number,
        language=language,
        sealed=encrypt(json.dumps([words])),
        person_ref=person_ref,
        worthless_at=worthless_at,
    )
    _ring_on_commit()
    return message


def send_due() -> None:
    """Send every letter whose time has come, the longest due first.

    What is left after a minute is called for again, so that no round is endless.
    """
    cache.delete(_RUNG)  # Before looking: who posts from now on calls again.
    until = time.monotonic() + ROUND_SECONDS
    due = OutboxMessage.objects.due().filter(attempts__lt=MOST_TRIES)
    while (pk := due.order_by("not_before").values_list("pk", flat=True).first()) and (
        time.monotonic() < until
    ):
        send(pk)
    if pk:
        _ring()


def send(pk: UUID | str) -> None:
    """Send a letter whose time has come, unless somebody else does.

    Of what goes wrong only the kind and the server's code are kept: its words may
    repeat an address.
    """
    message = _claim(pk)
    if message is None:
        return
    try:
        _hand_over(message)
    except Exception as error:
        logger.warning("Letter %s was not sent: %s", message.pk, place_of(error))
        _note_failure(message, _kind_of(error))
    else:
        _note_sent(message)


def ring_for_due_letters() -> None:
    """Call a worker if the time of any letter has come.

    One whose last try was cut short is given up instead, and one that says nothing of
    use any more is cancelled.
    """
    _cancel(OutboxMessage.objects.worthless())
    due = OutboxMessage.objects.due()
    due.filter(attempts__gte=MOST_TRIES).update(failed_at=timezone.now())
    if due.exists():
        _ring()


@transaction.atomic
def retry_letter(*, message: OutboxMessage, actor: User) -> None:
    """Try a letter again now, also one that was given up."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if message.state == LetterState.SENDING:
        raise DomainError(_("It is being sent at this moment."))
    if message.sealed is None:
        raise DomainError(_("It is over, and what it said is forgotten."))
    if message.failed_at:
        message.failed_at, message.attempts = None, 0
    message.not_before = timezone.now()
    message.save(update_fields=["failed_at", "attempts", "not_before"])
    record(actor, "accounts.letter_tried_again", message, kind=message.kind)
    _ring_on_commit()


@transaction.atomic
def cancel_letter(*, message: OutboxMessage, actor: User) -> None:
    """Cancel a letter that is not sent yet, and forget what it says.

    One that is on its way at this moment may still arrive.
    """
    now = timezone.now()
    waiting = OutboxMessage.objects.waiting().filter(pk=message.pk)
    if not waiting.update(cancelled_at=now, sealed=None, fence=F("fence") + 1):
        raise DomainError(_("It is over: there is nothing to cancel."))
    record(actor, "accounts.letter_cancelled", message, kind=message.kind)


def forget_old_letters(*, before: dt.datetime) -> int:
    """Blank the address of letters that were over by then; return how many."""
    over = OutboxMessage.objects.over().filter(queued_at__lt=before)
    return over.exclude(recipient="", sealed=None).update(
        recipient="", person_ref="", sealed=None
    )


def cancel_letters_about(
    person_refs: Collection[str], *, to: str = "", kind: str = ""
) -> int:
    """Cancel what waits to be sent about these participants; return how many.

    For who may no longer be written to, or no longer `to` that address. `kind` is
    that of what has been replaced. What tells an
    address that it is no longer the person's goes: who changed it does not silence it.
    """
    waiting = OutboxMessage.objects.waiting().filter(person_ref__in=person_refs)
    waiting = waiting.exclude(kind=CONTACT_CHANGED)
    if to:
        waiting = waiting.filter(recipient__iexact=to)
    if kind:
        waiting = waiting.filter(kind=kind)
    return _cancel(waiting)


@transaction.atomic
def forget_letters_about(person_refs: Collection[str]) -> int:
    """Cancel and blank every letter about these participants; return how many.

    Where letters are files, those go, too.
    """
    about = OutboxMessage.objects.filter(person_ref__in=person_refs)
    sent = list(about.values_list("pk", flat=True))
    transaction.on_commit(partial(delete_files_of, sent), robust=True)
    about.waiting().update(cancelled_at=timezone.now(), fence=F("fence") + 1)
    return about.update(recipient="", person_ref="", sealed=None)


def _cancel(waiting: QuerySet[OutboxMessage]) -> int:
    return waiting.update(
        cancelled_at=timezone.now(), sealed=None, fence=F("fence") + 1
    )


def _claim(pk: UUID | str) -> OutboxMessage | None:
    """Take a due letter for as long as sending may take, or None if it is taken."""
    due = OutboxMessage.objects.due().filter(pk=pk, attempts__lt=MOST_TRIES)
    claimed = due.update(
        attempts=F("attempts") + 1,
        fence=F("fence") + 1,
        not_before=timezone.now() + LEASE,
        failure="",
    )
    return OutboxMessage.objects.get(pk=pk) if claimed else None


def _hand_over(message: OutboxMessage) -> None:
    content = json.loads(decrypt(bytes(message.sealed or b"")))
    if message.channel == LetterChannel.SMS:
        hand_over(TextMessage(message.pk, message.recipient, *content))
    else:
        _mail(message, *content)


def _mail(
    message: OutboxMessage, subject: str, text: str, html: str, *attached: list
) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[message.recipient],
        headers={
            "Message-ID": f"<{message.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    for packed in attached[0] if attached else []:  # Older letters have no such list.
        mail.attach(_part(*packed))
    mail.send()


def _packed(attachment: Attachment) -> list[object]:
    content = base64.b64encode(attachment.content).decode()
    parameters = dict(attachment.parameters)
    return [attachment.name, attachment.content_type, parameters, content]


def _part(
    name: str, content_type: str, parameters: Mapping[str, str], content: str
) -> MIMEBase:
    """Return the file as a part of a mail, octet for octet as it was made."""
    main, _slash, sub = content_type.partition("/")
    part = MIMEBase(main, sub)
    for parameter, value in parameters.items():
        part.set_param(parameter, value)
    part.set_payload(base64.b64decode(content))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _note_sent(message: OutboxMessage) -> None:
    if not _own(message).update(sent_at=timezone.now(), sealed=None):
        logger.warning("Letter %s was taken over while it was sent", message.pk)


def _note_failure(message: OutboxMessage, failure: str) -> None:
    now = timezone.now()
    if message.attempts < MOST_TRIES:
        again = now + PAUSES[message.attempts - 1]
        _own(message).update(not_before=again, failure=failure)
    else:
        _own(message).update(failed_at=now, failure=failure)


def _own(message: OutboxMessage):
    """The letter's row, unless somebody has claimed or cancelled it meanwhile."""
    waiting = OutboxMessage.objects.waiting()
    return waiting.filter(pk=message.pk, fence=message.fence)


def _kind_of(error: Exception) -> str:
    """Name an error by its class and the server's code, such as `550`."""
    codes = [getattr(error, "smtp_code", None)]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    if isinstance(error, SmsRefusedError):
        codes = [error.code]
    named = [str(code) for code in codes if code]
    return " ".join([type(error).__name__, *named])


def _ring_on_commit() -> None:
    # A queue that does not answer refuses nobody: the sweep rings again.
    transaction.on_commit(_ring_once, robust=True)


def _ring_once() -> None:
    """Call a worker, unless a call waits already that will find the letter, too."""
    if cache.add(_RUNG, value=True, timeout=_RUNG_SECONDS):
        _ring()


def _ring() -> None:
    # By name, because tasks stand above services.
    current_app.send_task(
        "accounts.tasks.send_letters", expires=2 * settings.JOB_SWEEP_SECONDS
    )
