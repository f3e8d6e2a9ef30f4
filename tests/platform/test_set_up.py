"""How manage.py makes its virtual environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import manage

pytestmark = pytest.mark.worker
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lock(tmp_path):
    """A lock file that names nothing, so that no index is asked."""
    lock = tmp_path / "requirements.txt"
    lock.write_text("# Nothing.\n")
    return lock


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A virtual environment with pip, made once."""
    venv = tmp_path_factory.mktemp("made") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    return venv


@pytest.fixture
def venv(made, tmp_path):
    return shutil.copytree(made, tmp_path / "venv", symlinks=True)


def test_an_environment_is_ready_until_the_lock_changes(venv, lock):
    manage.set_up(venv, lock)
    ready = manage.is_ready(venv, lock)
    lock.write_text("# Nothing, but another nothing.\n")

    assert ready
    assert not manage.is_ready(venv, lock)


def test_each_lock_has_its_own_stamp(venv, lock, tmp_path):
    developers = tmp_path / "requirements-dev.txt"
    developers.write_text("# Nothing either.\n")

    manage.set_up(venv, lock)

    assert manage.is_ready(venv, lock)
    assert not manage.is_ready(venv, developers)


def test_an_installation_cut_short_is_made_anew(venv, lock):
    (venv / ".unfinished").touch()
    left_over = venv / "lib" / "half a package"
    left_over.touch()

    manage.set_up(venv, lock)

    assert manage.is_ready(venv, lock)
    assert not left_over.exists()


def test_an_environment_whose_python_is_gone_is_made_anew(venv, lock):
    python = venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")

    manage.set_up(venv, lock)

    assert manage.works(venv)


def test_a_folder_with_something_else_is_left_alone(lock, tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter1.txt").write_text("precious")

    with pytest.raises(SystemExit, match="something else"):
        manage.set_up(folder, lock)

    assert (folder / "chapter1.txt").read_text() == "precious"


def test_a_package_that_cannot_be_had_is_one_sentence(venv, lock, monkeypatch):
    lock.write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(SystemExit, match="Is the network there"):
        manage.set_up(venv, lock)

    assert not manage.is_ready(venv, lock)


def test_without_root_the_missing_package_is_one_line_to_run(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit, match="apt-get install -y python3-venv"):
        manage.install_debian_package()


def test_an_old_python_is_refused_by_its_number(lock, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(SystemExit, match=r"3\.11 or newer; this is 3\.9\.2"):
        manage.set_up(tmp_path / "venv", lock)


def test_of_two_that_start_at_once_one_installs(venv, lock, tmp_path):
    code = (
        "from pathlib import Path; import manage;"
        f"manage.set_up(Path({str(venv)!r}), Path({str(lock)!r}))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]

    said = [process.communicate()[0] for process in started]

    assert [process.returncode for process in started] == [0, 0]
    assert b"".join(said).count(b"Installing") == 1
