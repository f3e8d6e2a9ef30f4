"""Text messages: whether the portal sends any, and how one leaves it.

`SMS_URL` says how. `https://user:password@api.example.org/sms?from=Kompetens` posts a
form with the fields `from`, `to` and `message` to a service, with basic
authentication; any answer of 2xx means that it took the message. `from_field`,
`to_field` and `message_field` name the fields otherwise, and whatever else the address
asks is sent along as fields. `filesms:///folder` writes a file for each. `SMS_SENDER`
names another way: a callable that takes a `TextMessage` and raises where it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from uuid import UUID

import phonenumbers
import requests
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from requests.auth import HTTPBasicAuth

_FILES = "filesms"
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True)
class TextMessage:
    """What goes to one mobile; `id` is that of the row in the outbox."""

    id: UUID
    number: str
    words: str


class SmsRefusedError(Exception):
    """The service answered with something else than 2xx. What it said is not kept."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def sms_is_on() -> bool:
    """Whether the portal can send text messages; pages offer none where it cannot."""
    return bool(settings.SMS_SENDER or settings.SMS_URL)


def is_mobile(number: str) -> bool:
    """Whether this is a mobile number in international form, as `+46701740635`."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    is_plain = phonenumbers.format_number(parsed, PhoneNumberFormat.E164) == number
    return is_plain and phonenumbers.number_type(parsed) in _MOBILE


def render_text(kind: str, language: str, context: Mapping[str, object]) -> str:
    """Write a message of this kind, from `templates/texts/`, in this language."""
    with translation.override(language):
        return render_to_string(f"texts/{kind}.txt", dict(context)).strip()


def text_folder() -> str:
    """Return the folder that messages are written to; empty where they are sent."""
    way = urlsplit(settings.SMS_URL)
    is_folder = way.scheme == _FILES and not settings.SMS_SENDER
    return unquote(way.path) if is_folder else ""


def hand_over(text: TextMessage) -> None:
    """Send a message; whatever is raised means that it may not have gone."""
    _sender()(text)


def _sender() -> Callable[[TextMessage], object]:
    if settings.SMS_SENDER:
        return import_string(settings.SMS_SENDER)
    return _write if text_folder() else _post


def _write(text: TextMessage) -> None:
    """Write a file that says, as a mail does, which row of the outbox it is."""
    folder = Path(text_folder())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{timezone.localtime():%Y%m%d-%H%M%S}-{text.id}.sms.txt"
    head = f"To: {text.number}\nMessage-ID: <{text.id}@sms>\n"
    path.touch(mode=0o600)
    path.write_text(f"{head}\n{text.words}\n", encoding="utf-8")


def _post(text: TextMessage) -> None:
    way = urlsplit(settings.SMS_URL)
    answer = requests.post(
        _address(way),
        data=_fields(way, text),
        auth=HTTPBasicAuth(_secret(way.username), _secret(way.password)),
        timeout=settings.SMS_TIMEOUT,
        allow_redirects=False,  # It would be told the number and the words, too.
        stream=True,  # What it says is left unread.
    )
    with answer:
        if not 200 <= answer.status_code < 300:
            raise SmsRefusedError(answer.status_code)


def _address(way: SplitResult) -> str:
    """Return the address alone: without password, and without what is for the form."""
    host = way.netloc.rpartition("@")[2]
    return way._replace(netloc=host, query="", fragment="").geturl()


def _secret(quoted: str | None) -> bytes:
    return unquote(quoted or "").encode()


def _fields(way: SplitResult, text: TextMessage) -> dict[str, str]:
    asked = dict(parse_qsl(way.query))
    named = {
        asked.pop("from_field", "from"): asked.pop("from", ""),
        asked.pop("to_field", "to"): text.number,
        asked.pop("message_field", "message"): text.words,
    }
    return asked | named
