"""Empty portals to measure on: a data folder and a database, gone afterwards."""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from measuring import Work, part, run


@dataclass(frozen=True)
class Portal:
    """A portal for children to run in, told by their environment."""

    engine: str
    folder: Path
    environment: dict[str, str]
    server: str = ""

    def empty(self) -> None:
        """Put back the database as it was: migrated, and without a row."""
        name = self.environment["DATABASE_URL"].rpartition("/")[2]
        if self.engine == "PostgreSQL":
            run(recreated, {}, url=self.server, name=name, template=f"{name}_empty")
            return
        for file in self.folder.glob("portal.sqlite3*"):
            file.unlink()
        _copy(self.folder / "empty.sqlite3", self.folder / "portal.sqlite3")


def parser(description: str | None, *, rounds: int = 3) -> argparse.ArgumentParser:
    """Return a parser with the options that every program on a database takes."""
    options = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=rounds, metavar="N")
    options.add_argument(
        "--postgresql",
        metavar="URL",
        help="measure on PostgreSQL too, in databases that are made beside this one "
        "and dropped again; the role must be a superuser "
        "(postgres://postgres@127.0.0.1:5432/postgres)",
    )
    options.add_argument(
        "--only-postgresql", action="store_true", help="leave SQLite out"
    )
    return options


def portals(options: argparse.Namespace, name: str) -> Iterator[Portal]:
    """Give a portal on SQLite, and one on PostgreSQL if it was asked for."""
    if not options.postgresql:
        print("Without --postgresql URL only SQLite is measured.", end="\n\n")
    if not (options.postgresql and options.only_postgresql):
        with _portal("SQLite", name) as portal:
            yield portal
    if options.postgresql:
        with _portal("PostgreSQL", name, options.postgresql) as portal:
            yield portal


def settings_of_django() -> None:
    """Make Django ready, as the portal's own commands do."""
    import django

    from kompetenslyft.environment import choose_settings

    choose_settings()
    django.setup()


def connect() -> None:
    """Connect before the clock runs, as a server that answers already is."""
    from django.db import connection

    connection.ensure_connection()


@contextmanager
def _portal(engine: str, name: str, server: str = "") -> Iterator[Portal]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {
            "PORTAL_VAR": folder,
            "PORTAL_ENV": "default",
            "REDIS_URL": "",
            "STATIC_ROOT": folder,
            "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
            "LOG_LEVEL": "WARNING",
        }
        portal = Portal(engine, Path(folder), environment, server)
        if engine == "SQLite":
            run(migrated, environment)
            _copy(Path(folder) / "portal.sqlite3", Path(folder) / "empty.sqlite3")
            yield portal
            return
        url = f"{server.rpartition('/')[0]}/{name}"
        environment["DATABASE_URL"] = url
        try:
            run(recreated, {}, url=server, name=f"{name}_empty")
            run(migrated, {**environment, "DATABASE_URL": f"{url}_empty"})
            portal.empty()
            yield portal
        finally:
            for each in (name, f"{name}_empty"):
                run(dropped, {}, url=server, name=each)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source)) as full,
        closing(sqlite3.connect(target)) as copy,
    ):
        full.backup(copy)


@part
def migrated() -> Work:
    settings_of_django()
    from django.core.management import call_command

    return lambda: call_command("migrate", verbosity=0)


@part
def recreated(url: str, name: str, template: str = "template1") -> Work:
    return lambda: _on_server(
        url,
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
    )


@part
def dropped(url: str, name: str) -> Work:
    return lambda: _on_server(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(url: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
