"""What somebody typed stays text on every page that shows it."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import EditablePage
from companies.models import Participant
from tests.security.rows import HARMLESS, PAYLOAD, Rows, make_dangerous

pytestmark = pytest.mark.django_db

TYPED_BY_PEOPLE = {
    "Company.name",
    "Course.title",
    "HistoricalParticipant.family_name",
    "Meeting.title",
    "Network.name",
    "Occasion.place",
    "Participant.family_name",
    "Participant.given_name",
    "Participant.job_title",
    "ParticipantImport.file_name",
    "Programme.name",
    "Programme.owner",
    "Provider.name",
    "User.name",
    "WorkforceSnapshot.source",
}


@pytest.fixture
def rows():
    rows = Rows()
    assert make_dangerous() >= TYPED_BY_PEOPLE
    for page in EditablePage.objects.all():
        page.body = f"# {PAYLOAD}\n\n{PAYLOAD} [{PAYLOAD}](https://a.example/{PAYLOAD})"
        page.save()
    return rows


def portal_pages(rows):
    day = rows.export.period
    period = [day.starts_on, day.ends_on]
    return {
        "home": [],
        "companies:participants": [],
        "companies:participant-new": [],
        "companies:participant": [rows.person.ref],
        "companies:participant-change": [rows.person.ref],
        "trainings:occasions": [],
        "trainings:occasion": [rows.occasion.ref],
        "trainings:nominate": [rows.occasion.ref],
        "trainings:attendance": [rows.occasion.ref],
        "trainings:withdraw": [rows.occasion.ref, rows.seat.ref],
        "trainings:occasion-step": [rows.occasion.ref, "cancel"],
        "trainings:uploads": [],
        "trainings:upload-new": [],
        "trainings:upload": [rows.batch.pk],
        "trainings:upload-row": [rows.batch.pk, 2],
        "reporting:periods": [],
        "reporting:period": period,
        "reporting:export": [rows.export.pk],
        "pages:privacy": [],
        "pages:edit": ["privacy", "sv"],
    }


@pytest.mark.parametrize("role", ["leader", "hr", "supplier"])
def test_no_page_of_the_portal_takes_typed_text_for_html(client, rows, role):
    client.force_login(getattr(rows, role))

    shown, broken = set(), {}
    for name, arguments in portal_pages(rows).items():
        response = client.get(reverse(name, args=arguments))
        page = response.content.decode()
        if PAYLOAD in page or response.status_code >= 500:
            broken[name] = response.status_code
        if HARMLESS in page:
            shown.add(name)

    assert broken == {}
    # Else the pages show nothing that was typed, and the test proves nothing.
    assert len(shown) >= {"leader": 15, "hr": 10, "supplier": 2}[role]


def test_no_page_of_the_admin_takes_typed_text_for_html(client, rows):
    client.force_login(rows.leader)

    shown, broken = set(), {}
    for path in admin_pages():
        response = client.get(path)
        page = response.content.decode()
        if PAYLOAD in page or response.status_code >= 500:
            broken[path] = response.status_code
        if HARMLESS in page:
            shown.add(path)

    assert broken == {}
    assert len(shown) >= 20


def admin_pages():
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        for row in model._base_manager.order_by("pk")[:1]:
            yield reverse(f"{name}_change", args=[row.pk])
            yield reverse(f"{name}_history", args=[row.pk])


def test_what_is_searched_for_is_shown_as_text(client, rows):
    client.force_login(rows.hr)

    page = client.post(
        reverse("companies:participants"), {"search": PAYLOAD}, follow=True
    ).content.decode()

    assert PAYLOAD not in page
    assert HARMLESS in page


@pytest.mark.parametrize(
    "query", ["sort", "page", "after", "before", "show", "status", "language", "next"]
)
def test_an_address_writes_nothing_into_the_page(client, rows, query):
    client.force_login(rows.leader)

    for name, arguments in portal_pages(rows).items():
        address = f"{reverse(name, args=arguments)}?{urlencode({query: PAYLOAD})}"
        response = client.get(address)
        assert response.status_code < 500, address
        assert PAYLOAD not in response.content.decode(), address


def test_an_error_of_a_form_repeats_what_was_typed_as_text(client, rows):
    client.force_login(rows.hr)
    form = dict.fromkeys(["number", "birth_date", "email", "mobile"], PAYLOAD)

    page = client.post(
        reverse("companies:participant-change", args=[rows.person.ref]), form
    ).content.decode()

    assert PAYLOAD not in page
    assert HARMLESS in page
    assert Participant.objects.get(pk=rows.person.pk).email == PAYLOAD  # As it was.


def test_a_message_repeats_a_name_as_text(client, rows):
    client.force_login(rows.hr)

    page = client.get("/no-such-page/<b id=x>/").content.decode()

    assert "<b id=x>" not in page
