"""Uploaded lists through the pages; the worker's task is called in the test."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from companies.models import ImportRow, Participant, ParticipantImport
from companies.models.upload import Stage
from companies.services import accept_upload, forget_read_files
from core.jobs import ring_for_waiting
from core.models import LostLeaseError
from trainings.tasks import handle_import, ring_for_imports
from trainings.tests.test_import_participants import EXPECTED, LISTS
from trainings.tests.uploading import GOOD, hr, page, press, read, save, shown, upload

__all__ = ["hr", "page"]
pytestmark = pytest.mark.django_db


def uploaded_files():
    folder = Path(default_storage.path("uploads"))
    return {path.name for path in folder.glob("*")}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_list_gives_what_is_expected(page, hr, name):
    expected = EXPECTED[name]

    batch = read(page, (LISTS / name).read_bytes(), name)

    if "refused" in expected:
        assert batch.stage == Stage.REFUSED
        assert "Personnummer" in shown(page, batch)
        return
    faulty = batch.rows.exclude(errors=[]).order_by("line")
    errors = [[row.line, error[0]] for row in faulty for error in row.errors]
    assert errors == expected["errors"]
    assert batch.rows.count() == expected["rows"]
    assert Participant.objects.count() == 0
    save(page, batch)
    assert Participant.objects.count() == expected.get("new", 0)
    if "women" in expected:
        women = Participant.objects.filter(gender="woman", company=hr.company)
        assert women.count() == expected["women"]


def test_the_preview_saves_nothing_and_shows_no_number(page):
    batch = read(page, GOOD)

    html = shown(page, batch)

    assert batch.stage == Stage.PREVIEW
    assert "Anna Berg" in html
    assert "19850709-****" in html
    assert "9805" not in html
    assert not Participant.objects.exists()


def test_the_file_is_deleted_when_it_has_been_read(page):
    upload(page, GOOD)
    batch = ParticipantImport.objects.get()
    path = Path(batch.file.path)
    assert path.stat().st_mode & 0o777 == 0o600

    handle_import(str(batch.pk))

    batch.refresh_from_db()
    assert (path.exists(), batch.file.name) == (False, "")


def test_an_upload_that_fails_leaves_no_file(hr):
    def refuse_audit(execute, sql, *more):
        if sql.startswith("INSERT") and "auditentry" in sql:
            raise OperationalError("the disk is full")
        return execute(sql, *more)

    before = uploaded_files()
    file = SimpleUploadedFile("lista.csv", GOOD.encode())

    with connection.execute_wrapper(refuse_audit), pytest.raises(OperationalError):
        accept_upload(company=hr.company, file=file, name="lista.csv", actor=hr.user)

    assert uploaded_files() == before


def test_a_file_that_no_row_names_is_deleted_after_an_hour(page):
    upload(page, GOOD)
    waits = ParticipantImport.objects.get().file.name
    killed, young = (
        default_storage.save(f"uploads/{name}.csv", ContentFile(b"Anna Berg"))
        for name in ("killed", "young")
    )
    two_hours_ago = time.time() - 2 * 60 * 60
    for name in (waits, killed):
        os.utime(default_storage.path(name), (two_hours_ago, two_hours_ago))

    forget_read_files()

    there = [default_storage.exists(name) for name in (waits, killed, young)]
    default_storage.delete(young)
    assert there == [True, False, True]


def test_what_is_kept_of_a_row_is_sealed(page):
    batch = read(page, GOOD)

    row = batch.rows.get()

    assert b"Berg" not in bytes(row.sealed)
    assert row.content["values"]["family_name"] == "Berg"


def test_confirming_saves_the_people_with_history_and_audit(page, hr):
    batch = save(page, read(page, GOOD))

    anna = Participant.objects.get()
    assert batch.stage == Stage.SAVED
    assert (anna.company, str(anna)) == (hr.company, "Anna Berg")
    assert anna.personal_number == "198507099805"
    assert (str(anna.birth_date), anna.gender) == ("1985-07-09", "woman")
    assert [(h.history_type, h.history_user) for h in anna.history.all()] == [
        ("+", hr.user)
    ]
    entry = AuditEntry.objects.get(action="companies.list_saved")
    assert entry.payload.facts["new"] == 1


def test_uploading_twice_gives_one_batch(page):
    upload(page, GOOD)
    upload(page, GOOD)

    assert ParticipantImport.objects.count() == 1


def test_confirming_twice_saves_once(page):
    batch = read(page, GOOD)

    press(page, batch, "confirm")
    press(page, batch, "confirm")
    handle_import(str(batch.pk))
    handle_import(str(batch.pk))

    assert Participant.objects.count() == 1
    assert AuditEntry.objects.filter(action="companies.list_saved").count() == 1


def test_the_same_file_again_changes_nothing_and_says_so(page):
    save(page, read(page, GOOD))
    again = read(page, GOOD)

    assert "The list changes nothing" in shown(page, again)
    save(page, again)

    assert Participant.history.count() == 1


def test_changes_are_shown_before_and_after_and_empty_cells_change_nothing(page):
    save(page, read(page, GOOD))
    changed = "Personnummer;Förnamn;Efternamn;Befattning\n850709-9805;;Ek;Chef\n"
    batch = read(page, changed)

    html = shown(page, batch, "?show=changed")
    assert "<del>Berg</del> → <ins>Ek</ins>" in html
    save(page, batch)

    anna = Participant.objects.get()
    assert (str(anna), anna.job_title) == ("Anna Ek", "Chef")
    assert anna.history.first().prev_record.family_name == "Berg"
    assert "<del>Berg</del> → <ins>Ek</ins>" in shown(page, batch, "?show=changed")


def test_a_column_that_is_missing_is_required_of_new_people_only(page):
    save(page, read(page, GOOD))
    batch = read(page, "Personnummer;Efternamn\n850709-9805;Ek\n19790819-9909;Palm\n")

    outcomes = dict(batch.rows.values_list("line", "outcome"))
    assert outcomes == {2: "changed", 3: "faulty"}
    assert batch.rows.get(line=3).errors == [["Förnamn", "missing", {}]]


def test_a_file_that_was_no_list_cannot_be_confirmed(page):
    batch = read(page, "Namn;Ort\nAnna;Västerås\n")
    assert batch.stage == Stage.REFUSED

    response = page.post(
        reverse("trainings:upload-confirm", args=[batch.pk]), follow=True
    )

    assert "The file could not be read as a list" in response.text
    assert "has not been read yet" not in response.text


def test_a_list_that_is_confirmed_again_is_another_job(page):
    batch = read(page, GOOD)
    press(page, batch, "confirm")
    stale = ParticipantImport.objects.get()
    ParticipantImport.objects.update(failed_at=timezone.now(), failure="Stopped.")

    press(page, batch, "confirm")

    with pytest.raises(LostLeaseError):
        stale.write(progress=50)


def test_a_sweep_does_not_give_up_what_has_attempts_again(page):
    batch = read(page, GOOD)
    press(page, batch, "confirm")
    ParticipantImport.objects.update(attempts=3)
    stale = ParticipantImport.objects.get()
    ParticipantImport.objects.update(attempts=0)

    ring_for_waiting(SimpleNamespace(pending=lambda: [stale]), handle_import)

    assert ParticipantImport.objects.get().stage == Stage.SAVING


def test_a_discarded_list_is_forgotten_at_once(page):
    batch = read(page, GOOD)

    press(page, batch, "discard")

    batch.refresh_from_db()
    assert (batch.stage, ImportRow.objects.count()) == (Stage.DISCARDED, 0)


def test_a_list_that_is_discarded_while_it_waits_is_never_read(page):
    upload(page, GOOD)
    batch = ParticipantImport.objects.get()

    press(page, batch, "discard")
    ring_for_imports()
    handle_import(str(batch.pk))

    batch.refresh_from_db()
    assert (batch.stage, batch.rows.count(), batch.file.name) == ("discarded", 0, "")
