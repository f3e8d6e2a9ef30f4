"""Scans as scanners make them, and files that only say that they are scans."""

import io
import struct
import time
import zlib
from pathlib import Path

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

SIZE = (620, 877)  # A4 at 75 dots an inch.


def drawn(size=SIZE, mode="RGB"):
    """Draw a sheet of paper with some ink."""
    sheet = Image.new(mode, size, "white")
    ImageDraw.Draw(sheet).text((40, 40), "7K3F9Q-X 240", fill="black")
    return sheet


def picture(kind, sheet=None, **options):
    target = io.BytesIO()
    (sheet or drawn()).save(target, kind, **options)
    return target.getvalue()


def pdf(*pages):
    """A PDF as a scanner writes it: of each page a picture."""
    first, *others = pages or (drawn(),)
    target = io.BytesIO()
    always = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    first.save(target, "PDF", save_all=True, append_images=others, **always)
    return target.getvalue()


def changed(change, pages=1):
    """A PDF of pages to which `change` has done something."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(*[drawn()] * pages))))
    change(writer)
    return written(writer)


def written(writer):
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def dictionary(**entries):
    return DictionaryObject({NameObject(f"/{key}"): v for key, v in entries.items()})


def name(text):
    return NameObject(f"/{text}")


def action(kind, **entries):
    return dictionary(S=name(kind), **entries)


def annotated(kind, entry, page=0):
    """A PDF of three pages of which one carries an annotation of a kind."""

    def annotate(writer):
        rectangle = ArrayObject(NumberObject(n) for n in (0, 0, 9, 9))
        one = dictionary(Type=name("Annot"), Subtype=name(kind), Rect=rectangle)
        one.update(entry)
        listed = ArrayObject([writer._add_object(one)])
        writer.pages[page][NameObject("/Annots")] = listed

    return changed(annotate, pages=3)


def opening(kind, **entries):
    """A PDF that does something when it is opened."""

    def act(writer):
        entry = action(kind, **entries)
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(entry)

    return changed(act)


def named(**entries):
    """A PDF whose catalogue of names has these."""

    def call(writer):
        writer._root_object[NameObject("/Names")] = dictionary(**entries)

    return changed(call)


def hidden(**entries):
    """A PDF with an object that nothing in it leads to."""
    return changed(lambda writer: writer._add_object(dictionary(**entries)))


def by_reference(key, kind):
    """A PDF with an object whose kind stands in another object."""

    def refer(writer):
        kept = writer._add_object(name(kind))
        writer._add_object(dictionary(**{key: kept}))

    return changed(refer)


def packed(action="<</S/JavaScript/JS(app.alert\\(1\\))>>"):
    """A PDF whose catalogue and action lie deflated in a stream of objects."""
    catalogue = "<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R>>"
    index = f"1 0 6 {len(catalogue) + 1} "
    inside = zlib.compress(f"{index}{catalogue} {action}".encode())
    kept = f"/Type/ObjStm/N 2/First {len(index)}/Filter/FlateDecode"
    bodies = {
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        4: b"<</Length 0>>stream\n\nendstream",
        5: b"<<%s/Length %d>>stream\n%s\nendstream"
        % (kept.encode(), len(inside), inside),
    }
    target = io.BytesIO(b"%PDF-1.5\n")
    target.seek(0, io.SEEK_END)
    places = {0: (0, 0, 255), 1: (2, 5, 0), 6: (2, 5, 1)}
    for number, body in bodies.items():
        places[number] = (1, target.tell(), 0)
        target.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = target.tell()
    places[7] = (1, start, 0)
    table = b"".join(struct.pack(">BHB", *places[number]) for number in sorted(places))
    head = b"/Type/XRef/Size 8/W[1 2 1]/Root 1 0 R"
    target.write(b"7 0 obj\n<<%s/Length %d>>stream\n" % (head, len(table)))
    target.write(table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start)
    return target.getvalue()


def huge_png(width=30_000, height=30_000):
    """A PNG of some hundred bytes whose header promises 900 million pixels."""

    def chunk(kind, body):
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000, 9)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def with_position():
    """A JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn it a quarter to the right.
    exif[0x010F] = "Kamera AB"
    exif.get_ifd(0x8825)[1] = "N"
    sheet = drawn((877, 620))
    return picture("JPEG", sheet, exif=exif, comment=b"Anna Berg")


def with_pages_in_a_ring():
    """A PDF whose tree of pages holds itself."""

    def loop(writer):
        node = writer._root_object["/Pages"]
        node["/Kids"].append(writer._root_object.raw_get("/Pages"))

    return changed(loop)


def text(content):
    return TextStringObject(content)


def save(folder: Path, content: bytes) -> Path:
    path = folder / "scan"
    path.write_bytes(content)
    return path
