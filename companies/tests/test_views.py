"""The pages of people, as HR and project leaders meet them."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from companies.enums import Gender
from companies.models import Participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)

pytestmark = pytest.mark.django_db

PEOPLE = reverse("companies:participants")


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def browser(client, hr):
    """A browser that HR of one company is signed in to, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(hr.user)
    return client


@pytest.fixture
def leader_browser(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(make_leader())
    return client


def shown(response):
    return [row.family_name for row in response.context["page"].rows]


# The list


def test_hr_sees_the_own_companys_people_in_swedish_order(browser, hr):
    for name in ("Öberg", "Åberg", "Zander", "Äng"):
        ParticipantFactory(company=hr.company, family_name=name)
    ParticipantFactory(family_name="Utanför")

    response = browser.get(PEOPLE)

    assert shown(response) == ["Zander", "Åberg", "Äng", "Öberg"]
    assert "4 people" in response.text


def test_a_leader_sees_all_companies_and_can_choose_one(leader_browser):
    volvo, saab = CompanyFactory(name="Volund"), CompanyFactory(name="Sabo")
    ParticipantFactory(company=volvo, family_name="Ahl")
    ParticipantFactory(company=saab, family_name="Berg")

    everybody = leader_browser.get(PEOPLE)
    chosen = leader_browser.get(PEOPLE, {"company": saab.org_number})

    assert shown(everybody) == ["Ahl", "Berg"]
    assert "<td>Volund</td>" in everybody.text
    assert shown(chosen) == ["Berg"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["Zander", "Ahl", "Berg"]),
        ("-title", ["Berg", "Ahl", "Zander"]),
        ("group", ["Berg", "Ahl", "Zander"]),
        ("-name", ["Zander", "Berg", "Ahl"]),
        ("encrypted_number", ["Ahl", "Berg", "Zander"]),
    ],
)
def test_the_list_sorts_by_its_headings_and_by_nothing_else(
    browser, hr, sort, expected
):
    for name, title, group in (
        ("Ahl", "Montör", "manager"),
        ("Berg", "Ångtekniker", "blue_collar"),
        ("Zander", "Controller", "white_collar"),
    ):
        ParticipantFactory(
            company=hr.company, family_name=name, job_title=title, staff_group=group
        )

    response = browser.get(PEOPLE, {"sort": sort})

    assert shown(response) == expected


def test_the_sorted_column_says_so_and_its_link_turns_the_order(browser, hr):
    ParticipantFactory(company=hr.company)

    text = browser.get(PEOPLE, {"sort": "title"}).text

    assert text.count('aria-sort="ascending"') == 1
    assert 'href="?sort=-title"' in text
    assert 'href="?sort=name"' in text


@pytest.mark.parametrize("words", ["åsa", "ÅSA", "Åsa öST", "öst svets", "asa@"])
def test_search_finds_every_word_in_any_case(browser, hr, words):
    ParticipantFactory(
        company=hr.company,
        given_name="Åsa",
        family_name="Öst",
        job_title="Svetsare",
        email="asa@example.org",
    )
    ParticipantFactory(company=hr.company, given_name="Asa", family_name="Ost")

    response = browser.post(PEOPLE, {"search": words}, follow=True)

    assert shown(response) == ["Öst"]


def test_search_signs_of_a_pattern_are_ordinary_text(browser, hr):
    ParticipantFactory(company=hr.company, job_title="100% natt")
    ParticipantFactory(company=hr.company, job_title="1000 dagar")

    response = browser.post(PEOPLE, {"search": "100%"}, follow=True)

    assert len(shown(response)) == 1


def test_what_is_searched_for_stays_out_of_the_address(browser, hr):
    ParticipantFactory(company=hr.company, family_name="Berg")

    response = browser.post(f"{PEOPLE}?sort=-name&after=p-1", {"search": "berg"})

    assert response.url == f"{PEOPLE}?sort=-name"
    assert shown(browser.get(PEOPLE)) == ["Berg"]


def test_the_search_can_be_cleared(browser, hr):
    ParticipantFactory(company=hr.company, family_name="Berg")
    browser.post(PEOPLE, {"search": "finns inte"})
    assert "Nobody found" in browser.get(PEOPLE).text

    response = browser.post(PEOPLE, {"search": "finns inte", "clear": "1"}, follow=True)

    assert shown(response) == ["Berg"]


def test_two_hundred_people_are_shown_fifty_at_a_time(browser, hr):
    ParticipantFactory.create_batch(120, company=hr.company)

    url, seen = PEOPLE, []
    while url:
        page = browser.get(url).context["page"]
        seen += [row.pk for row in page.rows]
        url = page.next_url and f"{PEOPLE}{page.next_url}"

    assert len(seen) == len(set(seen)) == 120


def test_a_page_that_no_longer_exists_leads_to_the_first(browser, hr):
    ParticipantFactory(company=hr.company)

    response = browser.get(PEOPLE, {"after": "p-GONE0000", "sort": "name"})

    assert response.url == f"{PEOPLE}?sort=name"


@pytest.mark.parametrize("people", [1, 200])
@pytest.mark.parametrize("query", ["", "?last=1", "?sort=-title"])
def test_the_list_costs_the_same_for_one_and_for_two_hundred(
    browser, hr, people, query, django_assert_num_queries
):
    ParticipantFactory.create_batch(people, company=hr.company)
    browser.get(PEOPLE)

    # Session, user with roles, membership, navigation, the audit entry's three rows;
    # the rows, their count, and the refs of restricted people.
    with django_assert_num_queries(10):
        browser.get(f"{PEOPLE}{query}")


def test_the_list_of_a_leader_costs_the_same_for_many_companies(
    leader_browser, django_assert_num_queries
):
    ParticipantFactory.create_batch(60)
    leader_browser.get(PEOPLE)

    # As above, the companies being those of the filter.
    with django_assert_num_queries(11):
        leader_browser.get(f"{PEOPLE}?sort=company&last=1")


def test_the_number_is_masked_without_being_decrypted(browser, hr):
    person = ParticipantFactory.build(company=hr.company, no_number_reason="")
    person.encrypted_number = b"1:cannot be read"
    person.save()

    response = browser.get(PEOPLE)

    assert "19850709-****" in response.text


def test_the_list_leaves_one_audit_entry_about_whom_it_showed(browser, hr):
    people = ParticipantFactory.create_batch(2, company=hr.company)

    browser.get(PEOPLE)

    entry = AuditEntry.objects.get(action="companies.listed")
    assert entry.payload.actor == hr.user
    assert people_of(entry) == sorted(person.ref for person in people)


def test_an_empty_list_says_what_to_do(browser):
    assert "Upload your list" in browser.get(PEOPLE).text


def test_a_leader_sees_protected_people_only_with_the_named_right(client):
    leader = make_leader()
    ParticipantFactory(protected=True, family_name="Skyddad")
    client.force_login(leader)
    assert shown(client.get(PEOPLE)) == []

    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)

    assert shown(client.get(PEOPLE)) == ["Skyddad"]


# One person


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


# The form


NEW = reverse("companies:participant-new")


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


def someone(**values):
    return {
        "number": "850709-9805",
        "given_name": "Eva",
        "family_name": "Öst",
    } | values


def faults(response):
    return {
        name: list(errors) for name, errors in response.context["form"].errors.items()
    }


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
