from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from companies.models import Participant
from core.errors import DomainError
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.kinds import told


class Command(BaseCommand):
    help = "Erase one person, also before the grant's rules allow it if so ordered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ref", metavar="REF", help="such as p-7K3F9Q2M")
        parser.add_argument(
            "--ordered",
            default="",
            metavar="DECISION",
            help="number of a court's or the authority's decision; kept in the audit",
        )
        parser.add_argument(
            "--simulate", action="store_true", help="only say what would be erased"
        )

    def handle(self, *args, ref: str, ordered: str, simulate: bool, **options) -> None:
        participant = Participant.objects.filter(ref=ref).first()
        if participant is None:
            raise CommandError(_("There is no participant with this ref."))
        try:
            if simulate:
                expected = consequences(participant)
                if expected.refusal and not ordered:
                    raise CommandError(expected.refusal)
                counts = expected.goes
            else:
                basis = "ordered" if ordered else "command"
                counts = erase_person(
                    participant=participant, basis=basis, actor=None, order=ordered
                )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        for what, count in told(counts):
            self.stdout.write(f"{what}: {count}")
        if simulate:
            self.stdout.write(_("Nothing was erased: --simulate."))
