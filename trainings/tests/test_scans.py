"""Scans of signed sheets: attached, shown, typed in from, removed."""

import datetime as dt
import os
import stat
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from core.crypto import decrypt, encrypt
from core.errors import DomainError
from core.tests.data.scans import pdf, picture
from tests.races import beside, writes
from trainings.enums import OccasionStatus
from trainings.models import SheetScan
from trainings.services.scans import (
    MOST_SCANS,
    attach_scan,
    forget_unnamed_scans,
    remove_scan,
)
from trainings.tests.factories import (
    SessionFactory,
    make_supplier,
)
from trainings.tests.scanning import (
    attach,
    browser,
    file_page,
    files,
    folder,
    refusal,
    scans_page,
    seat,
    session,
    supplier,
)

__all__ = ["browser", "folder", "seat", "session", "supplier"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ALREADY = "This file is attached already."


def test_the_same_file_is_attached_once(session, supplier, folder):
    attach(session, supplier)

    assert refusal(session, supplier) == ALREADY
    assert len(files(folder)) == 1
    attach(SessionFactory(occasion=session.occasion), supplier)


def test_a_file_that_was_removed_may_come_back(session, supplier):
    remove_scan(scan=attach(session, supplier), actor=supplier)

    attach(session, supplier)

    assert SheetScan.objects.filter(removed_at=None).count() == 1


def test_the_database_knows_the_same_file_too(session, supplier):
    scan = attach(session, supplier)
    scan.pk, scan.ref = None, "scan-2"

    with pytest.raises(IntegrityError), transaction.atomic():
        scan.save()


def test_a_session_has_so_many_scans_and_no_more(session, supplier):
    SheetScan.objects.bulk_create(
        SheetScan(session=session, pages=1, size=1, sha256=str(n), attached_by=supplier)
        for n in range(MOST_SCANS)
    )

    assert refusal(session, supplier) == (
        "The session has 20 scans, which is the most. Remove one first."
    )


def test_nothing_is_attached_before_anybody_could_sign(browser, seat, supplier):
    later = timezone.now() + dt.timedelta(days=1)
    ahead = SessionFactory(occasion=seat.occasion, starts_at=later)
    told = "The session has not begun, so nobody has signed its sheet yet."

    assert refusal(ahead, supplier) == told
    assert told in browser.get(scans_page(ahead)).content.decode()


@pytest.mark.parametrize("status", [OccasionStatus.PLANNED, OccasionStatus.CANCELLED])
def test_nothing_is_attached_to_what_is_not_held(session, supplier, status):
    session.occasion.status = status
    session.occasion.save()

    assert refusal(session, supplier) == (
        "A scan is attached to an occasion that is open, ongoing or completed."
    )


def test_only_the_supplier_and_leaders_attach_and_remove(session, supplier):
    stranger = make_supplier()
    told = "Only the training supplier and project leaders attach scans."

    assert refusal(session, stranger) == told
    scan = attach(session, supplier)
    with pytest.raises(DomainError, match=told):
        remove_scan(scan=scan, actor=stranger)


def test_removing_deletes_file_and_key_and_is_written_down(
    browser, session, supplier, folder, django_capture_on_commit_callbacks
):
    scan = attach(session, supplier)
    assert (
        b"cannot be brought back" in browser.get(file_page(scan, "scan-remove")).content
    )

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(file_page(scan, "scan-remove"))

    scan.refresh_from_db()
    assert scan.removed_at
    assert (scan.file.name, scan.sealed_key, files(folder)) == ("", None, [])
    assert browser.get(file_page(scan)).status_code == 404
    removed = AuditEntry.objects.get(action="trainings.scan_removed")
    assert removed.payload.actor == supplier
    assert browser.get(scans_page(session)).context["scans"].count() == 0


def test_what_breaks_while_it_is_saved_leaves_no_file(session, supplier, folder):
    def refuse_audit(execute, sql, *more):
        if sql.startswith("INSERT") and "auditentry" in sql:
            raise OperationalError("the disk is full")
        return execute(sql, *more)

    with connection.execute_wrapper(refuse_audit), pytest.raises(OperationalError):
        attach(session, supplier)

    assert (files(folder), SheetScan.objects.count()) == ([], 0)


def test_a_file_that_no_scan_names_is_deleted_after_an_hour(session, supplier, folder):
    kept = attach(session, supplier)
    killed, young = (folder / name for name in ("killed", "young"))
    for file in (killed, young):
        file.write_bytes(b"noise")
    two_hours_ago = time.time() - 2 * 60 * 60
    for file in (killed, Path(default_storage.path(kept.file.name))):
        os.utime(file, (two_hours_ago, two_hours_ago))

    assert forget_unnamed_scans() == 1

    assert killed not in files(folder)
    assert {young, Path(kept.file.path)} == set(files(folder))


def test_a_plain_copy_lies_where_only_the_portal_enters(session, supplier, settings):
    """So does what Django writes of an upload that is too large for the memory."""
    uploads = Path(settings.FILE_UPLOAD_TEMP_DIR)
    seen = []

    class Watched(SimpleUploadedFile):
        def chunks(self, chunk_size=None):
            seen.extend(path.name[:5] for path in uploads.iterdir())
            yield from super().chunks(chunk_size)

    before = set(uploads.iterdir())
    file = Watched("blad.pdf", pdf(), "application/pdf")
    attach_scan(session=session, file=file, actor=supplier)

    assert "scan-" in seen
    assert set(uploads.iterdir()) == before
    assert stat.S_IMODE(uploads.stat().st_mode) == 0o700
    assert uploads.is_relative_to(settings.VAR)
    with TemporaryUploadedFile("blad.pdf", "application/pdf", 0, None) as spooled:
        assert Path(spooled.temporary_file_path()).parent == uploads


def test_a_plain_copy_that_a_kill_left_is_deleted_after_an_hour(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    killed, young = tmp_path / "scan-killed", tmp_path / "scan-young"
    for file in (killed, young):
        file.write_bytes(b"%PDF-1.7")
    two_hours_ago = time.time() - 2 * 60 * 60
    os.utime(killed, (two_hours_ago, two_hours_ago))

    assert forget_unnamed_scans() == 1

    assert list(tmp_path.iterdir()) == [young]


def test_its_key_is_sealed_and_may_get_a_newer_seal(browser, session, supplier):
    """Whoever rotates the keys reseals the column; the file stays as it is."""
    scan = attach(session, supplier)
    key = bytes(scan.sealed_key)
    SheetScan.objects.update(sealed_key=encrypt(decrypt(key)))

    scan.refresh_from_db()
    assert bytes(scan.sealed_key) != key
    assert browser.get(file_page(scan)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_two_windows_is_attached_once(session, supplier, folder):
    first, second = beside(
        lambda: attach(session, supplier),
        lambda: attach(session, supplier),
        at=writes("trainings_sheetscan"),
    )

    refused = [one for one in (first, second) if isinstance(one, DomainError)]
    assert [str(one) for one in refused] == [ALREADY]
    assert (SheetScan.objects.count(), len(files(folder))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_two(session, supplier, folder):
    SheetScan.objects.bulk_create(
        SheetScan(session=session, pages=1, size=1, sha256=str(n), attached_by=supplier)
        for n in range(MOST_SCANS - 1)
    )

    outcomes = beside(
        lambda: attach(session, supplier),
        lambda: attach(session, supplier, picture("PNG")),
        at=writes("trainings_sheetscan"),
    )

    assert sum(isinstance(one, DomainError) for one in outcomes) == 1
    assert session.scans.count() == MOST_SCANS
    assert len(files(folder)) == 1
