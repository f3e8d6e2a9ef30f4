"""How a letter is rendered, and which address its links begin with.

A kind has its words in `templates/letters/`: `<kind>_subject.txt`, `<kind>.txt` and,
where it has a button, `<kind>.html`; without one the text is set as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

_FILES = "django.core.mail.backends.filebased.EmailBackend"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `parameters` are those of its content type."""

    name: str
    content_type: str
    content: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says; the subject is one line, whatever went into it."""

    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment] = ()


def render_letter(kind: str, language: str, context: Mapping[str, object]) -> Letter:
    """Write a letter of this kind in this language."""
    with translation.override(language):
        subject = render_to_string(f"letters/{kind}_subject.txt", context)
        text = render_to_string(f"letters/{kind}.txt", context)
        try:
            html = get_template(f"letters/{kind}.html").render(dict(context))
        except TemplateDoesNotExist:
            html = html_of(text)
        return Letter(one_line(subject), f"{text.strip()}\n", html)


def html_of(text: str) -> str:
    """Set a text, in the active language, as the portal's letters look."""
    return render_to_string("letters/_plain.html", {"text": text.strip()})


def one_line(text: str) -> str:
    """Return the text without line breaks: a header ends at the first one."""
    return " ".join(text.split())


def portal_url(path: str, request: HttpRequest) -> str:
    """Return the absolute address of a path, for a link in a letter.

    It begins with `PORTAL_URL` where the operator has set it, else with the host that
    the request came to, which `ALLOWED_HOSTS` has let in.
    """
    if settings.PORTAL_URL:
        return f"{settings.PORTAL_URL.rstrip('/')}{path}"
    return request.build_absolute_uri(path)


def mail_folder() -> str:
    """Return the folder that letters are written to; empty where they are sent."""
    if settings.EMAIL_BACKEND != _FILES:
        return ""
    return str(getattr(settings, "EMAIL_FILE_PATH", ""))
