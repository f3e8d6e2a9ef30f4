import pytest
from django.core.exceptions import ValidationError

from core.tests.walls import refused
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (CourseFactory, {"required_percent": 0}),
        (CourseFactory, {"required_percent": 101}),
        (CourseFactory, {"seqf_level": 9}),
        (CourseFactory, {"level": "expert"}),
        (OccasionFactory, {"capacity": 0}),
        (OccasionFactory, {"status": "lost"}),
        (OccasionFactory, {"delivery": "post"}),
        (SessionFactory, {"ends_at": at("2026-03-02 08:00")}),
        (SessionFactory, {"minutes": 0}),
        (QuotaFactory, {"seats": 0}),
        (EnrolmentFactory, {"confirmed_at": at("2026-01-09 09:00")}),
        (EnrolmentFactory, {"withdrawn_at": at("2026-01-11 09:00")}),
        (EnrolmentFactory, {"waitlisted_at": at("2026-01-13 09:00")}),
        (AttendanceFactory, {"minutes": -1}),
        (AttendanceFactory, {"certified_at": at("2026-03-02 09:00")}),
        (AttendanceFactory, {"dispute_closed_at": at("2026-03-09 09:00")}),
        (AccommodationFactory, {"kind": "diagnosis"}),
        (AccommodationFactory, {"arranged_at": at("2026-01-19 09:00")}),
        (AccommodationFactory, {"outcome": "met"}),
        (
            AccommodationFactory,
            {
                "arranged_at": at("2026-01-21 09:00"),
                "declined_at": at("2026-01-21 09:00"),
            },
        ),
    ],
)
def test_a_row_that_cannot_be_is_refused(make, values):
    assert refused(make, **values)
    assert not refused(make)


def test_a_person_has_one_live_seat_and_may_come_back():
    first = EnrolmentFactory()
    again = {"occasion": first.occasion, "participant": first.participant}
    assert refused(EnrolmentFactory, **again)

    first.withdrawn_at = at("2026-02-01 09:00")
    first.save()

    assert not refused(EnrolmentFactory, **again)


def test_a_session_is_recorded_once():
    first = AttendanceFactory()

    assert refused(AttendanceFactory, enrolment=first.enrolment, session=first.session)


def test_a_company_has_one_quota_on_an_occasion():
    first = QuotaFactory()

    assert refused(QuotaFactory, occasion=first.occasion, company=first.company)


def test_teaching_time_fits_between_the_times():
    session = SessionFactory.build(occasion=OccasionFactory(), minutes=271)

    with pytest.raises(ValidationError, match="minutes"):
        session.full_clean()


def test_seats_taken_are_live_and_confirmed():
    occasion = OccasionFactory()
    EnrolmentFactory(occasion=occasion)
    EnrolmentFactory(occasion=occasion, confirmed_at=None)
    EnrolmentFactory(occasion=occasion, withdrawn_at=at("2026-02-01 09:00"))
    SessionFactory.create_batch(3, occasion=occasion)

    assert Occasion.objects.with_seats().get().seats_taken == 1


def test_the_line_goes_by_when_one_was_put_in_it():
    occasion = OccasionFactory()
    nobody_asked = EnrolmentFactory(occasion=occasion, confirmed_at=None)
    second = EnrolmentFactory(
        occasion=occasion, confirmed_at=None, waitlisted_at=at("2026-01-12 09:00")
    )
    first = EnrolmentFactory(
        occasion=occasion, confirmed_at=None, waitlisted_at=at("2026-01-11 09:00")
    )

    assert list(Enrolment.objects.waiting()) == [first, second, nobody_asked]


def test_disputed_time_is_not_certified_until_the_dispute_is_closed():
    certified = {"certified_at": at("2026-03-05 09:00")}
    plain = AttendanceFactory(**certified)
    closed = AttendanceFactory(
        **certified,
        disputed_at=at("2026-03-04 09:00"),
        dispute_closed_at=at("2026-03-06 09:00"),
    )
    AttendanceFactory(**certified, disputed_at=at("2026-03-06 09:00"))
    AttendanceFactory()

    assert set(Attendance.objects.certified()) == {plain, closed}


def test_principles_stand_in_the_order_of_a_package():
    course = CourseFactory(covers_gender_equality=True, covers_accessibility=True)

    assert course.principles == ["accessibility", "gender_equality"]


@pytest.mark.parametrize(
    ("now", "may_become"),
    [
        ("planned", {"open", "cancelled"}),
        ("open", {"ongoing", "cancelled"}),
        ("ongoing", {"completed", "cancelled"}),
        ("completed", set()),
        ("cancelled", set()),
    ],
)
def test_an_occasion_lives_in_one_direction(now, may_become):
    status = OccasionStatus(now)

    assert {s.value for s in OccasionStatus if status.may_become(s)} == may_become
