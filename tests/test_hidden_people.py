"""Nobody reads who a restricted person is but project leaders.

People under protected identity are walked along: of them leaders need a named right.
"""

import io
import re
import zipfile
from itertools import product

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import CorrectionRequest, ImportRow
from companies.services import add_participant
from companies.services.restriction import restrict_person
from companies.tests.factories import (
    MembershipFactory,
    ProgrammeFactory,
)
from core.crypto import encrypt
from networks.tests.factories import MeetingAttendanceFactory, NetworkMemberFactory
from trainings.models import Accommodation, AccommodationNote, ProviderStaff
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
)
from trainings.uploads import import_list

pytestmark = pytest.mark.django_db

NUMBERS = {"protected": "198507099805", "restricted": "197908199909"}


def _details(word):
    return {
        "given_name": f"Gunvor{word}",
        "family_name": f"Sundin{word}",
        "email": f"{word}@privat.example.org",
        "mobile": {"protected": "+46701740605", "restricted": "+46701740606"}[word],
        "job_title": f"Svarvare{word}",
    }


def _secrets(word):
    number = NUMBERS[word]
    mask = f"{number[:8]}-****"
    born = f"{number[:4]}-{number[4:6]}-{number[6:8]}"
    return {*_details(word).values(), number, mask, born, f"{number[2:8]}-{number[8:]}"}


class World:
    """Two people of one company, one protected and one restricted, everywhere."""

    def __init__(self, tmp_path):
        ProgrammeFactory()
        hr = MembershipFactory()
        named = make_leader()
        right = Permission.objects.get(codename="view_protected_identities")
        named.user_permissions.add(right)
        self.seat_occasion = OccasionFactory()
        staff = ProviderStaff.objects.create(
            provider=self.seat_occasion.provider, user=UserFactory()
        )
        self.users = {
            "hr": hr.user,
            "other_hr": MembershipFactory().user,
            "leader": make_leader(),
            "named_leader": named,
            "supplier": staff.user,
            "funder": make_funder(),
            "nobody": UserFactory(),
        }
        path = tmp_path / "lista.csv"
        path.write_text(
            "Personnummer;Förnamn;Efternamn;Befattning\n"
            "850709-9805;Gunvorprotected;Sundinprotected;Svarvareprotected\n"
            "790819-9909;Gunvorrestricted;Sundinrestricted;Svarvarerestricted\n",
            encoding="utf-8",
        )
        self.people = {
            word: self._person(word, hr, protected=word == "protected")
            for word in NUMBERS
        }
        import_list(company=hr.company, path=path, actor=hr.user)
        self.batch = ImportRow.objects.first().batch
        restrict_person(
            participant=self.people["restricted"], basis="claims", actor=named
        )

    def _person(self, word, hr, *, protected):
        person = add_participant(
            company=hr.company,
            actor=hr.user,
            number=NUMBERS[word],
            protected=protected,
            **_details(word) | {"job_title": "Fräsare"},
        )
        seat = EnrolmentFactory(participant=person, occasion=self.seat_occasion)
        AttendanceFactory(enrolment=seat)
        accommodation = AccommodationFactory(enrolment=seat)
        AccommodationNote.objects.create(accommodation=accommodation, text="Nära")
        NetworkMemberFactory(participant=person)
        MeetingAttendanceFactory(participant=person)
        CorrectionRequest.objects.create(
            participant=person, field="name", sealed=encrypt("x")
        )
        return person

    def choices(self, folder, name):
        """Return what may stand for a part of an address."""
        people = [person.ref for person in self.people.values()]
        seats = list(self.seat_occasion.enrolments.values_list("ref", flat=True))
        corrections = CorrectionRequest.objects.values_list("ref", flat=True)
        choices = {
            ("people", "ref"): [*people, *corrections],
            ("people", "first"): people,
            ("people", "second"): people,
            ("occasions", "ref"): [self.seat_occasion.ref],
            ("occasions", "step"): ["cancel"],
            ("accommodations", "ref"): list(
                Accommodation.objects.values_list("ref", flat=True)
            ),
            ("uploads", "pk"): [str(self.batch.pk)],
            ("uploads", "line"): ["2", "3"],
        }
        return choices.get((folder, name), seats if folder == "occasions" else [])


