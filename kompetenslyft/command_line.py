"""Django's command line, with a sentence for what is wrong around the portal."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from kompetenslyft.environment import unusable_folder


def run(argv: list[str]) -> None:
    """Run a command; end it with a sentence where database or data folder fail.

    An error of the portal's own stays one, and `--traceback` shows every one.
    """
    try:
        execute_from_command_line(argv)
    except DatabaseError as error:
        sentence = _database_trouble(error, argv)
        if "--traceback" in argv or not sentence:
            raise
        sys.exit(sentence)
    except OSError as error:
        sentence = _folder_trouble(error)
        if "--traceback" in argv or not sentence:
            raise
        sys.exit(sentence)


def _database_trouble(error: DatabaseError, argv: list[str]) -> str:
    """Return what is wrong with the database, or nothing if it is the portal."""
    facts = {"name": _database_name()}
    # What the error broke off is no way to ask for more.
    connection.close()
    try:
        executor = MigrationExecutor(connection)
        is_prepared = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as refusal:
        error = OperationalError(str(refusal))
    else:
        if not is_prepared and "migrate" not in argv[1:2]:
            facts["command"] = "python3 manage.py migrate"
            sentence = _(
                "The database %(name)s is not prepared for this version of the "
                "portal. Prepare it with: %(command)s"
            )
            return sentence % facts
    if not isinstance(error, OperationalError):
        return ""
    sentence = _(
        "The database %(name)s cannot be used (%(why)s). DATABASE_URL says which "
        "database it is."
    )
    return sentence % (facts | {"why": str(error).partition("\n")[0]})


def _database_name() -> str:
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(parts["NAME"])
    return f"{parts['NAME']} ({parts['HOST'] or 'localhost'})"


def _folder_trouble(error: OSError) -> str:
    """Return what is wrong with the data folder, or nothing if it is another one."""
    path = error.filename
    if isinstance(path, str | Path) and Path(path).is_relative_to(settings.VAR):
        return unusable_folder(error)
    return ""
