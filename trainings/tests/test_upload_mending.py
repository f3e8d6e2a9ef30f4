"""Rows with errors: left out, mended on the page or in a workbook."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from companies.models import Participant
from companies.models.upload import Stage
from trainings.tests.factories import OccasionFactory
from trainings.tests.uploading import FAULTY, GOOD, hr, page, press, read, save, shown

__all__ = ["hr", "page"]
pytestmark = pytest.mark.django_db


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
