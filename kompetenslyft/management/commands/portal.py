"""The whole portal on one machine: web, worker and scheduler."""

import fcntl
import os
import socket
import sys
import time
from argparse import ArgumentTypeError
from typing import NamedTuple

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Programme
from kompetenslyft import database
from kompetenslyft.health import answers
from kompetenslyft.supervisor import Child, Supervisor

DEMO_LOGINS = "demo-logins.txt"  # In the data folder; `seed_demo` writes it.
PATIENCE = 60.0  # Seconds for the web server to answer at all.


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def reachable_host(self) -> str:
        """Where this machine itself reaches the portal."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - Compared, not bound.

    @property
    def url(self) -> str:
        local = self.reachable_host in {"127.0.0.1", "::1"}
        return f"http://{f'localhost:{self.port}' if local else self}/"


def address(text: str) -> Address:
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8000")
    return Address(host.strip("[]"), int(port))


class Command(BaseCommand):
    help = "Run the portal: web, worker and scheduler, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--bind", type=address, default="127.0.0.1:8000", metavar="HOST:PORT"
        )
        parser.add_argument(
            "--demo",
            action="store_true",
            help="fill an empty data folder with an invented programme",
        )

    def handle(self, *, bind: Address, demo: bool, **_options):
        _refuse_busy(bind)
        with _data_folder_for_one():
            self._prepare(demo=demo)
            status = self._run(bind)
        sys.exit(status)

    def _prepare(self, *, demo: bool) -> None:
        database.prepare(lambda: self._say(_("The database is being prepared.")))
        call_command("replay_erasures", stdout=self.stdout)
        if demo and not Programme.objects.exists():
            self._say(_("An invented programme is being made."))
            call_command("seed_demo", verbosity=0)
        self.has_users = User.objects.exists()
        # The children open their own connections.
        connection.close()

    def _run(self, bind: Address) -> int:
        supervisor = Supervisor(
            _children(bind), stop_order=["web", "scheduler", "worker"], say=self._say
        )
        supervisor.start("web")
        deadline = time.monotonic() + PATIENCE
        supervisor.keep(
            until=lambda: (
                answers(bind.reachable_host, bind.port) or time.monotonic() > deadline
            )
        )
        supervisor.start("worker", "scheduler")
        if not supervisor.is_stopping:
            self._welcome(bind)
        supervisor.keep()
        self._say(_("The portal is stopping."))
        status = supervisor.stop()
        self._say(_("The portal has stopped."))
        return status

    def _welcome(self, bind: Address) -> None:
        self._say(_("The portal is ready: %(url)s") % {"url": bind.url})
        logins = settings.VAR / DEMO_LOGINS
        if logins.is_file():
            self.stdout.write(logins.read_text())
        elif not self.has_users:
            command = "python3 manage.py create_leader ADDRESS"
            self._say(
                _("Nobody can sign in yet. The first project leader: %(command)s")
                % {"command": command}
            )
        if settings.EMAIL_FILE_PATH:
            self._say(
                _("E-mail is written to the folder %(folder)s")
                % {"folder": settings.EMAIL_FILE_PATH}
            )
        self.stdout.flush()

    def _say(self, line: str) -> None:
        self.stdout.write(f"[portal] {line}")
        self.stdout.flush()


def _refuse_busy(bind: Address) -> None:
    family = socket.AF_INET6 if ":" in bind.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(bind)
        except OSError as error:
            sentence = _(
                "%(address)s cannot be used (%(reason)s). "
                "Choose another address with --bind HOST:PORT."
            )
            facts = {"address": bind, "reason": os.strerror(error.errno or 0)}
            raise CommandError(sentence % facts) from error


def _data_folder_for_one():
    """Hold the data folder until the returned file is closed."""
    file = (settings.VAR / "portal.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        sentence = _("Another portal runs on the data in %(folder)s already.")
        raise CommandError(sentence % {"folder": settings.VAR}) from error
    return file


def _children(bind: Address) -> list[Child]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "kompetenslyft", "--quiet"]
    hosts = {"ALLOWED_HOSTS": ",".join({*settings.ALLOWED_HOSTS, bind.host})}
    return [
        Child(
            "web",
            [*python, "gunicorn", "--bind", str(bind), "--log-level", "warning"],
            hosts,
        ),
        Child(
            "worker",
            [
                *celery,
                "worker",
                "--concurrency=1",
                "--loglevel=WARNING",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ],
            # SIGTERM waits for a job a little, then puts it back.
            {"REMAP_SIGTERM": "SIGQUIT", "CELERY_SKIP_CHECKS": "1"},
        ),
        Child("scheduler", [*celery, "beat", "--loglevel=WARNING", "--pidfile="]),
    ]
