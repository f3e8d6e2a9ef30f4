"""What every test may rely on, on either engine."""

import shutil

import pytest
from django.conf import settings
from django.db import connections

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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make a database whose audit entries the flush between tests may empty.

    PostgreSQL truncates, which their trigger lets through. SQLite deletes, so there
    the trigger steps aside for the flush and for nothing else.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE name = 'audit_entry_no_delete'"
        )
        name, guard = cursor.fetchone()
    sql_flush = connection.ops.sql_flush

    def unguarded(*args, **options):
        return [f"DROP TRIGGER {name}", *sql_flush(*args, **options), guard]

    connection.ops.sql_flush = unguarded
