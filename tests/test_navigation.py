"""The menu at the top of every page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory, ProgrammeFactory
from kompetenslyft.navigation import navigation
from trainings.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def menu(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return navigation(request)["navigation"]


def titles(user):
    with translation.override("en"):
        return [item.title for item in menu(user).items]


def test_each_role_has_the_menu_of_its_work():
    assert titles(AnonymousUser()) == []
    assert titles(UserFactory()) == ["Start"]
    assert titles(make_funder()) == ["Start", "Reports"]
    assert titles(MembershipFactory().user) == [
        "Start",
        "Employees",
        "Lists",
        "Needs",
        "Occasions",
        "Calendar",
        "Workforce snapshots",
        "Kiosks",
        "Rights",
    ]
    assert titles(make_supplier()) == [
        "Start",
        "Occasions",
        "Adaptations",
        "Calendar",
        "Kiosks",
    ]
    assert titles(make_leader()) == [
        "Start",
        "Reports",
        "Needs",
        "Occasions",
        "Adaptations",
        "Evaluations",
        "Calendar",
        "Participants",
        "Rights",
        "Administration",
    ]


def test_the_page_itself_and_its_section_are_marked():
    hr = MembershipFactory().user

    def marks(path):
        with translation.override("en"):
            items = menu(hr, path).items
        return {item.title: item.aria_current for item in items if item.aria_current}

    assert marks("/") == {"Start": "page"}
    assert marks("/people/") == {"Employees": "page"}
    assert marks("/people/p-00000001/") == {"Employees": "true"}
    assert marks("/about/cookies/") == {}


def test_a_former_colleague_has_no_company():
    former = MembershipFactory(ended_on="2026-01-01").user

    assert menu(former).company == ""
    assert titles(former) == ["Start"]


def test_the_programme_and_the_company_are_named():
    ProgrammeFactory(name="Lyftet")
    membership = MembershipFactory(company__name="Ödmans Stål AB")

    assert menu(AnonymousUser()).programme == "Lyftet"
    assert menu(membership.user).programme == "Lyftet"
    assert menu(membership.user).company == "Ödmans Stål AB"


def test_the_menu_costs_one_query_and_one_for_the_role(django_assert_num_queries):
    ProgrammeFactory()
    hr = MembershipFactory().user

    with django_assert_num_queries(2):
        assert menu(hr).items


def test_a_page_that_shows_no_menu_pays_nothing(django_assert_num_queries):
    hr = MembershipFactory().user

    with django_assert_num_queries(0):
        menu(hr)
