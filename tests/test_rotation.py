"""Keys are changed while the portal runs: what the command says and does."""

import base64
from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models

from accounts.models import AuditEntry
from companies.models import (
    CorrectionRequest,
    ImportRow,
    Participant,
    SignInCode,
)
from companies.services import add_participant, change_participant
from companies.tests.factories import CompanyFactory, ParticipantFactory
from companies.tests.secrets import ONE, THREE, TWO, secrets, take
from core.crypto import decrypt, encrypt, key_of
from core.keys import make_keys
from core.sealed import SealedColumn
from kompetenslyft.rotation import PLACES, keys_of, values_held
from reporting.models import StatisticsRow
from tests.rotating import ANNA, NUMBER, anna, everything, refused, rotate

__all__ = ["anna", "everything", "refused", "rotate", "secrets"]
pytestmark = pytest.mark.django_db

OTHER = "197908199909"
# Bytes that no key encrypted: digests and salts of the two chains.
NOT_SEALED = {
    "AuditEntry",
    "AuditMention",
    "AuditPayload",
    "AuditSeal",
    "Certification",
    "CertificationContent",
    "CertificationSeal",
}


def with_new_key(settings):
    settings.NUMBER_KEYS = {"1": ONE, "2": TWO}


def test_every_column_of_bytes_is_sealed_or_known_to_be_something_else():
    declared = {
        (place.model, place.column)
        for place in PLACES
        if isinstance(place, SealedColumn)
    }
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField) and model.__name__ not in NOT_SEALED
    }

    hashed = {(StatisticsRow, "salt"), (StatisticsRow, "digest")}
    assert declared == found - hashed - {(SignInCode, "digest")}


def test_everything_gets_the_newest_key(everything, secrets, rotate):
    with_new_key(secrets)

    said = rotate()

    assert {name: dict(held) for name, held in values_held().items()} == {
        "companies_participant.encrypted_number": {"2": 1},
        "companies_historicalparticipant.encrypted_number": {"2": 1},
        "companies_importrow.sealed": {"2": 1},
        "companies_correctionrequest.sealed": {"2": 1},
        "companies_merge.sealed": {"2": 1},
        "companies_signincode.new_address": {"2": 1},
        "trainings_certificate.sealed": {"2": 1},
        "trainings_certificateparcel.sealed_key": {"2": 1},
        "trainings_dispute.sealed": {"2": 1},
        "trainings_evaluation.sealed": {"2": 1},
        "trainings_evaluationgroupbox.sealed": {"2": 1},
        "trainings_sheetscan.sealed_key": {"2": 1},
        "reporting_aiddeclaration.sealed_key": {"2": 1},
        "reporting_evidence.sealed_key": {"2": 1},
        "reporting_listexport.sealed_key": {"2": 1},
        "reporting_statisticspackage.sealed_key": {"2": 1},
        "reporting_statisticsrow.sealed": {"2": 1},
        "accounts_outboxmessage.sealed": {"2": 1},
        "mfa_authenticator.data": {"2": 2},
    }
    assert "mfa_authenticator.data: 2 done" in said
    assert "Key 2: 20 values; it encrypts" in said
    assert "No value needs another key" in said[-1]


def test_what_was_sealed_is_read_without_the_old_key(everything, secrets, rotate):
    with_new_key(secrets)
    rotate()

    secrets.NUMBER_KEYS = {"2": TWO}

    sealed = Participant.objects.exclude(encrypted_number=None)
    assert sealed.get().personal_number == NUMBER
    assert ImportRow.objects.get().content == {"values": {}}
    assert decrypt(CorrectionRequest.objects.get().sealed) == "My name is Ek"
    for factor in Authenticator.objects.all():
        text = factor.data.get("secret") or factor.data["seed"]
        assert decrypt(base64.b64decode(text)) == "totp"
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 5


