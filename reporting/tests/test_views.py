"""Who may see and fetch what, and what the pages say."""

import datetime as dt
import hashlib
import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import (
    MembershipFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from reporting.models import ReportExport, ReportingPeriod
from reporting.services import write_export
from reporting.tasks import start_export
from trainings.tests.factories import AttendanceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def period():
    return ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def funder():
    return make_funder()


@pytest.fixture
def hr():
    return MembershipFactory().user


@pytest.fixture
def finished(period, leader):
    """A workbook whose two copies are on disk."""
    export = ReportExport.objects.create(period=period, requested_by=leader)
    for field, copy in (("file", "leader"), ("funder_file", "funder")):
        name = default_storage.save(
            f"exports/{export.pk}/1-{copy}.xlsx", ContentFile(copy.encode())
        )
        setattr(export, field, name)
    export.funder_sha256 = hashlib.sha256(b"funder").hexdigest()
    export.finished_at = timezone.now()
    export.save()
    return export


def address(export, page="export"):
    return reverse(f"reporting:{page}", args=[export.pk])


def body(response):
    return b"".join(response.streaming_content)


def every_address(export):
    days = [export.period.starts_on, export.period.ends_on]
    return [
        reverse("reporting:periods"),
        reverse("reporting:period", args=days),
        *(address(export, f"export{page}") for page in ("", "-status", "-download")),
    ]


def test_another_role_finds_nothing(client, finished, hr):
    for user in (hr, UserFactory()):
        client.force_login(user)

        answers = [client.get(url).status_code for url in every_address(finished)]

        assert answers == [404] * 5


def test_a_stranger_is_asked_to_sign_in(client, finished):
    answers = [client.get(url) for url in every_address(finished)]

    assert [answer.status_code for answer in answers] == [302] * 5
    assert all("/accounts/login/" in answer.url for answer in answers)


def test_the_funder_finds_no_workbook_and_no_figures(client, finished, funder):
    """Not one that was released either, as it was done before reports were issued."""
    ReportExport.objects.update(released_at=timezone.now())
    client.force_login(funder)
    periods, *others = every_address(finished)

    assert "No report is issued yet" in client.get(periods).text
    assert [client.get(url).status_code for url in others] == [404] * len(others)


def test_the_funder_asks_for_nothing(client, finished, funder, period):
    client.force_login(funder)
    days = [period.starts_on, period.ends_on]

    opened = client.post(
        reverse("reporting:periods"),
        {"starts_on": "2026-04-01", "ends_on": "2026-06-30"},
    )
    asked = client.post(reverse("reporting:export-new", args=days))

    assert (opened.status_code, asked.status_code) == (404, 404)
    assert ReportExport.objects.get() == finished
    assert ReportingPeriod.objects.get() == period


def test_a_leader_fetches_either_copy_and_it_is_audited(client, finished, leader):
    client.force_login(leader)

    own = client.get(address(finished, "export-download"))
    funders = client.get(address(finished, "export-download") + "?copy=funder")

    assert (body(own), body(funders)) == (b"leader", b"funder")
    assert own.headers["Cache-Control"] == "private, no-store"
    assert own.headers["X-Content-Type-Options"] == "nosniff"
    assert own.headers["Content-Disposition"] == (
        'attachment; filename="rapport_2026-01-01_2026-03-31_leader.xlsx"'
    )
    downloads = AuditEntry.objects.filter(action="reporting.downloaded")
    assert [entry.payload.facts for entry in downloads.order_by("pk")] == [
        {"copy": "leader"},
        {"copy": "funder"},
    ]


def test_a_file_that_is_gone_is_not_found(client, finished, leader):
    default_storage.delete(finished.file.name)
    client.force_login(leader)

    response = client.get(address(finished, "export-download"))

    assert response.status_code == 404
    assert not AuditEntry.objects.filter(action="reporting.downloaded").exists()


def test_the_file_of_a_failed_job_is_not_found(client, finished, leader, funder):
    ReportExport.objects.filter(pk=finished.pk).update(
        finished_at=None, failed_at=timezone.now(), failure="The disk is full."
    )

    for user in (leader, funder):
        client.force_login(user)
        response = client.get(address(finished, "export-download"))
        assert response.status_code == 404


def test_a_failed_job_says_why_and_can_be_tried_again(client, period, leader):
    failed = ReportExport.objects.create(
        period=period,
        requested_by=leader,
        failed_at=timezone.now(),
        failure="There is no programme yet.",
    )
    client.force_login(leader)

    page = client.get(address(failed)).text
    again = client.post(
        reverse("reporting:export-new", args=[period.starts_on, period.ends_on])
    )

    assert "There is no programme yet." in page
    assert "Try again" in page
    fresh = ReportExport.objects.pending().get()
    assert again.url == fresh.get_absolute_url()
    assert fresh != failed


def test_a_double_click_gives_one_workbook(client, period, leader):
    client.force_login(leader)
    url = reverse("reporting:export-new", args=[period.starts_on, period.ends_on])

    first, second = client.post(url), client.post(url)

    assert first.url == second.url == ReportExport.objects.get().get_absolute_url()


def test_a_workbook_under_way_asks_for_itself(client, period, leader):
    export = ReportExport.objects.create(
        period=period, requested_by=leader, progress=40
    )
    client.force_login(leader)

    page = client.get(address(export))
    status = client.get(address(export, "export-status"))

    assert f'hx-get="{address(export, "export-status")}"' in page.text
    assert "40 percent" in page.text
    assert f'href="{export.get_absolute_url()}"' in page.text
    assert "HX-Refresh" not in status.headers


def test_a_workbook_that_is_over_refreshes_the_page(client, finished, leader):
    client.force_login(leader)

    status = client.get(address(finished, "export-status"))

    assert status.headers["HX-Refresh"] == "true"
    assert "hx-get" not in status.text


def test_a_leader_opens_a_period(client, leader):
    ProgrammeFactory()
    client.force_login(leader)

    response = client.post(
        reverse("reporting:periods"),
        {"starts_on": "2026-04-01", "ends_on": "2026-06-30"},
    )

    assert response.url == "/reports/2026-04-01/2026-06-30/"
    assert ReportingPeriod.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2024-01-01", "2024-12-31", "The programme runs from 2025-09-01"),
        ("0001-01-01", "9999-12-31", "at most ten years"),
    ],
)
def test_a_period_that_is_a_slip_is_refused(client, leader, first, last, sentence):
    ProgrammeFactory()
    client.force_login(leader)

    response = client.post(
        reverse("reporting:periods"), {"starts_on": first, "ends_on": last}
    )

    assert sentence in response.content.decode()
    assert not ReportingPeriod.objects.exists()


