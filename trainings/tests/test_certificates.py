"""What is certified, issued once, and stands until the hours are others."""

import datetime as dt
import io

import pypdf
import pytest
from django.utils import timezone, translation

from accounts.tests.factories import make_leader
from companies.enums import OwnChannel
from companies.models import Programme
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from trainings import services
from trainings.certificate_words import certificate_pdf, in_hours
from trainings.certificates import CertifiedTime, content_of, content_of_month
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Certificate
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MARCH = dt.date(2026, 3, 1)
ADDRESS = "https://portal.example.org/certificates/7K3F-9Q2M-XA4T-0C8D/"


@pytest.fixture
def anna():
    return ParticipantFactory(given_name="Anna", family_name="Berg")


def sat(seat, day, minutes=240, **facts):
    """Record a sitting of four hours, certified on the fifth of April."""
    session = SessionFactory(
        occasion=seat.occasion, starts_at=at(f"{day} 08:00"), minutes=240
    )
    facts = {
        "certified_at": at("2026-04-05 12:00"),
        "certified_channel": OwnChannel.LINK,
    } | facts
    return AttendanceFactory(enrolment=seat, session=session, minutes=minutes, **facts)


def completed_seat(person, minutes, required=80):
    """A seat on a completed occasion of one sitting of 240 minutes."""
    seat = EnrolmentFactory(
        participant=person,
        occasion__status=OccasionStatus.COMPLETED,
        occasion__course__required_percent=required,
    )
    sat(seat, "2026-03-02", minutes)
    return seat


def test_a_month_has_what_is_certified_and_not_disputed(anna):
    seat = EnrolmentFactory(participant=anna)
    sat(seat, "2026-03-02", 240)
    sat(seat, "2026-03-31", 90)
    sat(seat, "2026-04-01")
    sat(seat, "2026-03-09", certified_at=None, certified_channel="")
    sat(seat, "2026-03-16", disputed_at=at("2026-04-06 09:00"))
    sat(seat, "2026-03-23", 0)
    sat(EnrolmentFactory(occasion=seat.occasion), "2026-03-24")

    content = content_of_month(anna, MARCH)

    title, ref = seat.occasion.course.title, seat.occasion.ref
    assert content.times == (
        CertifiedTime("2026-03-02", title, ref, 240, "2026-04-05"),
        CertifiedTime("2026-03-31", title, ref, 90, "2026-04-05"),
    )
    assert (content.minutes, content.month) == (330, "2026-03")


def test_a_sitting_belongs_to_the_month_in_which_it_starts_here(anna):
    seat = EnrolmentFactory(participant=anna)
    row = sat(seat, "2026-04-01")
    row.session.starts_at = at("2026-04-01 00:30")  # In UTC it is still March.
    row.session.save()

    assert content_of_month(anna, MARCH) is None
    assert content_of_month(anna, dt.date(2026, 4, 1)).minutes == 240


@pytest.mark.parametrize(("minutes", "is_issued"), [(192, True), (191, False)])
def test_a_course_is_completed_with_the_required_share(anna, minutes, is_issued):
    seat = completed_seat(anna, minutes)

    if is_issued:
        content = content_of(services.issue_for_course(enrolment=seat, actor=None))
        assert (content.minutes, content.of_minutes) == (192, 240)
    else:
        with pytest.raises(DomainError, match="not completed"):
            services.issue_for_course(enrolment=seat, actor=None)


def test_a_course_that_still_runs_is_not_completed(anna):
    seat = EnrolmentFactory(participant=anna, occasion__status=OccasionStatus.ONGOING)
    sat(seat, "2026-03-02")

    with pytest.raises(DomainError, match="not completed"):
        services.issue_for_course(enrolment=seat, actor=None)


def test_the_same_certificate_is_issued_once(anna):
    seat = completed_seat(anna, 240)

    first = services.issue_for_course(enrolment=seat, actor=None)
    second = services.issue_for_course(enrolment=seat, actor=make_leader())

    assert (first.pk, Certificate.objects.count()) == (second.pk, 1)


def test_other_hours_replace_a_certificate(anna):
    seat = completed_seat(anna, 240)
    first = services.issue_for_course(enrolment=seat, actor=None)
    Attendance.objects.filter(enrolment=seat).update(minutes=200)

    second = services.issue_for_course(enrolment=seat, actor=None)

    first.refresh_from_db()
    assert first.replaced_at == second.issued_at
    assert (content_of(first).minutes, content_of(second).minutes) == (240, 200)
    assert first.code != second.code


def test_a_month_that_is_not_over_has_no_certificate(anna):
    now = timezone.now()
    today = timezone.localdate()
    seat = EnrolmentFactory(participant=anna)
    sat(seat, today.isoformat(), recorded_at=now, certified_at=now)

    with pytest.raises(DomainError, match="not over"):
        services.issue_for_month(participant=anna, month=today, actor=None)


