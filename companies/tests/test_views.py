"""The page and the form of a person, as HR and project leaders meet them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from companies.enums import Gender
from companies.models import Participant
from companies.services.restriction import lift_restriction, restrict_person
from companies.tests.browsing import browser, hr, leader_browser
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)

__all__ = ["browser", "hr", "leader_browser"]
pytestmark = pytest.mark.django_db

PEOPLE = reverse("companies:participants")


# One person


def change_url(person):
    return reverse("companies:participant-change", args=[person.ref])


def posted(person, **values):
    """Return what the form of a person posts when only `values` are changed."""
    names = (
        "no_number_reason",
        "given_name",
        "family_name",
        "gender",
        "email",
        "mobile",
        "job_title",
        "role_code",
        "staff_group",
    )
    kept = {name: getattr(person, name) for name in names}
    return kept | {"birth_date": person.birth_date or "", "number": ""} | values


def test_the_page_of_a_person_shows_who_changed_what(browser, hr):
    person = ParticipantFactory(company=hr.company, job_title="Svetsare")
    browser.post(change_url(person), posted(person, job_title="Robottekniker"))

    response = browser.get(person.get_absolute_url())

    [changed, entered] = response.context["changes"]
    assert (changed.field, changed.before, changed.after) == (
        "Job title",
        "Svetsare",
        "Robottekniker",
    )
    assert changed.who == hr.user
    assert entered.field == "Entered"


def test_looking_at_a_person_leaves_an_audit_entry(browser, hr):
    person = ParticipantFactory(company=hr.company)

    browser.get(person.get_absolute_url())
    browser.get(change_url(person))

    entries = AuditEntry.objects.filter(action="companies.read")
    told = [(entry.payload.actor, people_of(entry)) for entry in entries]
    assert told == [(hr.user, [person.ref])] * 2


def test_a_change_of_the_number_shows_in_history_as_masks(browser, hr):
    person = ParticipantFactory(company=hr.company)
    browser.post(change_url(person), posted(person, number="850709-9805"))

    response = browser.get(person.get_absolute_url())

    facts = {c.field: (c.before, c.after) for c in response.context["changes"]}
    assert facts["Personal number, stored anew"] == ("", "19850709-****")
    assert "9805" not in response.text


@pytest.mark.parametrize("name", ["participant", "participant-change"])
def test_another_companys_person_is_not_found(browser, name):
    stranger = ParticipantFactory()

    response = browser.get(reverse(f"companies:{name}", args=[stranger.ref]))

    assert response.status_code == 404


def test_another_companys_person_cannot_be_changed(browser):
    stranger = ParticipantFactory(job_title="Svetsare")

    response = browser.post(
        change_url(stranger), posted(stranger, job_title="Direktör")
    )

    assert response.status_code == 404
    stranger.refresh_from_db()
    assert stranger.job_title == "Svetsare"


# A restricted person


@pytest.fixture
def restricted(hr):
    person = ParticipantFactory(company=hr.company, family_name="Dold")
    restrict_person(participant=person, basis="claims", actor=make_leader())
    return person


def test_hr_meets_a_sentence_instead_of_the_form(browser, restricted):
    opened = browser.get(change_url(restricted), follow=True)
    posted_anyway = browser.post(
        change_url(restricted), posted(restricted, job_title="Chef"), follow=True
    )

    for response in (opened, posted_anyway):
        assert response.redirect_chain == [(restricted.get_absolute_url(), 302)]
        assert "Restricted: the data are kept and counted" in response.text
        assert "Restricted since" not in response.text
        assert "Only the project leader sees more" in response.text
        assert "Dold" not in response.text
        assert "legal claim" not in response.text
        assert "<form" not in response.text.split("<main")[1]
    assert "kept and not used" in posted_anyway.text
    restricted.refresh_from_db()
    assert restricted.job_title == ""


def test_a_leader_meets_the_sentence_with_the_reason(leader_browser, restricted):
    response = leader_browser.get(change_url(restricted), follow=True)

    assert response.redirect_chain == [(restricted.get_absolute_url(), 302)]
    assert f"Restricted since {timezone.localdate()} " in response.text
    assert "Why: The person needs the data for a legal claim." in response.text
    assert "You can lift the restriction" in response.text
    rights = leader_browser.get(reverse("privacy:person", args=[restricted.ref]))
    assert "Why: The person needs the data for a legal claim." in rights.text


def test_the_reason_is_that_of_the_restriction_in_force(leader_browser, restricted):
    lift_restriction(participant=restricted, actor=make_leader())
    lifted = leader_browser.get(restricted.get_absolute_url()).text
    restrict_person(participant=restricted, basis="objected", actor=make_leader())

    text = leader_browser.get(restricted.get_absolute_url()).text

    assert "Restricted since" not in lifted
    assert "Why: The person objects to how the data are used." in text


def test_nobody_else_learns_that_somebody_is_restricted(client, restricted):
    client.force_login(MembershipFactory().user)

    for url in (change_url(restricted), restricted.get_absolute_url()):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in {404, 405}


def test_a_leader_without_the_right_finds_no_protected_one(leader_browser, restricted):
    Participant.objects.update(protected=True)

    assert leader_browser.get(change_url(restricted)).status_code == 404


def test_an_erased_person_has_no_form_either(leader_browser):
    person = ParticipantFactory(erased_at=timezone.now())

    response = leader_browser.get(change_url(person))

    assert response.url == person.get_absolute_url()


# The form


NEW = reverse("companies:participant-new")


def someone(**values):
    return {
        "number": "850709-9805",
        "given_name": "Eva",
        "family_name": "Öst",
    } | values


def test_a_new_person_needs_only_a_number_and_a_name(browser, hr):
    response = browser.post(NEW, someone())

    person = Participant.objects.get()
    assert response.url == person.get_absolute_url()
    assert (person.company, person.family_name) == (hr.company, "Öst")
    assert person.personal_number == "198507099805"
    assert (person.gender, person.birth_date) == (Gender.WOMAN, dt.date(1985, 7, 9))
    assert person.history.get().history_user == hr.user


def test_the_gender_may_be_another_than_the_number_says(browser):
    browser.post(NEW, someone(gender=Gender.NON_BINARY))

    assert Participant.objects.get().gender == Gender.NON_BINARY


def faults(response):
    return {
        name: list(errors) for name, errors in response.context["form"].errors.items()
    }


def test_a_person_without_a_number_needs_a_reason_and_a_gender(browser):
    response = browser.post(NEW, someone(number=""))
    assert faults(response) == {
        "number": ["Give a personal number, or the reason why there is none."]
    }

    response = browser.post(NEW, someone(number="", no_number_reason="posted worker"))
    assert faults(response) == {"gender": ["Choose a gender."]}

    browser.post(
        NEW,
        someone(
            number="",
            no_number_reason="posted worker",
            gender="man",
            birth_date="1990-01-31",
        ),
    )
    person = Participant.objects.get()
    assert (person.gender, person.birth_date) == (Gender.MAN, dt.date(1990, 1, 31))
    assert person.personal_number == ""


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"number": "850709-9806"}, "number", "check digit"),
        ({"number": "anka"}, "number", "10 or 12 digits"),
        ({"birth_date": "9/7 1985"}, "birth_date", "YYYY-MM-DD"),
        ({"mobile": "070"}, "mobile", "telephone number"),
        ({"role_code": "72"}, "role_code", "four digits"),
        ({"email": "eva at work"}, "email", "email address"),
        ({"family_name": " "}, "family_name", "required"),
        ({"staff_group": "boss"}, "staff_group", "valid choice"),
        ({"no_number_reason": "posted"}, "no_number_reason", "not both"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_saved(
    browser, values, field, sentence
):
    response = browser.post(NEW, someone(**values))

    assert list(faults(response)) == [field]
    assert sentence in faults(response)[field][0]
    assert not Participant.objects.exists()


def test_the_same_person_twice_is_refused_with_a_sentence(browser):
    browser.post(NEW, someone())

    response = browser.post(NEW, someone(family_name="Ek"))

    assert faults(response) == {"__all__": ["This person is in the company's list."]}
    assert Participant.objects.count() == 1


def test_the_mobile_number_is_kept_in_international_form(browser):
    browser.post(NEW, someone(mobile="070-174 06 35"))

    assert Participant.objects.get().mobile == "+46701740635"


def test_the_stored_number_is_never_shown_again(browser, hr):
    browser.post(NEW, someone())
    person = Participant.objects.get()

    text = browser.get(change_url(person)).text

    assert 'placeholder="19850709-****"' in text
    assert "9805" not in text


def test_an_empty_number_field_keeps_the_number(browser):
    browser.post(NEW, someone())
    person = Participant.objects.get()

    browser.post(change_url(person), posted(person, job_title="Svetsare"))

    person.refresh_from_db()
    assert (person.personal_number, person.job_title) == ("198507099805", "Svetsare")
    assert person.birth_date == dt.date(1985, 7, 9)


def test_a_new_number_replaces_the_reason_why_there_was_none(browser, hr):
    person = ParticipantFactory(company=hr.company)

    browser.post(change_url(person), posted(person, number="198507099805"))

    person.refresh_from_db()
    assert (person.personal_number, person.no_number_reason) == ("198507099805", "")


def test_a_reason_takes_the_stored_number_away(browser):
    browser.post(NEW, someone())
    person = Participant.objects.get()

    browser.post(change_url(person), posted(person, no_number_reason="wrong person"))

    person.refresh_from_db()
    assert (person.personal_number, person.no_number_reason) == ("", "wrong person")


def test_hr_of_two_companies_chooses_one_of_them(browser, hr):
    second = MembershipFactory(user=hr.user).company
    stranger = CompanyFactory()

    refused = browser.post(NEW, someone(company=stranger.org_number))
    browser.post(NEW, someone(company=second.org_number))

    assert list(faults(refused)) == ["company"]
    assert Participant.objects.get().company == second


def test_the_company_is_not_asked_for_where_there_is_one(browser):
    assert 'name="company"' not in browser.get(NEW).text


def test_a_user_without_a_role_finds_no_people(client):
    client.force_login(UserFactory())

    assert client.get(PEOPLE).status_code == 404
    assert client.get(NEW).status_code == 404
