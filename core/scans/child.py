"""Looks through one PDF or picture in a process of its own, which may die without harm.

Run by `core.confined` with `KIND FILE LIMITS`, so that neither Django nor this project
is loaded; `LIMITS` is `guard.Limits` as JSON. Writes one line of JSON:

    {"pages": 3}                          nothing is wrong; of a picture its bytes,
                                          drawn anew, follow
    {"refused": "script", "page": 2}      what is wrong, and where; 0: in no page

Whatever else goes wrong, the process ends without a line.
"""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
)

MOST_OBJECTS = 50_000
JPEG_QUALITY = 85
PNG_EFFORT = 3  # Of 9; the file is sealed, not published.
WEB_PAGE = re.compile(rb"<(?:script|html|!doctype html|svg)\b", re.IGNORECASE)
END = b"%%EOF"
BLANKS = b"\0\t\n\f\r "

# Under these keys a document acts by itself, or carries another file.
KEYS = {
    "/AA": "action",
    "/JS": "script",
    "/JavaScript": "script",
    "/EF": "file",
    "/EmbeddedFiles": "file",
    "/XFA": "form",
    "/RichMediaContent": "media",
}
# Kinds of actions, which stand under /S.
ACTIONS = {
    "/GoToE": "action",
    "/GoToR": "action",
    "/Hide": "action",
    "/ImportData": "form",
    "/JavaScript": "script",
    "/Launch": "program",
    "/Movie": "media",
    "/Rendition": "media",
    "/ResetForm": "form",
    "/RichMediaExecute": "media",
    "/Sound": "media",
    "/SubmitForm": "form",
}
# Kinds of things, which stand under /Type or /Subtype.
THINGS = {
    "/3D": "media",
    "/EmbeddedFile": "file",
    "/FileAttachment": "file",
    "/Movie": "media",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Sound": "media",
}


