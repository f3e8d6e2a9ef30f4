from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.chain_walk import KeptHead
from core.errors import DomainError
from trainings.verification import verify_certifications


class Command(BaseCommand):
    help = (
        "Verify what participants have certified: every seal, every content that is "
        "still there, and every certified time against it. Exit status 1 if anything "
        "is not as it was certified."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            action="extend",
            nargs="+",
            default=[],
            metavar="SEAL:HEX",
            help="a head that was kept elsewhere: without one a cut end may be missed",
        )

    def handle(self, **options) -> None:
        try:
            kept = [KeptHead.parse(text) for text in options["head"]]
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        found = verify_certifications(kept)
        counts = _(
            "%(certifications)d certifications under %(seals)d seals, %(unsealed)d not "
            "sealed yet, %(erased)d with erased content."
        )
        self.stdout.write(
            counts
            % {
                "certifications": found.certifications,
                "seals": found.seals,
                "unsealed": found.unsealed,
                "erased": found.erased,
            }
        )
        if found.brought:
            came = ngettext(
                "%(count)d time was brought certified by a programme package: the "
                "chain knows nothing of it.",
                "%(count)d times were brought certified by a programme package: the "
                "chain knows nothing of them.",
                found.brought,
            )
            self.stdout.write(came % {"count": found.brought})
        self.stdout.write(_("Head: %(head)s") % {"head": found.head or "–"})
        if not found.holds:
            raise CommandError("\n".join(map(str, found.faults)))
        self.stdout.write(_("Everything is as it was certified."))
