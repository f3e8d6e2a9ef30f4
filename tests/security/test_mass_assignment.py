"""A form takes the fields that it shows, whatever else is posted with them."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import model_to_dict
from django.urls import reverse

from accounts.models import EditablePage, RoleGrant, User
from accounts.tests.factories import UserFactory, make_leader
from companies.models import Membership, Participant, ParticipantImport
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)
from trainings.models import Enrolment
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

# Everything that a participant's row has and no form of HR asks for.
NEVER_POSTED = {
    "id": "999",
    "pk": "999",
    "ref": "p-STOLEN00",
    "person_key": "00" * 32,
    "person_key_next": "00" * 32,
    "encrypted_number": "x",
    "merged_into": "1",
    "restricted_at": "2026-01-01",
    "erased_at": "2026-01-01",
    "age_at_entry": "17",
    "created_at": "2000-01-01",
    "updated_at": "2000-01-01",
}
PERSON = {
    "given_name": "Eva",
    "family_name": "Ek",
    "gender": "woman",
    "staff_group": "manager",
    "no_number_reason": "posted_worker",
}


@pytest.fixture
def hr(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return membership


def untouched(row, posted=NEVER_POSTED):
    fields = {field.name for field in row._meta.concrete_fields}
    kept = fields & set(posted) - {"updated_at"}
    return {name: getattr(row, name) for name in kept}


def test_changing_a_person_changes_only_what_the_form_shows(client, hr):
    other = CompanyFactory()
    person = ParticipantFactory(company=hr.company)
    before = untouched(person)
    form = PERSON | NEVER_POSTED | {"company": other.org_number, "company_id": other.pk}

    response = client.post(
        reverse("companies:participant-change", args=[person.ref]), form
    )

    assert response.status_code == 302
    person.refresh_from_db()
    assert untouched(person) == before
    assert person.company == hr.company
    assert person.family_name == "Ek"


def test_a_person_is_added_to_ones_own_company_whatever_is_posted(client, hr):
    other = CompanyFactory()
    form = PERSON | NEVER_POSTED | {"company": other.org_number, "company_id": other.pk}

    client.post(reverse("companies:participant-new"), form)

    person = Participant.objects.get()
    assert person.company == hr.company
    assert person.pk != 999
    assert person.ref != "p-STOLEN00"
    assert (person.erased_at, person.restricted_at, person.merged_into) == (None,) * 3


def test_a_list_is_uploaded_to_ones_own_company_whatever_is_posted(client, hr):
    other = CompanyFactory()
    form = {
        "file": SimpleUploadedFile("lista.csv", b"x"),
        "company": other.org_number,
        "requested_by": make_leader().pk,
        "saved_at": "2026-01-01",
        "confirmed_at": "2026-01-01",
    }

    client.post(reverse("trainings:upload-new"), form)

    batch = ParticipantImport.objects.get()
    assert (batch.company, batch.requested_by) == (hr.company, hr.user)
    assert (batch.saved_at, batch.confirmed_at) == (None, None)


def test_a_nomination_is_no_seat_whatever_is_posted(client, hr):
    person = ParticipantFactory(company=hr.company)
    occasion = OccasionFactory(course__needs_approval=True)
    SessionFactory(
        occasion=occasion,
        starts_at=dt.datetime(2099, 3, 2, 8, tzinfo=dt.UTC),
        ends_at=dt.datetime(2099, 3, 2, 12, tzinfo=dt.UTC),
    )
    form = {
        "people": [person.ref],
        "confirmed_at": "2026-01-01",
        "status": "confirmed",
        "occasion": "1",
    }

    client.post(reverse("trainings:nominate", args=[occasion.ref]), form)

    seat = Enrolment.objects.get()
    assert (seat.participant, seat.occasion) == (person, occasion)
    assert seat.confirmed_at is None


def test_another_companys_person_cannot_be_nominated(client, hr):
    stranger = ParticipantFactory()
    occasion = OccasionFactory()
    SessionFactory(occasion=occasion)

    client.post(
        reverse("trainings:nominate", args=[occasion.ref]), {"people": [stranger.ref]}
    )

    assert not Enrolment.objects.exists()


def test_attendance_takes_the_cells_of_its_own_grid(client):
    seat = EnrolmentFactory()
    session = SessionFactory(occasion=seat.occasion)
    elsewhere = EnrolmentFactory()
    SessionFactory(occasion=elsewhere.occasion)
    client.force_login(make_leader())
    page = reverse("trainings:attendance", args=[seat.occasion.ref])
    fields = client.get(page).context["form"].fields
    other_page = reverse("trainings:attendance", args=[elsewhere.occasion.ref])
    foreign = client.get(other_page).context["form"].fields

    form = dict.fromkeys([*fields, *foreign], "60") | {"certified_at": "2026-01-01"}
    client.post(page, form)

    assert not elsewhere.attendance.exists()
    assert not session.attendance.exclude(certified_at=None).exists()


def test_a_leader_makes_nobody_a_superuser(client):
    leader, user = make_leader(), UserFactory()
    client.force_login(leader)
    for row in (user, leader):
        form = {
            "email": row.email,
            "name": "New",
            "is_active": "on",
            "is_superuser": "on",
            "is_staff": "on",
            "password": "plain",
            "groups": "1",
            "user_permissions": "1",
            "role_grants-TOTAL_FORMS": "0",
            "role_grants-INITIAL_FORMS": "0",
        }
        client.post(reverse("admin:accounts_user_change", args=[row.pk]), form)

    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.user_permissions.through.objects.exists()
    user.refresh_from_db()
    assert user.check_password("correct horse")


def test_changing_ones_password_changes_nothing_else(client, hr):
    form = {
        "oldpassword": "correct horse",
        "password1": "a rather long new one",
        "password2": "a rather long new one",
        "is_superuser": "on",
        "is_staff": "on",
        "email": "evil@example.org",
        "user": make_leader().pk,
        "role": "leader",
    }

    client.post(reverse("account_change_password"), form)

    hr.user.refresh_from_db()
    assert hr.user.check_password("a rather long new one")
    assert not hr.user.is_superuser
    assert hr.user.email != "evil@example.org"
    assert not hr.user.role_grants.exists()


def test_signing_in_gives_no_role(client):
    cache.clear()
    user = UserFactory()
    form = {
        "login": user.email,
        "password": "correct horse",
        "role": "leader",
        "is_superuser": "on",
        "user": "1",
    }

    client.post(reverse("account_login"), form)

    user.refresh_from_db()
    assert model_to_dict(user)["is_superuser"] is False
    assert not RoleGrant.objects.exists()
    assert not Membership.objects.exists()


def test_a_page_is_saved_as_the_one_that_the_address_names_and_by_who_is_here(client):
    leader, other = make_leader(), make_leader()
    client.force_login(leader)
    form = {
        "text": "Nytt",
        "seen": "",
        "name": "cookies",
        "language": "en",
        "edited_by": other.pk,
        "edited_at": "2000-01-01",
        "id": "999",
    }

    client.post(reverse("pages:edit", args=["privacy", "sv"]), form)

    page = EditablePage.objects.get()
    assert (page.name, page.language, page.edited_by) == ("privacy", "sv", leader)
    assert page.edited_at.year > 2000


def test_an_invitation_gives_the_role_of_its_address(client):
    """A leader who asks HR in cannot be made to ask a leader in."""
    company = CompanyFactory()
    hr = MembershipFactory(company=company).user
    client.force_login(hr)

    answers = {
        role: client.post(
            reverse("invite", args=[role]),
            {"email": "evil@example.org", "language": "sv", "role": "leader"},
        ).status_code
        for role in ("leader", "funder", "supplier", "superuser")
    }

    assert set(answers.values()) == {404}
