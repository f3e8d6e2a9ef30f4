"""The portal's own commands make the database ready; a shell is all they need."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run a command on a data folder of its own, as a person would."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "REDIS_URL"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | {"PORTAL_VAR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_package_is_loaded_into_a_folder_where_nothing_was(tmp_path):
    loaded = manage(tmp_path / "var", "load_programme", "tests/data/programme-small")

    assert (loaded.returncode, "Traceback" in loaded.stderr) == (0, False)
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_djangos_own_commands_leave_the_database_as_it_is(tmp_path):
    shown = manage(tmp_path / "var", "showmigrations", "accounts")

    assert shown.returncode == 0
    assert "[ ] 0001_initial" in shown.stdout
