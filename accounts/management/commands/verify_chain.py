import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.verification import Verification, verify_trail
from core.chain_walk import KeptHead
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Verify the audit trail: every seal, every content and every person that is "
        "still there. Exit status 1 if anything is not as it was written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            action="extend",
            nargs="+",
            default=[],
            metavar="SEAL:HEX",
            help="a head that was kept elsewhere: without one a cut end is not seen",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options) -> None:
        try:
            found = verify_trail([KeptHead.parse(text) for text in options["head"]])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        if options["as_json"]:
            self.stdout.write(json.dumps(_plain(found), indent=2))
            if not found.holds:
                raise SystemExit(1)
            return
        counts = _(
            "%(entries)d entries under %(seals)d seals, %(unsealed)d not sealed yet, "
            "%(erased)d with erased content."
        )
        self.stdout.write(
            counts
            % {
                "entries": found.entries,
                "seals": found.seals,
                "unsealed": found.unsealed,
                "erased": found.erased,
            }
        )
        self.stdout.write(_("Head: %(head)s") % {"head": found.head or "–"})
        if not found.holds:
            raise CommandError("\n".join(map(str, found.faults)))
        self.stdout.write(_("The trail is as it was written."))


def _plain(found: Verification) -> dict[str, object]:
    """Return what was found as JSON holds it, faults by kind and in a sentence."""
    sealed_at = found.sealed_at.isoformat() if found.sealed_at else None
    faults = [
        {"kind": fault.kind, "number": fault.number, "sentence": str(fault)}
        for fault in found.faults
    ]
    return asdict(found) | {
        "holds": found.holds,
        "sealed_at": sealed_at,
        "faults": faults,
    }
