"""What must exist before a page can be looked at; rows are made the real way."""

import datetime as dt
from pathlib import Path

from django.core.files import File
from django.utils import timezone

from accounts.enums import InvitedRole, PageLanguage, PageName
from accounts.models import AuditEntry, Invitation, OutboxMessage, User
from accounts.services.pages import save_page
from accounts.services.sealing import seal_entries
from accounts.tests.factories import UserFactory
from companies.enums import CorrectionField
from companies.models import (
    Company,
    CorrectionRequest,
    Participant,
    ParticipantImport,
)
from companies.services import accept_upload
from companies.services.corrections import ask_for_correction, decline_correction
from companies.services.feeds import make_feed
from companies.services.links import make_personal_link
from companies.services.merging import merge_participants
from companies.services.restriction import restrict_person
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from kompetenslyft.invitations import invite_to
from reporting.models import ReportExport, ReportingPeriod
from reporting.tasks import build_export
from trainings.tasks import handle_import
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderStaffFactory,
    SessionFactory,
)

LISTS = Path(__file__).parents[1] / "data" / "hr-uploads"
INVITED = "kollega@example.org"


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


def somebody_invited(user: User) -> None:
    """One to each role, and a company and a supplier to have rights at."""
    membership = user.memberships.first() or MembershipFactory()
    ProviderStaffFactory()
    _invite(membership.company, user)
    invite_to(
        email="finansiar@example.org",
        role=InvitedRole.FUNDER,
        place=None,
        language="sv",
        actor=user,
        make_link=lambda token: f"https://portal.example.org/{token}/",
    )


def somebody_unknown_invited(user: User | None) -> tuple[str]:
    return (_invite(CompanyFactory(), UserFactory())[1],)


def somebody_with_an_account_invited(user: User | None) -> tuple[str]:
    UserFactory(email=INVITED)
    return somebody_unknown_invited(user)


def a_right_to_end(user: User) -> tuple[str, int]:
    membership = user.memberships.first() or MembershipFactory()
    return ("hr", MembershipFactory(company=membership.company).pk)


def a_trail(user: User) -> None:
    """Entries of each shape, sealed ones and one that waits for its seal."""
    somebody_invited(user)
    seal_entries()
    a_person_with_rights_used(user)


def a_written_page(user: User) -> tuple[str, str]:
    save_page(
        name=PageName.PRIVACY,
        language=PageLanguage.SWEDISH,
        body="# Vem\n\n[Fyll i: namn]\n\n| Vad | Hur länge |\n|-|-|\n| Namn | Tio år |",
        seen=None,
        actor=user,
    )
    return (PageName.PRIVACY, PageLanguage.SWEDISH)


def rows_that_look_alike(user: User) -> tuple[str, str]:
    """Two that may be one human, and two that were made one."""
    company = company_of(user)
    merge_participants(
        kept=ParticipantFactory(company=company),
        absorbed=ParticipantFactory(company=company),
        taken=frozenset(),
        actor=user,
    )
    name = {"given_name": "Bo", "family_name": "Ek", "company": company}
    first = ParticipantFactory(**name, job_title="svetsare")
    second = ParticipantFactory(**name, email="bo@example.org")
    return (first.ref, second.ref)


def a_correction(user: User) -> tuple[str]:
    person = ParticipantFactory(company=company_of(user))
    row = ask_for_correction(
        participant=person, field=CorrectionField.NAME, text="Jag heter Ana."
    )
    return (row.ref,)


def a_declined_correction(user: User) -> tuple[str]:
    (ref,) = a_correction(user)
    row = CorrectionRequest.objects.get(ref=ref)
    decline_correction(correction=row, answer="Så står det i passet.", actor=user)
    return (ref,)


def a_person_with_rights_used(user: User) -> tuple[str]:
    """Somebody with a link, corrections, seats, changes, a note and time."""
    (ref,) = a_declined_correction(user)
    person = CorrectionRequest.objects.get(ref=ref).participant
    person.email, person.job_title = "anna@example.org", "svetsare"
    person.save()
    make_personal_link(participant=person, actor=user)
    seat = AttendanceFactory(enrolment__participant=person).enrolment
    AccommodationNoteFactory(accommodation__enrolment=seat)
    return (person.ref,)


def a_confirmed_person(user: User) -> tuple[str]:
    """Somebody who has confirmed the e-mail address, and not the mobile."""
    (ref,) = a_person_with_rights_used(user)
    return _confirmed(ref)


def a_confirmed_contact(user: User) -> tuple[str, str]:
    return (*a_confirmed_person(user), "email")


def a_confirmed_colleague(user: User) -> tuple[str]:
    return _confirmed(*a_colleague(user))


def _confirmed(ref: str) -> tuple[str]:
    people = Participant.objects.filter(ref=ref)
    people.update(email="anna@example.org", email_confirmed_at=timezone.now())
    return (ref,)


def a_restricted_person(user: User) -> tuple[str]:
    (ref,) = a_person_with_rights_used(user)
    person = Participant.objects.get(ref=ref)
    restrict_person(participant=person, basis="Hon bad om det.", actor=user)
    return (ref,)


def a_calendar_address(user: User) -> tuple[str]:
    return (make_feed(owner=user, language="sv"),)


def a_letter(user: User) -> tuple:
    somebody_invited(user)
    letter = OutboxMessage.objects.earliest("queued_at")
    letter.failed_at = timezone.now()
    letter.failure = "550 5.1.1 mailbox unavailable"
    letter.save()
    return (letter.pk,)


def an_invitation(user: User) -> tuple:
    somebody_invited(user)
    return (Invitation.objects.earliest("pk").pk,)


def an_entry(user: User) -> tuple:
    a_trail(user)
    return (AuditEntry.objects.latest("pk").pk,)


def a_changed_person(user: User) -> tuple[int]:
    (ref,) = a_person_with_rights_used(user)
    return (Participant.objects.get(ref=ref).pk,)


def company_of(user: User) -> Company:
    membership = user.memberships.first()
    return membership.company if membership else CompanyFactory()


def _invite(company: Company, actor: User) -> tuple[Invitation, str]:
    """Return the invitation and the token of its link."""
    tokens: list[str] = []

    def make_link(token: str) -> str:
        tokens.append(token)
        return f"https://portal.example.org/{token}/"

    invitation = invite_to(
        email=INVITED,
        role=InvitedRole.HR,
        place=company,
        language="sv",
        actor=actor,
        make_link=make_link,
    )
    return invitation, tokens[-1]


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
