from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import DomainError
from kompetenslyft.privacy.kinds import told
from kompetenslyft.privacy.retention import erase_expired


class Command(BaseCommand):
    help = "Erase people, notes and traces that have come to their last day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--simulate", action="store_true", help="only say what would be erased"
        )

    def handle(self, *args, simulate: bool, **options) -> None:
        try:
            expired = erase_expired(simulate=simulate)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        for what, count in told(expired.counts):
            self.stdout.write(f"{what}: {count}")
        if not expired.counts:
            self.stdout.write(_("Nothing has come to its last day."))
        if expired.restricted:
            kept = _("restricted and therefore kept: %(count)d")
            self.stdout.write(kept % {"count": expired.restricted})
        if simulate:
            self.stdout.write(_("Nothing was erased: --simulate."))
