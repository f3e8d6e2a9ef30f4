import datetime as dt

import pytest

from accounts.tests.factories import UserFactory
from companies.duplicates import find_duplicates
from companies.models import Participant
from companies.services.merging import judge_not_duplicate
from companies.tests.factories import CompanyFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return CompanyFactory()


def found():
    people = Participant.objects.all()
    return [(one.first, one.second) for one in find_duplicates(people)]


def test_two_rows_with_one_address_in_any_case_look_like_one_human(company):
    old = ParticipantFactory(company=company, email="anna@example.org", birth_date=None)
    new = ParticipantFactory(company=company, email="Anna@Example.org", birth_date=None)

    assert found() == [(old, new)]


def test_the_pair_with_most_in_common_comes_first(company):
    born = dt.date(1990, 1, 2)
    ParticipantFactory(company=company, given_name="Bo", birth_date=born)
    ParticipantFactory(company=company, given_name="Bo", birth_date=born)
    names = {
        "given_name": "Eva",
        "family_name": "Ek",
        "birth_date": dt.date(1980, 1, 1),
    }
    alike = [
        ParticipantFactory(company=company, mobile="+46701740635", **names)
        for _ in range(2)
    ]

    assert found()[0] == tuple(alike)
    assert len(found()) == 2


def test_rows_of_two_companies_are_never_compared():
    ParticipantFactory(email="anna@example.org", birth_date=None)
    ParticipantFactory(email="anna@example.org", birth_date=None)

    assert found() == []


def test_what_is_not_filled_in_is_nothing_in_common(company):
    ParticipantFactory(company=company, given_name="Eva", birth_date=None)
    ParticipantFactory(company=company, given_name="Bo", birth_date=None)

    assert found() == []


def test_an_address_that_a_whole_shift_shares_says_nothing(company):
    for name in ("Eva", "Bo", "Li", "Ulf", "Pia"):
        ParticipantFactory(
            company=company, given_name=name, email="lager@example.org", birth_date=None
        )

    assert found() == []


def test_a_pair_that_was_judged_is_not_shown_again(company):
    old = ParticipantFactory(company=company, email="a@example.org", birth_date=None)
    new = ParticipantFactory(company=company, email="a@example.org", birth_date=None)

    judge_not_duplicate(first=new, second=old, actor=UserFactory())

    assert found() == []


def test_finding_costs_the_same_for_many(company, django_assert_max_num_queries):
    for number in range(30):
        ParticipantFactory.create_batch(
            2, company=company, email=f"a{number}@example.org", birth_date=None
        )

    with django_assert_max_num_queries(14):
        assert len(found()) == 30
