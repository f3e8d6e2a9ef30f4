"""What the pages that explain figures and plan seats need to exist before."""

import datetime as dt

from accounts.models import User
from companies.enums import Gender
from companies.models import Company
from companies.tests.factories import ParticipantFactory, WorkforceSnapshotFactory
from reporting.tests.attending import attend
from tests.browser.stages import a_period
from trainings.enums import OccasionStatus
from trainings.tests.factories import OccasionFactory, QuotaFactory, SessionFactory, at

RELEASE = dt.date(2099, 4, 1)


def indicators(user: User | None) -> tuple:
    return (*a_period(user), "indicators")


def persons(user: User | None) -> tuple:
    """A count with the rows behind it, one of them not shown."""
    attend(ParticipantFactory(protected=True))
    return (*a_period(user), "totals", "persons.total")


def gaps(user: User | None) -> tuple:
    """A computed figure of every company."""
    return (*a_period(user), "companies", "gap")


def incomplete_records(user: User | None) -> tuple:
    attend(ParticipantFactory(birth_date=None))
    attend(ParticipantFactory(gender=Gender.UNKNOWN))
    return a_period(user)


def seats_to_plan(user: User) -> None:
    """The only company of HR, behind its workforce, with seats to come."""
    company = Company.objects.get()
    WorkforceSnapshotFactory(
        company=company,
        reference_date=dt.date(2025, 12, 31),
        women=40,
        men=160,
        non_binary=0,
    )
    attend(ParticipantFactory(company=company, gender=Gender.MAN))
    occasion = OccasionFactory(capacity=6, status=OccasionStatus.OPEN)
    SessionFactory(occasion=occasion, starts_at=at("2099-05-01 08:00"))
    QuotaFactory(occasion=occasion, company=company, seats=2, release_on=RELEASE)
