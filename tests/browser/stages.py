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
from reporting.services import release_export
from reporting.tasks import build_export
from trainings.enums import OccasionStatus
from trainings.models import Accommodation, Attendance, Enrolment, Occasion
from trainings.selectors.planning import plan_of
from trainings.services import agree_to_plan, comment_on_plan, move_up
from trainings.tasks import handle_import
from trainings.tests.factories import (
    AccessibilityCardFactory,
    AccommodationFactory,
    AccommodationNoteFactory,
    AttendanceFactory,
    CertificateFactory,
    EnrolmentFactory,
    NeedFactory,
    OccasionFactory,
    PlannedNeedFactory,
    ProviderStaffFactory,
    QuotaFactory,
    SessionFactory,
    make_supplier,
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


def a_line_with_an_offer(user: User | None) -> tuple[str]:
    """One seat, offered to a colleague of HR's; another one waits behind."""
    own = user.memberships.first()
    company = own.company if own else CompanyFactory()
    occasion = OccasionFactory(capacity=1)
    people = ParticipantFactory.create_batch(2, company=company)
    for person in people:
        EnrolmentFactory(occasion=occasion, participant=person, confirmed_at=None)
    move_up(occasion)
    return (occasion.ref,)


def a_seat_offered_to_a_colleague(user: User | None) -> tuple[str, str]:
    (ref,) = a_line_with_an_offer(user)
    return (ref, Enrolment.objects.offered().get(occasion__ref=ref).ref)


def an_occasion_with_a_quota(user: User | None) -> tuple[str]:
    quota = QuotaFactory(release_on=timezone.localdate() + dt.timedelta(days=9))
    return (quota.occasion.ref,)


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
    company = _company_of(user)
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
    person = ParticipantFactory(company=_company_of(user))
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


def a_restricted_person(user: User) -> tuple[str]:
    (ref,) = a_person_with_rights_used(user)
    person = Participant.objects.get(ref=ref)
    restrict_person(participant=person, basis="Hon bad om det.", actor=user)
    return (ref,)


def a_seat_with_all(user: User) -> tuple[str, str]:
    """With steps, time that was changed, what to arrange; the supplier runs it."""
    attendance = AttendanceFactory(enrolment__participant__company=_company_of(user))
    attendance.minutes -= 30
    attendance.save()
    seat = attendance.enrolment
    AccommodationNoteFactory(accommodation__enrolment=seat)
    staff = user.provider_staff.first()
    if staff:
        seat.occasion.provider = staff.provider
        seat.occasion.save()
    return (seat.occasion.ref, seat.ref)


def a_request_to_answer(user: User) -> tuple[str]:
    """Late, with a note."""
    _occasion, seat = a_seat_with_all(user)
    asked = Accommodation.objects.get(enrolment__ref=seat)
    asked.asked_by, asked.answer_due_at = "participant", asked.requested_at
    asked.save()
    return (asked.ref,)


def an_answered_request(user: User) -> tuple[str]:
    (ref,) = a_request_to_answer(user)
    asked = Accommodation.objects.get(ref=ref)
    asked.declined_at, asked.answered_by = timezone.now(), user
    asked.save()
    asked.note.answer = "Det finns ingen hiss i huset."
    asked.note.save()
    return (ref,)


def requests_of_theirs(user: User) -> None:
    """One that is late, one that is answered, one of somebody hidden."""
    a_request_to_answer(user)
    an_answered_request(user)
    (ref,) = a_request_to_answer(user)
    person = Accommodation.objects.get(ref=ref).enrolment.participant
    person.protected = True
    person.save()


def an_occasion_of_theirs(user: User) -> tuple[str]:
    return a_seat_with_all(user)[:1]


def a_plan(user: User) -> tuple[str]:
    """With a session, a card, a comment, and an agreement that is out of date."""
    return _plan(user)[:1]


def a_session_of_a_plan(user: User) -> tuple[str, str]:
    return _plan(user)


def a_settled_plan(user: User) -> tuple[str]:
    (ref, _session) = _plan(user)
    Occasion.objects.filter(ref=ref).update(status=OccasionStatus.OPEN)
    return (ref,)


def an_empty_plan(user: User) -> tuple[str]:
    """Whose card begins with the venue's last."""
    AccessibilityCardFactory()
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)
    _make_run(occasion, user)
    return (occasion.ref,)


