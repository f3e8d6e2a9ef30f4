import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import PersonKeysInForce
from companies.services import (
    begin_person_keys,
    fill_person_keys,
    give_up_person_keys,
    swap_person_keys,
    unfilled_person_keys,
)
from core.contention import is_passing
from core.crypto import has_key, newest_key
from core.errors import DomainError
from kompetenslyft.rotation import (
    Rotation,
    keys_of,
    make_number_key,
    next_person_secret,
    rotate_number_keys,
    values_held,
)

SAID_EVERY = 2.0  # Seconds between two lines about progress.


class Command(BaseCommand):
    help = (
        "Encrypt everything under the newest key, beside the running portal. "
        "Stopped in the middle, the same command goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        for name, says in {
            "--check": "say what each key still holds, and change nothing",
            "--new-key": "make a new key first (keys in files: the default mode)",
            "--people": "key people under the next secret too, all of them",
            "--swap": "after --people: let the next secret be the one in force",
            "--give-up": "after --people: forget the next secret",
        }.items():
            what.add_argument(name, action="store_true", help=says)
        parser.add_argument(
            "--lost",
            action="append",
            default=[],
            metavar="KEY",
            help="go on without this key; what it encrypted stays unreadable",
        )

    def handle(self, *args, **options) -> None:
        self.said_at = time.monotonic()
        try:
            self._work(options)
        except OperationalError as error:
            if not is_passing(error):
                raise
            sentence = _("The database was too busy, or is full. Run this again.")
            raise CommandError(sentence) from error
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _work(self, options) -> None:
        if options["check"]:
            self._say_numbers(keys_of(values_held()), newest_key())
            self._say_people()
        elif options["people"]:
            self._fill_people()
        elif options["swap"]:
            swap_person_keys()
            self._say(_("The next secret is in force: people are found by it now."))
            self._say(
                _(
                    "Every process goes on as it runs. At the next start let "
                    "PERSON_KEY_SECRET be the new secret, and take the old one away."
                )
            )
        elif options["give_up"]:
            give_up_person_keys()
            self._say(_("The next secret is forgotten; the one in force stays."))
        else:
            self._rotate(lost=options["lost"], is_new=options["new_key"])

    def _rotate(self, *, lost: list[str], is_new: bool) -> None:
        key_id = make_number_key() if is_new else newest_key()
        rotation = rotate_number_keys(key_id=key_id, lost=lost, progress=self._progress)
        for name, done in rotation.done.items():
            if done.values:
                facts = {"name": name, "count": done.values}
                self._say(_("%(name)s: %(count)d done") % facts)
        self._say_numbers(keys_of(rotation.held), key_id)
        if is_new:
            self._say(
                _(
                    "A portal that runs already reads the new key, and encrypts under "
                    "it when it is started anew. Then run rotate_keys once more."
                )
            )
        self._refuse_unreadable(rotation)

    def _refuse_unreadable(self, rotation: Rotation) -> None:
        unreadable = rotation.unreadable
        self._name_unreadable(unreadable)
        if unreadable:
            raise CommandError(
                ngettext(
                    "%(count)d value cannot be read. All others are done.",
                    "%(count)d values cannot be read. All others are done.",
                    len(unreadable),
                )
                % {"count": len(unreadable)}
            )

    def _fill_people(self) -> None:
        begin_person_keys(secret=next_person_secret())
        rows: Counter[str] = Counter()

        def progress(name: str, more: int) -> None:
            rows[name] += more
            self._progress(name, rows[name])

        filled = fill_person_keys(progress=progress)
        for name, count in rows.items():
            self._say(_("%(name)s: %(count)d done") % {"name": name, "count": count})
        self._say_people()
        self._name_unreadable(filled.unreadable)
        if filled.unreadable:
            raise CommandError(
                _(
                    "Enter the numbers of these participants again, on their pages. "
                    "The other rows are done."
                )
            )

    def _name_unreadable(self, unreadable: list[tuple[str, str]]) -> None:
        for name, row in unreadable:
            facts = {"name": name, "row": row}
            self.stderr.write(_("%(name)s: %(row)s cannot be read") % facts)

    def _say_numbers(self, counts: Counter[str], encrypts: str) -> None:
        for key_id in sorted({*counts, encrypts}):
            facts = {"key": key_id or "–", "count": counts[key_id]}
            if key_id == encrypts:
                self._say(_("Key %(key)s: %(count)d values; it encrypts") % facts)
            elif has_key(key_id):
                self._say(_("Key %(key)s: %(count)d values") % facts)
            else:
                self._say(_("Key %(key)s, which is missing: %(count)d values") % facts)
        if not counts.keys() - {encrypts}:
            self._say(
                _(
                    "No value needs another key. When every process encrypts under "
                    "%(key)s, the others may be removed."
                )
                % {"key": encrypts}
            )

    def _say_people(self) -> None:
        row = PersonKeysInForce.objects.first()
        if not (row and row.next):
            self._say(_("The keys of people are not being changed."))
        elif unfilled := unfilled_person_keys():
            for name, count in unfilled.items():
                facts = {"name": name, "count": count}
                self._say(_("%(name)s: %(count)d without a next key") % facts)
        else:
            self._say(_("Every row has its next key: rotate_keys --swap may be run."))

    def _progress(self, name: str, done: int, total: int = 0) -> None:
        if time.monotonic() < self.said_at + SAID_EVERY:
            return
        self.said_at = time.monotonic()
        facts = {"name": name, "done": done, "total": total}
        said = (
            _("%(name)s: %(done)d of %(total)d") if total else _("%(name)s: %(done)d")
        )
        self._say(said % facts)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
