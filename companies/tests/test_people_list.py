"""The list of people, as HR and project leaders meet it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.browsing import browser, hr, leader_browser
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
)

__all__ = ["browser", "hr", "leader_browser"]
pytestmark = pytest.mark.django_db

PEOPLE = reverse("companies:participants")


def shown(response):
    return [row.family_name for row in response.context["page"].rows]


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


def searched(browser, words, query=""):
    """Search on the list; return the address that it leads to."""
    return browser.post(f"{PEOPLE}{query}", {"search": words}).url


def test_what_is_searched_for_stays_out_of_the_address(browser, hr):
    ParticipantFactory(company=hr.company, family_name="Berg")

    url = searched(browser, "berg", "?sort=-name&after=p-1")

    assert url == f"{PEOPLE}?sort=-name&searching=1"
    assert shown(browser.get(url)) == ["Berg"]


def test_whoever_comes_anew_sees_everybody_and_the_search_is_forgotten(browser, hr):
    for name in ("Ahl", "Berg"):
        ParticipantFactory(company=hr.company, family_name=name)
    url = searched(browser, "berg")
    assert "berg" in str(dict(browser.session))

    anew = browser.get(PEOPLE)
    old = browser.get(url)

    assert shown(anew) == ["Ahl", "Berg"]
    assert "A search is on" not in anew.text
    assert (old.status_code, old.url) == (302, PEOPLE)
    assert "berg" not in str(dict(browser.session))


def test_sorting_turning_pages_and_a_person_keep_the_search(browser, hr):
    ParticipantFactory.create_batch(60, company=hr.company, job_title="Svarvare")
    ParticipantFactory(company=hr.company, job_title="Smed")
    listed = browser.get(searched(browser, "svarvare"))
    person = listed.context["page"].rows[0]

    sorted_by_title = browser.get(f"{PEOPLE}{listed.context['headings'][2].url}")
    second = browser.get(f"{PEOPLE}{listed.context['page'].next_url}")
    page = browser.get(f"{person.get_absolute_url()}?searching=1")
    form = browser.get(f"{person.get_absolute_url()}change/?searching=1")

    assert f'href="{person.get_absolute_url()}?searching=1"' in listed.text
    assert sorted_by_title.context["page"].count == 60
    assert len(shown(second)) == 10
    for way_back in (page, form):
        assert f'href="{PEOPLE}?searching=1"' in way_back.text
    assert (
        f'href="{PEOPLE}?searching=1"'
        not in browser.get(person.get_absolute_url()).text
    )


def test_choosing_a_company_keeps_the_search_and_the_order(leader_browser):
    company = CompanyFactory()
    ParticipantFactory(company=company, family_name="Berg")
    ParticipantFactory(family_name="Berg")
    listed = leader_browser.get(searched(leader_browser, "berg", "?sort=-name"))
    assert listed.context["kept"] == {"sort": "-name", "searching": "1"}
    assert '<input type="hidden" name="searching" value="1">' in listed.text

    query = listed.context["kept"] | {"company": company.org_number}
    chosen = leader_browser.get(PEOPLE, query)

    assert [row.company for row in chosen.context["page"].rows] == [company]


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        (0, "Nobody is hidden."),
        (1, "1 person is hidden."),
        (3, "3 people are hidden."),
    ],
)
def test_the_list_says_what_is_searched_for_and_how_many_it_hides(
    browser, hr, others, sentence
):
    ParticipantFactory(company=hr.company, job_title="<Svarvare>")
    ParticipantFactory.create_batch(others, company=hr.company)
    ParticipantFactory(job_title="<Svarvare>")

    text = browser.get(searched(browser, "<Svarvare>")).text

    said = "A search is on: only people with “&lt;Svarvare&gt;” in the name"
    assert said in text
    assert sentence in text
    assert "1 person\n" in text


def test_who_is_hidden_is_told_where_nobody_is_found(browser, hr):
    ParticipantFactory(company=hr.company)

    text = browser.get(searched(browser, "finns inte")).text

    assert "Nobody found" in text
    assert "1 person is hidden." in text


def test_people_known_by_ref_are_not_among_those_found(browser, hr):
    hidden = ParticipantFactory(company=hr.company, restricted_at=timezone.now())
    ParticipantFactory(company=hr.company, family_name="Berg")

    found = browser.get(searched(browser, "berg"))
    everybody = browser.get(PEOPLE)

    assert "Nobody is hidden." in found.text
    assert hidden.ref not in found.text
    assert hidden.ref in everybody.text


def test_the_search_can_be_cleared(browser, hr):
    ParticipantFactory(company=hr.company, family_name="Berg")
    url = searched(browser, "finns inte")
    assert "Nobody found" in browser.get(url).text

    response = browser.post(url, {"search": "finns inte", "clear": "1"}, follow=True)

    assert response.redirect_chain == [(PEOPLE, 302)]
    assert shown(response) == ["Berg"]


@pytest.mark.parametrize("people", [1, 200])
def test_a_search_costs_no_more_than_the_list(
    browser, hr, people, django_assert_num_queries
):
    ParticipantFactory.create_batch(people, company=hr.company, job_title="Svarvare")
    url = searched(browser, "svarvare")
    browser.get(url)

    # As the list: how many there are, instead of the refs of restricted people.
    with django_assert_num_queries(10):
        browser.get(url)


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
