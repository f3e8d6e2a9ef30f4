"""Courses, occasions and seats as plain as can be."""

import datetime as dt
from zoneinfo import ZoneInfo

import factory

from accounts.models import User
from accounts.tests.factories import UserFactory
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.crypto import encrypt
from trainings.certificates import Content
from trainings.enums import (
    AccommodationKind,
    CertificateKind,
    CourseLevel,
    Delivery,
    OccasionStatus,
    ProviderKind,
    Provision,
    QuestionKind,
)
from trainings.models import (
    AccessibilityCard,
    Accommodation,
    AccommodationNote,
    Attendance,
    AttendanceCorrection,
    Certificate,
    Course,
    Dispute,
    Enrolment,
    EvaluationQuestion,
    Need,
    Occasion,
    PlannedNeed,
    Provider,
    ProviderStaff,
    Quota,
    Session,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str) -> dt.datetime:
    """Return the Swedish local time that the text says, `2026-03-02 08:00`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


FOUR_HOURS = Content(
    name="Anna Berg",
    company="Exempelverken AB",
    programme="Ett kompetenslyft",
    number="2026/00001",
    owner="Region Exempel",
    minutes=240,
    of_minutes=240,
    course="Robotprogrammering",
    provider="Utbildarna i Exempelstad AB",
    first_day="2026-03-02",
    last_day="2026-03-02",
)


class ProviderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Provider

    ref = factory.Sequence(lambda n: f"prov-{n}")
    org_number = "999156-1680"
    name = "Utbildarna i Exempelstad AB"
    kind = ProviderKind.PROCURED


class ProviderStaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProviderStaff

    provider = factory.SubFactory(ProviderFactory)
    user = factory.SubFactory(UserFactory)
    started_on = dt.date(2025, 9, 1)


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    code = factory.Sequence(lambda n: f"K{n:03}")
    title = "Robotprogrammering"
    theme = "automation"
    level = CourseLevel.BASIC
    minutes = 240
    required_percent = 80


class NeedFactory(factory.django.DjangoModelFactory):
    """A need of automation for five people, wanted by nobody's day."""

    class Meta:
        model = Need

    ref = factory.Sequence(lambda n: f"need-{n:05}")
    company = factory.SubFactory(CompanyFactory)
    theme = "automation"
    headcount = 5
    priority = 2


class OccasionFactory(factory.django.DjangoModelFactory):
    """An open occasion with room for ten and no session yet."""

    class Meta:
        model = Occasion

    ref = factory.Sequence(lambda n: f"occ-2026-{n:04}")
    course = factory.SubFactory(CourseFactory)
    provider = factory.SubFactory(ProviderFactory)
    capacity = 10
    delivery = Delivery.ON_SITE
    place = "Västerås"
    status = OccasionStatus.OPEN


class PlannedNeedFactory(factory.django.DjangoModelFactory):
    """Three people of a need on an occasion that is planned."""

    class Meta:
        model = PlannedNeed

    need = factory.SubFactory(NeedFactory)
    occasion = factory.SubFactory(OccasionFactory, status=OccasionStatus.PLANNED)
    headcount = 3


class AccessibilityCardFactory(factory.django.DjangoModelFactory):
    """Step-free, the rest on request, to be asked for by 16 February 2026."""

    class Meta:
        model = AccessibilityCard

    occasion = factory.SubFactory(OccasionFactory)
    step_free = Provision.YES
    hearing_loop = Provision.ON_REQUEST
    captions = Provision.ON_REQUEST
    material_in_advance = Provision.ON_REQUEST
    remote = Provision.NO
    language = "svenska"
    breaks = "tio minuter varje timme"
    contact = "kurs@example.org"
    ask_by = dt.date(2026, 2, 16)


