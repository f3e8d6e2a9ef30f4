"""The programme package, whole: what loads comes out again byte for byte."""

import shutil
import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from companies.models import Company, Participant, Programme, WorkforceSnapshot
from core.errors import DomainError
from core.exchange import load
from kompetenslyft.package import REASON, TABLES, dump_package, load_package
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember
from tests.oracle.packages import make_package
from tests.package_files import SMALL, append, change, contents
from trainings.models import Attendance, Course, Enrolment, Occasion, Session
from trainings.services.seats import confirm_seats

TRACKED = (
    Programme,
    Company,
    Participant,
    WorkforceSnapshot,
    Course,
    Occasion,
    Session,
    Enrolment,
    Attendance,
    Meeting,
    MeetingAttendance,
    NetworkMember,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the small programme that a test may spoil."""
    return Path(shutil.copytree(SMALL, tmp_path / "package"))


# Round trip


def test_the_example_loads_and_comes_out_the_same(tmp_path):
    outcome = load_package(SMALL)
    assert outcome.errors == ()
    assert Participant.objects.count() == 140
    assert Attendance.objects.count() == 466
    dump_package(tmp_path / "out")
    assert contents(tmp_path / "out") == contents(SMALL)


@pytest.mark.parametrize("seed", range(10))
def test_any_package_loads_and_comes_out_the_same(tmp_path, seed):
    make_package(tmp_path / "in", seed=seed, participants=60, occasions=15)
    assert load_package(tmp_path / "in").errors == ()
    dump_package(tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "in")


def test_the_same_package_again_changes_no_row_and_writes_no_history():
    load_package(SMALL)
    made = {
        model: set(model.objects.values_list("pk", "updated_at")) for model in TRACKED
    }
    again = load_package(SMALL)
    assert {(count.created, count.changed) for count in again.counts} == {(0, 0)}
    for model in TRACKED:
        assert set(model.objects.values_list("pk", "updated_at")) == made[model]
        assert model.history.count() == model.objects.count()


def test_every_new_row_has_a_history_that_names_the_package():
    load_package(SMALL)
    for model in TRACKED:
        kinds = set(
            model.history.values_list(
                "history_type", "history_change_reason", "history_user"
            )
        )
        assert kinds == {("+", "programme package", None)}


def test_only_the_row_that_differs_is_changed_and_its_history_tells(package):
    load_package(SMALL)
    change(package / "participants.csv", 2, job_title="Förman")
    outcome = load_package(package)
    changed = {count.file: count.changed for count in outcome.counts if count.changed}
    assert changed == {"participants.csv": 1}
    after, before = Participant.objects.get(ref="p-00001").history.all()
    assert (before.history_type, before.job_title) == ("+", "Logistiker")
    assert (after.history_type, after.job_title) == ("~", "Förman")


def test_a_number_that_changes_keys_the_row_anew(package):
    load_package(SMALL)
    before = Participant.objects.get(ref="p-00001").person_key
    change(package / "participants.csv", 2, personal_number="198507099805")
    assert load_package(package).errors == ()
    after = Participant.objects.get(ref="p-00001")
    assert after.personal_number == "198507099805"
    assert after.person_key != before


def test_a_protected_number_is_sealed_anew_only_when_it_changes(package):
    change(package / "participants.csv", 2, protected="yes")
    load_package(package)
    before = bytes(Participant.objects.get(ref="p-00001").encrypted_number)
    load_package(package)
    row = Participant.objects.get(ref="p-00001")
    assert bytes(row.encrypted_number) == before
    change(package / "participants.csv", 2, personal_number="198507099805")
    load_package(package)
    row.refresh_from_db()
    assert row.personal_number == "198507099805"


def test_gender_and_birth_date_are_taken_as_they_stand(package):
    change(package / "participants.csv", 2, gender="woman", birth_date="1970-01-02")
    load_package(package)
    row = Participant.objects.get(ref="p-00001")
    assert (row.gender, str(row.birth_date)) == ("woman", "1970-01-02")


def test_rows_that_the_package_leaves_out_stay(package):
    load_package(SMALL)
    (package / "attendance.csv").unlink()
    assert load_package(package).errors == ()
    assert Attendance.objects.count() == 466


def test_order_marks_and_line_ends_of_spreadsheet_programs_do_no_harm(
    package, tmp_path
):
    for path in package.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_package(package).errors == ()
    dump_package(tmp_path / "out")
    assert contents(tmp_path / "out") == contents(SMALL)


def test_names_are_kept_composed_and_trimmed(package):
    change(package / "participants.csv", 2, family_name=" A\u030aberg ")
    assert load_package(package).errors == ()
    assert Participant.objects.get(ref="p-00001").family_name == "Åberg"


def test_a_time_that_the_clock_shows_twice_is_its_first_occurrence(package):
    change(
        package / "sessions.csv",
        2,
        starts_at="2025-10-26T02:30",
        ends_at="2025-10-26T09:00",
    )
    (package / "attendance.csv").unlink()
    assert load_package(package).errors == ()
    start = Session.objects.get(ref="occ-0001-s01").starts_at
    assert start.astimezone(timezone.get_fixed_timezone(0)).hour == 0


def test_a_dump_of_times_with_seconds_loads_without_a_change(package, tmp_path):
    load_package(SMALL)
    row = Enrolment.objects.get(ref="e-000001")
    row.nominated_at += timezone.timedelta(seconds=37)
    row.save()
    dump_package(tmp_path / "out")
    outcome = load_package(tmp_path / "out")
    assert outcome.errors == ()
    assert sum(count.changed for count in outcome.counts) == 0


# What the commands say and write down


def test_check_says_what_is_wrong_and_saves_nothing(capsys):
    call_command("load_programme", str(SMALL), "--check")
    assert not Programme.objects.exists()
    assert not AuditEntry.objects.exists()
    assert "140" in capsys.readouterr().out


def test_a_refused_package_lists_its_errors_and_fails(package, capsys):
    change(package / "participants.csv", 2, gender="x", birth_date="x")
    with pytest.raises(CommandError, match="2 errors"):
        call_command("load_programme", str(package))
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in said] == ["participants.csv:2"] * 2
    assert [line.split(": ")[1] for line in said] == ["gender", "birth_date"]
    assert not Participant.objects.exists()


def test_errors_never_repeat_what_stands_in_a_cell_of_a_person(package):
    change(package / "participants.csv", 2, personal_number="196505279958")
    outcome = load_package(package)
    assert "9958" not in str(outcome.errors[0])


def test_warnings_fail_nothing(package):
    outcome = load_package(package)
    assert outcome.errors == ()
    assert {warning.file for warning in outcome.warnings} == {
        "quotas.csv",
        "enrolments.csv",
        "attendance.csv",
    }


def test_load_and_dump_are_written_down_without_a_name(tmp_path):
    load_package(SMALL)
    dump_package(tmp_path / "out")
    dumped, loaded = AuditEntry.objects.all()
    assert loaded.action == "kompetenslyft.loaded_programme"
    assert loaded.payload.actor is None
    assert loaded.payload.facts["participants"] == "140 rows, 140 new, 0 changed"
    assert dumped.action == "kompetenslyft.dumped_programme"
    assert dumped.payload.facts["attendance"] == 466


def missing(folder: Path) -> Path:
    return folder / "nowhere"


def a_file(folder: Path) -> Path:
    (folder / "file").write_text("?")
    return folder / "file"


def nothing_in_it(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


@pytest.mark.parametrize("make", [missing, a_file, nothing_in_it])
def test_what_is_no_package_is_refused_in_one_sentence(
    tmp_path, make: Callable[[Path], Path]
):
    with pytest.raises(DomainError, match=r"\.$"):
        load_package(make(tmp_path))


def test_a_dump_is_for_its_owner_only(tmp_path):
    load_package(SMALL)
    dump_package(tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert modes == {0o600}


def test_a_dump_does_not_mix_with_other_files(tmp_path):
    load_package(SMALL)
    (tmp_path / "other.txt").write_text("kept")
    with pytest.raises(DomainError, match="not empty"):
        dump_package(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


def test_a_dump_that_cannot_be_written_down_leaves_no_file(tmp_path):
    load_package(SMALL)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry RENAME TO elsewhere")
    with pytest.raises(DatabaseError), transaction.atomic():
        dump_package(tmp_path / "out")
    assert contents(tmp_path / "out") == {}


def test_nothing_is_dumped_before_there_is_a_programme(tmp_path):
    with pytest.raises(DomainError, match="no programme"):
        dump_package(tmp_path / "out")


def test_meetings_of_the_example_are_there():
    load_package(SMALL)
    assert MeetingAttendance.objects.count() == 126


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_make_every_row_once():
    def run() -> int:
        try:
            return sum(count.created for count in load_package(SMALL).counts)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        made = [future.result() for future in [threads.submit(run) for _ in range(2)]]
    assert sorted(made) == [0, 1393]  # All rows of the files but the format version.
    assert Participant.objects.count() == 140


class Slow:
    """A load that has written everything and waits a second before it commits."""

    def __init__(self, package: Path):
        self.package, self.has_written = package, threading.Event()

    def run(self) -> int:
        """Return how many errors there were."""
        try:
            options = {"reason": REASON, "finish": self._wait}
            return len(load(self.package, TABLES, **options).errors)
        finally:
            self.has_written.set()
            connection.close()

    def _wait(self, _outcome) -> None:
        self.has_written.set()
        time.sleep(1)


@pytest.mark.django_db(transaction=True)
def test_a_load_and_a_colleague_do_not_give_the_last_seat_twice(package):
    load_package(SMALL)
    occasion = Occasion.objects.get(ref="occ-0024")
    held = occasion.enrolments.confirmed().count()
    Occasion.objects.filter(pk=occasion.pk).update(capacity=held + 1, status="open")
    taken = occasion.enrolments.values("participant")
    mine, hers = Participant.objects.exclude(pk__in=taken).order_by("ref")[:2]
    yesterday = timezone.now() - timezone.timedelta(days=1)
    waiting = Enrolment.objects.create(
        occasion=occasion, participant=hers, nominated_at=yesterday
    )
    for path in package.iterdir():
        if path.name not in {"package.csv", "programme.csv", "enrolments.csv"}:
            path.unlink()
    times = ("2025-10-01T08:00", "", "2025-10-02T08:00", "", "")
    append(package / "enrolments.csv", "e-900001", occasion.ref, mine.ref, *times)

    slow = Slow(package)
    with ThreadPoolExecutor(1) as thread:
        loading = thread.submit(slow.run)
        assert slow.has_written.wait(timeout=30)
        given = confirm_seats(occasion=occasion, enrolments=[waiting], actor=None)
        errors = loading.result()

    assert errors == 0
    assert given.confirmed == []
    assert occasion.enrolments.confirmed().count() == held + 1


@pytest.mark.django_db(transaction=True)
def test_a_load_and_who_writes_beside_it_do_not_wait_for_each_other():
    load_package(SMALL)
    network = Network.objects.first()
    stranger = Participant.objects.exclude(network_memberships__network=network).first()

    def run() -> int:
        try:
            return len(load_package(SMALL).errors)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        # What a new row points at is locked only when the transaction ends.
        with transaction.atomic():
            NetworkMember.objects.create(
                network=network, participant=stranger, joined_on="2026-01-01"
            )
            loading = thread.submit(run)
            time.sleep(2)
        assert loading.result() == 0

    assert network.members.filter(participant=stranger).exists()
