"""Who finds the pages of uploaded lists, and what they show."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import Participant, ParticipantImport
from companies.tests.factories import CompanyFactory, MembershipFactory
from trainings.tasks import handle_import
from trainings.tests.test_import_participants import LISTS
from trainings.tests.uploading import FAULTY, GOOD, hr, page, read, save, shown, upload

__all__ = ["hr", "page"]
pytestmark = pytest.mark.django_db

PAGES = ["upload", "upload-status", "upload-errors"]
STEPS = ["upload-confirm", "upload-discard", "upload-take-back"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("lista.xls", b"x"), ("lista.xlsx", b""), ("lista.csv", b"x" * (20 * 2**20 + 1))],
)
def test_what_is_no_list_is_refused_on_the_form(page, name, content):
    response = upload(page, content, name)

    assert response.status_code == 200
    assert not ParticipantImport.objects.exists()


@pytest.mark.parametrize("make", [lambda: MembershipFactory().user, make_funder])
def test_another_companys_list_is_not_found(client, page, make):
    batch = read(page, FAULTY)
    client.force_login(make())

    row = reverse("trainings:upload-row", args=[batch.pk, 3])
    urls = [reverse(f"trainings:{name}", args=[batch.pk]) for name in PAGES]
    statuses = [client.get(url).status_code for url in [*urls, row]]
    posts = [reverse(f"trainings:{name}", args=[batch.pk]) for name in STEPS]
    statuses += [client.post(url).status_code for url in [*posts, row]]

    assert set(statuses) == {404}


def test_only_own_companies_can_be_chosen(client, page, hr):
    other = CompanyFactory()
    MembershipFactory(user=hr.user)

    response = upload(page, GOOD, company=other.org_number)

    assert response.status_code == 200
    assert not ParticipantImport.objects.exists()


def test_somebody_without_a_company_has_no_upload_page(client):
    client.force_login(UserFactory())

    names = ["uploads", "upload-new", "upload-template"]
    assert {client.get(reverse(f"trainings:{n}")).status_code for n in names} == {404}


def test_a_leader_sees_the_list_and_leaves_a_trace(client, page):
    batch = read(page, GOOD)
    client.force_login(make_leader())

    assert "Anna Berg" in shown(client, batch)

    assert AuditEntry.objects.filter(action="companies.list_read").count() == 1


def test_people_under_protected_identity_are_hidden_from_leaders(client, page):
    save(page, read(page, GOOD))
    anna = Participant.objects.get()
    anna.protected = True
    anna.set_number(anna.personal_number)
    anna.save()
    batch = read(page, GOOD.replace("Montör", "Chef"))
    assert [row.outcome for row in batch.rows.all()] == ["changed"]

    assert "Anna" in shown(page, batch)
    client.force_login(make_leader())
    assert "Anna" not in shown(client, batch)


def test_the_status_asks_for_itself_until_the_list_is_read(page):
    upload(page, GOOD)
    batch = ParticipantImport.objects.get()
    url = reverse("trainings:upload-status", args=[batch.pk])
    assert "hx-get" in page.get(url).content.decode()

    handle_import(str(batch.pk))

    assert page.get(url)["HX-Refresh"] == "true"


def test_warnings_stand_apart_from_errors(page):
    name = "unusual-numbers.csv"
    batch = read(page, (LISTS / name).read_bytes(), name)

    html = shown(page, batch, "?show=doubted")

    assert "coordination number" in html
    assert "over 100 years" in html
    assert not batch.rows.exclude(errors=[]).exists()


def test_a_page_of_many_rows_costs_no_more_queries(page, django_assert_max_num_queries):
    numbers = (LISTS / "payroll-export.xlsx").read_bytes()
    batch = read(page, numbers, "payroll-export.xlsx")
    assert batch.rows.count() == 40

    with django_assert_max_num_queries(13):
        page.get(batch.get_absolute_url())