def _routes(resolver=None, start=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = start + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            if not route.startswith("admin/"):
                yield from _routes(pattern, route)
        else:
            yield route


def _portal_pages(world):
    """Yield every address of the portal that can be made of the world's rows."""
    part = re.compile(r"<(?:\w+:)?(\w+)>")
    for route in _routes():
        names = part.findall(route)
        folder = route.split("/", 1)[0]
        for values in product(*(world.choices(folder, name) for name in names)):
            address = route
            for value in values:
                address = part.sub(value, address, count=1)
            yield f"/{address}"


def _text(response):
    body = b"".join(response) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            body = b"".join(file.read(name) for name in file.namelist())
    return body.decode(errors="replace")


def _found(client, urls):
    """Return the words of each person that any of the pages shows."""
    shown = {word: set() for word in NUMBERS}
    for url in urls:
        text = _text(client.get(url))
        for word in NUMBERS:
            shown[word] |= {(url, found) for found in _secrets(word) if found in text}
    return shown


SEES = {
    "hr": {"protected"},
    "other_hr": set(),
    "leader": {"restricted"},
    "named_leader": {"protected", "restricted"},
    "supplier": set(),
    "funder": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("role", SEES)
def test_no_page_says_who_it_is_but_to_those_who_may_know(role, client, tmp_path):
    world = World(tmp_path)
    client.force_login(world.users[role])

    pages = list(_portal_pages(world))
    shown = _found(client, pages)

    assert len(pages) > 40
    for word, seen in shown.items():
        assert bool(seen) == (word in SEES[role]), (word, seen)


def _admin_pages():
    """Yield every list and every row's page and history in the admin."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        for pk in model._base_manager.values_list("pk", flat=True)[:40]:
            for page in ("change", "history"):
                try:
                    yield reverse(f"{name}_{page}", args=[pk])
                except NoReverseMatch:
                    continue


@pytest.mark.parametrize("role", ["leader", "named_leader"])
def test_the_admin_says_no_more(role, client, tmp_path):
    world = World(tmp_path)
    client.force_login(world.users[role])

    shown = _found(client, list(_admin_pages()))

    assert bool(shown["protected"]) == (role == "named_leader"), shown["protected"]
    assert shown["restricted"]


def test_a_search_by_name_finds_nobody_hidden(tmp_path, client):
    world = World(tmp_path)
    searches = {"hr": "Gunvorrestricted", "leader": "Gunvorprotected"}

    for role, text in searches.items():
        client.force_login(world.users[role])
        url = reverse("companies:participants")
        page = client.post(url, {"search": text}, follow=True)

        assert page.context["page"].rows == []


def test_fields_that_complete_themselves_show_refs(tmp_path, client):
    world = World(tmp_path)
    client.force_login(world.users["named_leader"])
    url = reverse("admin:autocomplete")
    query = {
        "app_label": "networks",
        "model_name": "networkmember",
        "field_name": "participant",
        "term": "p-",
    }

    rows = client.get(url, query).json()["results"]

    refs = {person.ref for person in world.people.values()}
    assert refs <= {row["text"] for row in rows}


def test_hr_knows_a_restricted_person_by_the_ref(tmp_path, client):
    world = World(tmp_path)
    person = world.people["restricted"]
    client.force_login(world.users["hr"])

    listed = client.get(reverse("companies:participants"))
    page = client.get(person.get_absolute_url())
    client.force_login(world.users["other_hr"])
    elsewhere = client.get(person.get_absolute_url())

    assert listed.context["restricted"] == [person.ref]
    assert page.status_code == 200
    assert person.ref in page.content.decode()
    assert elsewhere.status_code == 404
