"""What was said goes in time: in invitations, corrections, and letters as files."""

import datetime as dt
import logging
import os

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import InvitedRole
from accounts.mail_files import delete_files
from accounts.models import AuditEntry, Invitation, OutboxMessage
from accounts.services.invitations import revoke_invitation, send_again
from accounts.services.outbox import post_letter, send
from accounts.tests.factories import UserFactory, make_leader
from companies.enums import CorrectionField
from companies.models import CorrectionRequest
from companies.services.corrections import (
    ask_for_correction,
    close_as_corrected,
    decline_correction,
)
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from kompetenslyft.privacy import retention
from kompetenslyft.privacy.erasure import erase_person
from kompetenslyft.privacy.kinds import Kind
from trainings.tests.factories import AttendanceCorrectionFactory, DisputeFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OVER_A_YEAR = NOW - dt.timedelta(days=366)
UNDER_A_YEAR = NOW - dt.timedelta(days=364)


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


def run(capsys, **options):
    with override("en"):
        call_command("erase_expired", **options)
    return capsys.readouterr().out.splitlines()


# Invitations


def invitation(email, **times):
    return Invitation.objects.create(
        email=email,
        role=InvitedRole.FUNDER,
        invited_by=UserFactory(),
        **{"expires_at": NOW + dt.timedelta(days=14)} | times,
    )


def test_the_address_of_an_invitation_goes_a_year_after_its_end():
    invitation("gick.ut@example.org", expires_at=OVER_A_YEAR)
    invitation("gick.ut.ocksa@example.org", expires_at=OVER_A_YEAR)
    invitation("kom@example.org", accepted_at=OVER_A_YEAR, accepted_by=UserFactory())
    invitation("fick.inte@example.org", revoked_at=OVER_A_YEAR)
    invitation("nyss.ut@example.org", expires_at=UNDER_A_YEAR)
    invitation("kom.nyss@example.org", accepted_at=UNDER_A_YEAR)
    invitation("fick.nyss.inte@example.org", revoked_at=UNDER_A_YEAR)
    invitation("vantar@example.org")

    expired = retention.erase_expired()

    assert expired.counts == {Kind.INVITATIONS: 4}
    assert {row.email for row in Invitation.objects.all()} == {
        "",
        "nyss.ut@example.org",
        "kom.nyss@example.org",
        "fick.nyss.inte@example.org",
        "vantar@example.org",
    }
    assert retention.erase_expired().counts == {}


def test_who_accepted_is_still_known_to_have_been_invited():
    user = UserFactory()
    kept = invitation("kom@example.org", accepted_at=OVER_A_YEAR, accepted_by=user)

    retention.erase_expired()

    kept.refresh_from_db()
    assert (kept.accepted_by, kept.accepted_at) == (user, OVER_A_YEAR)


def test_one_that_ran_out_can_neither_be_sent_again_nor_revoked():
    gone = invitation("gick.ut@example.org", expires_at=OVER_A_YEAR)
    leader = make_leader()
    retention.erase_expired()

    with pytest.raises(DomainError):
        send_again(invitation=gone, actor=leader, make_link=str)
    with pytest.raises(DomainError):
        revoke_invitation(invitation=gone, actor=leader)


# Corrections


@pytest.fixture
def person():
    return ParticipantFactory()


def correction(person, ended, at):
    row = ask_for_correction(
        participant=person, field=CorrectionField.NAME, text="Jag heter Berg"
    )
    leader = make_leader()
    if ended == "corrected_at":
        close_as_corrected(correction=row, actor=leader, answer="Nu står det Berg")
    elif ended == "declined_at":
        decline_correction(correction=row, actor=leader, answer="Det står Berg")
    if ended:
        asked = at - dt.timedelta(days=1)
        CorrectionRequest.objects.filter(pk=row.pk).update(
            asked_at=asked, **{ended: at}
        )
    return row


def test_the_words_of_a_correction_go_a_year_after_its_answer(person):
    old = [
        correction(person, "corrected_at", OVER_A_YEAR),
        correction(person, "declined_at", OVER_A_YEAR),
    ]
    newer = [
        correction(person, "corrected_at", UNDER_A_YEAR),
        correction(person, "declined_at", UNDER_A_YEAR),
    ]
    waiting = correction(person, "", NOW)
    CorrectionRequest.objects.filter(pk=waiting.pk).update(asked_at=OVER_A_YEAR)

    expired = retention.erase_expired()

    assert expired.counts == {Kind.ANSWERED: 2}
    for row in [*old, *newer, waiting]:
        row.refresh_from_db()
    assert [(row.text, row.answer) for row in old] == [("", ""), ("", "")]
    assert [(row.text, row.answer) for row in newer] == [
        ("Jag heter Berg", "Nu står det Berg"),
        ("Jag heter Berg", "Det står Berg"),
    ]
    assert waiting.text == "Jag heter Berg"
    assert [row.is_open for row in old] == [False, False]
    assert retention.erase_expired().counts == {}


