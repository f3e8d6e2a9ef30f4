"""Uploaded lists through the pages; the worker's task is called in the test."""

import os
import time
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import (
    ImportRow,
    Participant,
    ParticipantImport,
    person_key_of_number,
)
from companies.models.upload import Stage
from companies.services import accept_upload, forget_read_files
from companies.tests.factories import CompanyFactory, MembershipFactory
from core.errors import DomainError
from core.jobs import ring_for_waiting
from core.models import LostLeaseError
from trainings.models import Enrolment
from trainings.services import confirm_seats
from trainings.tasks import handle_import, ring_for_imports
from trainings.tests.factories import EnrolmentFactory, OccasionFactory
from trainings.tests.test_import_participants import EXPECTED, LISTS
from trainings.uploads import take_back

pytestmark = pytest.mark.django_db

GOOD = "Personnummer;Förnamn;Efternamn;Befattning\n19850709-9805;Anna;Berg;Montör\n"
FAULTY = GOOD + "19850709-9806;Nils;Ek;Chef\n200205109856;;Strand;\n"


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def page(client, hr):
    client.force_login(hr.user)
    client.cookies["language"] = "en"
    return client


def upload(client, text, name="lista.csv", **fields):
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("trainings:upload-new"), {"file": file, **fields})


def read(client, text, name="lista.csv"):
    """Upload a list and let the worker read it."""
    assert upload(client, text, name).status_code == 302
    batch = ParticipantImport.objects.latest("requested_at")
    handle_import(str(batch.pk))
    batch.refresh_from_db()
    return batch


def uploaded_files():
    folder = Path(default_storage.path("uploads"))
    return {path.name for path in folder.glob("*")}


def press(client, batch, step, **fields):
    return client.post(reverse(f"trainings:upload-{step}", args=[batch.pk]), fields)


def save(client, batch, **fields):
    press(client, batch, "confirm", **fields)
    handle_import(str(batch.pk))
    batch.refresh_from_db()
    return batch


def shown(client, batch, query=""):
    return client.get(batch.get_absolute_url() + query).content.decode()


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


def test_rows_with_errors_are_saved_by_nobody(page):
    batch = read(page, FAULTY)

    response = press(page, batch, "confirm")

    batch.refresh_from_db()
    assert (response.status_code, batch.confirmed_at) == (302, None)
    assert "have errors" in shown(page, batch)


def test_rows_with_errors_may_be_left_out_on_purpose(page):
    batch = save(page, read(page, FAULTY), leave_out_faulty="on")

    assert batch.stage == Stage.SAVED
    assert [str(person) for person in Participant.objects.all()] == ["Anna Berg"]


def test_a_cell_is_mended_on_the_page(page):
    batch = read(page, FAULTY)
    url = reverse("trainings:upload-row", args=[batch.pk, 3])
    assert "check digit" in page.get(url).content.decode().lower()

    still_wrong = page.post(url, {"personal_number": "1"})
    mended = page.post(url, {"personal_number": "19790819-9909"})

    assert (still_wrong.status_code, mended.status_code) == (200, 302)
    row = batch.rows.get(line=3)
    assert (row.outcome, row.errors) == ("new", [])
    assert row.content["values"]["job_title"] == "Chef"


def test_a_double_that_is_mended_frees_the_other_row(page):
    twice = GOOD + "850709-9805;Nils;Ek;Chef\n8507099805;Eva;Alm;Chef\n"
    batch = read(page, twice)
    url = reverse("trainings:upload-row", args=[batch.pk, 3])

    page.post(url, {"personal_number": "19790819-9909"})
    rows = batch.rows.order_by("line")
    assert [row.outcome for row in rows] == ["new", "new", "faulty"]
    assert page.get(url).status_code == 302  # The browser's Back, to a mended row.

    last = reverse("trainings:upload-row", args=[batch.pk, 4])
    page.post(last, {"personal_number": "790819-9909"})
    assert batch.rows.get(line=4).errors == [
        ["Personnummer", "same_person", {"line": 3}]
    ]


def test_the_error_workbook_has_exactly_the_failing_rows_as_they_were_typed(page):
    batch = read(page, FAULTY)

    response = page.get(reverse("trainings:upload-errors", args=[batch.pk]))

    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Personnummer", "Förnamn", "Efternamn", "Befattning", "Fel")
    assert [row[:4] for row in rows[1:]] == [
        ("19850709-9806", "Nils", "Ek", "Chef"),
        ("200205109856", None, "Strand", None),
    ]
    assert "Förnamn: " in rows[2][4]
    assert "no-store" in response["Cache-Control"]
    assert AuditEntry.objects.filter(action="companies.list_errors_fetched").exists()


