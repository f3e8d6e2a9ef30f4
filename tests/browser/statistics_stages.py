"""What must exist before somebody looks at the months for Statistics Sweden."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from companies.tests.factories import ParticipantFactory, ProgrammeFactory
from reporting.models import StatisticsMonth, StatisticsPackage
from reporting.services.statistics import mark_sent
from reporting.tests.statistics import make_package, numbered, trained

MARCH = dt.date(2026, 3, 1)


def months(user: User) -> None:
    """One that changed since it was sent, one to be sent, and empty ones."""
    a_changed_month(user)
    trained(ParticipantFactory(), "2026-04-12 08:00")


def a_changed_month(user: User) -> tuple[dt.date]:
    """Sent, then an hour was certified late; with errors and warnings."""
    ProgrammeFactory()
    anna = numbered()
    trained(anna, "2026-03-12 08:00")
    trained(ParticipantFactory(company=anna.company), "2026-03-12 08:00")
    trained(ParticipantFactory(), "2026-03-12 08:00", certified_at=None)
    package = make_package(MARCH, [anna.ref, "p-GONE"], user)
    mark_sent(package=package, sent_on=timezone.localdate(), actor=user)
    return (MARCH,)


def a_month_to_send(_user: User) -> tuple[dt.date]:
    ProgrammeFactory()
    trained(numbered(), "2026-03-12 08:00")
    return (MARCH,)


def a_package(user: User) -> tuple[object]:
    ProgrammeFactory()
    return (make_package(MARCH, ["p-00000001"], user, is_correction=True).pk,)


def a_sent_package(user: User) -> tuple[object]:
    ProgrammeFactory()
    package = make_package(MARCH, ["p-00000001"], user)
    mark_sent(package=package, sent_on=timezone.localdate(), actor=user)
    return (package.pk,)


def a_package_on_its_way(user: User) -> tuple[object]:
    return (_package(user, progress=40).pk,)


def a_failed_package(user: User) -> tuple[object]:
    failed = {"failed_at": timezone.now(), "failure": "Tre försök misslyckades."}
    return (_package(user, **failed).pk,)


def _package(user: User, **facts: object) -> StatisticsPackage:
    StatisticsMonth.objects.get_or_create(month=MARCH)
    return StatisticsPackage.objects.create(
        first_month=MARCH, requested_by=user, **facts
    )
