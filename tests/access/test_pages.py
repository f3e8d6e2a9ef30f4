"""Every address of the portal, asked by every role, against the table."""

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from companies.tests.factories import MembershipFactory, ParticipantFactory
from tests.access.roles import MOVED, NOT_FOUND, ROLES, SIGN_IN
from tests.access.table import GET, POST

pytestmark = pytest.mark.django_db

NOT_ALLOWED = 405


def named_views(resolver=None, namespace=""):
    """Walk the URL table; the admin, which has a table of its own, is left out."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if str(pattern.pattern).startswith("admin/"):
            continue
        if not hasattr(pattern, "url_patterns"):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_views(pattern, inner)


def asked(world, client, method, name, role, **headers):
    """Return how the portal answers one role; what it did is undone."""
    url = world.url(name)
    with transaction.atomic():
        client.logout()
        world.enter(client, role)
        response = getattr(client, method)(url, headers=headers)
        if response.streaming:
            b"".join(response)  # Read to its end, a file is closed.
        transaction.set_rollback(True)
    sign_in = f"{reverse('account_login')}?next={url}"
    if response.status_code == MOVED and response.url == sign_in:
        return SIGN_IN
    return response.status_code


def test_every_address_is_in_the_table():
    own = {name for name, _view in named_views()}

    assert own == set(GET) | set(POST)


def test_every_address_asks_for_a_sign_in_unless_the_table_opens_it():
    rules = {**POST, **GET}
    open_in_code = {n for n, v in named_views() if not getattr(v, "login_required", 1)}

    assert open_in_code == {
        name for name, rule in rules.items() if rule.answer_to("stranger") != SIGN_IN
    }


@pytest.mark.parametrize("name", GET)
def test_who_may_look(name, client, world):
    answers = {role: asked(world, client, "get", name, role) for role in ROLES}

    assert answers == {role: GET[name].answer_to(role) for role in ROLES}


@pytest.mark.parametrize("name", POST)
def test_who_may_act(name, client, world):
    answers = {role: asked(world, client, "post", name, role) for role in ROLES}

    assert answers == {role: POST[name].answer_to(role) for role in ROLES}


@pytest.mark.parametrize("name", sorted(set(GET) - set(POST)))
def test_who_may_not_look_may_not_post_either(name, client, world):
    for role in ROLES:
        if GET[name].answer_to(role) == NOT_FOUND:
            answer = asked(world, client, "post", name, role)
            assert answer in {NOT_FOUND, NOT_ALLOWED}, role


@pytest.mark.parametrize(
    "name", sorted(n for n in set(POST) - set(GET) if not POST[n].is_open)
)
def test_what_is_only_done_is_never_looked_at(name, client, world):
    for role in ROLES:
        answer = asked(world, client, "get", name, role)
        assert answer in {NOT_FOUND, NOT_ALLOWED, SIGN_IN}, role


@pytest.mark.parametrize("name", GET)
def test_a_fragment_is_as_closed_as_its_page(name, client, world):
    for role in ROLES:
        if GET[name].answer_to(role) == NOT_FOUND:
            answer = asked(world, client, "get", name, role, hx_request="true")
            assert answer == NOT_FOUND, role


def test_a_former_colleague_who_is_hr_elsewhere_sees_only_that_company(client, world):
    former = world.users["former_hr"]
    own = ParticipantFactory(company=MembershipFactory(user=former).company)
    client.force_login(former)

    response = client.get(reverse("companies:participants"))

    assert response.context["page"].rows == [own]


def test_the_funder_gets_no_workbook_though_it_was_released_once(client, world):
    assert world.export.released_at
    client.force_login(world.users["funder"])

    for name in ("reporting:export", "reporting:export-download"):
        assert client.get(world.url(name)).status_code == NOT_FOUND
