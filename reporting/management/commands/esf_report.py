"""The leader's workbook of any period, from a shell."""

import datetime as dt
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.errors import DomainError
from reporting.periods import read_day
from reporting.services import write_leader_file


class Command(BaseCommand):
    help = "Write the workbook of a period to a file, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")

    def handle(self, *, first: str, last: str, out: Path, **options: Any) -> None:
        if out.suffix.lower() != ".xlsx":
            raise CommandError(
                _("%(file)s: the file’s name must end with .xlsx.") % {"file": out}
            )
        if out.is_dir():
            raise CommandError(
                _("%(file)s is a folder; name a file in it.") % {"file": out}
            )
        try:
            _write_whole(read_day(first), read_day(last), out)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            message = _("%(file)s cannot be written: %(why)s.")
            raise CommandError(
                message % {"file": out, "why": error.strerror}
            ) from error
        self.stdout.write(_("%(file)s is written.") % {"file": out})


def _write_whole(starts_on: dt.date, ends_on: dt.date, out: Path) -> None:
    """Let the file appear, or be replaced, only when all of it is there."""
    descriptor, draft = tempfile.mkstemp(dir=out.parent, prefix=".", suffix=".xlsx")
    try:
        with os.fdopen(descriptor, "wb") as target:
            write_leader_file(starts_on=starts_on, ends_on=ends_on, target=target)
        Path(draft).replace(out)
    except BaseException:
        Path(draft).unlink()
        raise