def test_a_second_time_nothing_is_written(everything, secrets, rotate):
    with_new_key(secrets)
    rotate()
    sealed = Participant.objects.exclude(encrypted_number=None)
    before = bytes(sealed.get().encrypted_number)

    said = rotate()

    assert not any("done" in line for line in said)
    assert bytes(sealed.get().encrypted_number) == before
    acts = AuditEntry.objects.filter(action="kompetenslyft.rotated_number_keys")
    assert acts.get().content.facts == {"values": 20, "key": "2"}


def test_no_history_is_written_and_no_time_changes(anna, secrets, rotate):
    before = Participant.objects.values_list("updated_at").get()
    with_new_key(secrets)

    rotate()

    assert Participant.objects.values_list("updated_at").get() == before
    assert Participant.history.count() == 1


def test_what_is_written_meanwhile_is_not_overwritten(
    anna, secrets, rotate, monkeypatch
):
    """The number changes when its old value has been read and not yet replaced."""
    with_new_key(secrets)
    old = bytes(anna.encrypted_number)

    def change_first(secret):
        monkeypatch.undo()
        change_participant(participant=anna, actor=None, number=OTHER)
        return decrypt(secret)

    monkeypatch.setattr("core.sealed.decrypt", change_first)

    rotate()

    assert Participant.objects.get().personal_number == OTHER
    assert keys_of(values_held()) == Counter({"2": 3})
    assert old != bytes(Participant.objects.get().encrypted_number)


def test_check_says_what_each_key_holds_and_changes_nothing(
    everything, secrets, rotate
):
    with_new_key(secrets)

    said = rotate("--check")

    assert said == [
        "Key 1: 20 values",
        "Key 2: 0 values; it encrypts",
        "The keys of people are not being changed.",
    ]
    assert keys_of(values_held()) == Counter({"1": 20})


def test_a_missing_key_is_named_with_how_many_values_are_lost(anna, secrets, refused):
    secrets.NUMBER_KEYS = {"1": ONE, "2": TWO}
    ParticipantFactory(encrypted_number=encrypt(OTHER), no_number_reason="")
    secrets.NUMBER_KEYS = {"2": TWO, "3": THREE}

    sentence, _written = refused()

    # The row and its history, of Anna.
    assert "key 1 is missing" in sentence
    assert " 2 values are lost" in sentence
    assert keys_of(values_held()) == Counter({"1": 2, "2": 2})


def test_a_lost_key_can_be_left_behind(anna, secrets, rotate):
    secrets.NUMBER_KEYS = {"1": ONE, "2": TWO}
    ParticipantFactory(encrypted_number=encrypt(OTHER), no_number_reason="")
    secrets.NUMBER_KEYS = {"2": TWO, "3": THREE}

    said = rotate("--lost", "1")

    assert keys_of(values_held()) == Counter({"1": 2, "3": 2})
    assert "Key 1, which is missing: 2 values" in said


def test_a_changed_value_is_named_by_its_ref_and_the_rest_is_done(
    anna, secrets, refused
):
    other = ParticipantFactory(encrypted_number=encrypt(OTHER), no_number_reason="")
    changed = bytearray(anna.encrypted_number)
    changed[-1] ^= 1
    Participant.objects.filter(pk=anna.pk).update(encrypted_number=bytes(changed))
    with_new_key(secrets)

    sentence, written = refused()

    assert sentence == "1 value cannot be read. All others are done."
    assert written.err.splitlines() == [
        f"companies_participant.encrypted_number: {anna.ref} cannot be read"
    ]
    other.refresh_from_db()
    assert key_of(other.encrypted_number) == "2"
    assert bytes(Participant.objects.get(pk=anna.pk).encrypted_number) == bytes(changed)


def test_a_changed_second_factor_is_named_too(everything, secrets, refused):
    factor = Authenticator.objects.first()
    Authenticator.objects.filter(pk=factor.pk).update(data={"secret": "no base64!"})
    with_new_key(secrets)

    _sentence, written = refused()

    assert written.err == f"mfa_authenticator.data: {factor.pk} cannot be read\n"


