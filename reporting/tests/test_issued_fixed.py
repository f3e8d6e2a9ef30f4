"""What is issued stays as it is, and what fails leaves nothing behind."""

from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.tests.factories import ProgrammeFactory
from core.errors import DomainError
from reporting.enums import ReportState
from reporting.models import (
    IssuedReport,
    ReportContent,
    ReportFile,
    ReportWithdrawal,
)
from reporting.selectors.issued import standing_of
from reporting.services.issued import ask_for_draft, withdraw_report
from reporting.tasks import build_draft, ring_for_drafts
from reporting.tests.issuing import a_programme, draft, fresh, quarter
from reporting.tests.reading_room import make_draft, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "issued"


def stored(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_withdrawn_report_leaves_a_trace_and_stays_withdrawn():
    report = make_report(quarter(), make_leader())

    withdraw_report(report=report, reason="Fel period.", actor=make_leader())

    assert fresh(report).state == ReportState.WITHDRAWN
    assert not IssuedReport.objects.in_force().exists()
    with pytest.raises(DomainError, match="withdrawn already"):
        withdraw_report(report=report, reason="Igen.", actor=make_leader())


def test_nothing_alters_what_is_issued_on_this_engine():
    report = make_report(quarter(), make_leader())
    withdraw_report(report=report, reason="Fel.", actor=make_leader())
    of_report = {"report": report}
    changes = [
        lambda: IssuedReport.objects.filter(pk=report.pk).update(reason="x"),
        lambda: IssuedReport.objects.filter(pk=report.pk).update(issued_at=None),
        lambda: IssuedReport.objects.filter(pk=report.pk)._raw_delete("default"),
        lambda: ReportContent.objects.filter(**of_report).update(text="{}"),
        lambda: ReportContent.objects.filter(**of_report)._raw_delete("default"),
        lambda: ReportFile.objects.filter(**of_report).update(sha256="0" * 64),
        lambda: ReportFile.objects.filter(**of_report)._raw_delete("default"),
        lambda: ReportFile.objects.create(
            kind="csv", audience="leader", name="x", size=0, **of_report
        ),
        lambda: ReportWithdrawal.objects.filter(**of_report).update(reason="Nej."),
        lambda: ReportWithdrawal.objects.filter(**of_report)._raw_delete("default"),
    ]

    for change in changes:
        refused = pytest.raises(DatabaseError, match="issued reports are not changed")
        with refused, transaction.atomic():
            change()


def test_a_draft_may_still_change():
    report = make_draft(quarter(), make_leader())

    assert ReportFile.objects.filter(report=report).update(size=1) > 0


def test_only_an_issued_report_is_withdrawn():
    report = make_draft(quarter(), make_leader())

    with pytest.raises(DatabaseError, match="issued reports"), transaction.atomic():
        ReportWithdrawal.objects.create(
            report=report, withdrawn_by=make_leader(), reason="x"
        )
    with pytest.raises(DomainError, match="Only an issued report"):
        withdraw_report(report=report, reason="x", actor=make_leader())


class FullDisk(FileSystemStorage):
    """A disk with room for so many files, and a part of the next."""

    room = 4

    def _save(self, name, content):
        if FullDisk.room == 0:
            with Path(self.path(name)).open("wb") as half:
                half.write(content.read(10))
            raise OSError(28, "No space left on device")
        FullDisk.room -= 1
        return super()._save(name, content)


def test_a_full_disk_keeps_nothing_and_says_so(folder, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{__name__}.FullDisk"}
    }
    FullDisk.room = 4
    a_programme()
    report, _is_new = ask_for_draft(period=quarter(), actor=make_leader())

    build_draft(str(report.pk))

    report.refresh_from_db()
    assert "no room left" in report.failure
    assert fresh(report).state == ReportState.FAILED
    assert stored(folder) == []
    assert not ReportContent.objects.exists()
    FullDisk.room = 100
    assert draft().finished_at


def test_leftovers_of_a_draft_that_failed_are_removed(folder):
    ProgrammeFactory()
    report, _is_new = ask_for_draft(period=quarter(), actor=make_leader())
    left = folder / str(report.pk) / "2-half.json"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    IssuedReport.objects.filter(pk=report.pk).update(
        fence=2, attempts=3, failed_at=timezone.now(), failure="No."
    )

    ring_for_drafts()

    assert stored(folder) == []


def test_a_file_stands_as_its_report_does():
    leader = make_leader()
    first = make_report(quarter(), leader)
    second = make_report(quarter(), leader)
    drafted = make_draft(quarter(), leader)
    states = [
        standing_of(report.files.get(kind="json", audience="funder").sha256)
        for report in (first, second, drafted)
    ]

    assert [found and found.state for found in states] == [
        ReportState.SUPERSEDED,
        ReportState.CURRENT,
        None,
    ]
    assert states[0].report.successor == second
    assert states[0].since == second.issued_at
