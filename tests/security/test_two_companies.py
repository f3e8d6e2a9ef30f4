"""HR of one company and a supplier try everything on another company and its supplier.

That another's row is not found at its own address, by any role, is for tests/access.
Here are the ways round: addresses that mix what is mine with what is theirs, ids that
are none, headers and fields that claim another company, and forms that were theirs.
"""

import datetime as dt
from urllib.parse import quote, urlsplit

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Invitation
from accounts.tests.clients import ProvedClient
from companies.models import Participant
from companies.tests.factories import MembershipFactory
from tests.access.roles import OK
from tests.access.table import GET
from tests.security.forms import posted_forms
from tests.security.two_sides import (
    NOT_FOUND,
    NOTHING,
    TRIED_BY,
    claims,
    clients,
    everything,
    sides,
    takes_ids,
    their_trail,
    words_of,
)

__all__ = ["clients", "sides"]
pytestmark = pytest.mark.django_db


def test_nothing_that_a_request_claims_makes_somebody_theirs(sides, clients):
    """Every address of theirs, with headers and fields that say that one is theirs."""
    headers, fields = claims(sides.theirs)
    names = takes_ids(sides.theirs)
    before, told = everything(), their_trail(sides.theirs)

    answers = {
        (role, name, method): getattr(client, method)(
            f"{sides.theirs.url(name)}?company={sides.theirs.company.pk}",
            fields,
            headers=headers,
        ).status_code
        for role, client in clients.items()
        for name in names
        for method in ("get", "post", "head")
        if (role, name) not in OPEN_TO_ALL_LIKE_THEM
    }

    assert len(names) > 35
    assert {key: code for key, code in answers.items() if code not in NOTHING} == {}
    assert everything() == before
    assert their_trail(sides.theirs) == told


# Any HR may open an occasion that is open, whoever runs it, ask colleagues in, and
# take out lists of its own: such an address names a kind of list and nobody's row.
OPEN_TO_ALL_LIKE_THEM = {
    ("hr", "trainings:occasion"),
    ("hr", "trainings:nominate"),
    ("hr", "invite"),
    ("hr", "lists:list"),
    ("hr", "lists:choice-new"),
}


def test_their_names_and_refs_stand_on_no_page_of_mine(sides, clients):
    headers, _fields = claims(sides.theirs)
    words = words_of(sides.theirs, sides.guest)
    query = f"?company={sides.theirs.company.pk}&page=1&show=new&version=0"

    leaks = {}
    for role, client in clients.items():
        pages = [name for name, rule in GET.items() if rule.answer_to(role) == OK]
        for name in pages:
            if name in {"account_logout", "trainings:upload-template"}:
                continue
            answer = client.get(sides.mine.url(name) + query, headers=headers)
            text = b"".join(answer).decode("utf-8", "replace")
            seen = {word for word in words if word in text}
            if role == "supplier" and name in MY_GUESTS:
                seen -= {"Konkurrenten AB", "Hemligsson", sides.guest.ref}
                seen -= {sides.theirs.twin.ref}
            if seen:
                leaks[role, name] = seen

    assert leaks == {}


# A supplier sees who comes to its own occasion, from whatever company.
MY_GUESTS = {
    "trainings:occasion",
    "trainings:attendance",
    "trainings:attendance-file",
    "trainings:sheet",
}


def test_a_search_finds_only_my_own(sides, clients):
    people = reverse("companies:participants")
    client = clients["hr"]
    company = sides.theirs.company

    for search in (
        {"search": "Hemligsson"},
        {"search": sides.theirs.person.ref},
        {"search": "", "company": company.org_number},
        {"search": "", "company": company.pk},
    ):
        client.post(people, search)
        text = client.get(people).content.decode()
        assert sides.theirs.person.ref not in text
        assert "Konkurrenten AB" not in text


