"""Production starts with a whole configuration, or says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
WHOLE = {
    "PORTAL_ENV": "production",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://portal:secret@127.0.0.1:1/portal",
    "NUMBER_KEYS": f'{{"1": "{KEY}"}}',
    "PERSON_KEY_SECRET": KEY,
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "x7-Kq2_vYw9Zr4Lm8Tn3Bc6Fd1Gh5Js0Pa!Qe@Ru#Wo$Iy%Xz^Vb",
}
PROGRAMS = {
    "command": ["manage.py", "check", "--deploy"],
    "server": ["-m", "gunicorn", "--check-config"],
    "worker": ["-m", "celery", "--app", "kompetenslyft", "report"],
}


def _run(program, tmp_path, **changes):
    environment = WHOLE | changes
    return _start(
        PROGRAMS[program],
        PORTAL_VAR=str(tmp_path),
        **{name: value for name, value in environment.items() if value is not None},
    )


def _start(arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_VENV": sys.prefix,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_missing_variable_is_named_in_one_sentence(program, tmp_path):
    result = _run(program, tmp_path, PERSON_KEY_SECRET=None, SECRET_KEY="")

    said = (result.stdout + result.stderr).strip()
    assert result.returncode != 0
    assert "PERSON_KEY_SECRET, SECRET_KEY" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:////data/portal.sqlite3"),
        ("REDIS_URL", "memory://"),
        ("NUMBER_KEYS", "{}"),
        ("NUMBER_KEYS", "no json"),
        ("NUMBER_KEYS", '{"1": "c2hvcnQ="}'),
        ("PERSON_KEY_SECRET", "åäö"),
        ("PORTAL_ENV", "produktion"),
        ("DATABASE_URL", "postgresql://portal:secret@127.0.0.1:port/portal"),
        ("DATABASE_URL", "postgresql://portal:secret@127.0.0.1"),
        ("EMAIL_URL", "secret"),
        ("JOB_SWEEP_SECONDS", "x"),
        ("LOG_LEVEL", "loud"),
        ("MIRROR_MARGIN", "x"),
        ("MIRROR_MARGIN_RELATIVE", "1/0"),
        ("TRUSTED_PROXY_COUNT", "one"),
    ],
)
def test_a_wrong_variable_is_named_in_one_sentence(name, value, tmp_path):
    result = _run("command", tmp_path, **{name: value})

    said = (result.stdout + result.stderr).strip()
    assert result.returncode != 0
    assert name in said
    assert "secret" not in said
    assert len(said.splitlines()) == 1


def test_a_senseless_database_is_named_in_the_default_mode_too(tmp_path):
    result = _start(["manage.py", "check"], PORTAL_VAR=tmp_path, DATABASE_URL="x")

    _is_one_sentence(result, "DATABASE_URL")


COMMANDS = [
    ["load_programme", str(ROOT / "tests/data/programme-small")],
    ["dump_programme", "/nowhere"],
    ["seed_demo"],
    ["create_leader", "leader@example.org"],
    ["esf_metrics", "--from=2026-01-01", "--to=2026-03-31", "--json"],
]


def test_a_database_that_is_not_prepared_is_told_with_the_way_out(tmp_path):
    result = _start(["manage.py", "clearsessions"], PORTAL_VAR=tmp_path)

    _is_one_sentence(result, "portal.sqlite3", "python3 manage.py migrate")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_that_does_not_answer_is_told(command, tmp_path):
    url = "postgresql://portal:secret@127.0.0.1:1/portal"
    result = _start(["manage.py", *command], PORTAL_VAR=tmp_path, DATABASE_URL=url)

    _is_one_sentence(result, "portal (127.0.0.1)", "DATABASE_URL")
    assert "secret" not in result.stderr


@pytest.mark.parametrize("command", ["migrate", "portal", "seed_demo"])
def test_a_file_that_is_no_database_is_told(command, tmp_path):
    file = tmp_path / "portal.sqlite3"
    file.write_text("A letter to somebody, not a database. " * 100)
    result = _start(["manage.py", command], PORTAL_VAR=tmp_path)

    _is_one_sentence(result, str(file), "DATABASE_URL")


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    result = _start(["manage.py", "check"], PORTAL_VAR=tmp_path / "file" / "var")

    _is_one_sentence(result, str(tmp_path / "file" / "var"), "PORTAL_VAR")


def test_a_file_of_the_data_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "portal.lock").mkdir()
    result = _start(
        ["manage.py", "portal", "--bind=127.0.0.1:8629"], PORTAL_VAR=tmp_path
    )

    _is_one_sentence(result, str(tmp_path / "portal.lock"), "PORTAL_VAR")


def _is_one_sentence(result, *words):
    said = (result.stdout + result.stderr).strip()
    assert result.returncode == 1
    assert [word for word in words if word not in said] == []
    assert len(said.splitlines()) == 1


def test_a_whole_configuration_passes_the_deploy_check(tmp_path):
    result = _run("command", tmp_path)

    said = result.stdout + result.stderr
    assert (result.returncode, said) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )


def test_compose_gives_every_service_what_production_needs():
    compose = YAML(typ="safe").load(ROOT / "docker-compose.yml")

    for name in ("migrate", "web", "worker", "scheduler"):
        environment = compose["services"][name]["environment"]
        assert set(WHOLE) <= set(environment), name
    for secret in ("SECRET_KEY", "NUMBER_KEYS", "PERSON_KEY_SECRET", "ALLOWED_HOSTS"):
        assert environment[secret].startswith(f"${{{secret}:?")


def test_the_example_names_every_variable_that_is_read():
    example = (ROOT / ".env.example").read_text()
    sources = [
        *(ROOT / "kompetenslyft").glob("settings/*.py"),
        ROOT / "kompetenslyft/environment.py",
        ROOT / "gunicorn.conf.py",
    ]
    read = {
        name
        for source in sources
        for name in _names_read(source.read_text())
        if name != "DJANGO_SETTINGS_MODULE"
    }

    assert "SECRET_KEY" in read
    assert {name for name in read if f"{name}=" not in example} == set()


def _names_read(source):
    for part in source.replace("\n", " ").split("env")[1:]:
        call, _quote, rest = part.partition('"')
        if call.startswith((".", "iron")) and rest.partition('"')[0].isupper():
            yield rest.partition('"')[0]
