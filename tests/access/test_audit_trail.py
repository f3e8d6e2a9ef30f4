"""Every page that shows people leaves its trace, by every role that finds it."""

import pytest
from django.db import transaction

from accounts.actions import ACTIONS
from accounts.models import AuditEntry
from accounts.tests.trail import people_of
from tests.access.acts_table import ABOUT_PEOPLE, DONE, NAMED_BY_ACTS
from tests.access.admin_rows import ROWS
from tests.access.admin_table import ADMIN, WITH_HISTORY
from tests.access.recorded import recorded_actions
from tests.access.roles import ROLES
from tests.access.table import GET
from tests.access.test_admin import address
from tests.access.trail_table import LOOKED, NAMED, SHOWS_NOBODY

pytestmark = pytest.mark.django_db

OWN_NAMES = {"participant": "person", "other_participant": "other"}
OF_THEIR_OWN = {"privacy:own-copy", "own:calendar-subscribe"}
READERS = ("hr", "leader", "supplier", "funder", "participant")


def left_by(world, client, method, name, role):
    """Return the action that an answer leaves; what it did is undone."""
    action, _named = trace_of(world, client, method, name, role)
    return action


def trace_of(world, client, method, name, role):
    """Return the action that an answer leaves and whom it names, by their refs."""
    with transaction.atomic():
        client.logout()
        world.enter(client, role)
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        response = getattr(client, method)(world.url(name))
        if response.streaming:
            b"".join(response)  # Read to its end, a file is closed.
        left = list(AuditEntry.objects.filter(pk__gt=last or 0))
        traces = [(entry.action, people_of(entry)) for entry in left]
        transaction.set_rollback(True)
    assert len(traces) <= 1, traces
    return traces[0] if traces else (None, [])


def refs_of(world, names):
    people = {
        "person": world.person,
        "twin": world.twin,
        "other": world.other,
        "former": world.former,
        "kept": world.merge.kept,
        "absorbed": world.merge.absorbed,
    }
    return sorted(people[name].ref for name in names.split())


def test_every_page_is_in_one_of_the_tables():
    assert set(LOOKED) | SHOWS_NOBODY == set(GET)
    assert not set(LOOKED) & SHOWS_NOBODY


@pytest.mark.parametrize("name", LOOKED)
def test_who_looks_leaves_a_trace(name, client, world):
    left = {role: left_by(world, client, "get", name, role) for role in ROLES}

    assert left == {role: LOOKED[name].get(role) for role in ROLES}


@pytest.mark.parametrize("name", LOOKED)
def test_a_trace_of_looking_names_everybody_who_was_shown(name, client, world):
    expected = refs_of(world, NAMED.get(name, ""))

    for role in LOOKED[name]:
        _action, named = trace_of(world, client, "get", name, role)
        assert named == expected, role


@pytest.mark.parametrize("name", sorted(SHOWS_NOBODY))
def test_who_is_shown_nobody_leaves_none(name, client, world):
    left = {role: left_by(world, client, "get", name, role) for role in READERS}

    assert set(left.values()) == {None}


@pytest.mark.parametrize("name", DONE)
def test_who_acts_leaves_a_trace(name, client, world):
    left = {role: left_by(world, client, "post", name, role) for role in ROLES}

    assert left == {role: DONE[name].get(role) for role in ROLES}


@pytest.mark.parametrize("name", DONE)
def test_a_trace_of_an_act_names_everybody_whom_it_was_about(name, client, world):
    for role in DONE[name]:
        whom = role if name in OF_THEIR_OWN else NAMED_BY_ACTS.get(name, "")
        _action, named = trace_of(world, client, "post", name, role)
        assert named == refs_of(world, OWN_NAMES.get(whom, whom)), role


@pytest.mark.parametrize("label", sorted(ABOUT_PEOPLE - {"companies.membership"}))
def test_a_trace_of_the_admin_names_the_person(label, client, world):
    client.force_login(world.users["leader"])
    row = ROWS[label]()
    person = getattr(row, "person_ref", "")
    pages = {"list": "admin.listed", "look": "admin.read"}
    if label in WITH_HISTORY:
        pages["history"] = "admin.history_read"

    for page, action in pages.items():
        client.get(address(label, page, row))
        entry = AuditEntry.objects.filter(action=action).first()
        assert (person in people_of(entry)) == bool(person), page


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
    "trainings.accommodation_arranged",
    "trainings.accommodation_asked",
    "trainings.accommodation_declined",
    "trainings.accommodation_outcome_told",
    "trainings.accommodation_withdrawn",
    "trainings.cancelled",
    "trainings.completed",
    "trainings.declined",
    "trainings.ongoing",
    "trainings.open",
    "trainings.withdrawn",
}


def test_every_action_has_a_sentence():
    found = set(recorded_actions()) | MADE_UP

    assert found - set(ACTIONS) == set()
    assert len(found) > 60
