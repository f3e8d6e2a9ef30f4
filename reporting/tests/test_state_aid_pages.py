"""The pages of co-financing and state aid, and what they hand out."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)
from core.tests.data.scans import pdf
from reporting.models import AidAward, AidDeclaration, AidGroup
from reporting.tests.aid import (
    NEW,
    declaration,
    grant,
    group_of,
    make_declaration,
    rules,
    unit_cost,
)
from reporting.tests.attending import attend
from trainings.tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DAYS = "?starts_on=2026-01-01&ends_on=2026-03-31"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def leader(client):
    leader = make_leader()
    client.force_login(leader)
    return leader


@pytest.fixture
def company():
    return CompanyFactory(name="Verkstad AB")


def overview(client, days=DAYS):
    return client.get(reverse("reporting:state-aid") + days)


def certify(company, **person):
    times = {"recorded_at": at("2026-03-02 13:00")} | {
        "certified_at": at("2026-03-03 09:00")
    }
    return attend(ParticipantFactory(company=company, **person), minutes=60, **times)


def test_without_unit_costs_the_page_says_so_and_where_to_enter_them(
    client, leader, company
):
    certify(company)

    page = overview(client)

    assert "No unit cost is entered, so no hour is worth anything here." in page.text
    assert reverse("admin:reporting_unitcost_add") in page.text
    assert page.context["total"].shown == 0


def test_hours_that_no_unit_cost_fits_are_told(client, leader, company):
    unit_cost("1234.50", occupation="72")
    certify(company, role_code="7233")
    certify(company, role_code="3115")

    page = overview(client)

    assert "For 1.00 certified hours no unit cost is entered" in page.text
    assert "SEK 1,234.50" in page.text


def test_days_that_make_no_period_are_told(client, leader, company):
    page = overview(client, "?starts_on=2026-04-01&ends_on=2026-03-31")

    assert page.status_code == 200
    assert "A period cannot end before it starts." in page.text
    assert page.context["period"] is None


def test_a_group_is_made_changed_and_shown_with_its_companies(client, leader, company):
    form = {
        "name": "Koncernen",
        "fiscal_month": "9",
        "companies": [company.org_number],
    }
    client.post(reverse("reporting:aid-group-new"), form)
    group = AidGroup.objects.get()
    assert (group.name, group.fiscal_month) == ("Koncernen", 9)

    sister = CompanyFactory(name="Syster AB")
    form["companies"].append(sister.org_number)
    response = client.post(
        reverse("reporting:aid-group-change", args=[group.ref]), form
    )

    page = client.get(response.url)
    assert [of.name for of in page.context["ledger"].companies] == [
        "Syster AB",
        "Verkstad AB",
    ]
    again = client.post(reverse("reporting:aid-group-new"), form | {"name": "En till"})
    assert "belongs to the group Koncernen already." in again.text


def award_form(**changed):
    return {
        "company": "",
        "granted_on": "2026-03-01",
        "euros": "1000.50",
        "rule": "2024-01-01",
        "authority": "Svenska ESF-rådet",
        "origin": "own",
    } | changed


def test_aid_is_entered_and_taken_back(client, leader, company):
    rules()
    group = group_of(company)
    url = reverse("reporting:aid-award-new", args=[group.ref])

    client.post(url, award_form(company=company.org_number))
    award = AidAward.objects.get()
    assert (award.euros, award.company, award.rule.name) == (1000.5, company, NEW)
    client.post(reverse("reporting:aid-award-revoke", args=[group.ref, award.ref]))

    award.refresh_from_db()
    assert award.revoked_at
    page = client.get(group.get_absolute_url())
    assert "no: taken back" in page.text
    again = reverse("reporting:aid-award-revoke", args=[group.ref, award.ref])
    assert client.get(again).status_code == 404


def test_aid_that_does_not_fit_is_refused_above_the_form(client, leader, company):
    rules()
    group = group_of(company)
    url = reverse("reporting:aid-award-new", args=[group.ref])

    page = client.post(url, award_form(euros="300000.01"))

    assert "On 2026-03-01 300,000.00 euros is left of 300,000.00 euros" in page.text
    assert not AidAward.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"company": "999999-9999"},
        {"granted_on": "2026-02-30"},
        {"euros": "mycket"},
        {"euros": "1.001"},
        {"rule": "i går"},
        {"rule": "2019-01-01"},
        {"authority": ""},
        {"origin": "x"},
    ],
)
def test_aid_that_is_badly_written_is_not_entered(client, leader, company, changed):
    rules()
    url = reverse("reporting:aid-award-new", args=[group_of(company).ref])

    page = client.post(url, award_form(**changed))

    assert page.status_code == 200
    assert len(page.context["form"].errors) == 1
    assert not AidAward.objects.exists()


NUL = "999009-3362\0"


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("aid-award-new", award_form(company=NUL)),
        ("aid-award-new", award_form(rule="2024-01-01\0")),
        ("aid-award-new", award_form(authority="ESF\0")),
        ("aid-declaration-new", {"company": NUL, "signed_on": "2026-01-15"}),
        ("aid-group-change", {"name": "Ett", "companies": [NUL]}),
        ("aid-group-change", {"name": "Ett\0", "companies": []}),
        ("aid-group-change", {"name": "Ett", "fiscal_month": "1\0"}),
        ("target-new", {"figure": "persons", "company": NUL}),
        ("target-new", {"figure": "persons\0", "value": "1\0"}),
    ],
)
def test_a_posted_nul_is_no_choice(client, leader, company, page, form):
    rules()
    args = [] if page.startswith("target") else [group_of(company).ref]

    answer = client.post(reverse(f"reporting:{page}", args=args), form)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not AidAward.objects.exists()


def test_the_same_aid_is_entered_once_more_only_when_it_is_said_to_be_another(
    client, leader, company
):
    rules()
    url = reverse("reporting:aid-award-new", args=[group_of(company).ref])
    assert "is_another" not in client.get(url).text

    client.post(url, award_form())
    page = client.post(url, award_form())

    assert AidAward.objects.count() == 1
    assert "The same aid is entered already" in page.text
    assert page.text.count('name="is_another"') == 1
    client.post(url, award_form(authority="Region Skåne"))
    assert AidAward.objects.count() == 2
    client.post(url, award_form(is_another="on"))
    assert AidAward.objects.count() == 3


def test_aid_that_was_taken_back_is_entered_anew_without_a_question(
    client, leader, company
):
    rules()
    url = reverse("reporting:aid-award-new", args=[group_of(company).ref])
    client.post(url, award_form())
    AidAward.objects.update(revoked_at=timezone.now())

    client.post(url, award_form())

    assert AidAward.objects.count() == 2


def test_a_ledger_warns_before_its_ceiling(client, leader, company, settings):
    group = group_of(company)
    grant(group, 240_000, dt.date(2026, 1, 1), leader)

    page = client.get(group.get_absolute_url())
    assert "80% of the ceiling or more is used. New aid may not fit." in page.text

    settings.DE_MINIMIS_WARNING_PERCENT = 81
    assert "of the ceiling or more" not in client.get(group.get_absolute_url()).text


def awards_file(client, kind):
    response = client.get(reverse("reporting:aid-awards-file", args=[kind]))
    return b"".join(response.streaming_content)


ROW = [
    "Verkstad AB",
    "Exempelkoncernen",
    "2026-03-01",
    "(EU) 2023/2831",
    "'=Rådet",
    "beviljat i projektet",
]


def test_the_list_of_awards_as_a_text_file_and_as_a_workbook(client, leader, company):
    group = group_of(company)
    award = grant(group, "1000.50", dt.date(2026, 3, 1), leader, company=company)
    award.authority = "=Rådet"
    award.save()

    text = awards_file(client, "csv").decode("utf-8-sig")
    heading, line = csv.reader(io.StringIO(text), delimiter=";")
    workbook = load_workbook(io.BytesIO(awards_file(client, "xlsx")))
    sheet = list(workbook.worksheets[0].iter_rows(values_only=True))

    told = dict(zip(heading, line, strict=True))
    assert [
        told["Företag i projektet"],
        told["Företagsgrupp"],
        told["Beviljat den"],
        told["Förordning"],
        told["Beviljat av"],
        told["Vems stöd"],
    ] == ROW
    assert told["Belopp, euro"] == "1000,50"
    assert list(sheet[0]) == heading
    assert sheet[1][:7] == (
        award.ref,
        "Verkstad AB",
        company.org_number,
        "Exempelkoncernen",
        dt.datetime(2026, 3, 1),
        1000.5,
        "(EU) 2023/2831",
    )
    assert sheet[1][7] == "=Rådet"
    entries = AuditEntry.objects.filter(action="reporting.aid_awards_fetched")
    assert sorted(entry.content.facts["copy"] for entry in entries) == ["csv", "xlsx"]
    assert (
        client.get(reverse("reporting:aid-awards-file", args=["pdf"])).status_code
        == 404
    )


def test_hr_attaches_and_fetches_its_own_company_s_declaration_alone(client, company):
    hr = MembershipFactory(company=company)
    sister = CompanyFactory()
    group = group_of(company, sister)
    leader = make_leader()
    theirs = make_declaration(group, sister, leader, content=b"%PDF-1.4 annat")
    of_the_group = make_declaration(group, None, leader, content=b"%PDF-1.4 tredje")
    client.force_login(hr.user)
    url = reverse("reporting:aid-declarations")

    form = {
        "company": company.org_number,
        "signed_on": "2026-01-15",
        "file": declaration(),
    }
    client.post(url, form)

    own = AidDeclaration.objects.get(company=company)
    assert (own.group, own.attached_by) == (group, hr.user)
    assert list(client.get(url).context["declarations"]) == [own]
    assert client.get(reverse("reporting:aid-declaration", args=[own.ref])).content == (
        pdf()
    )
    for other in (theirs, of_the_group):
        address = reverse("reporting:aid-declaration", args=[other.ref])
        assert client.get(address).status_code == 404
    # Of another company nothing is attached.
    again = client.post(
        url, form | {"company": sister.org_number, "file": declaration()}
    )
    assert "company" in again.context["form"].errors


def test_hr_of_a_company_in_no_group_is_told_to_ask(client, company):
    client.force_login(MembershipFactory(company=company).user)

    page = client.get(reverse("reporting:aid-declarations"))

    assert "The project office has not said yet" in page.text


def test_a_file_that_is_no_declaration_is_told_at_its_field(client, leader, company):
    group = group_of(company)
    url = reverse("reporting:aid-declaration-new", args=[group.ref])

    page = client.post(
        url, {"signed_on": "2026-01-15", "file": declaration(b"PK\x03\x04 blad")}
    )

    (sentence,) = page.context["form"].errors["file"]
    assert sentence.startswith("This is a spreadsheet or another document")
    assert not AidDeclaration.objects.exists()
