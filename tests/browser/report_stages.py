"""Reports for the funder before their pages are looked at."""

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_funder, make_leader
from reporting.models import IssuedReport, ReportingPeriod, ReportWithdrawal
from reporting.tests.issuing import quarter
from reporting.tests.reading_room import (
    make_draft,
    make_question,
    make_report,
    make_sample,
)
from tests.browser.stages import a_period


def reports(user: User) -> None:
    """One that is superseded, and one that stands."""
    _two()


def a_report(user: User) -> tuple[str]:
    report = _two()
    leader = make_leader()
    make_question(report, make_funder(), leader)
    make_sample(report, leader, released_at=timezone.now())
    return (report.ref,)


def a_withdrawn_report(user: User) -> tuple[str]:
    report = _two()
    ReportWithdrawal.objects.create(
        report=report, withdrawn_by=make_leader(), reason="Ett företag saknas."
    )
    return (report.ref,)


def a_draft(user: User) -> tuple[str]:
    return (make_draft(quarter(), user).ref,)


def a_draft_under_way(user: User) -> tuple[str]:
    report = IssuedReport.objects.create(
        period=quarter(), number=1, requested_by=user, progress=40
    )
    return (report.ref,)


def an_issued_period(user: User) -> tuple:
    a_period(user)
    period = ReportingPeriod.objects.get()
    make_report(period, user)
    return (period.starts_on, period.ends_on)


def a_review(user: User) -> tuple[str, str]:
    report = make_draft(quarter(), make_leader(), given_away=1)
    return (report.ref, "review")


def a_withdrawal(user: User) -> tuple[str, str]:
    return (_two().ref, "withdraw")


def a_question(user: User) -> tuple[str, str]:
    report = _two()
    return (report.ref, make_question(report, make_funder(), make_leader()).ref)


def a_sample(user: User) -> tuple[str, str]:
    report = _two()
    sample = make_sample(report, make_leader(), released_at=timezone.now())
    return (report.ref, sample.ref)


def a_sample_to_hand_over(user: User) -> tuple[str, str]:
    report = _two()
    return (report.ref, make_sample(report, make_leader()).ref)


def _two() -> IssuedReport:
    leader, period = make_leader(), quarter()
    make_report(period, leader)
    return make_report(period, leader)