def test_the_words_of_a_dispute_go_a_year_after_its_answer():
    old, newer = (
        DisputeFactory(
            attendance__disputed_at=OVER_A_YEAR,
            attendance__recorded_at=OVER_A_YEAR,
            opened_at=OVER_A_YEAR,
            closed_at=closed,
            closed_by=UserFactory(),
            answer="Listan stämmer.",
        )
        for closed in (OVER_A_YEAR, UNDER_A_YEAR)
    )
    waiting = DisputeFactory()
    correction = AttendanceCorrectionFactory(
        attendance=old.attendance, corrected_at=OVER_A_YEAR
    )

    expired = retention.erase_expired()

    assert expired.counts == {Kind.WORDS_ON_TIME: 1}
    for row in (old, newer, waiting, correction):
        row.refresh_from_db()
    said = "Jag var där hela dagen."
    assert [(row.text, row.answer) for row in (old, newer, waiting)] == [
        ("", ""),
        (said, "Listan stämmer."),
        (said, ""),
    ]
    assert (old.claimed_minutes, old.closed_at) == (240, OVER_A_YEAR)
    # Why a time was corrected is part of the correction, and goes with the person.
    assert correction.why == "Listan säger 60."
    assert retention.erase_expired().counts == {}


def test_how_long_is_a_setting(settings, person):
    settings.ANSWERED_KEPT_DAYS = 363
    invitation("nyss.ut@example.org", expires_at=UNDER_A_YEAR)
    correction(person, "corrected_at", UNDER_A_YEAR)

    expired = retention.erase_expired()

    assert expired.counts == {Kind.INVITATIONS: 1, Kind.ANSWERED: 1}


# Letters that are files


@pytest.fixture
def mail(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def write(mail, recipient, person_ref="", days=0):
    """Send a letter into the folder, as many days ago; return its file."""
    before = set(mail.glob("*")) if mail.exists() else set()
    letter = post_letter(
        kind="correction_answered",
        recipient=recipient,
        language="sv",
        context={},
        person_ref=person_ref,
    )
    send(letter.pk)
    (file,) = set(mail.glob("*")) - before
    at = (NOW - dt.timedelta(days=days)).timestamp()
    os.utime(file, (at, at))
    return file


def test_the_file_of_a_letter_goes_after_a_month(mail):
    old = write(mail, "gammal@example.org", days=31)
    newer = write(mail, "ny@example.org", days=29)
    (mail / "README").write_text("Not a letter")
    os.utime(mail / "README", (0, 0))

    expired = retention.erase_expired()

    assert expired.counts == {Kind.MAIL_FILES: 1}
    assert (old.exists(), newer.exists()) == (False, True)
    assert (mail / "README").exists()


def test_the_files_of_an_erased_persons_letters_go_at_once(
    mail, person, django_capture_on_commit_callbacks
):
    theirs = write(mail, "anna@example.org", person_ref=person.ref)
    others = write(mail, "eva@example.org", person_ref=ParticipantFactory().ref)

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(participant=person, basis="asked", actor=make_leader())

    assert (theirs.exists(), others.exists()) == (False, True)
    assert OutboxMessage.objects.filter(recipient="").count() == 1


def test_where_letters_go_to_a_server_no_folder_is_touched(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    file = tmp_path / "20200101-000000-1.log"
    file.write_text("x")
    os.utime(file, (0, 0))

    assert retention.erase_expired().counts == {}
    assert file.exists()


def test_a_file_that_cannot_be_deleted_is_left_out_of_the_count(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        assert delete_files([tmp_path]) == 0

    assert "was not deleted" in caplog.text
    assert str(tmp_path) not in caplog.text


def test_a_simulation_says_the_same_and_changes_nothing(mail, person, capsys):
    invitation("gick.ut@example.org", expires_at=OVER_A_YEAR)
    correction(person, "declined_at", OVER_A_YEAR)
    file = write(mail, "gammal@example.org", days=31)
    entries = AuditEntry.objects.count()

    simulated = run(capsys, simulate=True)
    assert file.exists()
    assert Invitation.objects.get().email == "gick.ut@example.org"
    assert CorrectionRequest.objects.get().answer == "Det står Berg"
    assert AuditEntry.objects.count() == entries
    done = run(capsys)

    assert done == [
        "addresses of invitations that are over, blanked: 1",
        "words of answered corrections, blanked: 1",
        "files of letters, deleted: 1",
    ]
    assert simulated == [*done, "Nothing was erased: --simulate."]
    entry = AuditEntry.objects.get(action="kompetenslyft.erased_expired")
    assert entry.payload.facts == {"invitations": 1, "answered": 1, "mail_files": 1}