class SessionFactory(factory.django.DjangoModelFactory):
    """Four hours on the morning of 2 March 2026."""

    class Meta:
        model = Session

    ref = factory.Sequence(lambda n: f"s-{n:08}")
    occasion = factory.SubFactory(OccasionFactory)
    starts_at = at("2026-03-02 08:00")
    ends_at = factory.LazyAttribute(lambda s: s.starts_at + dt.timedelta(hours=4.5))
    minutes = 240


class QuotaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Quota

    occasion = factory.SubFactory(OccasionFactory)
    company = factory.SubFactory(CompanyFactory)
    seats = 2
    release_on = dt.date(2026, 2, 15)


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """A confirmed seat."""

    class Meta:
        model = Enrolment

    ref = factory.Sequence(lambda n: f"e-{n:08}")
    occasion = factory.SubFactory(OccasionFactory)
    participant = factory.SubFactory(ParticipantFactory)
    nominated_at = at("2026-01-10 09:00")
    confirmed_at = at("2026-01-12 09:00")


class AttendanceFactory(factory.django.DjangoModelFactory):
    """Present the whole session, of the occasion that the person has a seat on."""

    class Meta:
        model = Attendance

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.SubFactory(
        SessionFactory, occasion=factory.SelfAttribute("..enrolment.occasion")
    )
    minutes = factory.SelfAttribute("session.minutes")
    recorded_at = factory.SelfAttribute("session.ends_at")


class CertificateFactory(factory.django.DjangoModelFactory):
    """A certificate of a completed course of four hours, for Anna Berg."""

    class Meta:
        model = Certificate

    ref = factory.Sequence(lambda n: f"cert-{n:08}")
    kind = CertificateKind.COURSE
    enrolment = factory.SubFactory(EnrolmentFactory)
    participant = factory.SelfAttribute("enrolment.participant")
    sealed = factory.LazyFunction(lambda: encrypt(FOUR_HOURS.to_json()))


class DisputeFactory(factory.django.DjangoModelFactory):
    """An open dispute of a time that the participant was absent at."""

    class Meta:
        model = Dispute

    ref = factory.Sequence(lambda n: f"d-{n:08}")
    attendance = factory.SubFactory(
        AttendanceFactory, minutes=0, disputed_at=at("2026-03-05 08:00")
    )
    claimed_minutes = 240
    sealed = factory.LazyFunction(lambda: encrypt("Jag var där hela dagen."))
    opened_at = at("2026-03-05 08:00")


class AttendanceCorrectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AttendanceCorrection

    attendance = factory.SubFactory(AttendanceFactory, minutes=60)
    old_minutes = 90
    new_minutes = 60
    why = "Listan säger 60."
    corrected_at = at("2026-03-06 08:00")
    corrected_by = factory.SubFactory(UserFactory)


class EvaluationQuestionFactory(factory.django.DjangoModelFactory):
    """A question of the standard form, answered from 1 to 5."""

    class Meta:
        model = EvaluationQuestion

    ref = factory.Sequence(lambda n: f"q-{n:05}")
    kind = QuestionKind.SCALE
    text_sv = "Undervisningen var bra."
    text_en = "The teaching was good."


class AccommodationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Accommodation

    ref = factory.Sequence(lambda n: f"a-{n:05}")
    enrolment = factory.SubFactory(EnrolmentFactory)
    kind = AccommodationKind.CAPTIONS
    requested_at = at("2026-01-20 09:00")


class AccommodationNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccommodationNote

    accommodation = factory.SubFactory(AccommodationFactory)
    text = "Jag behöver sitta längst fram."


def make_supplier(occasion: Occasion | None = None, **staff) -> User:
    """Return somebody who works for the supplier of an occasion, or for a new one.

    An occasion without a supplier gets one. `staff` may carry `ended_on`.
    """
    if occasion is None:
        return ProviderStaffFactory(**staff).user
    if occasion.provider is None:
        occasion.provider = ProviderFactory()
        occasion.save()
    return ProviderStaffFactory(provider=occasion.provider, **staff).user
