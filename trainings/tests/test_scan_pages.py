"""Pages of scans: attached, handed out, typed in from, removed."""

import hashlib

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from core.tests.data.scans import drawn, opening, pdf, picture, text
from trainings.models import SheetScan
from trainings.sheets import code_of
from trainings.tests.browsing import page
from trainings.tests.factories import (
    EnrolmentFactory,
    SessionFactory,
)
from trainings.tests.scanning import (
    attach,
    browser,
    file_page,
    files,
    folder,
    scans_page,
    seat,
    session,
    supplier,
    upload,
)

__all__ = ["browser", "folder", "seat", "session", "supplier"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def post(browser, session, content, **options):
    file = upload(content, **options)
    return browser.post(scans_page(session), {"file": file}, follow=True)


def fault(browser, session, content, **options):
    response = post(browser, session, content, **options)
    return response.context["form"].errors["file"]


def test_a_scan_is_attached_and_kept_sealed(browser, session, supplier, folder):
    body = pdf(drawn(), drawn())

    response = post(browser, session, body, name="Anna Berg.pdf")

    scan = SheetScan.objects.get()
    assert "The scan is attached." in response.content.decode()
    assert (scan.session, scan.attached_by) == (session, supplier)
    assert (scan.media_type, scan.pages) == ("application/pdf", 2)
    assert (scan.size, scan.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    (file,) = files(folder)
    assert b"PDF" not in file.read_bytes()
    assert "Anna" not in str(file)


def test_it_is_fetched_as_a_file_that_runs_nothing(browser, session, supplier, seat):
    body = pdf()
    scan = attach(session, supplier, body)

    response = browser.get(file_page(scan))

    assert response.content == body
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="{seat.occasion.ref}-{scan.ref}.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_each_reading_is_written_down_with_all_who_may_stand_on_it(
    browser, session, supplier, seat
):
    withdrawn = EnrolmentFactory(
        occasion=seat.occasion, withdrawn_at=timezone.now(), withdrawal_reason="other"
    )
    in_line = EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)
    EnrolmentFactory()
    scan = attach(session, supplier)

    browser.get(file_page(scan))
    browser.get(file_page(scan))

    entries = AuditEntry.objects.filter(action="trainings.scan_read")
    assert entries.count() == 2
    people = [row.participant for row in (seat, withdrawn, in_line)]
    on_it = sorted(person.ref for person in people)
    assert people_of(entries.first()) == on_it
    attached = AuditEntry.objects.get(action="trainings.scan_attached")
    assert people_of(attached) == on_it


def test_a_leader_attaches_and_reads_it_too(client, session):
    leader = make_leader()
    client.force_login(leader)

    post(client, session, picture("PNG"))

    assert client.get(file_page(SheetScan.objects.get())).status_code == 200


@pytest.mark.parametrize("name", ["scan", "scan-file", "scan-remove"])
def test_a_scan_of_another_session_is_not_found(browser, session, supplier, name):
    scan = attach(session, supplier)
    other = SessionFactory(occasion=session.occasion)
    elsewhere = SessionFactory()

    for place in (other, elsewhere):
        address = page(name, place.occasion, place.ref, scan.ref)
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HTML, "This is a web page or a drawing, whatever its name says."),
        (b"<svg onload='alert(1)'/>", "This is a web page or a drawing"),
        (pdf() + HTML, "The PDF is a web page at the same time."),
        (opening("JavaScript", JS=text("x")), "The PDF holds a program (JavaScript)."),
        (picture("JPEG")[:4000], "The file is damaged or cut off"),
        (b"Anna Berg;240", "This is no scan: it is neither PDF nor JPEG nor PNG."),
    ],
)
def test_a_scan_that_is_no_scan_is_told_in_a_sentence(
    browser, session, folder, content, sentence
):
    (said,) = fault(browser, session, content)

    assert said.startswith(sentence)
    assert (files(folder), SheetScan.objects.count()) == ([], 0)


def test_neither_name_nor_the_browsers_word_count(browser, session):
    post(browser, session, picture("PNG"), name="blad.exe", media_type="text/html")

    assert SheetScan.objects.get().media_type == "image/png"


def test_an_empty_file_and_none_are_told(browser, session):
    assert fault(browser, session, b"") == [
        "The file is empty. Scan the sheet once more."
    ]
    response = browser.post(scans_page(session), {})
    assert response.context["form"].errors["file"] == ["Choose the file with the scan."]


def test_a_file_over_the_limit_is_told(browser, session, settings):
    settings.SCAN_MAX_MB = 1

    (said,) = fault(browser, session, b"%PDF-" + bytes(1 << 20))

    assert said.startswith("The file is larger than 1 MB.")
    assert "at most 1 MB" in browser.get(scans_page(session)).content.decode()


def test_a_file_that_was_changed_or_is_gone_is_not_found(
    browser, session, supplier, folder
):
    scan = attach(session, supplier)
    (file,) = files(folder)
    file.write_bytes(file.read_bytes()[:-1] + b"x")

    assert browser.get(file_page(scan)).status_code == 404
    file.unlink()
    assert browser.get(file_page(scan)).status_code == 404
    assert not AuditEntry.objects.filter(action="trainings.scan_read").exists()


def test_one_scans_file_is_never_shown_as_anothers(browser, session, supplier):
    first = attach(session, supplier)
    second = attach(session, supplier, picture("PNG"))
    SheetScan.objects.filter(pk=first.pk).update(
        file=second.file.name, sealed_key=second.sealed_key
    )

    assert browser.get(file_page(first)).status_code == 404


def test_codes_are_typed_in_beside_the_picture(browser, session, supplier, seat):
    scan = attach(session, supplier, picture("JPEG"))

    beside_it = browser.get(file_page(scan, "scan")).content.decode()
    codes = {"codes": f"{code_of(seat, session)} 180", "read_codes": "1"}
    response = browser.post(page("attendance", seat.occasion), codes)

    assert f'<img src="{file_page(scan)}"' in beside_it
    assert f'action="{page("attendance", seat.occasion)}"' in beside_it
    assert response.context["form"].filled == {f"{seat.ref}:{session.ref}"}


def test_a_pdf_is_never_shown_inside_a_page(browser, session, supplier):
    scan = attach(session, supplier)

    shown = browser.get(file_page(scan, "scan")).content.decode()

    assert file_page(scan) in shown
    for frame in ("<img src=", "<iframe", "<embed", "<object"):
        assert frame not in shown.partition("scan-desk")[2]


def test_attendance_and_sheet_lead_to_the_scans(browser, session):
    for name, more in (("attendance", []), ("sheet", [session.ref])):
        shown = browser.get(page(name, session.occasion, *more)).content.decode()
        assert f'href="{scans_page(session)}"' in shown


def test_the_list_costs_the_same_for_one_and_for_twenty(
    browser, session, supplier, django_assert_max_num_queries
):
    def cost():
        with django_assert_max_num_queries(30) as queries:
            browser.get(scans_page(session))
        return len(queries)

    SheetScan.objects.create(
        session=session, pages=1, size=1, sha256="0", attached_by=supplier
    )
    cost()
    one = cost()
    SheetScan.objects.bulk_create(
        SheetScan(
            session=session, pages=1, size=1, sha256=str(n), attached_by=make_leader()
        )
        for n in range(1, 20)
    )

    assert cost() == one
