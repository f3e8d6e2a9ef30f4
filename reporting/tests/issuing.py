"""Reports for the funder, drafted, reviewed and issued as leaders do it."""

import datetime as dt
import json

from accounts.tests.factories import make_leader
from companies.models import Programme
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from reporting.models import IssuedReport, ReportingPeriod
from reporting.services.issued import ask_for_draft, issue_report, review_report
from reporting.tasks import build_draft
from trainings.tests.factories import EnrolmentFactory
from trainings.tests.months import certified, sat

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 3, 31)


def quarter(first=FIRST, last=LAST):
    """A period, of which there is only one; by default the first quarter of 2026."""
    period, _is_new = ReportingPeriod.objects.get_or_create(
        starts_on=first, ends_on=last
    )
    return period


def a_programme(women=6, men=6):
    """A company whose people attended on 2 March: women certified, men did not."""
    if not Programme.objects.exists():
        ProgrammeFactory()
    company = CompanyFactory(name="Alfa AB")
    WorkforceSnapshotFactory(company=company, women=40, men=60)
    seats = []
    for number in range(women + men):
        gender = "woman" if number < women else "man"
        person = ParticipantFactory(company=company, gender=gender)
        seat = EnrolmentFactory(participant=person)
        attendance = (certified if number < women else sat)(seat)
        seats.append(attendance)
    return seats


def draft(period=None, *, actor=None, reason="Sena uppgifter kom in."):
    """Make a draft; one that fails says why."""
    period = period or quarter()
    report, _is_new = ask_for_draft(
        period=period, actor=actor or make_leader(), reason=reason
    )
    build_draft(str(report.pk))
    report.refresh_from_db()
    assert report.finished_at, report.failure
    return report


def issued(period=None, **drafted):
    """Draft, have a second leader review, and issue."""
    report = draft(period, **drafted)
    review_report(
        report=report,
        sha256=report.sha256,
        actor=make_leader(),
        acceptance="Talen är kända sedan tidigare." if report.given_away else "",
    )
    return issue_report(report=report, actor=report.requested_by)


def read(report, kind, audience):
    """Return what a file of the report holds."""
    with report.files.get(kind=kind, audience=audience).file.open() as file:
        return file.read()


def funder_json(report):
    return json.loads(read(report, "json", "funder"))


def fresh(report):
    return IssuedReport.objects.get(pk=report.pk)
