"""The migration that hashes people under labels of their own."""

import base64
import hmac
import uuid
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from companies.models import (
    ImportRow,
    Participant,
    ParticipantImport,
    PersonKeysInForce,
    fingerprint_of,
    keys_in_force,
    person_key_of_number,
    person_key_of_row,
)
from companies.services import add_participant
from companies.tests.factories import CompanyFactory, ParticipantFactory
from companies.tests.secrets import ONE, TWO, secrets, take

__all__ = ["secrets"]
pytestmark = pytest.mark.django_db

NUMBER = "198507099805"
ANNA = {"given_name": "Anna", "family_name": "Berg"}
MIGRATION = import_module(
    "companies.migrations.0006_hash_people_under_their_own_labels"
)
HERE = SimpleNamespace(connection=connection)


def old_key(label, text):
    """Compute by hand what the portal made before."""
    message = f"{label}\0{text}".encode()
    return uuid.UUID(bytes=hmac.digest(base64.b64decode(ONE), message, "sha256")[:16])


@pytest.fixture
def people(secrets):
    """Make everybody as the portal did before: with and without a number."""
    add = {"actor": None, "number": NUMBER, **ANNA}
    anna = add_participant(company=CompanyFactory(), **add)
    hidden = add_participant(company=CompanyFactory(), protected=True, **add)
    numberless, erased = ParticipantFactory.create_batch(2)
    batch = ParticipantImport.objects.create(
        company=anna.company, file_name="a.csv", sha256="0" * 64
    )
    row = ImportRow(batch=batch, line=2, outcome="new")
    row.content = {"values": {"personal_number": NUMBER}}
    row.person_key = old_key("person", NUMBER)
    row.save()
    ImportRow.objects.create(batch=batch, line=3, outcome="faulty", sealed=row.sealed)
    keys = {
        anna: old_key("person", NUMBER),
        hidden: old_key("participant", hidden.ref),
        numberless: old_key("participant", numberless.ref),
        erased: uuid.UUID(int=7),
    }
    for person, key in keys.items():
        Participant.objects.filter(pk=person.pk).update(person_key=key)
        person.history.update(person_key=key)
    PersonKeysInForce.objects.all().delete()
    return keys


def keys_of(model):
    reference = "pk" if model is Participant else "id"
    return dict(model.objects.values_list(reference, "person_key"))


def test_everybody_gets_the_key_of_the_own_number_or_ref(people):
    anna, hidden, numberless, erased = people

    MIGRATION.hash_under_new_labels(apps, HERE)

    expected = {
        anna.pk: person_key_of_number(NUMBER),
        hidden.pk: person_key_of_row(hidden.ref),
        numberless.pk: person_key_of_row(numberless.ref),
        erased.pk: uuid.UUID(int=7),
    }
    assert keys_of(Participant) == keys_of(Participant.history.model) == expected
    assert list(ImportRow.objects.values_list("person_key", flat=True)) == [
        person_key_of_number(NUMBER),
        None,
    ]
    assert Participant.history.count() == 4


def test_the_database_learns_under_which_secret_it_is(people):
    MIGRATION.hash_under_new_labels(apps, HERE)

    row = PersonKeysInForce.objects.get()
    assert (row.current, row.next) == (fingerprint_of(keys_in_force().now), "")


def test_back_again_everybody_has_the_old_key(people):
    MIGRATION.hash_under_new_labels(apps, HERE)

    MIGRATION.hash_under_old_labels(apps, HERE)

    expected = {person.pk: key for person, key in people.items()}
    assert keys_of(Participant) == keys_of(Participant.history.model) == expected
    assert ImportRow.objects.get(line=2).person_key == old_key("person", NUMBER)


def test_there_and_back_under_the_secret_in_force_whatever_the_order(people, secrets):
    MIGRATION.hash_under_new_labels(apps, HERE)
    take(secrets, TWO, ONE)

    MIGRATION.hash_under_old_labels(apps, HERE)

    assert keys_of(Participant) == {person.pk: key for person, key in people.items()}


def test_under_another_secret_nothing_is_done(people, secrets):
    MIGRATION.hash_under_new_labels(apps, HERE)
    before = keys_of(Participant)
    take(secrets, TWO)

    with pytest.raises(ImproperlyConfigured):
        MIGRATION.hash_under_old_labels(apps, HERE)

    assert keys_of(Participant) == before


def test_a_number_that_cannot_be_read_keeps_its_key(people):
    anna, *_others = people
    Participant.objects.filter(pk=anna.pk).update(encrypted_number=b"9:lost")

    MIGRATION.hash_under_new_labels(apps, HERE)

    assert Participant.objects.get(pk=anna.pk).person_key == people[anna]


def test_an_empty_database_is_left_without_a_fingerprint(secrets):
    MIGRATION.hash_under_new_labels(apps, HERE)

    assert not PersonKeysInForce.objects.exists()
