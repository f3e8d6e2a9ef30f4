"""What must exist before somebody looks at targets, co-financing and state aid."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_leader
from companies.models import Company
from companies.tests.factories import CompanyFactory, ParticipantFactory
from reporting.models import AidGroup, Target, TargetReading
from reporting.services.state_aid import revoke_award
from reporting.services.targets import change_target
from reporting.tests.aid import (
    cost,
    grant,
    group_of,
    make_declaration,
    rules,
    training_aid_rule,
    unit_cost,
)
from reporting.tests.attending import attend
from tests.browser.stages import a_programme_under_way
from trainings.tests.factories import at

DAYS = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}


def targets(user: User) -> None:
    """Of each figure one, of the programme and of the user's company."""
    a_programme_under_way(user)
    membership = user.memberships.first()
    company = membership.company if membership else Company.objects.first()
    leader = make_leader(email="ledare@example.org") if membership else user
    for figure, value in (("hours", 60_000), ("women_share", 425), ("in_time", 900)):
        for of in (None, company):
            target = Target.objects.create(
                figure=figure, company=of, value=value, set_by=leader, **DAYS
            )
    change_target(target=target, value=950, actor=leader, **DAYS)


def targets_that_will_be_missed(user: User) -> None:
    targets(user)
    TargetReading.objects.create(
        figure="hours",
        company=None,
        part=240,
        through=timezone.localdate(),
        read_at=timezone.now(),
        **DAYS,
    )


def a_target(user: User) -> tuple[str]:
    targets(user)
    return (Target.objects.latest("pk").ref,)


def co_financing(user: User) -> None:
    """Time with and without a unit cost, a group above its warning, one in none."""
    group = _group(user)
    training_aid_rule()
    unit_cost("295.50", occupation="72")
    company = group.members.first().company
    certified = {"recorded_at": at("2026-03-02 13:00")} | {
        "certified_at": at("2026-03-03 09:00")
    }
    for code in ("7233", "3115"):
        attend(ParticipantFactory(company=company, role_code=code), **certified)
    cost(company, 12_500)
    CompanyFactory()


def a_group(user: User) -> tuple[str]:
    return (_group(user).ref,)


def an_award(user: User) -> tuple[str, str]:
    group = _group(user)
    return group.ref, group.awards.counting().first().ref


def a_declaration(user: User) -> tuple[str, str]:
    group = _group(user)
    return group.ref, group.declarations.get().ref


def an_own_declaration(user: User) -> None:
    company = user.memberships.get().company
    make_declaration(group_of(company), company, user)


def _group(user: User) -> AidGroup:
    """Two companies with aid of both regulations, one award taken back."""
    rules()
    company = CompanyFactory(name="Exempelverken AB")
    group = group_of(company, CompanyFactory(name="Exempelgjuteriet AB"))
    grant(group, 40_000, dt.date(2023, 11, 20), user, origin="other")
    grant(group, "245000.50", dt.date(2026, 1, 15), user, company=company)
    mistaken = grant(group, 1_000, dt.date(2026, 2, 1), user)
    revoke_award(award=mistaken, actor=user)
    make_declaration(group, company, user)
    return group
