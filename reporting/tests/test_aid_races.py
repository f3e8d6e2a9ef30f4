"""Two leaders at once: of a ceiling nothing is granted twice, a target is set once."""

import datetime as dt

import pytest
from django.utils import translation

from accounts.tests.factories import make_leader
from companies.tests.factories import CompanyFactory, ProgrammeFactory
from core.errors import DomainError
from reporting.models import AidAward, AidGroup, Target
from reporting.services.state_aid import make_group
from reporting.services.targets import set_target
from reporting.tests.aid import grant, group_of, rules
from tests.races import beside, writes

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def leaders():
    return make_leader(), make_leader(email="annan@example.org")


def test_two_awards_that_fit_alone_do_not_fit_together(leaders):
    rules()
    group = group_of(CompanyFactory())
    acts = [
        lambda leader=leader: grant(group, 200_000, dt.date(2026, 3, 1), leader)
        for leader in leaders
    ]

    first, second = beside(*acts, at=writes("reporting_aidaward"))

    assert isinstance(second, DomainError)
    assert list(AidAward.objects.all()) == [first]


def test_one_target_for_the_same_days(leaders):
    ProgrammeFactory()
    details = {"figure": "persons", "company": None, "value": 90, **DAYS}
    acts = [
        lambda leader=leader: set_target(actor=leader, **details) for leader in leaders
    ]

    first, second = beside(*acts, at=writes("reporting_target"))

    assert isinstance(second, DomainError)
    assert list(Target.objects.all()) == [first]


def test_a_name_is_taken_by_one_group(leaders):
    companies = CompanyFactory(), CompanyFactory()
    acts = [
        lambda leader=leader, company=company: make_group(
            name="Ett", fiscal_month=1, companies=[company], actor=leader
        )
        for leader, company in zip(leaders, companies, strict=True)
    ]

    outcomes = beside(*acts, at=writes("reporting_aidgroup"))

    (made,) = [one for one in outcomes if isinstance(one, AidGroup)]
    (refusal,) = [one for one in outcomes if isinstance(one, DomainError)]
    assert str(refusal) == "There is a group of this name already."
    assert list(AidGroup.objects.all()) == [made]
    assert made.members.count() == 1


def test_a_company_is_taken_by_one_group(leaders):
    company = CompanyFactory()
    acts = [
        lambda leader=leader, name=name: make_group(
            name=name, fiscal_month=1, companies=[company], actor=leader
        )
        for leader, name in zip(leaders, ("Ett", "Två"), strict=True)
    ]

    first, second = beside(*acts, at=writes("reporting_aidgroupmember"))

    assert isinstance(second, DomainError)
    assert company.aid_membership.group == first
