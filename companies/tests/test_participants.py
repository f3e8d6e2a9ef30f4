"""One person at a time: added, changed, re-keyed."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from accounts.tests.trail import people_of
from companies.models import Participant, person_key_of_number, person_key_of_row
from companies.services import add_participant, change_participant
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.errors import DomainError

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "19850709-9805", "19790819-9909"
ANNA = {"given_name": "Anna", "family_name": "Berg"}


@pytest.fixture
def anna():
    return add_participant(
        company=CompanyFactory(), actor=UserFactory(), number=NUMBER, **ANNA
    )


def test_a_number_gives_birth_date_gender_and_key(anna):
    assert (anna.birth_date, anna.gender) == (dt.date(1985, 7, 9), "woman")
    assert anna.person_key == person_key_of_number("198507099805")
    assert anna.history.get().history_user is not None
    entry = AuditEntry.objects.get()
    assert entry.action == "companies.participant_added"
    assert people_of(entry) == [anna.ref]


def test_a_gender_that_is_given_stands():
    person = add_participant(
        company=CompanyFactory(), actor=None, number=NUMBER, gender="man", **ANNA
    )

    assert person.gender == "man"


def test_the_same_person_twice_in_a_company_is_refused(anna):
    with pytest.raises(DomainError):
        add_participant(company=anna.company, actor=None, number="8507099805", **ANNA)

    assert Participant.objects.count() == 1


def test_a_protected_person_is_found_by_number_all_the_same(anna):
    change_participant(participant=anna, actor=None, protected=True)

    with pytest.raises(DomainError):
        add_participant(company=anna.company, actor=None, number=NUMBER, **ANNA)


def test_the_same_person_at_two_companies_is_one_person(anna):
    other = add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)

    assert other.person_key == anna.person_key


def test_neither_number_nor_reason_is_refused():
    with pytest.raises(DomainError):
        add_participant(company=CompanyFactory(), actor=None, gender="man", **ANNA)


def test_a_number_that_changes_rekeys_the_row_and_keeps_the_old_in_its_history(anna):
    changed = change_participant(participant=anna, actor=None, number=OTHER)

    assert changed.person_key == person_key_of_number("197908199909")
    assert changed.birth_date == dt.date(1979, 8, 19)
    old = changed.history.first().prev_record
    assert old.person_key == person_key_of_number("198507099805")
    assert AuditEntry.objects.first().payload.facts == {
        "fields": ["person_key", "birth_date", "personal_number"]
    }


def test_a_number_that_arrives_takes_the_reason_away():
    person = ParticipantFactory()

    changed = change_participant(participant=person, actor=None, number=NUMBER)

    assert (changed.personal_number, changed.no_number_reason) == ("198507099805", "")


def test_protection_keys_the_row_by_its_own_ref_and_keeps_the_number(anna):
    changed = change_participant(participant=anna, actor=None, protected=True)

    assert changed.person_key == person_key_of_row(anna.ref)
    assert changed.personal_number == "198507099805"


def test_a_number_of_a_colleague_is_refused_and_nothing_changes(anna):
    other = add_participant(company=anna.company, actor=None, number=OTHER, **ANNA)

    with pytest.raises(DomainError):
        change_participant(participant=other, actor=None, number=NUMBER)

    other.refresh_from_db()
    assert other.personal_number == "197908199909"


def test_a_change_of_nothing_writes_nothing(anna):
    change_participant(participant=anna, actor=None, **ANNA)

    assert anna.history.count() == 1
    assert AuditEntry.objects.count() == 1
