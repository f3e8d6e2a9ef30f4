"""Restricted data are kept and not used."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.models import Participant
from companies.services import add_participant, change_participant
from companies.services.restriction import lift_restriction, restrict_person
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from kompetenslyft.package import load_package
from reporting.metrics_json import metrics_json
from reporting.selectors import period_metrics
from tests.oracle.packages import PERIODS
from tests.package_files import SMALL, change
from trainings.services import confirm_seats, nominate, record_attendance, withdraw
from trainings.tests.factories import (
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
