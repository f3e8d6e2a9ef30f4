"""Whom the pages let in."""

import datetime as dt

import pytest
from django.http import Http404, HttpResponse
from django.views.generic import View

from accounts.portal import LeaderRequiredMixin
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.portal import HrOrLeaderMixin
from companies.tests.factories import CompanyFactory, MembershipFactory

pytestmark = pytest.mark.django_db


class Page(View):
    def get(self, request):
        companies = getattr(self, "companies", [])
        return HttpResponse(",".join(company.org_number for company in companies))


class HrPage(HrOrLeaderMixin, Page):
    pass


class LeaderPage(LeaderRequiredMixin, Page):
    pass


def ask(page, user, rf):
    request = rf.get("/")
    request.user = user
    return page.as_view()(request).text


def former_hr():
    return MembershipFactory(ended_on=dt.date(2026, 1, 31)).user


def coming_hr():
    return MembershipFactory(started_on=dt.date(2999, 1, 1)).user


def test_hr_is_let_in_with_the_own_companies_only(rf):
    hr = MembershipFactory()
    CompanyFactory()

    assert ask(HrPage, hr.user, rf) == hr.company.org_number


def test_a_leader_is_let_in_with_every_company(rf):
    companies = CompanyFactory.create_batch(2)

    numbers = ask(HrPage, make_leader(), rf)

    assert numbers == ",".join(company.org_number for company in companies)


def test_a_leader_is_let_in_before_there_is_any_company(rf):
    assert ask(HrPage, make_leader(), rf) == ""


@pytest.mark.parametrize("make_user", [UserFactory, make_funder, former_hr, coming_hr])
def test_everybody_else_finds_nothing(make_user, rf):
    CompanyFactory()

    with pytest.raises(Http404):
        ask(HrPage, make_user(), rf)


def test_a_page_for_leaders_is_not_there_for_hr(rf):
    assert ask(LeaderPage, make_leader(), rf) == ""

    with pytest.raises(Http404):
        ask(LeaderPage, MembershipFactory().user, rf)
