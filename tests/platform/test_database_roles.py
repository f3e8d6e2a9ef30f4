"""On PostgreSQL the portal runs under a role that owns nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
OWN = os.getpid()
OWNER, APP, NAME = f"owner_{OWN}", f"app_{OWN}", f"test_roles_{OWN}"
SMALL = ROOT / "tests" / "data" / "programme-small"
LOOK = "assert Client().get('/accounts/login/').status_code == 200"
FORBIDDEN = [
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER audit_entry_no_update",
    "ALTER TABLE accounts_auditentry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_no_delete ON accounts_auditentry",
    "ALTER TABLE accounts_auditpayload ADD COLUMN x integer",
    "DROP TABLE accounts_auditseal",
    "TRUNCATE accounts_auditpayload",
    "DROP FUNCTION refuse_audit_change() CASCADE",
    "CREATE TABLE own (id integer)",
    "CREATE RULE r AS ON DELETE TO accounts_auditentry DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "REASSIGN OWNED BY CURRENT_USER TO postgres",
]


def documented(name):
    """Return the statements of the operator's handbook, with this test's names."""
    handbook = (ROOT / "docs" / "operations.md").read_text()
    (block,) = re.findall(r"```sql\n(.+?)```", handbook, re.DOTALL)
    return block.replace("portal_app", name)


@pytest.fixture(scope="module")
def connect():
    """A database of an owner, and the documented role beside it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    parts = settings.DATABASES["default"]
    server = {
        "host": parts["HOST"],
        "port": parts["PORT"] or 5432,
        "password": parts["PASSWORD"] or "none",
    }

    def connect(role, dbname=NAME):
        return psycopg.connect(user=role, dbname=dbname, autocommit=True, **server)

    with connect(parts["USER"], "postgres") as admin:
        admin.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD 'none'")
        admin.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
        try:
            with connect(OWNER) as owner:
                owner.execute(documented(APP))
            yield connect
        finally:
            admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
            admin.execute(f"DROP ROLE IF EXISTS {APP}")
            admin.execute(f"DROP ROLE {OWNER}")


@pytest.fixture(scope="module")
def manage(connect, tmp_path_factory):
    """Run a command as the portal does; `as_owner` lends it the other role."""
    folder = tmp_path_factory.mktemp("var")
    with connect(APP) as app:
        host, port = app.info.host, app.info.port

    def manage(*arguments, as_owner=False):
        url = f"postgresql://{{}}:none@{host}:{port}/{NAME}"
        own = {"MIGRATE_DATABASE_URL": url.format(OWNER)} if as_owner else {}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "PORTAL_VENV": sys.prefix,
                "PORTAL_VAR": str(folder),
                "DATABASE_URL": url.format(APP),
                **own,
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return manage


@pytest.fixture(scope="module")
def migrated(manage):
    """The tables are there, made by the owner."""
    done = manage("migrate", as_owner=True)
    assert done.returncode == 0, done.stderr


def test_the_role_of_the_portal_cannot_migrate(manage):
    refused = manage("migrate")

    assert refused.returncode != 0
    assert "permission denied" in refused.stderr


@pytest.mark.usefixtures("migrated")
def test_the_portal_works_without_the_role_of_the_owner(manage, connect, tmp_path):
    for command in (
        ["load_programme", str(SMALL)],
        ["dump_programme", str(tmp_path / "out")],
        ["create_leader", "lea@example.org"],
        ["shell", "-c", "from accounts.tasks import seal_trail; seal_trail()"],
        ["shell", "-c", f"from django.test import Client; {LOOK}"],
        ["verify_chain"],
    ):
        done = manage(*command)
        assert done.returncode == 0, (command, done.stderr)

    with connect(APP) as app:
        (owner,) = app.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        (sealed,) = app.execute("SELECT count(*) FROM accounts_auditseal").fetchone()
    assert owner == (OWNER,)
    assert sealed == 1


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_role_of_the_portal_cannot(connect, statement):
    with connect(APP) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


@pytest.mark.usefixtures("migrated")
def test_a_trigger_stops_what_the_role_may_do_to_other_rows(connect):
    with connect(APP) as app:
        app.execute(
            "INSERT INTO accounts_auditentry (action, digest) VALUES ('a.tried', '')"
        )
        for statement in (
            "UPDATE accounts_auditentry SET action = 'other'",
            "DELETE FROM accounts_auditentry",
        ):
            with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
                app.execute(statement)
