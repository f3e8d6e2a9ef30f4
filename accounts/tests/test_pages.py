"""The pages about accessibility, personal data and cookies, as they are shown."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.enums import PageName
from accounts.pages import page_text
from accounts.tests.factories import make_leader
from accounts.tests.pages import (
    EN,
    PRIVACY,
    save,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader(client):
    leader = make_leader(name="Lena Leder")
    client.force_login(leader)
    return leader


def invented_facts():
    return {"owner": "Region <b>Exempel</b>"}


@pytest.mark.parametrize("name", PageName)
def test_strangers_read_the_page_in_their_language(client, name):
    response = client.get(reverse(f"pages:{name}"))

    page = response.content.decode()
    assert response.status_code == 200
    assert f"<h1>{PageName(name).label}</h1>" in page
    assert page.count("<h1") == 1
    assert '<div class="card-plain written" lang="en">' in page


def test_the_easy_text_is_a_page_of_its_own(client):
    response = client.get(reverse("pages:privacy"), {"language": "sv-easy"})

    page = response.content.decode()
    assert '<div class="card-plain written" lang="sv">' in page
    assert "Vi frågar <strong>inte</strong> om du är sjuk." in page


@pytest.mark.parametrize("language", ["xx", "", "sv-easy", "\x00"])
def test_a_language_that_the_page_has_not_gives_a_text_all_the_same(client, language):
    url = reverse("pages:cookies")
    status = client.get(url, {"language": language}).status_code

    assert status == (404 if "\x00" in language else 200)


def test_the_names_of_the_cookies_are_those_that_are_set(client, settings):
    settings.SESSION_COOKIE_NAME = "__Host-session"

    page = client.get(reverse("pages:cookies")).content.decode()

    names = ["__Host-session", "csrftoken", "language"]
    assert [name for name in names if f"<code>{name}</code>" not in page] == []


def test_a_fact_stands_in_the_text_as_text(settings):
    settings.PAGE_FACTS = f"{__name__}.invented_facts"

    text = page_text(PRIVACY, EN).html

    assert "Region &lt;b&gt;Exempel&lt;/b&gt; owns the project" in text


def test_a_fact_that_there_is_not_stays_as_it_was_typed(settings):
    settings.PAGE_FACTS = f"{__name__}.invented_facts"
    save("{{ nothing }} {{ owner }}", language=EN)

    assert "{{ nothing }} Region" in page_text(PRIVACY, EN).html


def test_the_participants_page_may_put_the_text_below_a_heading_of_its_own():
    text = page_text(PRIVACY, EN, top_heading=3).html

    assert "<h3>Who is responsible</h3>" in text
    assert "<h2" not in text


PATHS = {
    "home": "/",
    "sign-in": "/accounts/login/",
    "admin": "/admin/",
    "admin list": "/admin/accounts/user/",
    "not found": "/no-such-page/",
    "edit": "/about/privacy/edit/sv/",
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_every_page_links_to_them(client, leader, path):
    if path == "/accounts/login/":
        client.logout()

    page = client.get(path, follow=True).content.decode()

    for name in PageName:
        assert f'<a href="{reverse(f"pages:{name}")}">' in page


def test_the_links_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("base_plain.html")

    assert page.count('href="/about/') == len(PageName)