def test_a_period_that_ends_before_it_starts_is_refused(client, leader):
    client.force_login(leader)

    response = client.post(
        reverse("reporting:periods"),
        {"starts_on": "2026-04-01", "ends_on": "2026-03-31"},
    )

    assert response.status_code == 200
    assert "A period cannot end before it starts." in response.text
    assert not ReportingPeriod.objects.exists()


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01"])
def test_a_day_that_does_not_exist_is_not_found(client, leader, day):
    client.force_login(leader)

    assert client.get(f"/reports/{day}/2026-03-31/").status_code == 404


def test_the_page_and_the_workbook_of_a_period_agree(client, period, leader):
    ProgrammeFactory()
    attendance = AttendanceFactory()
    company = attendance.enrolment.participant.company
    WorkforceSnapshotFactory(company=company, women=1, men=3)
    write_export(start_export(period=period, requested_by=leader))
    client.force_login(leader)

    page = client.get(period.get_absolute_url())
    file = body(client.get(address(ReportExport.objects.get(), "export-download")))

    company_rows = openpyxl.load_workbook(io.BytesIO(file))["Företag"]
    shown = {cells[0].value: cells[1].value for cells in company_rows.iter_cols()}
    assert (shown["p"], shown["Skillnad, procentenheter"]) == (0.25, 75)
    assert (shown["Timmar, kvinnor"], shown["Personer, kvinnor"]) == (4, 1)
    for text in ("0.2500", "+75.0", "100.00%", "25.00%", "4.00", company.name):
        assert text in page.text
    assert "With 1 participant, 0 to 1 women are within chance." in page.text


def test_a_period_without_anything_has_a_page(client, period, leader):
    client.force_login(leader)

    page = client.get(period.get_absolute_url()).text

    assert "There is no workforce baseline to compare with." in page
    assert "There is nothing to show in this period" in page


def test_lists_cost_the_same_for_many_as_for_one(
    client, leader, django_assert_num_queries
):
    client.force_login(leader)
    for month in range(1, 13):
        period = ReportingPeriod.objects.create(
            starts_on=dt.date(2026, month, 1), ends_on=dt.date(2026, month, 28)
        )
        ReportExport.objects.create(period=period, requested_by=make_leader())
    client.get(reverse("reporting:periods"))

    # Session, user with roles, the menu's names; then periods and workbooks.
    with django_assert_num_queries(5):
        client.get(reverse("reporting:periods"))