def test_the_mended_workbook_can_be_uploaded_again(page):
    batch = read(page, FAULTY)
    response = page.get(reverse("trainings:upload-errors", args=[batch.pk]))
    workbook = openpyxl.load_workbook(BytesIO(response.content))
    workbook.active["A2"], workbook.active["B3"] = "197908199909", "Eva"
    workbook.active["A3"] = "19770104-9988"
    mended = BytesIO()
    workbook.save(mended)

    again = read(page, mended.getvalue(), "rader-med-fel.xlsx")

    assert [row.outcome for row in again.rows.all()] == ["new", "new"]
    assert again.ignored_columns == ["Fel"]


def test_the_template_has_choices_and_an_example_that_is_not_read(page):
    occasion = OccasionFactory()

    response = page.get(reverse("trainings:upload-template"))

    workbook = openpyxl.load_workbook(BytesIO(response.content))
    sheet = workbook.active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any("Exempelsson" in row for row in values)
    assert len(sheet.data_validations.dataValidation) == 3
    assert occasion.ref in {c.value for r in workbook.worksheets[1] for c in r}
    batch = read(page, response.content, "mall.xlsx")
    assert batch.stage == Stage.REFUSED


def test_a_named_occasion_nominates_as_well(page, hr):
    occasion = OccasionFactory()
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = read(page, listed)
    assert occasion.ref in shown(page, batch)

    save(page, batch)

    (nomination,) = Enrolment.objects.all()
    assert (nomination.occasion, nomination.nominated_by) == (occasion, hr.user)
    assert "1 person is nominated" in shown(page, batch)
    assert "The list changes nothing" in shown(page, read(page, listed))


def test_an_occasion_that_closed_meanwhile_saves_nothing_and_can_be_tried_again(page):
    occasion = OccasionFactory()
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = read(page, listed)
    occasion.status = "planned"
    occasion.save()

    save(page, batch)
    assert (batch.stage, Participant.objects.count()) == (Stage.UNSAVED, 0)
    assert batch.failure in shown(page, batch)

    occasion.status = "open"
    occasion.save()
    assert save(page, batch).stage == Stage.SAVED


def test_a_second_place_is_refused_by_line_without_a_name(page):
    occasion = OccasionFactory()
    rows = f"7908199909,Eva,Alm,{occasion.ref}\n8507099805,Anna,Ek,{occasion.ref}\n"
    batch = read(page, "Personnummer,Förnamn,Efternamn,Tillfälle\n" + rows)
    EnrolmentFactory(
        occasion=occasion,
        participant__person_key=person_key_of_number("198507099805"),
    )

    save(page, batch)

    assert batch.stage == Stage.UNSAVED
    assert batch.failure.endswith(": 3. Take the occasion away from those lines.")
    assert "company" not in batch.failure
    assert Participant.objects.exclude(enrolments__occasion=occasion).count() == 0
    faulty = batch.rows.get(outcome="faulty")
    assert (faulty.line, faulty.errors[0][0]) == (3, "Kurstillfälle")
    html = shown(page, batch)
    assert "The person has a place on this occasion already" in html
    assert 'name="leave_out_faulty"' in html


def test_a_second_place_can_be_left_out_or_mended(page, hr):
    occasion = OccasionFactory()
    rows = f"7908199909,Eva,Alm,{occasion.ref}\n8507099805,Anna,Ek,{occasion.ref}\n"
    batch = read(page, "Personnummer,Förnamn,Efternamn,Tillfälle\n" + rows)
    EnrolmentFactory(
        occasion=occasion,
        participant__person_key=person_key_of_number("198507099805"),
    )
    save(page, batch)

    row = reverse("trainings:upload-row", args=[batch.pk, 3])
    response = page.post(row, {"occasion": ""})
    save(page, batch)

    assert response.status_code == 302
    assert batch.stage == Stage.SAVED
    own = Participant.objects.filter(company=hr.company)
    seats = {str(person): person.enrolments.count() for person in own}
    assert seats == {"Eva Alm": 1, "Anna Ek": 0}


def test_occasions_are_locked_in_one_order_whatever_their_refs(page):
    first = OccasionFactory(ref="occ-2026-9002")
    second = OccasionFactory(ref="occ-2026-9001")
    rows = f"7908199909,Eva,Alm,{second.ref}\n8507099805,Anna,Ek,{first.ref}\n"

    save(page, read(page, "Personnummer,Förnamn,Efternamn,Tillfälle\n" + rows))

    nominated = Enrolment.objects.order_by("pk").values_list("occasion", flat=True)
    assert list(nominated) == [first.pk, second.pk]


def test_a_list_is_taken_back_with_its_people_changes_and_nominations(page):
    save(page, read(page, GOOD))
    occasion = OccasionFactory()
    heading = "Personnummer,Förnamn,Efternamn,Tillfälle\n"
    rows = f"8507099805,Anna,Ek,{occasion.ref}\n7908199909,Eva,Alm,{occasion.ref}\n"
    batch = save(page, read(page, heading + rows))
    assert (Participant.objects.count(), Enrolment.objects.count()) == (2, 2)

    press(page, batch, "take-back")

    batch.refresh_from_db()
    assert batch.stage == Stage.TAKEN_BACK
    assert [str(person) for person in Participant.objects.all()] == ["Anna Berg"]
    assert (Enrolment.objects.count(), batch.rows.count()) == (0, 0)
    names = Participant.history.order_by("history_id").values_list("family_name")
    assert list(names) == [("Berg",), ("Ek",), ("Berg",)]


