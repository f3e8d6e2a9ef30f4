"""A person is erased: whoever it was goes, and nothing brings it back."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry, AuditMention, OutboxMessage
from accounts.tests.factories import make_leader
from companies.models import (
    CorrectionRequest,
    ImportRow,
    Merge,
    NotADuplicate,
    Participant,
    ParticipantImport,
    PersonalLink,
    PersonKeysInForce,
    Programme,
    keys_in_force,
    person_key_of_number,
)
from companies.services import add_participant, change_participant
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
)
from core.errors import DomainError
from kompetenslyft.package import dump_package, load_package
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.kinds import Kind
from tests.erasing import YESTERDAY, erase, over, own_register
from tests.package_files import SMALL, contents
from tests.people import DETAILS, LIST, NUMBER, ROLE, TRACES, make_anna, traces
from trainings.models import AccommodationNote, Attendance, Enrolment
from trainings.uploads import import_list

__all__ = ["over", "own_register"]
pytestmark = pytest.mark.django_db

# What goes, and what stays


def test_nothing_in_the_database_says_who_it_was(over, tmp_path):
    anna = make_anna(tmp_path)
    assert {word for _table, word in traces()} == {*TRACES, ROLE}

    erase(anna)

    assert traces() == set()


def test_what_figures_rest_on_stays(over, tmp_path):
    anna = make_anna(tmp_path)
    old_key = anna.person_key

    erase(anna)

    anna.refresh_from_db()
    kept = (anna.gender, anna.staff_group, anna.age_at_entry, anna.company_id)
    assert kept == ("woman", "blue_collar", 40, anna.company_id)
    assert (anna.encrypted_number, anna.birth_date, anna.full_name) == (None, None, " ")
    assert anna.erased_at
    assert anna.person_key != old_key
    assert not anna.protected
    assert (Enrolment.objects.count(), Attendance.objects.count()) == (1, 1)
    assert str(anna) == anna.ref


def test_history_keeps_who_and_when_without_what(over, tmp_path):
    anna = make_anna(tmp_path)
    before = list(
        anna.history.values_list("history_id", "history_user", "history_date")
    )
    leader = make_leader()

    erase_person(participant=anna, basis="asked", actor=leader)

    anna.refresh_from_db()
    records = anna.history.order_by("history_id")
    last = records.last()
    assert (last.history_user, last.history_change_reason) == (leader, "erased")
    kept = records.exclude(pk=last.pk).order_by("-history_date", "-history_id")
    found = list(kept.values_list("history_id", "history_user", "history_date"))
    assert found == before
    assert set(records.values_list("person_key", flat=True)) == {anna.person_key}
    assert set(records.values_list("given_name", "birth_date")) == {("", None)}


def test_what_goes_is_counted_beforehand_as_it_goes(over, tmp_path):
    anna = make_anna(tmp_path)
    before = consequences(anna)

    gone = erase(anna)

    assert before.refusal == ""
    assert gone == before.goes
    assert before.goes == {
        Kind.PEOPLE: 2,
        Kind.HISTORY: 4,
        Kind.LIST_ROWS: 1,
        Kind.NOTES: 1,
        Kind.CORRECTIONS: 1,
        Kind.LINKS: 1,
        Kind.FEEDS: 1,
        Kind.LETTERS: 1,
        Kind.MERGES: 1,
        Kind.MENTIONS: before.goes[Kind.MENTIONS],
    }
    assert (before.seats, before.times, before.requests) == (1, 1, 1)
    assert (before.memberships, before.meetings, before.elsewhere) == (1, 1, 0)
    rows = (AccommodationNote, CorrectionRequest, PersonalLink, NotADuplicate)
    assert [model.objects.count() for model in rows] == [0, 0, 0, 0]
    assert Merge.objects.exclude(sealed=None).count() == 0
    assert ImportRow.objects.count() == 1  # Of Bo, who stays.
    letter = OutboxMessage.objects.get()
    assert (letter.recipient, letter.person_ref, letter.sealed) == ("", "", None)


def test_the_trail_forgets_and_says_that_it_did(over, tmp_path):
    anna = make_anna(tmp_path)

    erase(anna)

    assert not AuditMention.objects.filter(ref=anna.ref).exists()
    entry = AuditEntry.objects.get(action="kompetenslyft.erased")
    assert entry.payload.facts == {"rows": 2, "basis": "asked"}


def test_rows_of_a_person_at_two_companies_stay_one_person(over):
    details = {**DETAILS, "number": NUMBER, "actor": None}
    first = add_participant(company=CompanyFactory(), **details)
    second = add_participant(company=CompanyFactory(), **details)

    assert consequences(first).elsewhere == 1
    erase(first)

    keys = set(Participant.objects.values_list("person_key", flat=True))
    assert len(keys) == 1
    assert keys != {first.person_key}
    second.refresh_from_db()
    assert second.erased_at


def test_a_person_is_erased_once(over, tmp_path):
    anna = make_anna(tmp_path)
    erase(anna)

    with override("en"), pytest.raises(DomainError, match="has been erased"):
        erase(anna)


def test_while_keys_are_renewed_the_random_key_is_both(over):
    anna = ParticipantFactory()
    keys_in_force()
    in_force = PersonKeysInForce.objects.get()
    PersonKeysInForce.objects.update(next=in_force.current)

    erase(anna)

    anna.refresh_from_db()
    assert anna.person_key_next == anna.person_key
    keys = anna.history.values_list("person_key", "person_key_next")
    assert set(keys) == {(anna.person_key, anna.person_key)}


# What comes later


def test_a_package_leaves_the_erased_as_they_are_and_says_so(tmp_path):
    load_package(SMALL)
    Programme.objects.update(retain_until=YESTERDAY)
    anna = Participant.objects.get(ref="p-00001")
    erase(anna)
    anna.refresh_from_db()

    with override("en"):
        again = load_package(SMALL)

    assert again.errors == ()
    said = [one for one in again.warnings if one.file == "participants.csv"]
    assert [one.line for one in said] == [2, 30, 59, 88]  # One person, four companies.
    assert {(one.column, one.message) for one in said} == {
        ("ref", "This person has been erased; the row was left as it is.")
    }
    assert {(count.created, count.changed) for count in again.counts} == {(0, 0)}
    now = Participant.objects.get(ref="p-00001")
    assert (now.given_name, now.person_key) == ("", anna.person_key)


def test_a_dump_after_an_erasure_can_be_loaded_and_says_nothing(tmp_path):
    load_package(SMALL)
    Programme.objects.update(retain_until=YESTERDAY)
    erase(Participant.objects.get(ref="p-00001"))

    dump_package(tmp_path / "out")

    line = contents(tmp_path / "out")["participants.csv"].decode().splitlines()[1]
    assert line == "p-00001,999711-3924,,erased,,–,–,man,,,,,,white_collar"
    assert load_package(tmp_path / "out", check_only=True).errors == ()


def test_a_list_enters_an_erased_person_anew(over, tmp_path):
    anna = make_anna(tmp_path)
    erase(anna)
    path = tmp_path / "igen.csv"
    path.write_text(LIST, encoding="utf-8")

    report = import_list(company=anna.company, path=path)

    assert (report.new, report.unchanged) == (1, 1)
    anna.refresh_from_db()
    again = Participant.objects.get(given_name="Annabritta")
    assert again.ref != anna.ref
    assert again.person_key != anna.person_key
    assert not ImportRow.objects.filter(participant=anna).exists()


# What files were called


def _named_list(company, name, **values):
    return ParticipantImport.objects.create(
        company=company, file_name=name, sha256=name.ljust(64, "0"), **values
    )


def test_the_name_of_the_file_goes_with_the_rows(over, tmp_path):
    anna = make_anna(tmp_path)
    batch = ParticipantImport.objects.get()
    ParticipantImport.objects.update(file_name="Annabritta.csv")

    erase(anna)

    batch.refresh_from_db()
    assert batch.file_name == ""
    with override("sv"):
        assert batch.title == "Uppladdad lista"
    assert batch.rows.count() == 1  # Of Bo, who stays.
    assert traces() == set()


def test_lists_that_nobody_can_say_whom_they_were_about_lose_their_names(over):
    anna, now = ParticipantFactory(), timezone.now()
    company, other = anna.company, CompanyFactory()
    gone = [
        _named_list(company, "a", failed_at=now),
        _named_list(company, "b", finished_at=now, discarded_at=now),
        _named_list(company, "c", finished_at=now, saved_at=now, taken_back_at=now),
        _named_list(company, "d"),  # It is being read just now.
    ]
    kept = [_named_list(company, "e", finished_at=now), _named_list(other, "f")]
    ImportRow.objects.create(batch=kept[0], line=2, sealed=b"", outcome="new")

    erase(anna)

    names = dict(ParticipantImport.objects.values_list("pk", "file_name"))
    assert [names[batch.pk] for batch in gone] == ["", "", "", ""]
    assert [names[batch.pk] for batch in kept] == ["e", "f"]


# Rows of lists under a number that the person had before


@pytest.mark.parametrize("protected", [False, True])
def test_a_row_under_an_earlier_number_goes_too(over, protected):
    """The list waited in the preview while its person was entered and renumbered."""
    company = CompanyFactory()
    listed = person_key_of_number(NUMBER)
    waits = _named_list(company, "lista.csv", finished_at=timezone.now())
    row = ImportRow(batch=waits, line=2, person_key=listed, outcome="new")
    row.content = {"typed": {"family_name": "Bergendotter"}, "values": {}}
    row.save()
    anna = add_participant(company=company, actor=None, number=NUMBER, **DETAILS)
    anna = change_participant(participant=anna, actor=None, number="199603039984")
    change_participant(participant=anna, actor=None, protected=protected)

    assert consequences(anna).goes[Kind.LIST_ROWS] == 1
    erase(anna)

    assert not ImportRow.objects.exists()
    assert traces() == set()
