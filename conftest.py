"""What every test may rely on, on either engine."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
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


# How the triggers that keep the two chains step aside for a flush, and come back.
GUARDS = {
    "sqlite": (
        "SELECT 'DROP TRIGGER ' || name, sql FROM sqlite_master"
        " WHERE type = 'trigger' AND (name LIKE 'audit_%_no_delete'"
        " OR name LIKE 'certification_%_no_delete')"
    ),
    "postgresql": (
        "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname),"
        " format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname)"
        " FROM pg_trigger WHERE tgname LIKE 'audit_%_no_truncate'"
        " OR tgname LIKE 'certification_%_no_truncate'"
    ),
}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make a database whose audit trail the flush between tests, and it alone, empties.

    SQLite deletes, PostgreSQL truncates.
    """
    connection = connections["default"]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        guards = cursor.fetchall()
    sql_flush = connection.ops.sql_flush

    def unguarded(*args, **options):
        steps_aside = [off for off, _on in guards]
        comes_back = [on for _off, on in guards]
        return [*steps_aside, *sql_flush(*args, **options), *comes_back]

    connection.ops.sql_flush = unguarded


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
