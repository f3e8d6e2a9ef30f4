"""The secret by which people are found is changed, all rows or none."""

import base64
import threading
import uuid

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from companies.models import (
    ImportRow,
    Participant,
    PersonKeysInForce,
    keys_in_force,
    person_key_of_number,
    person_key_of_row,
)
from companies.services import (
    accept_upload,
    add_participant,
    begin_person_keys,
    change_participant,
    fill_person_keys,
    fix_row,
    give_up_person_keys,
    keep_rows,
    read_upload,
    save_people,
    swap_person_keys,
    unfilled_person_keys,
)
from companies.tests.factories import CompanyFactory, ParticipantFactory
from companies.tests.secrets import ONE, THREE, TWO, secrets, take
from core.errors import DomainError

__all__ = ["secrets"]
pytestmark = pytest.mark.django_db

NUMBER, OTHER = "198507099805", "197908199909"
ANNA = {"given_name": "Anna", "family_name": "Berg"}
NEXT = base64.b64decode(TWO)


def say_nothing(*_facts):
    pass


def fill():
    return fill_person_keys(progress=say_nothing)


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def anna(secrets, company):
    return add_participant(company=company, actor=None, number=NUMBER, **ANNA)


@pytest.fixture
def begun(secrets):
    """Begin a change when the people of the test are there."""

    def begin():
        take(secrets, ONE, TWO)
        begin_person_keys(secret=NEXT)

    return begin


def upload(company, text, *, name="a.csv"):
    batch, _is_new = accept_upload(
        company=company,
        file=ContentFile(text.encode()),
        name=name,
        actor=UserFactory(),
    )
    return batch


def read(batch):
    read_upload(batch=batch, open_occasions=())


def test_everyone_is_keyed_under_the_next_secret_by_what_keys_them_now(anna, begun):
    twin = add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)
    hidden = add_participant(
        company=anna.company, actor=None, number=OTHER, protected=True, **ANNA
    )
    numberless = ParticipantFactory()
    begun()

    filled = fill()
    left = unfilled_person_keys()
    swap_person_keys()

    assert (filled.rows, filled.unreadable, left) == (8, [], {})
    for person in (anna, twin, hidden, numberless):
        person.refresh_from_db()
    number, ref = person_key_of_number(NUMBER), person_key_of_row
    assert anna.person_key == twin.person_key == number
    assert hidden.person_key == ref(hidden.ref)
    assert numberless.person_key == ref(numberless.ref)
    row = PersonKeysInForce.objects.get()
    assert row.next == ""
    assert not Participant.objects.exclude(person_key_next=None).exists()


def test_the_history_tells_still_whose_number_it_was(anna, begun):
    change_participant(participant=anna, actor=None, number=OTHER)
    begun()

    fill()
    swap_person_keys()

    assert [row.person_key for row in anna.history.all()] == [
        person_key_of_number(OTHER),
        person_key_of_number(NUMBER),
    ]


def test_neither_history_nor_times_are_written(anna, begun):
    before = Participant.objects.values_list("updated_at", "encrypted_number").get()
    begun()

    fill()
    swap_person_keys()

    assert Participant.history.count() == 1
    after = Participant.objects.values_list("updated_at", "encrypted_number").get()
    assert after == before
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert list(actions)[:2] == [
        "companies.person_keys_swapped",
        "companies.person_keys_begun",
    ]


def test_a_random_key_of_the_erased_stays_in_both(anna, begun):
    random = uuid.uuid4()
    Participant.objects.update(
        person_key=random, encrypted_number=None, erased_at=timezone.now()
    )
    begun()
    fill()
    assert Participant.objects.get().person_key_next == random

    swap_person_keys()

    assert Participant.objects.get().person_key == random


def test_a_row_without_its_second_key_stops_the_swap(anna, begun):
    begun()
    fill()
    Participant.objects.update(person_key_next=None)

    with pytest.raises(DomainError, match="companies_participant: 1"):
        swap_person_keys()

    assert Participant.objects.get().person_key == person_key_of_number(NUMBER)
    assert Participant.history.exclude(person_key_next=None).exists()
    assert PersonKeysInForce.objects.get().next


def test_a_number_that_cannot_be_read_is_named_and_mended_on_its_form(anna, begun):
    Participant.objects.update(encrypted_number=b"1:changed by somebody")
    begun()

    filled = fill()
    with pytest.raises(DomainError, match="companies_participant: 1"):
        swap_person_keys()
    change_participant(participant=anna, actor=None, number=NUMBER)
    swap_person_keys()

    assert filled.unreadable == [("companies_participant", anna.ref)]
    assert Participant.objects.get().person_key == person_key_of_number(NUMBER)


def test_a_protected_identity_is_keyed_though_its_number_cannot_be_read(begun, secrets):
    hidden = ParticipantFactory(
        protected=True, encrypted_number=b"1:changed by somebody", no_number_reason=""
    )
    begun()

    filled = fill()
    swap_person_keys()

    assert filled.unreadable == []
    hidden.refresh_from_db()
    assert hidden.person_key == person_key_of_row(hidden.ref)


def test_a_number_that_cannot_be_read_stays_when_something_else_is_changed(anna):
    Participant.objects.update(encrypted_number=b"1:changed by somebody")

    change_participant(participant=anna, actor=None, job_title="Svetsare")
    with pytest.raises(DomainError):
        change_participant(participant=anna, actor=None, protected=True)

    person = Participant.objects.get()
    assert (person.job_title, person.protected) == ("Svetsare", False)
    assert bytes(person.encrypted_number) == b"1:changed by somebody"


