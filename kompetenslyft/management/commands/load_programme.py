from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.exchange import Outcome
from kompetenslyft.package import load_package


class Command(BaseCommand):
    help = "Load a programme from a folder of CSV files, or list all that is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--check", action="store_true", help="check everything and save nothing"
        )

    def handle(self, *args, folder: Path, check: bool, **options) -> None:
        try:
            outcome = load_package(folder, check_only=check)
        except DomainError as refusal:
            raise CommandError(f"{folder}: {refusal}") from refusal
        for warning in outcome.warnings:
            self.stderr.write(_("warning: %(what)s") % {"what": warning})
        if outcome.is_refused:
            self._refuse(outcome)
        for count in outcome.counts:
            self.stdout.write(
                _("%(file)s: %(rows)d rows, %(new)d new, %(changed)d changed")
                % {
                    "file": count.file,
                    "rows": count.rows,
                    "new": count.created,
                    "changed": count.changed,
                }
            )
        if check:
            self.stdout.write(_("Nothing is wrong. Nothing was saved: --check."))

    def _refuse(self, outcome: Outcome) -> None:
        for error in outcome.errors:
            self.stderr.write(str(error))
        found = len(outcome.errors)
        raise CommandError(
            ngettext(
                "%(found)d error. Nothing was saved.",
                "%(found)d errors. Nothing was saved.",
                found,
            )
            % {"found": found}
        )
