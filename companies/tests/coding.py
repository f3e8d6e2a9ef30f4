"""Codes in the messages that bring them, and time that goes by."""

import datetime as dt
import json
import re

from accounts.models import OutboxMessage
from companies.enums import ContactKind
from companies.models import SignInCode
from companies.services.codes import redeem_code, send_sign_in_code
from core.crypto import decrypt

EMAIL, SMS = ContactKind.EMAIL, ContactKind.SMS
MOBILE, OTHER_MOBILE = "+46701740635", "+46701740636"


def messages(*kinds):
    """The waiting messages as (kind, to, text), the oldest first."""
    found = OutboxMessage.objects.waiting().order_by("queued_at")
    return [
        (message.kind, message.recipient, _text_of(message))
        for message in found
        if not kinds or message.kind in kinds
    ]


def newest_code():
    """Return the digits of the newest message that brings some."""
    (*_, text) = [text for _kind, _to, text in messages("sign_in_code", "contact_code")]
    return re.search(r"\b\d{6}\b", text)[0]


def ask(address, kind=EMAIL):
    return send_sign_in_code(kind=kind, address=address, language="sv")


def sign_in(address, kind=EMAIL):
    """Ask for a code, and type it in."""
    pk = ask(address, kind)
    return redeem_code(pk=pk, digits=newest_code())


def wrong(digits):
    return f"{(int(digits) + 1) % 10**6:06}"


def let_go_by(**time):
    """Let all codes have been sent, and be over, so much earlier."""
    step = dt.timedelta(**time)
    for code in SignInCode.objects.all():
        code.sent_at -= step
        code.expires_at -= step
        code.save()
        # The address that it went to is older than the code.
        code.participant.history.update(history_date=code.sent_at - step)


def _text_of(message):
    content = json.loads(decrypt(bytes(message.sealed)))
    return content[1] if message.channel == "email" else content[0]
