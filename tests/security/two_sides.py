"""Two companies with all that is theirs, and two users of the first, signed in."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditMention
from companies.models import Participant
from tests.access.roles import OK
from tests.access.table import GET, POST
from tests.access.world import World
from tests.factors import SECRET, code_of, give_app, sign_in
from trainings.tests.factories import EnrolmentFactory

NOT_FOUND, NOT_ALLOWED = 404, 405
# What is only done has no page, and the other way round: an address says so before it
# looks for any row, and so the same of rows that are and that are not.
NOTHING = {NOT_FOUND, NOT_ALLOWED}
TRIED_BY = ("hr", "supplier")


@pytest.fixture(scope="module")
def sides(django_db_setup, django_db_blocker):
    """Make two companies with all that is theirs, and sign in at the first for real."""
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        mine, theirs = World(), World()
        _make_recognisable(theirs)
        guest = EnrolmentFactory(participant=theirs.twin, occasion=mine.occasion)
        cookies = {role: _sign_in(mine.users[role], role) for role in TRIED_BY}
        yield SimpleNamespace(mine=mine, theirs=theirs, guest=guest, cookies=cookies)
        transaction.set_rollback(True)


def _sign_in(user, role):
    """Return the cookies of who gave a password and, a supplier, a code."""
    client = Client()
    if role == "supplier":
        give_app(user)
    sign_in(client, user)
    if role == "supplier":
        client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert client.get(reverse("home")).status_code == OK
    return client.cookies


@pytest.fixture
def clients(sides):
    """My two, each in a browser that no other test has used."""
    browsers = {role: Client() for role in TRIED_BY}
    for role, browser in browsers.items():
        browser.cookies.load(sides.cookies[role].output(header="", sep=";"))
    return browsers


def _make_recognisable(world):
    world.company.name = "Konkurrenten AB"
    world.company.save()
    Participant.objects.filter(company=world.company).update(family_name="Hemligsson")
    for role, user in world.users.items():
        user.name = f"Konkurrentens {role}"
        user.save()


def words_of(theirs, guest):
    """What a page shows nobody elsewhere."""
    people = Participant.objects.filter(company=theirs.company)
    return {
        "Konkurrenten AB",
        "Hemligsson",
        "Konkurrentens hr",
        theirs.users["hr"].email,
        theirs.colleague.user.email,
        theirs.correction.ref,
        theirs.invitation.ref,
        theirs.seat.ref,
        str(theirs.batch.pk),
        guest.ref,
        *people.values_list("ref", flat=True),
    }


def claims(theirs):
    """Headers and fields by which somebody pretends to be of their company."""
    company = theirs.company
    page = reverse("companies:participant", args=[theirs.person.ref])
    headers = {
        "x-company": company.org_number,
        "x-company-id": str(company.pk),
        "x-tenant-id": str(company.pk),
        "x-user": theirs.users["hr"].email,
        "remote-user": theirs.users["hr"].email,
        "x-remote-user": theirs.users["leader"].email,
        "x-forwarded-user": theirs.users["leader"].email,
        "x-http-method-override": "PUT",
        "x-original-url": page,
        "x-rewrite-url": page,
        "x-forwarded-for": "127.0.0.1",
        "hx-request": "true",
        "hx-boosted": "true",
        "hx-target": theirs.person.ref,
        "hx-trigger": theirs.person.ref,
        "hx-trigger-name": "company",
        "hx-current-url": f"https://testserver{page}",
    }
    fields = {
        "company": company.org_number,
        "company_id": company.pk,
        "org_number": company.org_number,
        "user": theirs.users["hr"].pk,
        "role": "leader",
        "_method": "DELETE",
    }
    return headers, fields


def everything():
    """Return every row that our apps keep, but for the trail of who asked."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in settings.FIRST_PARTY_APPS
        and "audit" not in model._meta.model_name
    }


def their_trail(theirs):
    refs = Participant.objects.filter(company=theirs.company).values("ref")
    return list(AuditMention.objects.filter(ref__in=refs).values_list("pk", flat=True))


# What these name is the user's own, or nobody's.
FOR_ANY_USER = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


def takes_ids(world):
    """Name the pages and acts that take an id and are not open to all."""
    rules = {**POST, **GET}
    named = (name for name, ids in world._arguments().items() if ids)
    return [n for n in named if not rules[n].is_open and n not in FOR_ANY_USER]
