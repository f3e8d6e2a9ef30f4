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
    return subprocess.run(
        [sys.executable, *PROGRAMS[program]],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_VAR": str(tmp_path),
            "PORTAL_VENV": sys.prefix,
            **{name: value for name, value in environment.items() if value is not None},
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
        ("DATABASE_URL", "sqlite:////tmp/portal.sqlite3"),
        ("REDIS_URL", "memory://"),
        ("NUMBER_KEYS", "{}"),
        ("NUMBER_KEYS", "no json"),
        ("NUMBER_KEYS", '{"1": "c2hvcnQ="}'),
        ("PERSON_KEY_SECRET", "åäö"),
        ("PORTAL_ENV", "produktion"),
    ],
)
def test_a_wrong_variable_is_named_in_one_sentence(name, value, tmp_path):
    result = _run("command", tmp_path, **{name: value})

    said = (result.stdout + result.stderr).strip()
    assert result.returncode != 0
    assert name in said
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
