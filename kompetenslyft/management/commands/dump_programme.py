from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import DomainError
from kompetenslyft.package import dump_package


class Command(BaseCommand):
    help = "Write the programme into a new folder of CSV files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args, folder: Path, **options) -> None:
        try:
            counts = dump_package(folder)
        except DomainError as refusal:
            raise CommandError(f"{folder}: {refusal}") from refusal
        for file, rows in counts.items():
            line = _("%(file)s: %(rows)d rows") % {"file": file, "rows": rows}
            self.stdout.write(line)
