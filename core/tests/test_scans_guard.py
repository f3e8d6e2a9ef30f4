"""What is a scan, what only says so, and what is told of each."""

import io

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, NumberObject

from core.errors import DomainError
from core.scans import guard
from core.scans.guard import JPEG, PDF, PNG, Limits, read_scan
from core.tests.data.scans import (
    SIZE,
    action,
    annotated,
    by_reference,
    changed,
    dictionary,
    drawn,
    hidden,
    huge_png,
    name,
    named,
    opening,
    packed,
    pdf,
    picture,
    save,
    text,
    with_pages_in_a_ring,
    with_position,
    written,
)
from core.tests.data.workbooks import honest

pytestmark = pytest.mark.usefixtures("english")
MEBIBYTE = 1 << 20
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
SCRIPT = text("app.alert(1)")
TOO_LARGE = (
    "The picture is larger than 50 million pixels. Scan it with fewer dots an inch."
)
PRINT_IT = "A scan does not. Print it and scan the paper."
DAMAGED = (
    "The file is damaged or cut off: it cannot be opened. Scan the sheet once more."
)
NO_SCAN = "This is no scan: it is neither PDF nor JPEG nor PNG."
WEB_PAGE = (
    "This is a web page or a drawing, whatever its name says. Attach the scan as PDF, "
    "JPEG or PNG."
)


@pytest.fixture
def scan(tmp_path):
    def read(content, most_bytes=15 * MEBIBYTE, **limits):
        path = save(tmp_path, content)
        return read_scan(path, most_bytes=most_bytes, limits=Limits(**limits))

    return read


@pytest.fixture
def refusal(scan):
    def refused(content, **options):
        with pytest.raises(DomainError) as said:
            scan(content, **options)
        return str(said.value)

    return refused


def decoded(found):
    return Image.open(io.BytesIO(found.content))


def test_a_pdf_of_a_scanner_is_kept_as_it_is(scan):
    body = pdf(drawn(), drawn(), drawn())

    found = scan(body)

    assert (found.media_type, found.pages, found.content) == (PDF, 3, body)


def test_a_pdf_may_open_at_a_page(scan):
    assert scan(opening("GoTo")).pages == 1


def test_a_picture_is_drawn_anew_with_every_pixel(scan):
    found = scan(picture("PNG"))

    assert (found.media_type, found.pages) == (PNG, 1)
    assert decoded(found).tobytes() == drawn().tobytes()


def test_of_a_photograph_only_the_pixels_are_kept_upright(scan):
    body = with_position()
    assert b"Kamera AB" in body
    assert b"Anna Berg" in body

    found = scan(body)

    kept = decoded(found)
    assert found.media_type == JPEG
    assert kept.size == (620, 877)
    assert not dict(kept.getexif())
    assert b"Kamera" not in found.content
    assert b"Anna" not in found.content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_scanners_colours_are_read(scan, mode):
    sheet = drawn().convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert decoded(scan(picture(kind, sheet))).size == SIZE


def test_what_follows_a_picture_is_not_kept(scan):
    assert HTML not in scan(picture("PNG") + HTML).content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. Scan the sheet once more."),
        (HTML, WEB_PAGE),
        (SVG, WEB_PAGE),
        (b"Anna Berg;240\n", NO_SCAN),
        (b"GIF89a" + bytes(100), NO_SCAN),
        (HTML + pdf(), WEB_PAGE),
        (b"\n" + pdf(), NO_SCAN),
        (pdf()[:-400], DAMAGED),
        (b"%PDF-1.7\n%%EOF\n", DAMAGED),
        (picture("JPEG")[:4000], DAMAGED),
        (picture("PNG")[:600], DAMAGED),
        (b"\xff\xd8\xff" + bytes(4000), DAMAGED),
        (with_pages_in_a_ring(), DAMAGED),
        (written(PdfWriter()), "The PDF has no pages."),
        (
            changed(lambda writer: writer.encrypt("hemligt")),
            "The PDF is locked with a password. Save it without one.",
        ),
        (
            changed(lambda writer: writer.encrypt("", "hemligt")),
            "The PDF is locked with a password. Save it without one.",
        ),
        (
            picture("PNG", Image.new("L", SIZE, "white")),
            "There is nothing on the pages. Look at which side was scanned.",
        ),
        (
            picture("PNG", drawn((300, 900))),
            "The picture is so small that nothing can be read on it.",
        ),
        (
            huge_png(),
            TOO_LARGE,
        ),
    ],
)
def test_what_is_no_scan_is_told(refusal, content, sentence):
    assert refusal(content) == sentence


def test_a_spreadsheet_is_told(refusal, tmp_path):
    workbook = honest(tmp_path / "list.xlsx").read_bytes()

    assert refusal(workbook) == (
        "This is a spreadsheet or another document, not a scan. Attach the scan as "
        "PDF, JPEG or PNG."
    )


def test_a_blank_pdf_is_told(refusal):
    writer = PdfWriter()
    writer.add_blank_page(595, 842)

    assert refusal(written(writer)) == (
        "There is nothing on the pages. Look at which side was scanned."
    )


