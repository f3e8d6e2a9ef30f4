"""Rates and rules over time: which holds on a day, and for whom."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.tests.factories import make_leader
from companies.enums import SizeClass
from companies.tests.factories import CompanyFactory, ParticipantFactory
from reporting.figures import Period
from reporting.figures.state_aid import CoFinancing
from reporting.models import DeMinimisRule, TrainingAidRule
from reporting.selectors.state_aid import co_financing, company_aid
from reporting.tests.aid import rules, training_aid_rule, unit_cost
from reporting.tests.attending import attend
from trainings.tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FEBRUARY = Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
YEAR_AROUND = Period(dt.date(2025, 12, 1), dt.date(2026, 2, 28))


@pytest.fixture
def company():
    return CompanyFactory(size_class=SizeClass.LARGE)


def certify(company, start, **person):
    times = {"recorded_at": at(start), "certified_at": at(start)}
    person = ParticipantFactory(company=company, **person)
    return attend(person, start=start, minutes=60, **times)


def worth(company, period):
    return co_financing(period, [company])[company.pk]


def test_a_rate_that_was_replaced_does_not_come_back_when_the_later_one_ends(company):
    certify(company, "2025-12-31 08:00")
    certify(company, "2026-02-10 08:00")
    unit_cost("100", since=dt.date(2025, 1, 1))
    unit_cost("200", since=dt.date(2025, 7, 1), until=dt.date(2025, 12, 31))

    assert worth(company, FEBRUARY) == CoFinancing(60, 60)
    assert worth(company, YEAR_AROUND) == CoFinancing(120, 60, 200)


def test_a_rate_that_is_over_leaves_the_wider_one_in_force(company):
    certify(company, "2026-02-10 08:00", role_code="7233")
    unit_cost("100", since=dt.date(2025, 1, 1))
    unit_cost("200", occupation="72", until=dt.date(2025, 12, 31))

    assert worth(company, FEBRUARY).kronor == 100


def test_a_rule_of_training_aid_that_was_replaced_does_not_come_back(company):
    TrainingAidRule.objects.all().delete()
    training_aid_rule()
    TrainingAidRule.objects.update(valid_until=None)
    later = TrainingAidRule.objects.get()
    later.pk, later.valid_from = None, dt.date(2025, 1, 1)
    later.valid_until = dt.date(2025, 12, 31)
    later.save()

    assert [row.intensity for row in company_aid(FEBRUARY)] == [None]


@pytest.mark.parametrize("years", [0, 11, 9000])
def test_aid_counts_for_one_to_ten_years(years):
    rule = next(iter(rules().values()))
    rule.years = years

    with pytest.raises(ValidationError) as refusal:
        rule.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeMinimisRule.objects.filter(pk=rule.pk).update(years=years)

    assert "years" in refusal.value.message_dict


def test_the_size_is_the_one_of_the_last_of_the_days(company):
    training_aid_rule()
    company.history.update(history_date=at("2025-01-01 00:00"))
    company.size_class = SizeClass.SMALL
    company.save()
    company.history.filter(size_class=SizeClass.SMALL).update(
        history_date=at("2026-03-01 00:00")
    )
    march = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 1))

    (before,), (after,) = company_aid(FEBRUARY), company_aid(march)

    assert (before.size_class, before.intensity) == (SizeClass.LARGE, 50)
    assert (after.size_class, after.intensity) == (SizeClass.SMALL, 70)


def test_the_ceiling_of_a_project_is_shown_and_not_compared(client, company):
    training_aid_rule()
    client.force_login(make_leader())

    page = client.get(
        reverse("reporting:state-aid") + "?starts_on=2026-02-01&ends_on=2026-02-28"
    )

    assert "The rule holds from 2023-07-01, with a ceiling of 3,000,000.00" in page.text
    assert "is not compared with the sums in kronor" in page.text
