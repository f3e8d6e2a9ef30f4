"""Courses, occasions and seats as plain as can be."""

import datetime as dt
from zoneinfo import ZoneInfo

import factory

from accounts.models import User
from accounts.tests.factories import UserFactory
from companies.tests.factories import CompanyFactory, ParticipantFactory
from trainings.enums import (
    AccommodationKind,
    CourseLevel,
    Delivery,
    OccasionStatus,
    ProviderKind,
)
from trainings.models import (
    Accommodation,
    AccommodationNote,
    Attendance,
    Course,
    Enrolment,
    Occasion,
    Provider,
    ProviderStaff,
    Quota,
    Session,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str) -> dt.datetime:
    """Return the Swedish local time that the text says, `2026-03-02 08:00`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


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