def test_a_file_is_measured_before_it_is_read(refusal):
    assert refusal(HTML + bytes(2 * MEBIBYTE), most_bytes=2 * MEBIBYTE) == (
        "The file is larger than 2 MB. Scan in grey with 200 dots an inch, or attach "
        "the pages one by one."
    )


def test_a_book_is_refused(refusal):
    assert refusal(pdf(drawn(), drawn(), drawn()), pages=2) == (
        "The PDF has more than 2 pages. Attach it in parts."
    )


def test_a_pdf_that_lies_about_its_pages_is_counted(scan):
    def lie(writer):
        writer._root_object["/Pages"][name("Count")] = NumberObject(1)

    assert scan(changed(lie, pages=3)).pages == 3


SCRIPTED = "The PDF holds a program (JavaScript)."
ACTS = "The PDF does something by itself when it is opened."
INSIDE = "The PDF has another file inside."
FORM = "The PDF is a form that sends or fetches data."
MEDIA = "The PDF holds sound, film or something to play."
STARTS = "The PDF would start a program."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (opening("JavaScript", JS=SCRIPT), SCRIPTED),
        (named(JavaScript=dictionary(Names=ArrayObject())), SCRIPTED),
        (opening("Launch", F=text("cmd.exe")), STARTS),
        (opening("SubmitForm", F=text("https://example.org")), FORM),
        (opening("ImportData"), FORM),
        (opening("GoToR", F=text("other.pdf")), ACTS),
        (changed(lambda writer: writer.add_attachment("a.txt", b"hej")), INSIDE),
        (hidden(S=name("JavaScript"), JS=SCRIPT), SCRIPTED),
        (hidden(Type=name("Filespec"), EF=dictionary()), INSIDE),
        (hidden(XFA=text("<xdp/>")), FORM),
        (pdf() + HTML, "The PDF is a web page at the same time."),
        (pdf() + b"PK\x03\x04", "The PDF holds something after its end."),
        (
            pdf().replace(b"%PDF-1.4\n", b"%PDF-1.4\n%" + HTML + b"\n", 1),
            "The PDF is a web page at the same time.",
        ),
    ],
)
def test_a_pdf_in_which_something_acts_is_refused(refusal, content, sentence):
    assert refusal(content) == f"{sentence} {PRINT_IT}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (annotated("Link", dictionary(A=action("JavaScript", JS=SCRIPT)), 1), SCRIPTED),
        (annotated("Widget", dictionary(AA=dictionary()), 1), ACTS),
        (annotated("FileAttachment", {}, 1), INSIDE),
        (annotated("Screen", {}, 1), MEDIA),
        (annotated("RichMedia", {}, 1), MEDIA),
    ],
)
def test_a_refusal_says_on_which_page(refusal, content, sentence):
    assert refusal(content) == f"Page 2: {sentence} {PRINT_IT}"


@pytest.mark.parametrize(
    ("key", "kind", "sentence"),
    [
        ("S", "Launch", STARTS),
        ("Type", "EmbeddedFile", INSIDE),
        ("Subtype", "Movie", MEDIA),
    ],
)
def test_a_kind_that_is_given_by_a_reference_is_found(refusal, key, kind, sentence):
    content = by_reference(key, kind)
    assert f"/{key} /{kind}".encode() not in content

    assert refusal(content) == f"{sentence} {PRINT_IT}"


@pytest.mark.parametrize(
    "content",
    [
        opening("URI", URI=text("https://example.org")),
        opening("Named", N=name("Print")),
        opening("GoTo", Next=action("Named", N=name("Print"))),
    ],
)
def test_a_pdf_that_opens_more_than_a_page_is_refused(refusal, content):
    assert refusal(content) == f"{ACTS} {PRINT_IT}"


def test_a_link_to_a_page_on_the_web_does_nothing_by_itself(scan):
    link = annotated("Link", dictionary(A=action("URI", URI=text("https://x.se"))))

    assert scan(link).pages == 3


def test_a_script_that_is_packed_out_of_sight_is_found(refusal, scan):
    assert b"JavaScript" not in packed()
    assert scan(packed("[3 0 R/Fit]")).pages == 1

    assert refusal(packed()) == f"{SCRIPTED} {PRINT_IT}"


def test_what_takes_too_long_is_given_up(refusal):
    assert refusal(pdf(), wait_seconds=0) == (
        "The file takes too long to read. Scan the sheet once more."
    )


def test_a_picture_that_eats_all_memory_kills_only_its_own_process(refusal):
    body = picture("PNG", drawn((5000, 5000)))

    assert refusal(body, memory_bytes=96 * MEBIBYTE) == DAMAGED


def test_the_process_that_looks_can_write_no_file(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(
        "import pathlib, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n"
        f"    pathlib.Path({str(tmp_path / 'out')!r}).write_text('hej')\n"
        "except OSError:\n"
        '    print(\'{"refused": "locked"}\')\n'
    )
    monkeypatch.setattr(guard, "CHILD", script)

    with pytest.raises(DomainError, match="locked"):
        read_scan(save(tmp_path, pdf()), most_bytes=MEBIBYTE)