def mixed(sides):
    """Addresses that name one row of mine and one of theirs, or of another kind."""
    mine, theirs, guest = sides.mine, sides.theirs, sides.guest
    staff = theirs.users["supplier"].provider_staff.get()
    leader = theirs.users["leader"].role_grants.get()
    return [
        ("companies:merge", mine.person.ref, theirs.person.ref),
        ("companies:merge", theirs.person.ref, mine.person.ref),
        ("companies:not-a-duplicate", mine.person.ref, theirs.person.ref),
        ("companies:not-a-duplicate", theirs.twin.ref, mine.twin.ref),
        ("companies:merge-undo", theirs.merge.pk),
        ("companies:correction", theirs.person.ref),
        ("companies:participant", mine.correction.ref),
        ("trainings:seat", theirs.occasion.ref, mine.seat.ref),
        ("trainings:seat", mine.occasion.ref, theirs.seat.ref),
        ("trainings:withdraw", mine.occasion.ref, theirs.seat.ref),
        ("trainings:withdraw", mine.occasion.ref, guest.ref),
        ("trainings:withdraw", theirs.occasion.ref, mine.seat.ref),
        ("trainings:occasion-step", mine.occasion.ref, "cancel"),
        ("trainings:occasion-step", mine.occasion.ref, "attendance2"),
        ("trainings:confirm", mine.occasion.ref),
        ("trainings:upload-row", theirs.batch.pk, 2),
        ("trainings:upload-row", mine.batch.pk, 3),
        ("right-end", "hr", theirs.colleague.pk),
        ("right-end", "role", leader.pk),
        ("right-end", "supplier", staff.pk),
        ("right-end", "superuser", mine.users["hr"].pk),
        ("right-end", "named", mine.users["hr"].pk),
        ("invite", "leader"),
        ("invite", "supplier"),
        ("invite", "funder"),
        ("invite", "hr2"),
        ("reporting:export-download", theirs.export.pk),
        ("trail:entries",),
    ]


def test_an_address_that_mixes_mine_with_theirs_is_not_found(sides, clients):
    before, told = everything(), their_trail(sides.theirs)

    answers = {
        (role, method, *address): getattr(client, method)(
            reverse(address[0], args=address[1:]), headers=headers
        ).status_code
        for headers in ({}, {"hx-request": "true"})
        for role, client in clients.items()
        for method in ("get", "post")
        for address in mixed(sides)
    }

    assert {key: code for key, code in answers.items() if code not in NOTHING} == {}
    assert everything() == before
    assert their_trail(sides.theirs) == told


def test_a_seat_of_theirs_on_my_occasion_is_its_own_companys_and_its_suppliers(
    sides, clients
):
    address = reverse("trainings:seat", args=[sides.mine.occasion.ref, sides.guest.ref])

    assert clients["hr"].get(address).status_code == NOT_FOUND
    assert clients["supplier"].get(address).status_code == OK


NO_IDS = [
    "-1",
    "9" * 19,
    "9" * 400,
    "１２",
    "²",
    "p-ÅÄÖ",
    "p-\0",
    "%",
    "..",
    "' OR 1=1 --",
]


def test_an_id_that_is_none_is_not_found(sides, clients):
    """In each place of each address of mine, with the rest as it is."""
    answers = {}
    for name in takes_ids(sides.mine):
        whole = sides.mine.url(name)
        for place in sides.mine._arguments()[name]:
            for wrong in NO_IDS:
                address = _misspelt(whole, place, quote(wrong, safe=""))
                assert address != whole
                for role, client in clients.items():
                    for method in ("get", "post"):
                        code = getattr(client, method)(address).status_code
                        if code not in NOTHING:
                            answers[role, method, name, wrong] = code

    assert answers == {}


def _misspelt(address, place, wrong):
    """Put what is wrong in the place of one part of an address."""
    if f"/{place}/" in address:
        return address.replace(f"/{place}/", f"/{wrong}/", 1)
    is_month = isinstance(place, dt.date)
    part = f"{place:%Y-%m}" if is_month else str(place)
    return wrong.join(address.rsplit(part, 1))