def test_a_list_is_not_taken_back_where_a_seat_rests_on_it(page, hr):
    occasion = OccasionFactory()
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = save(page, read(page, listed))
    confirm_seats(
        occasion=occasion, enrolments=list(Enrolment.objects.all()), actor=hr.user
    )

    with pytest.raises(DomainError):
        take_back(batch=batch, actor=hr.user)

    assert (Participant.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_a_list_is_not_taken_back_over_a_later_change(page, hr):
    batch = save(page, read(page, GOOD))
    Participant.objects.update(job_title="Chef")

    with pytest.raises(DomainError, match="2"):
        take_back(batch=batch, actor=hr.user)

    assert Participant.objects.count() == 1


def test_a_list_is_not_taken_back_where_another_nomination_rests_on_it(page, hr):
    batch = save(page, read(page, GOOD))
    Enrolment.objects.create(
        occasion=OccasionFactory(),
        participant=Participant.objects.get(),
        nominated_at="2026-01-10T09:00Z",
    )

    with pytest.raises(DomainError, match="2"):
        take_back(batch=batch, actor=hr.user)

    assert Participant.objects.count() == 1


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


@pytest.mark.parametrize(
    ("name", "content"),
    [("lista.xls", b"x"), ("lista.xlsx", b""), ("lista.csv", b"x" * (20 * 2**20 + 1))],
)
def test_what_is_no_list_is_refused_on_the_form(page, name, content):
    response = upload(page, content, name)

    assert response.status_code == 200
    assert not ParticipantImport.objects.exists()


PAGES = ["upload", "upload-status", "upload-errors"]
STEPS = ["upload-confirm", "upload-discard", "upload-take-back"]


@pytest.mark.parametrize("make", [lambda: MembershipFactory().user, make_funder])
def test_another_companys_list_is_not_found(client, page, make):
    batch = read(page, FAULTY)
    client.force_login(make())

    row = reverse("trainings:upload-row", args=[batch.pk, 3])
    urls = [reverse(f"trainings:{name}", args=[batch.pk]) for name in PAGES]
    statuses = [client.get(url).status_code for url in [*urls, row]]
    posts = [reverse(f"trainings:{name}", args=[batch.pk]) for name in STEPS]
    statuses += [client.post(url).status_code for url in [*posts, row]]

    assert set(statuses) == {404}


def test_only_own_companies_can_be_chosen(client, page, hr):
    other = CompanyFactory()
    MembershipFactory(user=hr.user)

    response = upload(page, GOOD, company=other.org_number)

    assert response.status_code == 200
    assert not ParticipantImport.objects.exists()


def test_somebody_without_a_company_has_no_upload_page(client):
    client.force_login(UserFactory())

    names = ["uploads", "upload-new", "upload-template"]
    assert {client.get(reverse(f"trainings:{n}")).status_code for n in names} == {404}


def test_a_leader_sees_the_list_and_leaves_a_trace(client, page):
    batch = read(page, GOOD)
    client.force_login(make_leader())

    assert "Anna Berg" in shown(client, batch)

    assert AuditEntry.objects.filter(action="companies.list_read").count() == 1


def test_people_under_protected_identity_are_hidden_from_leaders(client, page):
    save(page, read(page, GOOD))
    anna = Participant.objects.get()
    anna.protected = True
    anna.set_number(anna.personal_number)
    anna.save()
    batch = read(page, GOOD.replace("Montör", "Chef"))
    assert [row.outcome for row in batch.rows.all()] == ["changed"]

    assert "Anna" in shown(page, batch)
    client.force_login(make_leader())
    assert "Anna" not in shown(client, batch)


def test_the_status_asks_for_itself_until_the_list_is_read(page):
    upload(page, GOOD)
    batch = ParticipantImport.objects.get()
    url = reverse("trainings:upload-status", args=[batch.pk])
    assert "hx-get" in page.get(url).content.decode()

    handle_import(str(batch.pk))

    assert page.get(url)["HX-Refresh"] == "true"


def test_warnings_stand_apart_from_errors(page):
    name = "unusual-numbers.csv"
    batch = read(page, (LISTS / name).read_bytes(), name)

    html = shown(page, batch, "?show=doubted")

    assert "coordination number" in html
    assert "over 100 years" in html
    assert not batch.rows.exclude(errors=[]).exists()


def test_a_page_of_many_rows_costs_no_more_queries(page, django_assert_max_num_queries):
    numbers = (LISTS / "payroll-export.xlsx").read_bytes()
    batch = read(page, numbers, "payroll-export.xlsx")
    assert batch.rows.count() == 40

    with django_assert_max_num_queries(13):
        page.get(batch.get_absolute_url())
