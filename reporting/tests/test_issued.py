"""Reports for the funder: drafted, reviewed by a second leader, issued, and fixed."""

import datetime as dt
import gzip
import hashlib

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.models import Participant, WorkforceSnapshot
from companies.tests.factories import ProgrammeFactory
from core.errors import DomainError
from reporting.enums import ReportState
from reporting.models import (
    IssuedReport,
)
from reporting.services.issued import (
    ask_for_draft,
    discard_draft,
    issue_report,
    review_report,
)
from reporting.tests.issuing import (
    a_programme,
    draft,
    fresh,
    funder_json,
    issued,
    quarter,
    read,
)
from reporting.tests.reading_room import make_draft, make_report
from trainings.models import Attendance
from trainings.tests.months import CERTIFIED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "issued"


def stored(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def review(report, **said):
    said = {"sha256": report.sha256, "actor": make_leader()} | said
    return review_report(report=report, **said)


def test_an_issued_report_has_every_file_with_its_checksum(folder):
    a_programme()

    report = issued()

    files = list(report.files.all())
    assert [(file.audience, file.kind) for file in files] == [
        ("funder", "workbook"),
        ("funder", "summary"),
        ("funder", "json"),
        ("funder", "csv"),
        ("leader", "workbook"),
        ("leader", "json"),
        ("leader", "csv"),
        ("leader", "rows"),
    ]
    for file in files:
        with file.file.open() as content:
            assert hashlib.sha256(content.read()).hexdigest() == file.sha256
    assert len(stored(folder)) == len(files)
    assert fresh(report).state == ReportState.CURRENT
    assert read(report, "summary", "funder").startswith(b"%PDF-1.7")
    rows = gzip.decompress(read(report, "rows", "leader")).decode().splitlines()
    assert rows[0] == "enrolment_ref,session_ref,minutes,state"
    assert sorted(line.partition(",")[2].split(",", 1)[1] for line in rows[1:]) == (
        ["240,certified"] * 6 + ["240,recorded"] * 6
    )
    assert report.content.data["rows"] == {
        "recorded": 6,
        "certified": 6,
        "disputed": 0,
        "minutes": 12 * 240,
    }


def test_what_the_funder_gets_hides_small_numbers():
    a_programme(women=3, men=9)

    report = issued()

    totals = funder_json(report)["tables"][0]["rows"][0]["figures"]
    assert totals["persons.woman"] == totals["hours.woman"] == "•"
    assert report.content.data["figures"][0] == [
        *("totals", "", "persons.woman", "3", "3")
    ]
    assert ";3;" not in read(report, "csv", "funder").decode()


@pytest.fixture
def corrected():
    """A report, and the one after six late hours, a shorter one and an erasure."""
    times = a_programme()
    first = issued()
    late = Attendance.objects.filter(pk__in=[time.pk for time in times[6:]])
    late.update(**CERTIFIED)
    Attendance.objects.filter(pk=times[0].pk).update(minutes=200)
    snapshot = WorkforceSnapshot.objects.get()
    snapshot.women = 50
    snapshot.save()
    Participant.objects.filter(pk=times[1].enrolment.participant_id).update(
        erased_at=timezone.now()
    )
    before = read(first, "json", "leader")
    second = issued(reason="Intyg kom in efter kvartalet.")
    assert read(first, "json", "leader") == before
    return first, second


def test_a_corrected_report_supersedes_and_tells_what_has_changed(corrected):
    first, second = corrected

    assert fresh(first).state == ReportState.SUPERSEDED
    assert (second.number, second.supersedes) == (2, first)
    changes = second.content.data["changes"]
    assert changes["rows"] == {"certified": [6, 1440], "corrected": [1, -40]}
    assert {name: n for name, n in changes["events"].items() if n} == {
        "erased": 1,
        "workforce": 1,
    }
    change = ["totals", "", "certified_hours.man", "0.00", "24.00"]
    assert change in changes["figures"]
    assert change in funder_json(second)["changes"]
    lines = read(second, "row_changes", "leader").decode().splitlines()[1:]
    assert sorted(line.split(";")[0] for line in lines) == (
        ["certified"] * 6 + ["corrected"]
    )


def test_a_corrected_report_tells_the_funder_why_without_a_number(corrected):
    _first, second = corrected

    why = funder_json(second)["why"]

    assert why["reason"] == "Intyg kom in efter kvartalet."
    assert len(why["causes"]) == 4
    assert not any(digit in cause for cause in why["causes"] for digit in "0123456789")


def test_the_funders_comparison_has_only_what_both_print():
    times = a_programme(women=5, men=9)
    first = issued()
    Attendance.objects.filter(pk=times[0].pk).delete()  # Four are too few to show.

    second = issued()

    women = ("totals", "", "persons.woman")
    shown, every = (
        {tuple(change[:3]): change[3:] for change in second.content.data["changes"][of]}
        for of in ("printed", "figures")
    )
    totals = [
        funder_json(report)["tables"][0]["rows"][0]["figures"]["persons.woman"]
        for report in (first, second)
    ]
    assert totals == [5, "•"]
    assert every[women] == ["5", "4"]
    assert women not in shown
    assert "•" not in str(shown)


def test_the_rows_of_two_reports_are_compared_without_memory_of_names():
    a_programme()
    report = issued()

    rows = gzip.decompress(read(report, "rows", "leader")).decode()

    people = Participant.objects.values_list("ref", "family_name", "company__name")
    assert not any(word and word in rows for person in people for word in person)


def test_a_draft_is_reviewed_by_another_leader_and_exactly_that_draft():
    ProgrammeFactory()
    report = make_draft(quarter(), make_leader())

    with pytest.raises(DomainError, match="second leader"):
        review(report, actor=report.requested_by)
    with pytest.raises(DomainError, match="another one by now"):
        review(report, sha256="0" * 64)
    with pytest.raises(DomainError, match="must review"):
        issue_report(report=report, actor=make_leader())

    assert fresh(report).state == ReportState.DRAFT


def test_the_database_itself_wants_a_review_of_this_draft_by_another():
    report = make_draft(quarter(), make_leader())
    other, now = make_leader(), timezone.now()
    review = {"reviewed_at": now, "reviewed_sha256": report.sha256}
    issue = {"issued_at": now, "issued_by": other}
    wrong = [
        review | {"reviewed_by": report.requested_by},
        issue,
        issue | review | {"reviewed_by": other, "reviewed_sha256": "0" * 64},
        review | {"reviewed_by": other, "given_away": 1},
    ]

    for facts in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            IssuedReport.objects.filter(pk=report.pk).update(**facts)


def test_what_is_given_away_has_to_be_accepted_with_a_reason():
    report = make_draft(quarter(), make_leader(), given_away=2)

    with pytest.raises(DomainError, match="small numbers"):
        review(report)

    assert review(report, acceptance="Redan känt.").acceptance == "Redan känt."


def test_a_draft_whose_figures_have_changed_is_not_issued():
    times = a_programme()
    report = draft()
    review(report)
    Attendance.objects.filter(pk=times[0].pk).update(minutes=10)

    with pytest.raises(DomainError, match="figures have changed"):
        issue_report(report=report, actor=make_leader())

    assert fresh(report).state == ReportState.REVIEWED


def test_a_draft_that_does_not_know_of_another_issue_is_not_issued():
    a_programme()
    waiting = draft(quarter(dt.date(2026, 4, 1), dt.date(2026, 6, 30)))
    review(waiting)
    make_report(quarter(), make_leader())

    with pytest.raises(DomainError, match="Another report has been issued since"):
        issue_report(report=waiting, actor=make_leader())


def test_a_file_that_was_damaged_is_not_issued(folder):
    a_programme()
    report = draft()
    review(report)
    stored(folder)[0].write_bytes(b"otherwise")

    with pytest.raises(DomainError, match="not as it was written"):
        issue_report(report=report, actor=make_leader())


def test_issuing_twice_is_refused():
    a_programme()
    report = issued()

    with pytest.raises(DomainError, match="issued already"):
        issue_report(report=report, actor=make_leader())

    assert AuditEntry.objects.filter(action="reporting.report_issued").count() == 1


@pytest.mark.parametrize(
    ("first", "last", "is_taken"),
    [
        ("2026-02-01", "2026-04-30", False),  # Overlaps.
        ("2026-01-01", "2026-01-31", False),  # Within.
        ("2026-04-01", "2026-06-30", True),  # Follows.
        ("2025-09-01", "2026-06-30", True),  # Cumulative, holds it whole.
        ("2025-09-01", "2026-02-28", False),  # Cumulative, cuts it.
    ],
)
def test_issued_periods_do_not_overlap_but_cumulative_ones_may_hold_them(
    first, last, is_taken
):
    ProgrammeFactory()  # From 2025-09-01.
    make_report(quarter(), make_leader())
    period = quarter(dt.date.fromisoformat(first), dt.date.fromisoformat(last))

    if is_taken:
        assert ask_for_draft(period=period, actor=make_leader())[1]
    else:
        with pytest.raises(DomainError, match="2026-01-01 – 2026-03-31"):
            ask_for_draft(period=period, actor=make_leader())


def test_a_new_report_says_why_and_names_no_number():
    ProgrammeFactory()
    make_report(quarter(), make_leader())

    for reason, told in (("", "Say why"), ("19850709-9876", "personal number")):
        with pytest.raises(DomainError, match=told):
            ask_for_draft(period=quarter(), actor=make_leader(), reason=reason)


def test_a_period_that_is_not_over_has_no_report():
    ProgrammeFactory(ends_on=dt.date(2099, 12, 31))
    today = timezone.localdate()

    with pytest.raises(DomainError, match="not over"):
        ask_for_draft(period=quarter(today, today), actor=make_leader())


def test_asked_twice_it_is_one_draft():
    ProgrammeFactory()
    leader = make_leader()

    first, is_new = ask_for_draft(period=quarter(), actor=leader)
    second, is_newer = ask_for_draft(period=quarter(), actor=make_leader())

    assert (first, is_new, is_newer) == (second, True, False)


def test_a_draft_is_thrown_away_with_its_files(
    folder, django_capture_on_commit_callbacks
):
    report = make_draft(quarter(), make_leader())

    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(report=report, actor=make_leader())

    assert not IssuedReport.objects.exists()
    assert stored(folder) == []
