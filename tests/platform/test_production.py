"""Production starts with a whole configuration, or says what is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kompetenslyft.production import faults

ROOT = Path(__file__).resolve().parents[2]
NUMBER_KEY = "pQfYuKc1yVv6VJcQm9rO0j8mS3nq2b7Lh4XwTzE5aGk="
PERSON_KEY = "0kHq3Z8nJt5bYw2RrV6cXm9LdF1sGp4Ua7OiEyNeQTs="
WHOLE = {
    "PORTAL_ENV": "production",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://portal:secret@127.0.0.1:1/portal",
    "DEFAULT_FROM_EMAIL": "Portalen <portal@example.org>",
    "EMAIL_URL": "smtp+tls://portal:secret@smtp.example.org:587",
    "NUMBER_KEYS": f'{{"1": "{NUMBER_KEY}"}}',
    "PERSON_KEY_SECRET": PERSON_KEY,
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "x7-Kq2_vYw9Zr4Lm8Tn3Bc6Fd1Gh5Js0Pa!Qe@Ru#Wo$Iy%Xz^Vb",
}
READ = re.compile(r'env(?:iron)?(?:\.\w+)?[\[(]\s*"([A-Z_]+)"')
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
        ("NUMBER_KEYS", f'{{"a:b": "{NUMBER_KEY}"}}'),
        ("PERSON_KEY_SECRET", "åäö"),
        ("PERSON_KEY_SECRET_NEXT", "c2hvcnQ="),
        ("PERSON_KEY_SECRET_NEXT", PERSON_KEY),
        ("PORTAL_ENV", "produktion"),
        ("DATABASE_URL", "postgresql://portal:secret@127.0.0.1:port/portal"),
        ("DATABASE_URL", "postgresql://portal:secret@127.0.0.1"),
        ("EMAIL_URL", "secret"),
        ("JOB_SWEEP_SECONDS", "x"),
        ("LOG_LEVEL", "loud"),
        ("MIRROR_MARGIN", "x"),
        ("MIRROR_MARGIN_RELATIVE", "1/0"),
        ("TRUSTED_PROXY_COUNT", "one"),
        ("HR_SECOND_FACTOR", "perhaps"),
        ("OIDC_APPS", "no json, but a secret"),
        ("OIDC_APPS", '[{"name": "BankID", "secret": "a secret"}]'),
        ("OIDC_ORIGINS", "*"),
    ],
)
def test_a_wrong_variable_is_named_in_one_sentence(name, value, tmp_path):
    result = _run("command", tmp_path, **{name: value})

    said = (result.stdout + result.stderr).strip()
    assert result.returncode != 0
    assert name in said
    assert "secret" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PERSON_KEY_SECRET", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="),
        ("SECRET_KEY", "secret"),
        ("SECRET_KEY", "secret" * 20),
        ("SECRET_KEY", f"django-insecure-{NUMBER_KEY}"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "portal.example.org,*"),
        ("ALLOWED_HOSTS", "*.example.org"),
        ("ALLOWED_HOSTS", "https://portal.example.org"),
        ("ALLOWED_HOSTS", "portal.example.org,"),
        ("ALLOWED_HOSTS", ".example.org"),
        ("PORTAL_URL", "http://portal.example.org"),
        ("MIGRATE_DATABASE_URL", "sqlite:////data/portal.sqlite3"),
        ("DEFAULT_FROM_EMAIL", "portal@localhost"),
        ("DEFAULT_FROM_EMAIL", "Portalen"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "dummymail://"),
        ("SMS_URL", "http://portal:secret@api.example.org/sms?from=Me"),
        ("SMS_URL", "https://portal:secret@api.example.org/sms"),
        ("SMS_URL", "https://[portal"),
        ("SMS_URL", "console"),
        ("SCAN_MAX_MB", "25"),
        ("SCAN_MAX_MB", "0"),
        ("REDIS_URL", "rediss"),
        ("NUMBER_KEYS", "[]"),
        ("NUMBER_KEYS", "null"),
    ],
)
def test_a_value_that_is_unfit_for_production_is_named_and_not_quoted(name, value):
    (phrase,) = faults(WHOLE | {name: value})

    assert phrase.startswith(f"{name} ")
    assert value not in phrase.removeprefix("ALLOWED_HOSTS must").replace("*", "")
    assert faults(WHOLE) == []


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        ("NUMBER_KEYS and PERSON_KEY_SECRET", {"PERSON_KEY_SECRET": NUMBER_KEY}),
        (
            "PERSON_KEY_SECRET and PERSON_KEY_SECRET_NEXT",
            {"PERSON_KEY_SECRET_NEXT": PERSON_KEY},
        ),
        (
            "NUMBER_KEYS",
            {"NUMBER_KEYS": f'{{"1": "{NUMBER_KEY}", "2": "{NUMBER_KEY}"}}'},
        ),
    ],
)
def test_a_key_that_is_used_twice_is_named(names, changes):
    assert faults(WHOLE | changes) == [f"{names} must not hold the same key"]


def test_a_wildcard_of_ones_own_domain_needs_an_address_for_letters():
    wild = WHOLE | {"ALLOWED_HOSTS": ".example.org"}

    assert len(faults(wild)) == 1
    assert faults(wild | {"PORTAL_URL": "https://portal.example.org"}) == []


def test_everything_that_is_wrong_is_named_at_once(tmp_path):
    result = _run(
        "command",
        tmp_path,
        SECRET_KEY="short",
        EMAIL_URL=None,
        DEFAULT_FROM_EMAIL=None,
        ALLOWED_HOSTS="*",
        DATABASE_URL="sqlite:////data/portal.sqlite3",
        PERSON_KEY_SECRET=NUMBER_KEY,
    )

    _is_one_sentence(
        result,
        "Production needs DEFAULT_FROM_EMAIL, EMAIL_URL;",
        "ALLOWED_HOSTS must",
        "DATABASE_URL must",
        "NUMBER_KEYS and PERSON_KEY_SECRET must",
        "SECRET_KEY must",
    )


def test_the_keys_of_the_example_are_made_as_it_says(tmp_path):
    """What an operator makes by the commands in .env.example is taken."""
    example = (ROOT / ".env.example").read_text()
    commands = re.findall(r'python3 -c "([^"]+)"', example)
    assert len(commands) == 2

    secret, number_key, person_key = (
        subprocess.run(
            [sys.executable, "-c", command], capture_output=True, text=True, check=True
        ).stdout.strip()
        for command in [*commands, commands[1]]
    )
    result = _run(
        "command",
        tmp_path,
        SECRET_KEY=secret,
        NUMBER_KEYS=f'{{"1": "{number_key}"}}',
        PERSON_KEY_SECRET=person_key,
    )

    assert result.returncode == 0, result.stderr


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
    way = "https://portal:secret@api.example.org/sms?from=Kompetens"
    result = _run("command", tmp_path, SMS_URL=way)

    said = result.stdout + result.stderr
    assert (result.returncode, said) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )


def test_without_text_messages_the_deploy_check_says_so_and_passes(tmp_path):
    result = _run("command", tmp_path)

    assert result.returncode == 0
    assert "(accounts.I001)" in result.stdout + result.stderr


COMPOSED = {
    "SMS_URL",
    "SMS_SENDER",
    "PARCEL_DAYS",
    "SCAN_MAX_MB",
    "EVALUATION_DAYS",
    "EVALUATION_LATE_DAYS",
}


def test_compose_gives_every_service_what_production_needs():
    compose = YAML(typ="safe").load(ROOT / "docker-compose.yml")

    for name in ("migrate", "web", "worker", "scheduler"):
        environment = compose["services"][name]["environment"]
        assert set(WHOLE) | COMPOSED <= set(environment), name
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
        for name in READ.findall(source.read_text())
        if name != "DJANGO_SETTINGS_MODULE"
    }

    assert {"SECRET_KEY", "LOG_LEVEL", "WEB_CONCURRENCY", "PORTAL_ENV"} <= read
    assert {name for name in read if f"{name}=" not in example} == set()
