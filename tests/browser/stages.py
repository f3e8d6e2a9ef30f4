"""What must exist before a page can be looked at; rows are made the real way."""

import datetime as dt
from pathlib import Path

from django.core.files import File
from django.utils import timezone

from accounts.models import User
from companies.models import ParticipantImport
from companies.services import accept_upload
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from reporting.models import ReportExport, ReportingPeriod
from reporting.services import release_export
from reporting.tasks import build_export
from trainings.tasks import handle_import
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
)

LISTS = Path(__file__).parents[1] / "data" / "hr-uploads"


def nothing(user: User | None) -> None:
    """Only the user exists."""


def a_programme_under_way(user: User | None) -> None:
    ProgrammeFactory()
    OccasionFactory()
    unrecorded = EnrolmentFactory()
    SessionFactory(occasion=unrecorded.occasion)
    EnrolmentFactory(confirmed_at=None)
    membership = user.memberships.first() if user else None
    company = membership.company if membership else CompanyFactory()
    WorkforceSnapshotFactory(company=company)
    AttendanceFactory(enrolment__participant__company=company)


def a_colleague(user: User | None) -> tuple[str]:
    company = user.memberships.get().company
    return (EnrolmentFactory(participant__company=company).participant.ref,)


def a_colleagues_seat(user: User | None) -> tuple[str, str]:
    company = user.memberships.get().company
    seat = EnrolmentFactory(participant__company=company)
    return (seat.occasion.ref, seat.ref)


def a_company(user: User | None) -> tuple[int]:
    """With a row in every table inside its admin page."""
    company = WorkforceSnapshotFactory().company
    MembershipFactory(company=company)
    return (company.pk,)


def an_open_occasion(user: User | None) -> tuple[str]:
    seat = EnrolmentFactory()
    SessionFactory(occasion=seat.occasion)
    return (seat.occasion.ref,)


def an_occasion_to_cancel(user: User | None) -> tuple[str, str]:
    return (*an_open_occasion(user), "cancel")


def an_occasion(user: User | None) -> tuple[int]:
    return (SessionFactory().occasion.pk,)


def a_new_headcount(user: User | None) -> tuple[int]:
    snapshot = WorkforceSnapshotFactory()
    snapshot.women += 1
    snapshot.save()
    return (snapshot.pk,)


def a_list_with_errors(user: User | None) -> tuple:
    return (_read_list(user, "everything-wrong.xlsx").pk,)


def a_list_to_confirm(user: User | None) -> tuple:
    return (_read_list(user, "semicolon-cp1252.csv").pk,)


def a_file_without_a_list(user: User | None) -> tuple:
    return (_read_list(user, "missing-heading.csv").pk,)


def a_row_with_errors(user: User | None) -> tuple:
    batch = _read_list(user, "everything-wrong.xlsx")
    return (batch.pk, batch.rows.exclude(errors=[]).earliest("line").line)


def a_period(user: User | None) -> tuple[dt.date, dt.date]:
    ProgrammeFactory()
    attendance = AttendanceFactory()
    AccommodationFactory(enrolment=attendance.enrolment)
    WorkforceSnapshotFactory(company=attendance.enrolment.participant.company)
    period = ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )
    return (period.starts_on, period.ends_on)


def a_workbook(user: User) -> tuple:
    return (_workbook(user).pk,)


def a_released_workbook(user: User) -> tuple:
    export = _workbook(user)
    release_export(export=export, actor=user)
    return (export.pk,)


def a_workbook_on_its_way(user: User) -> tuple:
    a_period(user)
    period = ReportingPeriod.objects.get()
    return (ReportExport.objects.create(period=period, requested_by=user).pk,)


def a_failed_workbook(user: User) -> tuple:
    (pk,) = a_workbook_on_its_way(user)
    ReportExport.objects.filter(pk=pk).update(
        failed_at=timezone.now(), failure="Tre försök misslyckades."
    )
    return (pk,)


def _read_list(user: User, name: str) -> ParticipantImport:
    company = user.memberships.get().company
    with (LISTS / name).open("rb") as file:
        batch, _ = accept_upload(
            company=company, file=File(file), name=name, actor=user
        )
    handle_import(str(batch.pk))
    return ParticipantImport.objects.get(pk=batch.pk)


def _workbook(user: User) -> ReportExport:
    (pk,) = a_workbook_on_its_way(user)
    build_export(str(pk))
    return ReportExport.objects.get(pk=pk)
