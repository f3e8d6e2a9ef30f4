"""Every page and action of the admin, asked by every role, against the table."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from tests.access.admin_rows import ROWS
from tests.access.admin_table import ACTIONS, ADMIN, WITH_HISTORY
from tests.access.roles import MOVED, NOT_FOUND, OK, SIGNED_IN

pytestmark = pytest.mark.django_db

FORBIDDEN = 403
PAGES = {
    "list": "changelist",
    "look": "change",
    "add": "add",
    "delete": "delete",
    "history": "history",
}
# They only lead to the portal's own pages for everybody who has an account.
OPEN = {"/admin/logout/", "/admin/password_change/"}
OTHERS = [role for role in SIGNED_IN if role != "leader"]


def registered():
    return {
        model._meta.label_lower: site for model, site in admin.site._registry.items()
    }


def address(label, page, row):
    name = f"admin:{label.replace('.', '_')}_{PAGES[page]}"
    needs_row = page in {"look", "delete", "history"}
    return reverse(name, args=[row.pk] if needs_row else [])


def every_address(label):
    row = ROWS[label]()
    return [address(label, page, row) for page in PAGES]


def test_every_kind_of_row_is_in_the_table():
    assert set(registered()) == set(ADMIN) == set(ROWS)


@pytest.mark.parametrize("label", ADMIN)
def test_what_a_leader_opens(label, client, world):
    client.force_login(world.users["leader"])
    row = ROWS[label]()
    allowed = ADMIN[label].split()

    for page in ("list", "look", "add", "delete"):
        answer = client.get(address(label, page, row)).status_code
        assert answer == (OK if page in allowed else FORBIDDEN), page


@pytest.mark.parametrize("label", ADMIN)
def test_a_row_leads_to_its_history_unless_none_is_ever_kept(label, client, world):
    client.force_login(world.users["leader"])
    has_one = label in WITH_HISTORY or "change" in ADMIN[label].split()

    page = client.get(address(label, "look", ROWS[label]())).text

    assert ('class="historylink"' in page) == has_one


@pytest.mark.parametrize("label", ADMIN)
def test_a_row_to_look_at_is_not_saved(label, client, world):
    client.force_login(world.users["leader"])
    row = ROWS[label]()

    answer = client.post(address(label, "look", row), {}).status_code

    assert answer == (OK if "change" in ADMIN[label].split() else FORBIDDEN)


@pytest.mark.parametrize("label", ADMIN)
def test_the_actions_of_a_leader(label, world):
    request = RequestFactory().get("/admin/")
    request.user = world.users["leader"]

    actions = registered()[label].get_actions(request)

    assert set(actions) == ACTIONS.get(label, set())


@pytest.mark.parametrize("label", ADMIN)
def test_to_others_nothing_of_it_is_there(label, client, world):
    urls = every_address(label)

    for role in OTHERS:
        client.force_login(world.users[role])
        for url in urls:
            assert client.get(url).status_code == NOT_FOUND, (role, url)
            answer = client.post(url, {"action": "x"}).status_code
            assert answer == NOT_FOUND, (role, url)


def pages_of_the_site():
    """Every page of the admin that belongs to no kind of row."""
    for pattern in admin.site.urls[0]:
        name = getattr(pattern, "name", None)
        try:
            yield reverse(f"admin:{name}")
        except NoReverseMatch:
            continue


@pytest.mark.parametrize("role", OTHERS)
def test_to_others_the_site_itself_is_not_there(role, client, world):
    client.force_login(world.users[role])
    found = [*pages_of_the_site(), "/admin/accounts/", "/admin/autocomplete/?term=a"]

    for url in set(found) - OPEN:
        assert client.get(url).status_code == NOT_FOUND, url


@pytest.mark.parametrize("label", ADMIN)
def test_a_stranger_is_sent_to_sign_in(label, client):
    for url in every_address(label):
        response = client.get(url)
        assert response.status_code == MOVED
        assert response.url == f"{reverse('account_login')}?next={url}"
