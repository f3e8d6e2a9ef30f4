"""What every test may rely on, on either engine."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connections
from django.utils import translation

from accounts.tests.clients import ProvedClient
from kompetenslyft.catalogues import compile_catalogues
from tests.own_redis import leave_redis


def pytest_configure():
    compile_catalogues()


def pytest_sessionfinish():
    for connection in connections.all():
        connection.close()
    if settings.REDIS_URL:
        leave_redis(settings.REDIS_URL)
    if settings.VAR.name.startswith("portal-test-"):
        shutil.rmtree(settings.VAR, ignore_errors=True)


# How the triggers that keep what stands for good step aside for a flush, and come back.
GUARDS = (
    "SELECT 'DROP TRIGGER ' || name, sql FROM sqlite_master"
    " WHERE type = 'trigger' AND (name LIKE 'audit_%_no_delete'"
    " OR name LIKE 'certification_%_no_delete' OR name LIKE 'issued_%_no_delete')"
)


# What belongs to the tables and not to a test: left alone, it need not be made again.
MADE_WITH_THE_DATABASE = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make a database whose audit trail the flush between tests, and it alone, empties.

    PostgreSQL deletes, too, as a replica does, which no trigger hears: truncating some
    hundred small tables takes half a second for each test.
    """
    connection = connections["default"]
    sql_flush = connection.ops.sql_flush
    steps_aside = ["SET LOCAL session_replication_role = replica"]
    comes_back: list[str] = []
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(GUARDS)
            guards = cursor.fetchall()
        steps_aside = [off for off, _on in guards]
        comes_back = [on for _off, on in guards]

    def unguarded(style, tables, **options):
        tables = [table for table in tables if table not in MADE_WITH_THE_DATABASE]
        statements = sql_flush(style, tables, **options)
        if connection.vendor == "postgresql":
            names = map(connection.ops.quote_name, tables)
            statements = [f"DELETE FROM {name}" for name in names]  # noqa: S608
        return [*steps_aside, *statements, *comes_back]

    connection.ops.sql_flush = unguarded
    flush.emit_post_migrate_signal = lambda *_args, **_options: None


@pytest.fixture
def english(client, settings) -> Iterator[None]:
    """Read the portal in English: in the browser, and beside it."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> ProvedClient:
    """A browser whose `force_login` has proved a second factor too."""
    return ProvedClient()
