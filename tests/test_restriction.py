"""Restricted data are kept and not used; nobody reads who it is but project leaders.

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
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import CorrectionRequest, ImportRow, Participant
from companies.services import add_participant, change_participant
from companies.services.restriction import lift_restriction, restrict_person
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.crypto import encrypt
from core.errors import DomainError
from kompetenslyft.package import load_package
from networks.tests.factories import MeetingAttendanceFactory, NetworkMemberFactory
from reporting.metrics_json import metrics_json
from reporting.selectors import period_metrics
from tests.oracle.packages import PERIODS
from tests.package_files import SMALL, change
from trainings.models import AccommodationNote, ProviderStaff
from trainings.services import confirm_seats, nominate, record_attendance, withdraw
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
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


def _restrict(person):
    restrict_person(participant=person, basis="claims", actor=make_leader())
    person.refresh_from_db()
    return person


# What is refused


@pytest.fixture
def person():
    person = add_participant(
        company=CompanyFactory(),
        actor=None,
        number=NUMBERS["restricted"],
        **_details("restricted"),
    )
    return _restrict(person)


def _refused():
    return pytest.raises(DomainError, match=r"(?i)restricted")


def test_nothing_is_changed(person):
    with override("en"), _refused():
        change_participant(participant=person, actor=None, job_title="Chef")

    lift_restriction(participant=person, actor=make_leader())
    assert change_participant(participant=person, actor=None, job_title="Chef")


def test_nobody_is_nominated_and_no_seat_is_given(person):
    occasion = OccasionFactory()
    waiting = EnrolmentFactory(participant=person, confirmed_at=None)

    with override("en"), _refused():
        nominate(occasion=occasion, participants=[person], actor=None)
    with override("en"), _refused():
        confirm_seats(occasion=waiting.occasion, enrolments=[waiting], actor=None)

    lift_restriction(participant=person, actor=make_leader())
    person.refresh_from_db()
    assert nominate(occasion=occasion, participants=[person], actor=None)


def test_no_time_is_entered(person):
    seat = EnrolmentFactory(participant=person)
    session = SessionFactory(occasion=seat.occasion)
    cell = {(seat.pk, session.pk): 60}
    options = {"occasion": seat.occasion, "actor": None, "at": at("2026-03-03 08:00")}

    with override("en"), _refused() as refusal:
        record_attendance(minutes=cell, **options)
    assert person.given_name not in str(refusal.value)

    lift_restriction(participant=person, actor=make_leader())
    assert record_attendance(minutes=cell, **options) == 1


def test_a_place_can_still_be_given_up(person):
    seat = EnrolmentFactory(participant=person)

    assert withdraw(enrolment=seat, actor=None).withdrawn_at


def test_a_list_names_the_line_and_saves_nothing(person, tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text(
        "Personnummer;Förnamn;Efternamn\n850709-9805;Bo;Ek\n790819-9909;Eva;Ek\n",
        encoding="utf-8",
    )

    with override("en"):
        report = import_list(company=person.company, path=path)

    sentence = "This person's data are restricted. Leave the line out."
    assert report.errors == [(3, "Personnummer", sentence)]
    person.refresh_from_db()
    assert person.given_name == "Gunvorrestricted"
    assert Participant.objects.count() == 1


def test_a_package_leaves_the_row_as_it_is_and_says_so(tmp_path):
    load_package(SMALL)
    one = Participant.objects.get(ref="p-00002")
    refs = set(
        Participant.objects.filter(person_key=one.person_key).values_list(
            "ref", flat=True
        )
    )
    _restrict(one)
    folder = tmp_path / "package"
    folder.mkdir()
    for file in SMALL.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    change(folder / "participants.csv", 3, job_title="Förman")

    with override("en"):
        outcome = load_package(folder)

    said = [one for one in outcome.warnings if one.file == "participants.csv"]
    assert len(said) == len(refs)
    assert said[0].message == "This person is restricted; the row was left as it is."
    assert Participant.objects.get(ref="p-00002").job_title != "Förman"


def test_figures_count_a_restricted_person_as_before():
    load_package(SMALL)
    days = PERIODS[1]
    before = metrics_json(period_metrics(*days))

    for one in Participant.objects.order_by("pk")[:20]:
        one.refresh_from_db()
        if not one.restricted_at:
            _restrict(one)

    assert metrics_json(period_metrics(*days)) == before


# How it is done


def test_every_row_of_the_person_is_restricted_and_lifted_with_history():
    details = {"actor": None, "number": NUMBERS["restricted"], **_details("restricted")}
    first, second = (add_participant(company=CompanyFactory(), **details) for _ in "ab")
    leader = make_leader()

    assert restrict_person(participant=first, basis="claims", actor=leader) == 2
    second.refresh_from_db()
    assert second.restricted_at
    last = second.history.first()
    assert (last.history_user, last.restricted_at) == (leader, second.restricted_at)
    entry = AuditEntry.objects.get(action="companies.restricted")
    assert entry.payload.facts == {"basis": "claims"}
    assert entry.mentions.count() == 2

    assert lift_restriction(participant=second, actor=leader) == 2
    first.refresh_from_db()
    assert first.restricted_at is None
    assert AuditEntry.objects.filter(action="companies.restriction_lifted").exists()


def test_twice_is_refused(person):
    leader = make_leader()
    with override("en"), pytest.raises(DomainError, match="restricted already"):
        restrict_person(participant=person, basis="claims", actor=leader)

    lift_restriction(participant=person, actor=leader)

    with override("en"), pytest.raises(DomainError, match="are not restricted"):
        lift_restriction(participant=person, actor=leader)


def test_a_leader_restricts_and_lifts_on_the_page(client):
    ProgrammeFactory()
    person = ParticipantFactory()
    client.force_login(make_leader())

    without = client.post(reverse("privacy:restrict", args=[person.ref]), {})
    assert without.context["restrict_form"].errors.keys() == {"basis"}
    client.post(reverse("privacy:restrict", args=[person.ref]), {"basis": "claims"})
    person.refresh_from_db()
    assert person.restricted_at
    assert client.get(reverse("privacy:person", args=[person.ref])).status_code == 200
    client.post(reverse("privacy:lift", args=[person.ref]))

    person.refresh_from_db()
    assert person.restricted_at is None


# Who reads whom


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