def test_an_unreadable_row_of_the_history_does_not_stop_the_swap(anna, begun):
    Participant.history.update(encrypted_number=b"1:changed by somebody")
    begun()

    filled = fill()
    swap_person_keys()

    assert filled.unreadable == [("companies_historicalparticipant", anna.ref)]


def test_without_a_change_under_way_nothing_is_filled_or_swapped(anna):
    for refused in (fill, swap_person_keys, give_up_person_keys):
        with pytest.raises(DomainError):
            refused()


def test_a_change_is_begun_once_and_not_to_the_secret_in_force(anna, begun, secrets):
    begun()
    begun()
    with pytest.raises(DomainError):
        begin_person_keys(secret=base64.b64decode(THREE))

    fill()
    swap_person_keys()

    with pytest.raises(DomainError, match="PERSON_KEY_SECRET_NEXT"):
        begin_person_keys(secret=NEXT)


def test_a_change_that_is_given_up_leaves_all_as_it_was(anna, begun, secrets):
    begun()
    fill()

    give_up_person_keys()
    take(secrets, ONE)

    assert Participant.objects.get().person_key == person_key_of_number(NUMBER)
    assert not Participant.objects.exclude(person_key_next=None).exists()
    assert not Participant.history.exclude(person_key_next=None).exists()


def test_a_list_read_before_is_saved_after_the_swap(anna, begun, company):
    text = f"Personnummer;Förnamn;Efternamn\n{NUMBER};Anna;Ek\n{OTHER};Bo;Ek\n"
    batch = upload(company, text)
    read(batch)
    begun()
    fill()
    swap_person_keys()

    save_people(batch=batch, actor=None)

    assert set(Participant.objects.values_list("person_key", "given_name")) == {
        (person_key_of_number(NUMBER), "Anna"),
        (person_key_of_number(OTHER), "Bo"),
    }
    assert batch.rows.filter(participant=None).count() == 0


def test_a_list_read_and_saved_during_the_change_fills_in_both(anna, begun, company):
    begun()
    text = f"Personnummer;Förnamn;Efternamn\n{NUMBER};Anna;Ek\n{OTHER};Bo;Ek\n"
    batch = upload(company, text)
    read(batch)
    save_people(batch=batch, actor=None)
    fill()

    swap_person_keys()

    assert Participant.objects.count() == 2
    assert set(ImportRow.objects.values_list("person_key", flat=True)) == {
        person_key_of_number(NUMBER),
        person_key_of_number(OTHER),
    }


def test_a_row_is_mended_during_the_change(anna, begun, company):
    begun()
    batch = upload(
        company, f"Personnummer;Förnamn;Efternamn\n{NUMBER};Anna;\n{OTHER};Bo;Ek\n"
    )
    read(batch)

    row = fix_row(
        batch=batch, line=3, typed={"personal_number": NUMBER}, open_occasions=()
    )

    keys = keys_in_force().of_number(NUMBER)
    assert (row.person_key, row.person_key_next) == keys
    assert [error[1] for error in row.errors] == ["same_person"]


def test_rows_keyed_before_the_swap_are_kept_under_the_secret_in_force(anna, begun):
    batch = upload(anna.company, f"Personnummer;Förnamn;Efternamn\n{NUMBER};A;B\n")
    before = keys_in_force()
    now, following = before.of_number(NUMBER)
    batch.save()
    row = ImportRow(batch=batch, line=2, outcome="new")
    row.person_key, row.person_key_next = now, following
    row.content = {"typed": {}, "values": {"personal_number": NUMBER}, "number": {}}
    begun()
    fill()
    swap_person_keys()

    keep_rows([row], before)

    assert ImportRow.objects.get().person_key == person_key_of_number(NUMBER)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_the_swap_waits_for_whoever_is_writing_a_key(anna, begun):
    begun()
    fill()
    holds, may_go, swapped = threading.Event(), threading.Event(), threading.Event()
    people = []

    def write():
        with transaction.atomic():
            person = ParticipantFactory.build(company=anna.company)
            person.set_number(OTHER)
            person.no_number_reason = ""
            holds.set()
            may_go.wait(10)
            person.save()
            people.append(person.ref)
        connection.close()

    def swap():
        swap_person_keys()
        swapped.set()
        connection.close()

    writer, swapper = threading.Thread(target=write), threading.Thread(target=swap)
    writer.start()
    assert holds.wait(10)
    swapper.start()
    assert not swapped.wait(1)
    may_go.set()
    writer.join()
    swapper.join()

    assert swapped.is_set()
    late = Participant.objects.get(ref=people[0])
    assert late.person_key == person_key_of_number(OTHER)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_whoever_comes_during_the_swap_writes_under_the_new_secret(anna, begun):
    begun()
    fill()
    came = threading.Event()

    def write():
        came.set()
        add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)
        connection.close()

    writer = threading.Thread(target=write)
    with transaction.atomic():
        swap_person_keys()
        writer.start()
        assert came.wait(10)
        writer.join(0.5)
        assert writer.is_alive()
    writer.join()

    keys = set(Participant.objects.values_list("person_key", flat=True))
    assert keys == {person_key_of_number(NUMBER)}
