"""Documents as tagged PDF (PDF/UA-1), set by Typst.

A template says how a document looks; what it says comes in as data, so that nothing a
person typed is ever read as markup. Nothing is fetched, and no font of the machine is
used: the same content gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

import qrcode
import typst
from django.template.loader import render_to_string
from qrcode.image.svg import SvgPathImage

_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_INSTEAD = "\u25a1"  # An empty square.
_ROOT = Path(__file__).resolve().parents[1]  # Templates import core/documents from it.


def write_pdf(
    template: Path, content: Mapping[str, object], *, made_at: dt.datetime
) -> bytes:
    """Set the content by the template; `made_at` is the document's date.

    The template gets the content, and the flag of the European Union as `eu_flag`.
    """
    flag = render_to_string("icons/_eu_flag.html").strip()
    data = json.dumps({**content, "eu_flag": flag}, ensure_ascii=False)
    while True:
        try:
            return _compile(template, data, made_at)
        except typst.TypstError as error:
            # A tagged document refuses what no font of it can draw, and names it.
            unknown = _undrawn(error)
            if not unknown or unknown not in data:
                raise
            data = data.replace(unknown, _INSTEAD)


def _undrawn(error: typst.TypstError) -> str:
    """Return the text that could not be drawn, as it stands in the JSON."""
    named = _UNDRAWN.search(str(error))
    if named is None:
        return ""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named[1])
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _compile(template: Path, data: str, made_at: dt.datetime) -> bytes:
    return typst.compile(
        str(template),
        root=str(_ROOT),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )


def qr_code(text: str) -> str:
    """Return the text as a QR code, drawn in SVG."""
    drawn = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=0).save(drawn)
    return drawn.getvalue().decode()