def test_their_ref_in_another_spelling_is_not_theirs_either(sides, clients):
    ref = sides.theirs.person.ref
    spellings = [ref.lower(), ref.upper(), f"{ref} ", f" {ref}", f"{ref}\n", f"{ref}."]

    codes = {
        client.get(f"/people/{quote(spelling)}/").status_code
        for spelling in spellings
        for client in clients.values()
    }

    assert codes == {NOT_FOUND}


def their_forms(sides):
    """Yield each form that their HR and supplier are shown: who, address, fields."""
    client = ProvedClient()
    for role in TRIED_BY:
        client.force_login(sides.theirs.users[role])
        for name in takes_ids(sides.theirs):
            if name not in GET or GET[name].answer_to(role) != OK:
                continue
            address = sides.theirs.url(name)
            answer = client.get(address)
            if answer.streaming:  # A file has no forms.
                continue
            page = answer.content.decode("utf-8", "replace")
            for form in posted_forms(page, address):
                action = urlsplit(form.action).path
                if action not in FOR_EVERYBODY:
                    yield role, action, form.fields


# Whatever they are sent is done to the sender alone.
FOR_EVERYBODY = {
    reverse("set-language"),
    reverse("account_logout"),
    reverse("companies:participants"),
    reverse("invite", args=["hr"]),
    reverse("lists:list", args=["people"]),
    reverse("lists:choice-new", args=["people"]),
}


def test_a_form_of_theirs_sent_by_me_is_not_found(sides, clients):
    forms = list(their_forms(sides))
    nominate = reverse("trainings:nominate", args=[sides.theirs.occasion.ref])
    before = everything()

    answers = {
        (role, action): client.post(action, fields).status_code
        for role, client in clients.items()
        for _role, action, fields in forms
    }

    assert len({action for _role, action, _fields in forms}) >= 10
    # Open to all HR, who cannot put theirs forward: it is shown again.
    found = {key: code for key, code in answers.items() if code != NOT_FOUND}
    assert found == {("hr", nominate): OK}
    assert everything() == before


def test_their_forms_are_real_ones(sides):
    """Sent by those whom they were shown to, most are taken."""
    taken = set()
    client = ProvedClient()
    for role, action, fields in list(their_forms(sides)):
        client.force_login(sides.theirs.users[role])
        with transaction.atomic():
            if client.post(action, fields).status_code == 302:
                taken.add(action)
            transaction.set_rollback(True)

    assert len(taken) >= 8


@pytest.mark.parametrize("place", ["org_number", "pk"])
def test_nobody_is_asked_to_join_their_company_by_me(sides, clients, place):
    form = {"email": "spion@example.org", "language": "sv"}
    client = clients["hr"]
    address = reverse("invite", args=["hr"])

    answer = client.post(
        address, form | {"place": str(getattr(sides.theirs.company, place))}
    )

    assert answer.status_code == NOT_FOUND
    assert not Invitation.objects.filter(email="spion@example.org").exists()


def test_hr_of_two_companies_still_has_no_third(sides, clients):
    """Who may choose a company is offered the own two, and can send no other."""
    mine = sides.mine.users["hr"]
    second = MembershipFactory(user=mine).company
    client = clients["hr"]
    person = {
        "given_name": "Eva",
        "family_name": "Ek",
        "gender": "woman",
        "staff_group": "manager",
        "no_number_reason": "posted_worker",
    }
    address = reverse("companies:participant-new")
    before = Participant.objects.count()

    for company in (sides.theirs.company.org_number, sides.theirs.company.pk):
        answer = client.post(address, person | {"company": company})
        assert answer.status_code in {OK, NOT_FOUND}
        assert "Konkurrenten AB" not in answer.content.decode()
    assert Participant.objects.count() == before

    client.post(address, person | {"company": second.org_number})
    assert Participant.objects.get(family_name="Ek").company == second
