"""Who was erased is kept beside the database, and erased again after a restore."""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from companies.models import Participant
from companies.tests.factories import ParticipantFactory, ProgrammeFactory
from core.errors import DomainError
from kompetenslyft.privacy import register
from kompetenslyft.privacy.erasure import erase_person
from kompetenslyft.privacy.replay import replay_erasures
from tests.package_files import SMALL
from tests.people import NUMBER, make_anna, traces
from tests.platform.test_portal import ROOT, SERVERS, running

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)
KILLED = -9
# The person of p-00001 has rows at four companies.
ROWS = 4


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def over():
    """A programme whose people need be kept no longer."""
    return ProgrammeFactory(retain_until=YESTERDAY)


def _erase(participant):
    return erase_person(participant=participant, basis="asked", actor=None)


# The list


def test_the_list_of_the_erased_holds_refs_alone(settings, tmp_path, over):
    anna = make_anna(tmp_path)

    with transaction.atomic():
        _erase(anna)

    path = settings.ERASED_PEOPLE_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    refs = {line.split()[1] for line in path.read_text().splitlines()}
    assert refs == set(
        Participant.objects.exclude(erased_at=None).values_list("ref", flat=True)
    )
    assert not any(word in path.read_text() for word in ("Annabritta", NUMBER))


def test_where_the_list_cannot_be_written_nobody_is_erased(settings, tmp_path, over):
    anna = make_anna(tmp_path)
    settings.ERASED_PEOPLE_FILE = tmp_path / "nowhere" / "erased-people"

    with override("en"), pytest.raises(DomainError, match="Nobody was erased"):
        _erase(anna)

    anna.refresh_from_db()
    assert anna.given_name == "Annabritta"


@pytest.mark.django_db(transaction=True)
def test_a_commit_is_noted_as_done(over):
    anna = ParticipantFactory()

    _erase(anna)

    assert register.noted() == {anna.ref: True}


# After a restore


def test_whom_a_backup_revives_is_erased_again(over, tmp_path):
    anna = make_anna(tmp_path)
    register.note_erased([anna.ref])

    assert replay_erasures().erased == 1

    anna.refresh_from_db()
    assert anna.erased_at
    assert replay_erasures().erased == 0


def test_a_replay_judges_nobody_again_whose_erasure_was_done(tmp_path):
    ProgrammeFactory()
    anna = make_anna(tmp_path)
    register.note_erased([anna.ref])

    call_command("replay_erasures")

    anna.refresh_from_db()
    assert anna.erased_at


def test_an_erasure_that_a_crash_left_open_is_judged_again(tmp_path):
    programme = ProgrammeFactory()
    anna = make_anna(tmp_path)
    register.note_begun([anna.ref])

    kept = replay_erasures()
    programme.retain_until = YESTERDAY
    programme.save()
    gone = replay_erasures()

    assert ((kept.erased, kept.kept), (gone.erased, gone.kept)) == ((0, 1), (1, 0))


def test_a_torn_line_names_nobody(settings):
    settings.ERASED_PEOPLE_FILE.write_text("2026-11-22T16:00:00+00:00 p-1 era")
    register.note_erased(["p-2"])

    assert register.noted() == {"p-2": True}


def test_a_lost_list_is_made_anew(over, settings, tmp_path):
    anna = ParticipantFactory()
    _erase(anna)
    settings.ERASED_PEOPLE_FILE.unlink()

    replay_erasures()

    assert register.noted() == {anna.ref: True}


def test_both_commands_say_what_came_back(over, capsys):
    register.note_erased([ParticipantFactory().ref])

    with override("en"):
        call_command("replay_erasures")
        call_command("replay_erasures")

    assert capsys.readouterr().out == (
        "1 row of an erased person came back and was erased again.\n"
    )


def test_rows_put_back_from_a_backup_are_erased_again(over, tmp_path):
    anna = make_anna(tmp_path)
    backup = [Participant.objects.values().get(pk=anna.pk)]
    backup += Participant.history.filter(id=anna.pk).values()
    _erase(anna)
    register.note_erased([anna.ref])
    now, *then = backup
    Participant.objects.filter(pk=anna.pk).update(**now)
    for record in then:
        Participant.history.filter(pk=record["history_id"]).update(**record)
    assert traces()

    assert replay_erasures().erased == 1

    assert traces() == set()


# Real processes on a real file


def _manage(var, *arguments, code=None):
    own = {name: value for name, value in os.environ.items() if name not in SERVERS}
    program = ["-c", code] if code else ["manage.py", *arguments]
    return subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env=own | {"PORTAL_VAR": str(var), "PORTAL_VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )


def _names(var):
    with sqlite3.connect(var / "portal.sqlite3") as database:
        rows = database.execute(
            "SELECT given_name FROM companies_participant"
            " WHERE person_key = (SELECT person_key FROM companies_participant"
            " WHERE ref = 'p-00001')"
        )
        return [name for (name,) in rows]


@pytest.fixture
def var(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir()
    assert _manage(folder, "load_programme", str(SMALL)).returncode == 0
    assert "Måns" in _names(folder)
    return folder


@pytest.mark.worker
def test_a_portal_on_a_restored_database_erases_before_it_opens(var):
    with (
        sqlite3.connect(var / "portal.sqlite3") as database,
        sqlite3.connect(var / "backup") as backup,
    ):
        database.backup(backup)
    _manage(var, "erase_person", "p-00001", "--ordered", "T 1-26")
    assert _names(var) == [""] * ROWS
    for file in var.glob("portal.sqlite3*"):
        file.unlink()
    shutil.copy(var / "backup", var / "portal.sqlite3")
    assert "Måns" in _names(var)

    with running(var) as portal:
        assert portal.health()

    assert _names(var) == [""] * ROWS


KILL = """
import os
from django.core.management import execute_from_command_line
from kompetenslyft.environment import choose_settings
choose_settings()
import django
django.setup()
from kompetenslyft.privacy import erasure
def die(*args, **options):
    os.kill(os.getpid(), 9)
erasure.{step} = die
execute_from_command_line(
    ["manage.py", "erase_person", "p-00001", "--ordered", "T 1-26"]
)
"""


@pytest.mark.worker
@pytest.mark.parametrize(
    "step", ["notes_of", "blank_people", "forget_letters_about", "forget_people"]
)
def test_a_process_killed_in_the_middle_leaves_nothing_half(var, step):
    before = _names(var)

    killed = _manage(var, code=KILL.format(step=step))

    assert killed.returncode == KILLED
    assert _names(var) == before
    again = _manage(var, "erase_person", "p-00001", "--ordered", "T 1-26")
    assert again.returncode == 0
    assert _names(var) == [""] * ROWS