def test_without_certified_hours_a_month_has_no_certificate(anna):
    seat = EnrolmentFactory(participant=anna)
    sat(seat, "2026-03-02", certified_at=None, certified_channel="")

    with pytest.raises(DomainError, match="No hours of this month"):
        services.issue_for_month(participant=anna, month=MARCH, actor=None)


@pytest.mark.parametrize(
    ("state", "why"), [("restricted_at", "restricted"), ("erased_at", "erased")]
)
def test_nothing_is_issued_of_people_whose_data_rest(anna, state, why):
    seat = completed_seat(anna, 240)
    setattr(anna, state, timezone.now())
    anna.save()

    with pytest.raises(DomainError, match=why):
        services.issue_for_course(enrolment=seat, actor=None)


def test_a_certificate_is_a_tagged_document_that_shows_the_fund(anna, db):
    Programme.objects.create(
        number="2026/00001",
        name="Ett kompetenslyft",
        owner="Region Exempel",
        starts_on=dt.date(2025, 9, 1),
        ends_on=dt.date(2028, 9, 1),
        fund_period="esf_plus",
        planned_participants=100,
    )
    certificate = services.issue_for_course(
        enrolment=completed_seat(anna, 240), actor=None
    )

    with translation.override("sv"):
        body = certificate_pdf(certificate, content_of(certificate), url=ADDRESS)

    document = pypdf.PdfReader(io.BytesIO(body))
    text = document.pages[0].extract_text()
    catalogue = document.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - A PDF boolean.
    assert catalogue["/Lang"].startswith("sv")
    assert b"pdfuaid:part>1<" in document.xmp_metadata.stream.get_data()
    for words in (
        "Medfinansieras av Europeiska unionen",
        "Anna Berg",
        "4,00 av 4,00",
        "Ett kompetenslyft (2026/00001), Region Exempel",
        certificate.code,
        ADDRESS,
    ):
        assert words in text


def test_what_people_typed_is_never_markup(anna):
    typed = '#panic("x") $1/0$ *fet* @ref <b> \\ [ `'
    seat = completed_seat(anna, 240)
    seat.occasion.course.goals = typed
    seat.occasion.course.save()
    anna.given_name = typed
    anna.save()

    certificate = services.issue_for_course(enrolment=seat, actor=None)
    body = certificate_pdf(certificate, content_of(certificate), url=ADDRESS)

    text = pypdf.PdfReader(io.BytesIO(body)).pages[0].extract_text()
    assert text.count('#panic("x") $1/0$ *fet* @ref <b>') == 2


def test_the_same_certificate_is_the_same_file(anna):
    certificate = services.issue_for_course(
        enrolment=completed_seat(anna, 240), actor=None
    )
    content = content_of(certificate)

    first = certificate_pdf(certificate, content, url=ADDRESS)

    assert certificate_pdf(certificate, content, url=ADDRESS) == first


@pytest.mark.parametrize("sign", ["\uf0b7", "\U0001f600", "\u6f22", "\x01"])
def test_a_sign_that_no_font_has_is_an_empty_square(anna, sign):
    seat = completed_seat(anna, 240)
    seat.occasion.course.goals = f"Svetsa {sign} rätt"
    seat.occasion.course.save()

    certificate = services.issue_for_course(enrolment=seat, actor=None)
    body = certificate_pdf(certificate, content_of(certificate), url=ADDRESS)

    text = pypdf.PdfReader(io.BytesIO(body)).pages[0].extract_text()
    assert "Svetsa □ rätt" in text


def test_one_certificate_replaces_the_two_that_a_merge_leaves(anna):
    sat(EnrolmentFactory(participant=anna), "2026-03-02")
    first = services.issue_for_month(participant=anna, month=MARCH, actor=None)
    second = services.issue_for_month(
        participant=other_with_hours(), month=MARCH, actor=None
    )
    second.participant = anna  # As merging two rows of one person does.
    second.save()
    sat(EnrolmentFactory(participant=anna), "2026-03-03")

    issued = services.issue_for_month(participant=anna, month=MARCH, actor=None)

    standing = Certificate.objects.filter(participant=anna, replaced_at=None)
    assert list(standing) == [issued]
    assert content_of(issued).minutes == 480
    assert Certificate.objects.filter(pk__in=[first.pk, second.pk]).count() == 2


def other_with_hours():
    person = ParticipantFactory()
    sat(EnrolmentFactory(participant=person), "2026-03-02")
    return person


@pytest.mark.parametrize(
    ("minutes", "hours"), [(400, "6.67"), (200, "3.33"), (190, "3.17"), (0, "0.00")]
)
def test_hours_are_rounded_and_never_cut_off(minutes, hours):
    assert in_hours(minutes) == hours
