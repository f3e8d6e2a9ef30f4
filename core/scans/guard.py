"""Judges an uploaded scan by what it holds, never by its name or the browser's word.

The file is looked through by `child.py` in a process of its own with bounded memory
and time. Of a picture only its pixels come back; a PDF stays as it is, if nothing in it
acts by itself.
"""

from __future__ import annotations

import json
import os
import select
import time as clock
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.confined import confined
from core.errors import DomainError

CHILD = Path(__file__).with_name("child.py")
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
PICTURES = (JPEG, PNG)
_MAGIC = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # Spreadsheets and documents.
_HEAD_BYTES = 1024
_PIPE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a scan is looked at before it is refused."""

    pages: int = 50
    pixels: int = 50_000_000  # A3 at 400 dots an inch is 31 million.
    least_side: int = 400  # Pixels; less cannot be read.
    drawn_bytes: int = 60 << 20  # Of a picture drawn anew.
    memory_bytes: int = 1 << 30  # Address space of the process that looks.
    cpu_seconds: int = 60
    wait_seconds: float = 60


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that may be kept: what kind of file it is, how many pages, its bytes."""

    media_type: str
    pages: int
    content: bytes


DEFAULT_LIMITS = Limits()


def read_scan(
    path: str | os.PathLike[str], *, most_bytes: int, limits: Limits = DEFAULT_LIMITS
) -> Scan:
    """Return the scan in a file.

    Raises DomainError, which says what is wrong and where, if it is none that is safe
    to keep and to hand on.
    """
    path = Path(path)
    media_type = _kind_of(path, most_bytes)
    kind = "pdf" if media_type == PDF else "picture"
    with confined(
        CHILD,
        *(kind, str(path), json.dumps(asdict(limits))),
        memory_bytes=limits.memory_bytes,
        cpu_seconds=limits.cpu_seconds,
    ) as pipe:
        said, drawn = _answer(pipe, limits)
    if reason := said.get("refused"):
        raise DomainError(_sentence(reason, said.get("page", 0), limits))
    if media_type == PDF:
        return Scan(PDF, said["pages"], path.read_bytes())
    if not drawn:
        raise DomainError(_sentence("damaged", 0, limits))
    return Scan(media_type, 1, drawn)


def _kind_of(path: Path, most_bytes: int) -> str:
    size = path.stat().st_size
    if not size:
        raise DomainError(_("The file is empty. Scan the sheet once more."))
    if size > most_bytes:
        raise DomainError(
            _(
                "The file is larger than %(limit)d MB. Scan in grey with 200 dots an "
                "inch, or attach the pages one by one."
            )
            % {"limit": most_bytes >> 20}
        )
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for magic, media_type in _MAGIC.items():
        if head.startswith(magic):
            return media_type
    raise DomainError(_what_it_is_instead(head))


def _what_it_is_instead(head: bytes) -> str:
    text = head.lower()
    if head.startswith(_PACKED):
        return _(
            "This is a spreadsheet or another document, not a scan. Attach the scan as "
            "PDF, JPEG or PNG."
        )
    if b"<html" in text or b"<!doctype" in text or b"<svg" in text or b"<?xml" in text:
        return _(
            "This is a web page or a drawing, whatever its name says. Attach the scan "
            "as PDF, JPEG or PNG."
        )
    return _("This is no scan: it is neither PDF nor JPEG nor PNG.")


def _answer(pipe: int, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Read what the process says, and the picture after it."""
    body = bytearray()
    deadline = clock.monotonic() + limits.wait_seconds
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while True:
        left = deadline - clock.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise DomainError(
                _("The file takes too long to read. Scan the sheet once more.")
            )
        chunk = os.read(pipe, _PIPE_BYTES)
        if not chunk:
            break
        body += chunk
        if len(body) > limits.drawn_bytes:
            raise DomainError(_sentence("pixels", 0, limits))
    line, mark, drawn = bytes(body).partition(b"\n")
    return (json.loads(line) if mark else {"refused": "damaged"}), drawn


def _sentence(reason: str, page: int, limits: Limits) -> str:
    sentence = _reason(reason, limits)
    if not page:
        return sentence
    found = {"page": page, "sentence": sentence}
    return _("Page %(page)d: %(sentence)s") % found


def _reason(reason: str, limits: Limits) -> str:
    acts = {
        "action": _("The PDF does something by itself when it is opened."),
        "script": _("The PDF holds a program (JavaScript)."),
        "program": _("The PDF would start a program."),
        "file": _("The PDF has another file inside."),
        "form": _("The PDF is a form that sends or fetches data."),
        "media": _("The PDF holds sound, film or something to play."),
        "web_page": _("The PDF is a web page at the same time."),
        "trailer": _("The PDF holds something after its end."),
    }
    if reason in acts:
        print_it = _("A scan does not. Print it and scan the paper.")
        return f"{acts[reason]} {print_it}"
    return {
        "locked": _("The PDF is locked with a password. Save it without one."),
        "no_pages": _("The PDF has no pages."),
        "pages": _("The PDF has more than %(most)d pages. Attach it in parts.")
        % {"most": limits.pages},
        "objects": _("The PDF has far more parts than a scan. Scan the sheet anew."),
        "pixels": _(
            "The picture is larger than %(most)d million pixels. Scan it with fewer "
            "dots an inch."
        )
        % {"most": limits.pixels // 1_000_000},
        "small": _("The picture is so small that nothing can be read on it."),
        "blank": _("There is nothing on the pages. Look at which side was scanned."),
    }.get(reason) or _(
        "The file is damaged or cut off: it cannot be opened. Scan the sheet once more."
    )
