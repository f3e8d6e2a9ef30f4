"""Scans and parcels go with the people on them, with time, and come into copies."""

import datetime as dt
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.services.restriction import restrict_person
from companies.tests.factories import ProgrammeFactory
from core.errors import DomainError
from core.sealed_files import read_sealed
from kompetenslyft.privacy.access_copy import write_access_copy
from kompetenslyft.privacy.erasure import consequences
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.privacy.retention import erase_expired
from kompetenslyft.rotation import rotate_number_keys
from tests.erasing import erase, over, own_register
from trainings.models import CertificateParcel, SheetScan
from trainings.services import issue_for_month
from trainings.tests.factories import EnrolmentFactory, SessionFactory
from trainings.tests.months import MARCH, certified
from trainings.tests.papers import PDF, ZIP, make_parcel, make_scan

__all__ = ["over", "own_register"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__given_name="Anna")


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    def done(act):
        with django_capture_on_commit_callbacks(execute=True):
            return act()

    return done


def scan_of(seat, leader):
    return make_scan(SessionFactory(occasion=seat.occasion), leader)


def parcel_of(seat, leader, company=None):
    certified(seat)
    issue_for_month(participant=seat.participant, month=MARCH, actor=None)
    return make_parcel(MARCH, company, leader)


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def is_gone(row):
    row.refresh_from_db()
    return not row.file and row.sealed_key is None


@pytest.mark.usefixtures("over")
def test_erasing_somebody_deletes_the_scans_on_which_the_person_may_stand(
    seat, leader, commit, folder
):
    scan = scan_of(seat, leader)
    other = scan_of(EnrolmentFactory(), leader)
    assert consequences(seat.participant).goes[Kind.SCANS] == 1

    commit(lambda: erase(seat.participant))

    assert is_gone(scan)
    assert scan.removed_at
    assert not is_gone(other)
    assert files(folder) == [Path(other.file.path)]


@pytest.mark.usefixtures("over")
def test_who_had_a_seat_and_lost_it_stands_on_it_too(seat, leader, commit):
    scan = scan_of(seat, leader)
    seat.withdrawn_at = timezone.now()
    seat.save()

    commit(lambda: erase(seat.participant))

    assert is_gone(scan)


@pytest.mark.usefixtures("over")
def test_who_had_no_seat_may_have_signed_below(seat, leader, commit):
    scan = scan_of(seat, leader)
    in_line = EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)

    commit(lambda: erase(in_line.participant))

    assert is_gone(scan)


@pytest.mark.usefixtures("over")
def test_a_restricted_person_without_a_seat_keeps_a_scan_too(seat, leader, commit):
    in_line = EnrolmentFactory(confirmed_at=None)
    scan = scan_of(in_line, leader)
    restrict_person(participant=in_line.participant, basis="claims", actor=leader)

    commit(erase_expired)

    assert not is_gone(scan)


def test_evidence_stays_as_long_as_the_grant_keeps_the_people(seat, leader):
    later = timezone.localdate() + dt.timedelta(days=1)
    ProgrammeFactory(retain_until=later)
    certified(seat)
    scan = scan_of(seat, leader)

    with pytest.raises(DomainError, match="keep it until"):
        erase(seat.participant)
    erase_expired()

    assert not is_gone(scan)


@pytest.mark.usefixtures("over")
def test_once_nobody_is_kept_no_scan_is_but_those_of_restricted_people(
    seat, leader, commit, folder
):
    of_nobody = make_scan(SessionFactory(), leader)
    kept = scan_of(seat, leader)
    restrict_person(participant=seat.participant, basis="claims", actor=leader)

    expired = commit(erase_expired)

    assert expired.counts[Kind.SCANS] == 1
    assert (is_gone(of_nobody), is_gone(kept)) == (True, False)
    assert files(folder) == [Path(kept.file.path)]


@pytest.mark.usefixtures("over")
@pytest.mark.parametrize("of_all", [True, False])
def test_erasing_somebody_deletes_the_parcels_of_the_month(
    seat, leader, commit, folder, of_all
):
    company = None if of_all else seat.participant.company
    parcel = parcel_of(seat, leader, company)
    elsewhere = EnrolmentFactory()
    other = parcel_of(elsewhere, leader, elsewhere.participant.company)
    assert consequences(seat.participant).goes[Kind.PARCELS] == 1

    commit(lambda: erase(seat.participant))

    assert (is_gone(parcel), is_gone(other)) == (True, False)
    assert files(folder) == [Path(other.file.path)]


def test_a_parcel_is_kept_for_so_many_days(seat, leader, commit, folder, settings):
    settings.PARCEL_DAYS = 3
    old, young = parcel_of(seat, leader), make_parcel(MARCH, None, leader)
    for parcel, days in ((old, 3), (young, 2)):
        ago = timezone.now() - dt.timedelta(days=days, minutes=1)
        CertificateParcel.objects.filter(pk=parcel.pk).update(finished_at=ago)

    assert erase_expired(simulate=True).counts[Kind.PARCELS] == 1
    assert not is_gone(old)
    assert commit(erase_expired).counts[Kind.PARCELS] == 1

    assert (is_gone(old), is_gone(young)) == (True, False)
    assert files(folder) == [Path(young.file.path)]


def test_a_copy_says_that_a_scan_is_kept_and_shows_nobody_else(seat, leader):
    scan = scan_of(seat, leader)
    scan_of(EnrolmentFactory(), leader)
    copy = BytesIO()

    write_access_copy(seat.participant, copy, for_participant=True)

    archive = ZipFile(copy)
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "En skannad närvarolista. Du kan stå på den." in text
    assert "Skannade närvarolistor" in text
    assert scan.ref not in text
    assert PDF.decode() not in text


def test_rotating_the_keys_leaves_the_files_as_they_are(seat, leader, settings, folder):
    scan, parcel = scan_of(seat, leader), make_parcel(MARCH, None, leader)
    before = [path.read_bytes() for path in files(folder)]
    old = list(django_settings.NUMBER_KEYS)[-1]
    key = "cnlwdG9ncmFmaXNrIG55Y2tlbCBhdiAzMiBieXRlcyE="
    settings.NUMBER_KEYS = settings.NUMBER_KEYS | {"newer": key}

    rotation = rotate_number_keys()

    assert rotation.held["trainings_sheetscan.sealed_key"] == {"newer": 1}
    assert rotation.held["trainings_certificateparcel.sealed_key"] == {"newer": 1}
    assert old != "newer"
    assert [path.read_bytes() for path in files(folder)] == before
    for row, about, content in ((scan, scan.ref, PDF), (parcel, str(parcel.pk), ZIP)):
        row.refresh_from_db()
        read = read_sealed(row.file.name, bytes(row.sealed_key), about=about)
        assert b"".join(read) == content


def test_the_command_tells_of_both(seat, leader, capsys):
    parcel = parcel_of(seat, leader)
    long_ago = timezone.now() - dt.timedelta(days=100)
    CertificateParcel.objects.filter(pk=parcel.pk).update(finished_at=long_ago)
    assert SheetScan.objects.count() == 0

    call_command("erase_expired", simulate=True)

    assert "parcels of certificates, deleted" in capsys.readouterr().out
