"""Who finds a parcel, what each fetching leaves, and when it goes."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_funder, make_leader
from accounts.tests.trail import people_of
from companies.models import Participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
)
from tests.rights import give_named_right
from trainings.models import CertificateParcel
from trainings.services import issue_for_month
from trainings.services.parcels import forget_closed_parcels
from trainings.tasks import build_parcel
from trainings.tests.browsing import browser, hr, leader, leader_browser
from trainings.tests.factories import make_supplier
from trainings.tests.months import MARCH
from trainings.tests.packing import (
    address,
    ask,
    fetched,
    folder,
    made,
    person,
    table,
    unpacked,
)

__all__ = ["browser", "folder", "hr", "leader", "leader_browser", "person"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize("name", ["parcel", "parcel-status", "parcel-download"])
def test_only_leaders_and_that_companys_hr_find_it(client, hr, person, name):
    person()
    parcel = made(hr.user, hr.company)
    of_all = made(make_leader())

    def answers(user):
        client.force_login(user)
        found = []
        for one in (parcel, of_all):
            response = client.get(address(one, name))
            if response.streaming:
                b"".join(response)
            found.append(response.status_code)
        return found

    assert answers(hr.user) == [200, 404]
    assert answers(MembershipFactory(company=hr.company).user) == [200, 404]
    assert answers(make_leader()) == [200, 200]
    assert answers(MembershipFactory().user) == [404, 404]
    assert answers(make_supplier()) == [404, 404]
    assert answers(make_funder()) == [404, 404]


def test_each_download_is_written_down_with_all_who_are_in_it(browser, hr, person):
    anna, bo = person(), person()
    parcel = made(hr.user, hr.company)

    fetched(browser, parcel)

    entry = AuditEntry.objects.get(action="trainings.parcel_fetched")
    assert entry.payload.actor == hr.user
    assert people_of(entry) == sorted([anna.ref, bo.ref])


def test_it_is_sent_as_a_file_that_no_cache_keeps(browser, hr, person):
    person()
    parcel = made(hr.user, hr.company)

    response = browser.get(address(parcel))
    b"".join(response)

    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    name = f"intyg_2026-03_{str(parcel.pk)[:8]}.zip"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_people_under_protection_are_for_those_who_may_know_them(client, hr, person):
    person()
    person(protected=True)
    leader, trusted = make_leader(), give_named_right(make_leader())

    plain, whole, own = made(leader), made(trusted), made(hr.user, hr.company)

    packed = [parcel.certificates for parcel in (plain, whole, own)]
    assert packed == [1, 2, 2]
    client.force_login(leader)
    found = [
        client.get(one.get_absolute_url()).status_code for one in (plain, whole, own)
    ]
    assert found == [200, 404, 404]
    left_out = table(unpacked(client, plain), "left-out.csv")
    assert left_out[1:] == [["protected identity", "", "1"]]
    client.force_login(trusted)
    assert client.get(whole.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"restricted_at": timezone.now() + dt.timedelta(hours=1)},
        {"erased_at": timezone.now() + dt.timedelta(hours=1)},
        {
            "protected": True,
            "updated_at": timezone.now() + dt.timedelta(hours=1),
        },
    ],
)
@pytest.mark.parametrize("of_all", [True, False])
def test_it_goes_when_somebody_in_it_is_closed(
    leader_browser,
    leader,
    hr,
    person,
    folder,
    change,
    of_all,
    django_capture_on_commit_callbacks,
):
    anna = person()
    parcel = made(leader, None if of_all else hr.company)
    other = made(leader, person(company=CompanyFactory()).company)
    Participant.objects.filter(pk=anna.pk).update(**change)

    assert leader_browser.get(address(parcel)).status_code == 404
    page = leader_browser.get(parcel.get_absolute_url()).content.decode()
    assert "The parcel is no longer kept" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_closed_parcels() == 1

    parcel.refresh_from_db()
    assert (parcel.file.name, parcel.sealed_key) == ("", None)
    assert [str(f) for f in folder.glob("*")] == [other.file.path]


def test_who_was_restricted_before_keeps_nothing_from_a_new_one(
    leader_browser, leader, person
):
    anna = person()
    issue_for_month(participant=anna, month=MARCH, actor=None)
    Participant.objects.filter(pk=anna.pk).update(restricted_at=timezone.now())
    person()

    assert fetched(leader_browser, made(leader))


def test_hr_asks_on_the_page_for_its_own_company_alone(browser, hr, person):
    person()
    new = reverse("trainings:parcel-new")
    other = CompanyFactory()

    posted = {"month": "2026-03", "company": hr.company.org_number}
    response = browser.post(new, posted)

    assert response.url == CertificateParcel.objects.get().get_absolute_url()
    foreign = {"month": "2026-03", "company": other.org_number}
    assert browser.post(new, foreign).status_code == 404
    assert browser.post(new, {"month": "mars"}).status_code == 404
    everything = browser.post(new, {"month": "2026-03", "company": ""}, follow=True)
    assert "Choose a company." in everything.content.decode()
    assert CertificateParcel.objects.count() == 1


def test_a_parcel_that_failed_says_so_and_can_be_asked_for_again(browser, hr):
    parcel = CertificateParcel.objects.create(
        month=MARCH,
        company=hr.company,
        requested_by=hr.user,
        failed_at=timezone.now(),
        failure="Three attempts failed.",
    )

    shown = browser.get(parcel.get_absolute_url()).content.decode()

    assert "Three attempts failed." in shown
    assert reverse("trainings:parcel-new") in shown
    assert browser.get(address(parcel)).status_code == 404


def test_while_it_is_made_the_page_asks_for_itself(browser, hr, person):
    person()
    parcel = ask(hr.user, hr.company)
    status = address(parcel, "parcel-status")

    waiting = browser.get(status)
    build_parcel(str(parcel.pk))
    done = browser.get(status)

    assert f'hx-get="{status}"' in waiting.content.decode()
    assert "HX-Refresh" not in waiting
    assert done["HX-Refresh"] == "true"


def test_a_file_that_was_changed_is_not_found(browser, hr, person):
    person()
    parcel = made(hr.user, hr.company)
    path = Path(default_storage.path(parcel.file.name))
    path.write_bytes(b"x" + path.read_bytes()[1:])

    assert browser.get(address(parcel)).status_code == 404
    assert not AuditEntry.objects.filter(action="trainings.parcel_fetched").exists()