class RefusedError(Exception):
    """The file is refused for this reason, found on this page."""

    def __init__(self, reason: str, page: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.page = page


def main(kind: str, path: str, limits: dict[str, int]) -> None:
    try:
        if kind == "pdf":
            _answer({"pages": _pages_of_pdf(path, limits)})
        else:
            drawn = _drawn_anew(path, limits)
            _answer({"pages": 1})
            sys.stdout.buffer.write(drawn)
    except RefusedError as refusal:
        _answer({"refused": refusal.reason, "page": refusal.page})


def _answer(said: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")


def _drawn_anew(path: str, limits: dict[str, int]) -> bytes:
    """Decode every pixel, and draw them without what else the file holds."""
    Image.MAX_IMAGE_PIXELS = None  # Judged here, before anything is decoded.
    with Image.open(path, formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > limits["pixels"]:
            raise RefusedError("pixels")
        if min(picture.size) < limits["least_side"]:
            raise RefusedError("small")
        is_png = picture.format == "PNG"
        picture.load()
        upright = ImageOps.exif_transpose(picture)
    plain = upright if upright.mode in {"1", "L", "RGB"} else _on_white(upright)
    darkest, lightest = plain.convert("L").getextrema()
    if darkest == lightest:
        raise RefusedError("blank")
    plain.info = {}
    target = io.BytesIO()
    if is_png:
        plain.save(target, "PNG", compress_level=PNG_EFFORT)
    else:
        plain.convert("RGB" if plain.mode == "1" else plain.mode).save(
            target, "JPEG", quality=JPEG_QUALITY
        )
    return target.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in plain colours, on paper where it can be seen through."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(paper, seen).convert("RGB")


def _pages_of_pdf(path: str, limits: dict[str, int]) -> int:
    """Count the pages of a PDF in which nothing acts and nothing is hidden."""
    body = Path(path).read_bytes()
    _refuse_double_faces(body)
    reader = PdfReader(io.BytesIO(body), strict=False)
    if reader.is_encrypted:
        raise RefusedError("locked")
    pages = _pages(reader, limits["pages"])
    if not pages:
        raise RefusedError("no_pages")
    if not any("/Contents" in page for _reference, page in pages):
        raise RefusedError("blank")
    walk = _Walk({reference.idnum for reference, _page in pages if reference})
    for number, (_reference, page) in enumerate(pages, start=1):
        walk.look(page, page=number)
    walk.look(reader.trailer, page=0)
    # What no page leads to, some program may still find.
    for reference in _references(reader):
        walk.look(reference.get_object(), page=0)
    return len(pages)


def _refuse_double_faces(body: bytes) -> None:
    """Refuse a PDF that is a file of another kind, too."""
    if WEB_PAGE.search(body):
        raise RefusedError("web_page")
    _start, mark, rest = body.rpartition(END)
    if not mark:
        raise RefusedError("damaged")
    if rest.strip(BLANKS):
        raise RefusedError("trailer")


def _pages(
    reader: PdfReader, most: int
) -> list[tuple[IndirectObject | None, DictionaryObject]]:
    """List the pages as they stand in the tree; its own count may lie."""
    pages = []
    seen: set[int] = set()
    waiting = [reader.root_object.raw_get("/Pages")]
    while waiting:
        node = waiting.pop()
        reference = node if isinstance(node, IndirectObject) else None
        if reference and reference.idnum in seen:
            raise RefusedError("damaged")
        if reference:
            seen.add(reference.idnum)
        content = node.get_object()
        if not isinstance(content, DictionaryObject):
            raise RefusedError("damaged")
        if "/Kids" in content:
            kids = content["/Kids"]
            if not isinstance(kids, ArrayObject):
                raise RefusedError("damaged")
            waiting += reversed(kids)
            continue
        pages.append((reference, content))
        if len(pages) > most:
            raise RefusedError("pages")
    return pages


def _references(reader: PdfReader) -> Iterator[IndirectObject]:
    listed = {
        (number, generation)
        for generation, numbers in reader.xref.items()
        for number in numbers
    }
    listed |= {(number, 0) for number in reader.xref_objStm}
    if len(listed) > MOST_OBJECTS:
        raise RefusedError("objects")
    for number, generation in sorted(listed):
        yield IndirectObject(number, generation, reader)


class _Walk:
    """Goes through the objects of a document, each once, other pages left out."""

    def __init__(self, pages: set[int]) -> None:
        self.seen = set(pages)
        self.steps = 0

    def look(self, start: object, *, page: int) -> None:
        """Refuse what acts by itself, or is another file, from this object on."""
        waiting = [start]
        while waiting:
            self.steps += 1
            if self.steps > 20 * MOST_OBJECTS:
                raise RefusedError("objects")
            item = waiting.pop()
            if isinstance(item, IndirectObject):
                if item.idnum in self.seen:
                    continue
                self.seen.add(item.idnum)
                item = item.get_object()
            if isinstance(item, DictionaryObject):
                _judge(item, page)
                waiting += item.values()
            elif isinstance(item, ArrayObject):
                waiting += item


def _judge(item: DictionaryObject, page: int) -> None:
    for reason in _reasons(item):
        raise RefusedError(reason, page)


def _reasons(item: DictionaryObject) -> Iterator[str]:
    yield from (KEYS[key] for key in item if key in KEYS)
    if not isinstance(item, StreamObject):
        yield from _named(ACTIONS, [item.get("/S")])
    yield from _named(THINGS, [item.get("/Type"), item.get("/Subtype")])
    yield from _on_opening(_direct(item.get("/OpenAction")))


def _on_opening(action: object) -> Iterator[str]:
    """Yield what is done when the document is opened; to show a page is nothing."""
    if action is None or isinstance(action, ArrayObject | NullObject):
        return
    if isinstance(action, DictionaryObject):
        if _direct(action.get("/S")) == "/GoTo" and "/Next" not in action:
            return
        yield from _reasons(action)
    yield "action"


def _named(reasons: dict[str, str], values: Iterable[object]) -> Iterator[str]:
    found = (_direct(value) for value in values)
    names = (value for value in found if isinstance(value, NameObject))
    yield from (reasons[name] for name in names if name in reasons)


def _direct(value: object) -> object:
    """Return what a value stands for: a name, too, may be given by a reference."""
    return value.get_object() if isinstance(value, IndirectObject) else value


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
