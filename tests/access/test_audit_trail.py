"""Every page that shows people leaves its trace, by every role that finds it."""

import ast

import pytest
from django.conf import settings
from django.db import transaction

from accounts.actions import ACTIONS
from accounts.models import AuditEntry
from tests.access.admin_rows import ROWS
from tests.access.admin_table import ADMIN, WITH_HISTORY
from tests.access.roles import ROLES
from tests.access.table import GET
from tests.access.test_admin import address
from tests.access.trail_table import ABOUT_PEOPLE, DONE, LOOKED, SHOWS_NOBODY

pytestmark = pytest.mark.django_db

READERS = ("hr", "leader", "supplier", "funder", "participant")


def left_by(world, client, method, name, role):
    """Return the action that an answer leaves; what it did is undone."""
    with transaction.atomic():
        client.logout()
        world.enter(client, role)
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        response = getattr(client, method)(world.url(name))
        if response.streaming:
            b"".join(response)  # Read to its end, a file is closed.
        left = AuditEntry.objects.filter(pk__gt=last or 0)
        actions = list(left.values_list("action", flat=True))
        transaction.set_rollback(True)
    assert len(actions) <= 1, actions
    return actions[0] if actions else None


def test_every_page_is_in_one_of_the_tables():
    assert set(LOOKED) | SHOWS_NOBODY == set(GET)
    assert not set(LOOKED) & SHOWS_NOBODY


@pytest.mark.parametrize("name", LOOKED)
def test_who_looks_leaves_a_trace(name, client, world):
    left = {role: left_by(world, client, "get", name, role) for role in ROLES}

    assert left == {role: LOOKED[name].get(role) for role in ROLES}


@pytest.mark.parametrize("name", sorted(SHOWS_NOBODY))
def test_who_is_shown_nobody_leaves_none(name, client, world):
    left = {role: left_by(world, client, "get", name, role) for role in READERS}

    assert set(left.values()) == {None}


@pytest.mark.parametrize("name", DONE)
def test_who_acts_leaves_a_trace(name, client, world):
    left = {role: left_by(world, client, "post", name, role) for role in ROLES}

    assert left == {role: DONE[name].get(role) for role in ROLES}


@pytest.mark.parametrize("label", ADMIN)
def test_the_admin_leaves_a_trace_of_people(label, client, world):
    client.force_login(world.users["leader"])
    row = ROWS[label]()
    pages = {"list": "admin.listed", "look": "admin.read"}
    if label in WITH_HISTORY:
        pages["history"] = "admin.history_read"

    for page, action in pages.items():
        before = AuditEntry.objects.filter(action=action).count()
        client.get(address(label, page, row))
        left = AuditEntry.objects.filter(action=action).count() - before
        assert left == (label in ABOUT_PEOPLE), page


# Made of parts in the code, and so not found below.
MADE_UP = {
    "companies.correction_corrected",
    "companies.correction_declined",
    "companies.link_revoking_refused",
    "companies.link_sending_refused",
    "trainings.cancelled",
    "trainings.completed",
    "trainings.declined",
    "trainings.ongoing",
    "trainings.open",
    "trainings.withdrawn",
}


def recorded_actions():
    """Find what the code records, by the calls whose name begins with `record`."""
    for app in ("accounts", "companies", "kompetenslyft", "reporting", "trainings"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if "tests" not in path.parts and "migrations" not in path.parts:
                yield from _actions_in(ast.parse(path.read_text()))


def _actions_in(tree):
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func).startswith("record"):
            for argument in call.args[:2]:
                if isinstance(argument, ast.Constant) and "." in str(argument.value):
                    yield argument.value


def _name(called):
    return getattr(called, "attr", None) or getattr(called, "id", "")


def test_every_action_has_a_sentence():
    found = set(recorded_actions()) | MADE_UP

    assert found - set(ACTIONS) == set()
    assert len(found) > 60
