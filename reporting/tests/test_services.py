"""Making and losing workbooks."""

import datetime as dt

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal
from accounts.services.sealing import seal_entries
from accounts.tests.factories import make_leader
from companies.tests.factories import ProgrammeFactory
from core.errors import DomainError
from core.models import LostLeaseError
from reporting.models import ReportExport, ReportingPeriod
from reporting.services import (
    create_period,
    remove_leftovers,
    write_export,
)

pytestmark = pytest.mark.django_db
JANUARY, MARCH = dt.date(2026, 1, 1), dt.date(2026, 3, 31)


def files_of(export):
    folder = f"exports/{export.pk}"
    if not default_storage.exists(folder):
        return []
    return sorted(f"{folder}/{name}" for name in default_storage.listdir(folder)[1])


@pytest.fixture
def export():
    period = ReportingPeriod.objects.create(starts_on=JANUARY, ends_on=MARCH)
    return ReportExport.objects.create(period=period, requested_by=make_leader())


def test_a_period_is_opened_once():
    ProgrammeFactory()
    leader = make_leader()

    first = create_period(starts_on=JANUARY, ends_on=MARCH, actor=leader)
    second = create_period(starts_on=JANUARY, ends_on=MARCH, actor=leader)

    assert first == second
    assert AuditEntry.objects.filter(action="reporting.created_period").count() == 1


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(DomainError):
        create_period(starts_on=MARCH, ends_on=JANUARY, actor=make_leader())

    assert not ReportingPeriod.objects.exists()


def test_both_copies_are_published_by_the_row(export):
    ProgrammeFactory()

    write_export(export)

    export.refresh_from_db()
    assert files_of(export) == sorted([export.file.name, export.funder_file.name])
    assert export.progress == 100
    assert export.finished_at
    entry = AuditEntry.objects.get(action="reporting.made_workbook")
    assert entry.payload.facts == {"sha256": export.sha256}


def test_both_copies_print_the_head_of_the_audit_trail(export):
    ProgrammeFactory()
    record(None, "accounts.tried")
    seal_entries()
    head = str(AuditSeal.objects.get())

    write_export(export)

    export.refresh_from_db()
    with export.file.open("rb") as workbook:
        sheet = openpyxl.load_workbook(workbook)["Kontroller"]
        *_others, last = sheet.iter_rows(values_only=True)
    about, _parts, _relation, seal, _result, remark = last
    assert about == "Granskningsloggens senaste försegling"
    assert (seal, remark) == (1, head)
    with export.funder_file.open("rb") as workbook:
        sheet = openpyxl.load_workbook(workbook)["Om rapporten"]
        *_others, last = sheet.iter_rows(values_only=True)
    assert last == ("Granskningsloggens senaste försegling", head)


def test_a_workbook_before_the_first_seal_prints_no_head(export):
    ProgrammeFactory()

    write_export(export)

    export.refresh_from_db()
    with export.file.open("rb") as workbook:
        sheet = openpyxl.load_workbook(workbook)["Kontroller"]
        *_others, last = sheet.iter_rows(values_only=True)
    assert last[0] == "Framtagen"


def test_without_a_programme_there_is_nothing_to_report(export):
    with pytest.raises(DomainError):
        write_export(export)

    assert files_of(export) == []


def test_what_an_earlier_attempt_left_is_removed(export):
    ProgrammeFactory()
    default_storage.save(f"exports/{export.pk}/0-leader.xlsx", ContentFile(b"half"))
    ReportExport.objects.filter(pk=export.pk).update(fence=1)
    export.refresh_from_db()

    write_export(export)

    assert files_of(export) == sorted([export.file.name, export.funder_file.name])


def test_a_worker_that_was_taken_over_leaves_only_its_successors_files(export):
    ProgrammeFactory()
    successor = ReportExport.objects.get(pk=export.pk)
    successor.fence = export.fence + 1
    ReportExport.objects.filter(pk=export.pk).update(fence=successor.fence)
    write_export(successor)
    published = files_of(export)

    with pytest.raises(LostLeaseError):
        write_export(export)

    assert files_of(export) == published


def test_leftovers_of_a_workbook_that_failed_are_removed(export):
    default_storage.save(f"exports/{export.pk}/3-leader.xlsx", ContentFile(b"half"))
    now = timezone.now()
    ReportExport.objects.filter(pk=export.pk).update(
        fence=3, failed_at=now, failure="No."
    )

    remove_leftovers(since=now - dt.timedelta(hours=1))

    assert files_of(export) == []
