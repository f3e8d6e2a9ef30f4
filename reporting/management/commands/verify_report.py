"""Whether files are those of issued reports, from a shell: thousands at once."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.enums import ReportState
from reporting.selectors.issued import Standing, standings_of

BATCH = 200  # Checksums asked about in one query.


class Command(BaseCommand):
    help = (
        "Tell of each file whether it is one of an issued report, and how that stands. "
        "Exit status 1 if any is not issued and current."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files: Sequence[Path], **options: Any) -> None:
        others = 0
        for first in range(0, len(files), BATCH):
            digests = [(path, _digest(path)) for path in files[first : first + BATCH]]
            standings = standings_of({sha256 for _path, sha256 in digests})
            for path, sha256 in digests:
                standing = standings.get(sha256)
                others += standing is None or standing.state != ReportState.CURRENT
                self.stdout.write(f"{path}: {_told(standing)}")
        if others:
            sentence = ngettext(
                "%(count)d file is not issued and current.",
                "%(count)d files are not issued and current.",
                others,
            )
            raise CommandError(sentence % {"count": others})


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = _("%(file)s cannot be read: %(why)s.")
        raise CommandError(message % {"file": path, "why": error.strerror}) from error


def _told(standing: Standing | None) -> str:
    if standing is None:
        return _("unknown")
    since = f"{standing.since:%Y-%m-%d}"
    if standing.state == ReportState.SUPERSEDED:
        newer = standing.report.successor
        by = {"ref": newer.ref if newer else "", "day": since}
        return _("issued and superseded by %(ref)s, %(day)s") % by
    return f"{ReportState(standing.state).label}, {since}"
