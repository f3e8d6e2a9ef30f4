"""An occasion planned anew: what moves with the first day, and what stays behind."""

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.tests.factories import CompanyFactory
from core.errors import DomainError
from tests.races import beside, writes
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Occasion
from trainings.services.quotas import Share
from trainings.tests.factories import (
    AccessibilityCardFactory,
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW_DAY = dt.date(2099, 10, 19)  # A Monday; the clock goes back on the 25th.


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def original():
    """Two sessions a week apart, the second after the clock has gone forward."""
    occasion = OccasionFactory(
        status=OccasionStatus.COMPLETED,
        outline="Robotar i praktiken.",
        least_participants=4,
        decide_on=dt.date(2026, 3, 18),
        go_at=at("2026-03-18 10:00"),
    )
    SessionFactory(occasion=occasion, starts_at=at("2026-03-23 08:00"))
    SessionFactory(occasion=occasion, starts_at=at("2026-03-30 13:00"))
    AccessibilityCardFactory(occasion=occasion, ask_by=dt.date(2026, 3, 9))
    QuotaFactory(occasion=occasion, release_on=dt.date(2026, 3, 1))
    EnrolmentFactory(occasion=occasion)
    return occasion


def copied(original, actor, first_day=NEW_DAY):
    return services.copy_occasion(occasion=original, first_day=first_day, actor=actor)


def test_a_copy_has_the_same_plan_on_other_days(original, leader):
    copy = Occasion.objects.get(pk=copied(original, leader).pk)

    same = ("course", "provider", "capacity", "delivery", "place", "outline")
    for name in (*same, "least_participants"):
        assert getattr(copy, name) == getattr(original, name)
    assert copy.ref == f"occ-{timezone.localdate().year}-{copy.ref[-4:]}"
    assert copy.ref != original.ref
    assert (copy.status, copy.go_at) == (OccasionStatus.PLANNED, None)
    assert copy.decide_on == dt.date(2099, 10, 14)
    assert copy.accessibility.ask_by == dt.date(2099, 10, 5)
    assert copy.accessibility.step_free == "yes"
    assert list(copy.quotas.values_list("seats", "release_on")) == [
        (2, dt.date(2099, 9, 27))
    ]
    assert not copy.enrolments.exists()
    assert copy.history.get().history_user == leader
    entry = AuditEntry.objects.get(action="trainings.occasion_copied")
    assert entry.payload.subject_ref == copy.ref
    assert entry.payload.facts == {"occasion": original.ref}


def test_a_copy_keeps_the_clock_across_the_change_of_time(original, leader):
    sessions = copied(original, leader).sessions.all()

    assert [
        (one.starts_at.isoformat(), one.ends_at.isoformat(), one.minutes)
        for one in sessions
    ] == [
        ("2099-10-19T06:00:00+00:00", "2099-10-19T10:30:00+00:00", 240),
        ("2099-10-26T12:00:00+00:00", "2099-10-26T16:30:00+00:00", 240),
    ]
    assert {one.history.get().history_user for one in sessions} == {leader}


def test_a_company_that_will_have_left_gets_no_quota(original, leader):
    left = CompanyFactory(left_on=dt.date(2099, 1, 1))
    QuotaFactory(occasion=original, company=left, release_on=dt.date(2026, 3, 1))

    assert copied(original, leader).quotas.count() == 1


def test_a_time_that_is_skipped_on_the_new_day_is_refused(original, leader):
    original.sessions.all().delete()
    SessionFactory(occasion=original, starts_at=at("2026-03-23 02:30"))
    refs = set(Occasion.objects.values_list("ref"))

    with pytest.raises(DomainError) as refusal:
        copied(original, leader, dt.date(2099, 3, 29))

    assert str(refusal.value) == (
        "2099-03-29: The clock skips this time: summer time begins."
    )
    assert set(Occasion.objects.values_list("ref")) == refs


def test_a_copy_begins_in_the_future_and_is_counted_from_a_session(original, leader):
    with pytest.raises(DomainError, match="still to come"):
        copied(original, leader, first_day=timezone.localdate())
    original.sessions.all().delete()
    with pytest.raises(DomainError, match="no session to count"):
        copied(original, leader)

    assert Occasion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_copy_and_new_quotas_beside_it_do_not_wait_for_each_other(original, leader):
    company = original.quotas.get().company
    Occasion.objects.update(status=OccasionStatus.OPEN)
    day = timezone.localdate() + dt.timedelta(days=1)
    original.sessions.all().delete()
    SessionFactory(occasion=original, starts_at=at("2099-03-23 08:00"))
    copying = partial(copied, original, leader)
    setting = partial(
        services.set_quotas,
        occasion=original,
        shares={company: Share(3, day)},
        actor=leader,
    )

    copy, nothing = beside(copying, setting, at=writes("trainings_quota"))

    assert nothing is None
    assert copy.quotas.get().seats == 2
    assert original.quotas.get().seats == 3
