"""Equal treatment of invented programmes, against a second and slow computation."""

import pytest
from django.core.management import call_command

from companies.models import Company
from reporting.selectors.equal_treatment import company_seats, equal_treatment
from tests.oracle import equal_treatment as oracle
from tests.oracle.packages import PERIODS, make_package
from tests.oracle.period import Period
from tests.oracle.tables import Package
from trainings.enums import AgeGroup

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[401, 402])
def package(request, tmp_path):
    make_package(tmp_path, seed=request.param)
    call_command("load_programme", tmp_path)
    return Package(tmp_path)


def _told(fulfilment):
    answers, outcomes = fulfilment.answers, fulfilment.outcomes
    return {
        **{state: getattr(answers, state) for state in oracle.STATES},
        **{word: getattr(outcomes, word) for word in oracle.OUTCOMES.values()},
        "median": fulfilment.median_days,
    }


def _seats(figures):
    rows = {row.gender.value: row.outcomes for row in figures.by_gender}
    for row in figures.by_age_group:
        is_unknown = row.age_group == AgeGroup.UNKNOWN
        rows["no age" if is_unknown else row.age_group.value] = row.outcomes
    return {
        group: {name: getattr(outcomes, name) for name in oracle.SEATS}
        for group, outcomes in rows.items()
    }


def _audiences(figures):
    named = {
        "everybody" if row.is_everybody else row.staff_group or "": row
        for row in figures.audiences
    }
    return {
        name: {"persons": row.persons.total}
        | {one.principle.value: one.persons for one in row.principles if one.persons}
        for name, row in named.items()
        if row.persons.total
    }


def test_every_figure_is_that_of_the_files(package):
    seen = 0
    for first, last in PERIODS:
        ours, period = equal_treatment(first, last), Period(package, first, last)

        assert {row.kind: _told(row.fulfilment) for row in ours.by_kind} == (
            oracle.fulfilment(period, lambda row, _occasion: row["kind"])
        )
        assert {row.ref: _told(row.fulfilment) for row in ours.by_provider} == (
            oracle.fulfilment(period, lambda _row, occasion: occasion["provider_ref"])
        )
        assert {row.theme: _told(row.fulfilment) for row in ours.by_theme} == (
            oracle.fulfilment(
                period,
                lambda _row, occasion: package.course[occasion["course_code"]]["theme"],
            )
        )
        assert _seats(ours) == oracle.seats(period)
        assert _audiences(ours) == oracle.audiences(period)
        seen += ours.seats.absent
    assert seen


def test_a_companys_own_figures_are_those_of_its_rows(package):
    for first, last in PERIODS[:1]:
        period = Period(package, first, last)
        for company in Company.objects.all():
            ours = company_seats(first, last, company)

            assert _seats(ours) == oracle.seats(period, company.org_number)
