"""Who is said to see a person is who does."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import (
    RoleGrantFactory,
    UserFactory,
    make_funder,
    make_leader,
)
from companies.models import Participant
from companies.tests.factories import (
    MembershipFactory,
    ParticipantFactory,
)
from tests.rights import give_named_right, staff_of
from trainings.access import who_may_see
from trainings.models import Enrolment
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    ProviderFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def world():
    """Two companies, two suppliers, a user of every kind, and people of every kind."""
    hr = MembershipFactory(user__name="Hanna")
    other = MembershipFactory(user__name="Annan")
    MembershipFactory(
        company=hr.company, user__name="Borta", ended_on=dt.date(2026, 1, 31)
    )
    ours, theirs = ProviderFactory(), ProviderFactory()
    staff_of(ours, name="Sara")
    staff_of(theirs, name="Sven")
    make_leader(name="Leda")
    give_named_right(make_leader(name="Lova"))
    RoleGrantFactory(user=UserFactory(name="Före"), ended_on=dt.date(2026, 1, 31))
    make_funder(name="Fia")
    UserFactory(name="Ingen")

    def person(**values):
        return ParticipantFactory(company=hr.company, **values)

    def seat(**values):
        return EnrolmentFactory(
            participant__company=hr.company, occasion__provider=ours, **values
        ).participant

    now = timezone.now()
    left = EnrolmentFactory(
        participant__company=hr.company, occasion__provider=ours, withdrawn_at=now
    )
    was_there = EnrolmentFactory(
        participant__company=hr.company, occasion__provider=ours
    )
    AttendanceFactory(enrolment=was_there)
    Enrolment.objects.filter(pk=was_there.pk).update(withdrawn_at=now)
    return {
        "without a seat": person(),
        "with a seat": seat(),
        "of the other company": ParticipantFactory(company=other.company),
        "protected": person(protected=True),
        "restricted": person(restricted_at=now),
        "withdrew": left.participant,
        "withdrew, but was there": was_there.participant,
    }


def may_see(user, participant):
    """Ask the rules themselves: the rows, and the rosters of suppliers."""
    if Participant.objects.visible_to(user).filter(pk=participant.pk).exists():
        return True
    on_roster = Enrolment.objects.run_by(user).filter(participant=participant)
    return any(row.is_live or row.attendance.exists() for row in on_roster)


@pytest.mark.parametrize(
    "kind",
    [
        "without a seat",
        "with a seat",
        "of the other company",
        "protected",
        "restricted",
        "withdrew",
        "withdrew, but was there",
    ],
)
def test_who_is_said_to_see_a_person_is_who_does(kind):
    participant = world()[kind]

    said = {name for reader in who_may_see(participant) for name in reader.names}

    users = User.objects.exclude(name="")
    assert said == {user.name for user in users if may_see(user, participant)}
    assert said


def test_a_protected_person_is_seen_by_the_company_and_the_named_right():
    hr = MembershipFactory(user__name="Hanna", company__name="Arosverken AB")
    make_leader(name="Leda")
    give_named_right(make_leader(name="Lova"))
    person = ParticipantFactory(company=hr.company, protected=True)

    assert [(row.role, row.names) for row in who_may_see(person)] == [
        ("HR of Arosverken AB", ("Hanna",)),
        ("Project leaders with the named right", ("Lova",)),
        ("Funder", ()),
    ]


def test_of_an_erased_person_there_is_nothing_to_see():
    person = ParticipantFactory(erased_at=timezone.now())

    assert who_may_see(person) == []
