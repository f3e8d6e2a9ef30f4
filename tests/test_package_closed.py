"""What a package may not do to people who are erased, or whose rows were merged."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest

from accounts.tests.factories import make_leader
from companies.models import Participant, Programme
from companies.services import add_participant
from companies.services.merging import merge_participants
from kompetenslyft.package import dump_package, load_package
from kompetenslyft.privacy.erasure import erase_person
from networks.models import MeetingAttendance, NetworkMember
from tests.package_files import SMALL, append, change
from trainings.models import Accommodation, Attendance, Enrolment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ERASED = "This person has been erased: nothing new is entered about the person."
KEPT = "The number came with a merge, and was kept with what goes with it."


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def package(tmp_path) -> Path:
    """A copy of the small programme, loaded."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "package"))
    assert not load_package(folder).is_refused
    return folder


def told(problems):
    return [(one.file, one.line, one.column, one.message) for one in problems]


def lines_of(package, file):
    with (package / file).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def erase(ref):
    Programme.objects.update(retain_until="2020-01-01")
    erase_person(
        participant=Participant.objects.get(ref=ref), basis="over", actor=make_leader()
    )


# People who are erased


def test_a_package_from_before_an_erasure_can_be_loaded_again(package):
    erase("p-00001")
    seats = Enrolment.objects.count()

    outcome = load_package(package)

    assert told(outcome.errors) == []
    assert Participant.objects.get(ref="p-00001").given_name == ""
    assert Enrolment.objects.count() == seats


def test_a_package_brings_no_new_seat_of_an_erased_person(package):
    erase("p-00001")
    line = append(
        package / "enrolments.csv",
        *("e-900001", "occ-0024", "p-00001", "2026-01-01T08:00", "", "", "", ""),
    )
    before = Enrolment.objects.count()

    outcome = load_package(package)

    assert told(outcome.errors) == [("enrolments.csv", line, "participant_ref", ERASED)]
    assert str(outcome.errors[0]) == (
        f"enrolments.csv:{line}: participant_ref: {ERASED}"
    )
    assert Enrolment.objects.count() == before


NEW = {
    "attendance.csv": (Attendance, "enrolment_ref"),
    "accommodations.csv": (Accommodation, "enrolment_ref"),
    "network_members.csv": (NetworkMember, "participant_ref"),
    "meeting_attendance.csv": (MeetingAttendance, "participant_ref"),
}


@pytest.mark.parametrize("file", NEW)
def test_a_package_brings_nothing_else_that_is_new_about_an_erased_person(
    package, file
):
    """A row that the package has and the portal has not, of somebody erased since."""
    model, column = NEW[file]
    first = lines_of(package, file)[0]
    ref = first[column]
    if column == "enrolment_ref":
        ref = Enrolment.objects.get(ref=ref).participant.ref
    path = "enrolment__participant" if column == "enrolment_ref" else "participant"
    about = model.objects.filter(**{f"{path}__ref": ref})
    erase(ref)
    about.delete()

    outcome = load_package(package)

    found = {(e.file, e.column, e.message) for e in outcome.errors}
    assert (file, column, ERASED) in found
    assert not about.exists()


# Rows that were merged


NUMBER = "196505279957"


@pytest.fixture
def merged(tmp_path):
    """A package in which p-00001 has no number; a row with one went into it since."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "package"))
    change(
        folder / "participants.csv",
        2,
        personal_number="",
        no_number_reason="posted_worker",
        birth_date="",
    )
    assert told(load_package(folder).errors) == []
    return folder


def merge_into(ref, **values):
    kept = Participant.objects.get(ref=ref)
    leader = make_leader()
    absorbed = add_participant(
        company=kept.company, actor=leader, given_name="Måns", **values
    )
    merge_participants(kept=kept, absorbed=absorbed, taken=frozenset(), actor=leader)
    return Participant.objects.get(ref=ref)


def test_a_number_that_a_merge_brought_is_kept_and_told(merged):
    person = merge_into("p-00001", number=NUMBER, family_name="Lind")
    before = (person.person_key, person.birth_date, person.no_number_reason)

    outcome = load_package(merged)

    person.refresh_from_db()
    assert person.personal_number == NUMBER
    assert (person.person_key, person.birth_date, person.no_number_reason) == before
    assert person.birth_date == dt.date(1965, 5, 27)
    assert told(outcome.errors) == []
    told_of = [one for one in told(outcome.warnings) if one[1] == 2]
    assert told_of == [("participants.csv", 2, "personal_number", KEPT)]


def test_a_protection_that_a_merge_brought_is_kept_with_its_key(merged):
    person = merge_into("p-00001", number=NUMBER, family_name="Lind", protected=True)
    assert person.protected
    key = person.person_key

    outcome = load_package(merged)

    person.refresh_from_db()
    assert (person.protected, person.person_key) == (True, key)
    assert person.personal_number == NUMBER
    found = {one.column for one in outcome.warnings if one.line == 2}
    assert found == {"personal_number", "protected"}


def test_a_package_with_the_same_number_is_taken_as_it_is(merged, tmp_path):
    merge_into("p-00001", number=NUMBER, family_name="Lind")
    dump_package(tmp_path / "dump")

    outcome = load_package(tmp_path / "dump")

    assert told(outcome.errors) == []
    assert KEPT not in {one.message for one in outcome.warnings}
    assert [one.file for one in outcome.counts if one.changed] == []


def test_another_number_and_a_number_without_a_merge_are_the_packages_to_say(merged):
    merge_into("p-00001", number=NUMBER, family_name="Lind")
    change(
        merged / "participants.csv",
        2,
        personal_number="198507099805",
        no_number_reason="",
        birth_date="1985-07-09",
    )
    change(
        merged / "participants.csv",
        3,
        personal_number="",
        no_number_reason="posted_worker",
    )

    outcome = load_package(merged)

    assert told(outcome.errors) == []
    people = {row.ref: row.personal_number for row in Participant.objects.all()}
    assert (people["p-00001"], people["p-00002"]) == ("198507099805", "")