def an_undecided_occasion(user: User) -> tuple[str]:
    decide_on = dt.date(2026, 2, 20)
    return (OccasionFactory(least_participants=4, decide_on=decide_on).ref,)


def an_occasion_that_is_not_ready(user: User) -> tuple[str, str]:
    return (*an_empty_plan(user), "open")


def _plan(user: User) -> tuple[str, str]:
    occasion = OccasionFactory(
        status=OccasionStatus.PLANNED,
        outline="Som förra gången.",
        least_participants=4,
        decide_on=dt.date(2026, 2, 20),
    )
    supplier = make_supplier(occasion)
    _make_run(occasion, user)
    digest = plan_of(occasion).digest
    agree_to_plan(occasion=occasion, digest=digest, actor=supplier)
    session = SessionFactory(occasion=occasion)
    AccessibilityCardFactory(occasion=occasion, more="Tyst rum finns.")
    comment_on_plan(occasion=occasion, text="Passar det?", actor=supplier)
    return (occasion.ref, session.ref)


def _make_run(occasion, user):
    if not user.is_project_leader:
        ProviderStaffFactory(provider=occasion.provider, user=user)


def sessions_this_month(user: User) -> None:
    """One over midnight, one cancelled, one of those whom the user has to do with."""
    (ref,) = an_occasion_of_theirs(user)
    midday = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    occasion = Occasion.objects.get(ref=ref)
    evening = midday + dt.timedelta(hours=10)
    for starts_at, of in (
        (midday, occasion),
        (evening, occasion),
        (midday, OccasionFactory(status=OccasionStatus.CANCELLED)),
    ):
        SessionFactory(occasion=of, starts_at=starts_at)


def a_session_to_sign(user: User) -> tuple[str, str]:
    (ref,) = an_occasion_of_theirs(user)
    occasion = Occasion.objects.get(ref=ref)
    EnrolmentFactory(occasion=occasion, participant__protected=True)
    return (ref, occasion.sessions.get().ref)


def a_calendar_address(user: User) -> tuple[str]:
    return (make_feed(owner=user, language="sv"),)


def a_planned_need(user: User) -> tuple[str]:
    """Changed once, planned for on an occasion with a seat taken, and not enough."""
    seat = EnrolmentFactory(participant__company=_company_of(user))
    company = seat.participant.company
    planned = PlannedNeedFactory(need__company=company, occasion=seat.occasion)
    planned.need.role_code = "7233"
    planned.need.save()
    return (planned.need.ref,)


def needs_of_two(user: User) -> None:
    """Needs of two companies and themes, one planned for, and an occasion with room."""
    a_planned_need(user)
    NeedFactory(headcount=12, wanted_by=dt.date(2026, 12, 31))
    NeedFactory(company=_company_of(user), theme="underhåll och felsökning")
    OccasionFactory(status=OccasionStatus.PLANNED)


def a_provider(user: User) -> tuple[int]:
    return (ProviderStaffFactory().provider.pk,)


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


def a_changed_seat(user: User) -> tuple[int]:
    (_occasion, ref) = a_seat_with_all(user)
    return (Enrolment.objects.get(ref=ref).pk,)


def changed_time(user: User) -> tuple[int]:
    (_occasion, ref) = a_seat_with_all(user)
    return (Attendance.objects.get(enrolment__ref=ref).pk,)


def _company_of(user: User) -> Company:
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


def a_completed_course(user: User) -> tuple[str]:
    occasion = AttendanceFactory(
        enrolment__occasion__status=OccasionStatus.COMPLETED
    ).enrolment.occasion
    return (occasion.ref,)


def a_certificate(user: User | None) -> tuple[str]:
    return (CertificateFactory().code,)
