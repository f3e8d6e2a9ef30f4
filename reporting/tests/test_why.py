"""From a number to its definition, what it rests on, and its rows."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.enums import Gender
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from reporting.models import ReportingPeriod
from reporting.registry import TABLES
from reporting.tests.attending import attend

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    ProgrammeFactory()
    return ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )


@pytest.fixture
def leader(client):
    leader = make_leader()
    client.force_login(leader)
    return leader


def why(client, period, table, figure, **query):
    days = [period.starts_on, period.ends_on]
    return client.get(reverse("reporting:why", args=[*days, table, figure]), query)


def test_every_link_of_the_period_leads_to_figures_and_each_figure_is_explained(
    client, period, leader
):
    index = client.get(period.get_absolute_url()).content.decode()
    tables = set(re.findall(r'href="([^"]+/why/[^"/]+/)"', index))

    assert len(tables) == 10
    for address in tables:
        page = client.get(address).content.decode()
        figures = re.findall(r'href="([^"]+/why/[^"/]+/[^"/]+/)"', page)
        assert len(figures) == len(_table(address).figures)


def _table(address):
    name = address.rstrip("/").rpartition("/")[2]
    return next(table for table in TABLES if table.id == name)


def test_a_gap_is_told_with_the_counts_that_it_rests_on(client, period, leader):
    company = CompanyFactory()
    WorkforceSnapshotFactory(
        company=company,
        reference_date=dt.date(2025, 12, 31),
        women=1,
        men=3,
        non_binary=0,
    )
    attend(ParticipantFactory(company=company, gender=Gender.MAN))

    page = why(client, period, "companies", "gap", row=company.org_number)

    assert page.context["told"].value == "−25,0"
    assert [line.value for line in page.context["rests_on"]] == list("010130")
    assert "page" not in page.context
    rests_on = client.get(page.context["rests_on"][1].url)
    assert rests_on.context["told"].value == "1"


def test_the_rows_behind_a_count_are_shown_without_names(client, period, leader):
    woman = ParticipantFactory(given_name="Disa", family_name="Svärd")
    attend(woman, minutes=90)
    attend(ParticipantFactory(gender=Gender.MAN))

    page = why(client, period, "totals", "persons.woman")

    [(seat, _)] = page.context["seats"]
    assert (seat.participant, seat.minutes, seat.certified_minutes) == (woman, 90, 0)
    assert woman.ref in page.content.decode()
    assert "Disa" not in page.content.decode()
    assert "Svärd" not in page.content.decode()
    entry = AuditEntry.objects.get(action="reporting.rows_read")
    assert people_of(entry) == [woman.ref]
    assert entry.payload.facts["figure"] == "totals persons.woman"


def test_protected_people_are_counted_and_shown_only_with_the_named_right(
    client, period, leader
):
    hidden = ParticipantFactory(protected=True)
    attend(hidden)
    attend(shown := ParticipantFactory())

    page = why(client, period, "totals", "persons.total")

    assert [seat.participant for seat, _ in page.context["seats"]] == [shown]
    assert (page.context["hidden"], page.context["told"].value) == (1, "2")
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    page = why(client, period, "totals", "persons.total")
    people = {seat.participant for seat, _ in page.context["seats"]}
    assert (people, page.context["hidden"]) == ({hidden, shown}, 0)


def test_without_a_row_every_row_of_the_figure_is_listed(client, period, leader):
    company = CompanyFactory()
    attend(ParticipantFactory(company=company))

    page = why(client, period, "companies", "persons.total")

    assert [(line.name, line.value) for line in page.context["rows"]] == [
        (company.name, "1")
    ]


@pytest.mark.parametrize(
    ("table", "figure", "query"),
    [
        ("nonsense", "persons.total", {}),
        ("totals", "nonsense", {}),
        ("totals", "persons.total", {"row": "nonsense"}),
        ("companies", "persons.total", {"row": "999999-9999"}),
        ("months", "persons.total", {"row": "2026-13"}),
        ("companies", "persons.total", {"row": ""}),
    ],
)
def test_a_wrong_address_is_not_found(client, period, leader, table, figure, query):
    assert why(client, period, table, figure, **query).status_code == 404


def test_the_indicators_page_names_those_that_are_not_collected(client, period, leader):
    days = [period.starts_on, period.ends_on]

    page = client.get(reverse("reporting:why-table", args=[*days, "indicators"]))

    codes = [other.code for other in page.context["others"]]
    assert len(codes) == 20
    assert {"EECO12", "EECO19", "EECR06"} <= set(codes)
    assert not {"EECO01", "EECO05"} & set(codes)


def test_two_companies_of_one_name_are_counted_apart(client, period, leader):
    for _ in range(2):
        company = CompanyFactory(name="Tvilling AB")
        attend(ParticipantFactory(company=company, gender=Gender.UNKNOWN))
    days = [period.starts_on, period.ends_on]

    page = client.get(reverse("reporting:completeness", args=days))

    companies = page.context["companies"]
    assert [row["without_gender"] for row in companies] == [1, 1]


def test_incomplete_records_are_listed_by_company_with_why(client, period, leader):
    first, second = CompanyFactory(name="Alfa AB"), CompanyFactory(name="Beta AB")
    ageless = ParticipantFactory(company=second, birth_date=None)
    unknown = ParticipantFactory(company=first, gender=Gender.UNKNOWN)
    hidden = ParticipantFactory(company=first, birth_date=None, protected=True)
    for person in (ageless, unknown, hidden, ParticipantFactory()):
        attend(person)
    days = [period.starts_on, period.ends_on]

    page = client.get(reverse("reporting:completeness", args=days))

    assert [
        (row["company__name"], row["ageless"], row["without_gender"])
        for row in page.context["companies"]
    ] == [("Alfa AB", 1, 1), ("Beta AB", 1, 0)]
    assert list(page.context["page"].rows) == [unknown, ageless]
    assert page.context["hidden"] == 1
    entry = AuditEntry.objects.get(action="reporting.completeness_read")
    assert people_of(entry) == sorted([unknown.ref, ageless.ref])
