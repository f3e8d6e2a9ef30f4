"""Requests for adaptations as tests make and answer them."""

import pytest

from accounts.models import AuditEntry
from trainings import services
from trainings.enums import AskedBy
from trainings.models import Accommodation
from trainings.tests.factories import (
    EnrolmentFactory,
    SessionFactory,
    at,
    make_supplier,
)

JANUARY = at("2026-01-20 09:00")
ANSWERED = at("2026-01-22 10:00")
BEGINS = at("2026-03-02 08:00")


@pytest.fixture
def seat():
    """A seat on an occasion that begins on 2 March 2026 at 08:00."""
    seat = EnrolmentFactory()
    SessionFactory(occasion=seat.occasion)
    return seat


@pytest.fixture
def supplier(seat):
    return make_supplier(seat.occasion)


def ask(seat, kind="captions", when=JANUARY, **said):
    said = {"asked_by": AskedBy.PARTICIPANT, "actor": None} | said
    return services.ask_for_accommodation(enrolment=seat, kind=kind, at=when, **said)


def answer(asked, supplier, *, arranged=True, when=ANSWERED, **said):
    return services.answer_accommodation(
        accommodation=asked, arranged=arranged, actor=supplier, at=when, **said
    )


def now_of(asked):
    return Accommodation.objects.get(pk=asked.pk)


def trace(action):
    return AuditEntry.objects.get(action=f"trainings.accommodation_{action}")
