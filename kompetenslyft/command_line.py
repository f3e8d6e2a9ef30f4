"""Django's command line, with a sentence for what is wrong around the portal."""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, OperationalError, connection
from django.utils.translation import gettext as _

from kompetenslyft import database
from kompetenslyft.environment import unusable_folder


def run(argv: list[str]) -> None:
    """Run a command; end it with a sentence where database or data folder fail.

    In the default mode the portal's own commands prepare the database themselves.
    An error of the portal's own stays one, and `--traceback` shows every one.
    """
    django.setup()
    try:
        if settings.PREPARES_DATABASE and _is_own(argv):
            database.prepare()
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


def _is_own(argv: list[str]) -> bool:
    """Whether the command is the portal's and not only asked how it is called."""
    if len(argv) < 2 or {"-h", "--help"} & set(argv):
        return False
    return get_commands().get(argv[1]) in settings.FIRST_PARTY_APPS


def _database_trouble(error: DatabaseError, argv: list[str]) -> str:
    """Return what is wrong with the database, or nothing if it is the portal."""
    facts = {"name": _database_name()}
    # What the error broke off is no way to ask for more.
    connection.close()
    try:
        is_prepared = database.is_prepared()
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
