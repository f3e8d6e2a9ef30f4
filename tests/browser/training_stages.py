"""What must exist before pages about trainings can be looked at."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
)
from tests.browser.stages import company_of
from trainings.enums import AskedBy, OccasionStatus
from trainings.models import Accommodation, Attendance, Enrolment, Occasion
from trainings.selectors.planning import plan_of
from trainings.services import agree_to_plan, comment_on_plan, move_up
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


def an_open_occasion(user: User | None) -> tuple[str]:
    seat = EnrolmentFactory()
    SessionFactory(occasion=seat.occasion)
    return (seat.occasion.ref,)


def an_occasion_to_cancel(user: User | None) -> tuple[str, str]:
    return (*an_open_occasion(user), "cancel")


def an_occasion(user: User | None) -> tuple[int]:
    return (SessionFactory().occasion.pk,)


def a_need_written_down(user: User) -> tuple[str]:
    """What HR wrote down for a colleague, and nobody has answered."""
    company = company_of(user)
    asked = AccommodationFactory(
        enrolment__participant__company=company, asked_by=AskedBy.HR
    )
    return (asked.ref,)


def a_seat_with_all(user: User) -> tuple[str, str]:
    """With steps, time that was changed, what to arrange; the supplier runs it."""
    attendance = AttendanceFactory(enrolment__participant__company=company_of(user))
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


def a_planned_need(user: User) -> tuple[str]:
    """Changed once, planned for on an occasion with a seat taken, and not enough."""
    seat = EnrolmentFactory(participant__company=company_of(user))
    company = seat.participant.company
    planned = PlannedNeedFactory(need__company=company, occasion=seat.occasion)
    planned.need.role_code = "7233"
    planned.need.save()
    return (planned.need.ref,)


def needs_of_two(user: User) -> None:
    """Needs of two companies and themes, one planned for, and an occasion with room."""
    a_planned_need(user)
    NeedFactory(headcount=12, wanted_by=dt.date(2026, 12, 31))
    NeedFactory(company=company_of(user), theme="underhåll och felsökning")
    OccasionFactory(status=OccasionStatus.PLANNED)


def a_provider(user: User) -> tuple[int]:
    return (ProviderStaffFactory().provider.pk,)


def a_changed_seat(user: User) -> tuple[int]:
    (_occasion, ref) = a_seat_with_all(user)
    return (Enrolment.objects.get(ref=ref).pk,)


def changed_time(user: User) -> tuple[int]:
    (_occasion, ref) = a_seat_with_all(user)
    return (Attendance.objects.get(enrolment__ref=ref).pk,)


def a_completed_course(user: User) -> tuple[str]:
    occasion = AttendanceFactory(
        enrolment__occasion__status=OccasionStatus.COMPLETED
    ).enrolment.occasion
    return (occasion.ref,)


def a_certificate(user: User | None) -> tuple[str]:
    return (CertificateFactory().code,)