def test_a_value_that_names_no_key_is_listed(anna, secrets, refused):
    Participant.objects.update(encrypted_number=b"no key at all")
    with_new_key(secrets)

    _sentence, written = refused()

    assert anna.ref in written.err


def test_in_production_a_new_key_comes_from_whoever_runs_it(anna, refused):
    sentence, _written = refused("--new-key")

    assert "NUMBER_KEYS" in sentence
    assert keys_of(values_held()) == Counter({"1": 2})


def test_in_the_default_mode_a_new_key_is_a_new_file(secrets, tmp_path, rotate):
    kept = make_keys(tmp_path)
    secrets.KEYS_FOLDER = tmp_path
    secrets.NUMBER_KEYS = {"1": (tmp_path / "number-key").read_text()}
    take(secrets, kept["PERSON_KEY_SECRET"])
    anna = add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)

    said = rotate("--new-key")

    assert (tmp_path / "number-key-2").stat().st_mode & 0o777 == 0o600
    assert keys_of(values_held()) == Counter({"2": 2})
    anna.refresh_from_db()
    assert anna.personal_number == NUMBER  # By a process that began before.
    assert "started anew" in said[-1]


def test_in_the_default_mode_a_portal_that_runs_goes_on_through_a_new_secret(
    secrets, tmp_path, rotate
):
    take(secrets, make_keys(tmp_path)["PERSON_KEY_SECRET"])
    secrets.KEYS_FOLDER = tmp_path
    company = CompanyFactory()
    add_participant(company=company, actor=None, number=NUMBER, **ANNA)
    for step in (("--people",), ("--swap",), ("--people",)):
        rotate(*step)

        add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)

    rotate("--swap")
    assert Participant.objects.values("person_key").distinct().count() == 1
    assert sorted(path.name for path in tmp_path.glob("person-key*")) == [
        "person-key",
        "person-key-2",
        "person-key-3",
    ]


def test_people_are_filled_and_swapped_by_the_command(anna, secrets, rotate):
    take(secrets, ONE, TWO)
    before = anna.person_key

    filled, checked = rotate("--people"), rotate("--check")
    swapped = rotate("--swap")

    assert filled == [
        "companies_participant: 1 done",
        "companies_historicalparticipant: 1 done",
        "Every row has its next key: rotate_keys --swap may be run.",
    ]
    assert checked[-1] == filled[-1]
    assert "in force" in swapped[0]
    anna.refresh_from_db()
    assert anna.person_key != before


def test_the_command_says_who_is_missing(anna, secrets, rotate, refused):
    take(secrets, ONE, TWO)
    rotate("--people")
    Participant.objects.update(person_key_next=None)

    assert rotate("--check")[-1] == "companies_participant: 1 without a next key"
    sentence, _written = refused("--swap")
    assert "companies_participant: 1" in sentence


def test_without_a_next_secret_nothing_is_begun(anna, refused):
    sentence, _written = refused("--people")

    assert "PERSON_KEY_SECRET_NEXT" in sentence


def test_a_number_that_cannot_be_read_fails_the_filling_at_its_end(
    anna, secrets, refused
):
    Participant.objects.update(encrypted_number=b"1:changed by somebody")
    ParticipantFactory()
    take(secrets, ONE, TWO)

    sentence, written = refused("--people")

    assert "Enter the numbers" in sentence
    assert f"companies_participant: {anna.ref} cannot be read" in written.err
    assert Participant.objects.filter(person_key_next=None).count() == 1


def test_a_change_is_given_up_by_the_command(anna, secrets, rotate):
    take(secrets, ONE, TWO)
    rotate("--people")

    rotate("--give-up")

    assert rotate("--check")[-1] == "The keys of people are not being changed."
