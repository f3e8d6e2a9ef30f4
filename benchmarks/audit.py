"""The audit trail: writing an entry, sealing the trail, verifying it.

Verifying is measured beside the floor, reading the same rows in the same order and
nothing else; so is sealing, beside giving every entry its seal without a digest.
Every twentieth entry is a list of fifty people, the others are about one person.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from typing import Any

from measuring import (
    Measurement,
    Way,
    Work,
    in_turns,
    part,
    print_rates,
    print_table,
    run,
    start,
)
from portals import parser, portals, settings_of_django

VERIFYING, READING = "our verification", "reading the rows"
BATCH = 5_000
A_LIST, PEOPLE = 20, 50
WRITTEN = 2_000


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--entries", type=int, default=50_000, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_audit"):
        print(f"{portal.engine}: {options.entries} entries")
        run(entries, portal.environment, rows=options.entries)
        _print_once("sealing", run(sealing, portal.environment))
        ways = [Way(VERIFYING, verifying), Way(READING, reading)]
        runs = in_turns(ways, portal.environment, rounds=options.rounds)
        print_rates(runs, beside=READING)
        _print_once("writing, one by one", run(writing, portal.environment))
        print()


def _print_once(title: str, measured: Measurement) -> None:
    rows, seconds = measured.answer["rows"], measured.seconds
    figures = [str(rows), f"{seconds:.2f}", f"{rows / seconds:.0f}"]
    memory = f"{measured.grown_mb:.0f}"
    headings = ("", "rows", "s", "rows/s", "CPU s", "grown MB")
    print_table(headings, [(title, *figures, f"{measured.cpu:.2f}", memory)])


@part
def entries(rows: int) -> Work:
    """Write them as `record` does, but many at a time."""
    settings_of_django()
    from invented import settle

    from accounts.models import AuditEntry, AuditMention, AuditPayload

    def work() -> None:
        for first in range(0, rows, BATCH):
            made = list(_invented(first, min(BATCH, rows - first)))
            AuditEntry.objects.bulk_create(entry for entry, _said, _people in made)
            AuditPayload.objects.bulk_create(said for _entry, said, _people in made)
            AuditMention.objects.bulk_create(
                mention for _entry, _said, people in made for mention in people
            )
        settle()

    return work


def _invented(first: int, count: int) -> Iterator[tuple[Any, Any, list[Any]]]:
    from accounts.audit import content_of
    from accounts.models import AuditEntry, AuditMention, AuditPayload
    from core.chain import MENTION_SALT_BYTES, commit, commit_mention, new_salt

    for number in range(first, first + count):
        size = PEOPLE if number % A_LIST == 0 else 1
        entry = AuditEntry(pk=number + 1, action="companies.listed")
        mentions = []
        for person in range(size):
            ref, salt = f"p-{number + person:08}", new_salt(MENTION_SALT_BYTES)
            commitment = commit_mention(salt, ref)
            mentions.append(
                AuditMention(entry=entry, ref=ref, salt=salt, commitment=commitment)
            )
        moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
        said = AuditPayload(
            entry=entry,
            salt=new_salt(),
            at=moment,
            subject_type="trainings.occasion",
            subject_ref=f"occ-2026-{number % 1000:04}",
            facts={"kind": "companies.participant", "page": number % 9},
        )
        content = content_of(
            action=entry.action,
            at=said.at,
            actor=None,
            subject_type=said.subject_type,
            subject_ref=said.subject_ref,
            facts=said.facts,
            commitments=[mention.commitment for mention in mentions],
        )
        entry.digest = commit(said.salt, content)
        yield entry, said, mentions


@part
def sealing() -> Work:
    settings_of_django()
    from accounts.services.sealing import seal_entries

    return lambda: {"rows": seal_entries()}


@part
def verifying() -> Work:
    settings_of_django()
    from accounts.verification import verify_trail

    def work() -> dict[str, int]:
        found = verify_trail()
        if not found.holds or found.unsealed:
            raise SystemExit(f"The trail does not hold: {found}")
        return {"rows": found.entries}

    return work


@part
def reading() -> Work:
    """Read the seals' rows, the entries with their content, and the people."""
    settings_of_django()
    from accounts.models import AuditEntry, AuditMention
    from core.snapshots import one_moment

    content = ("salt", "at", "actor_id", "subject_type", "subject_ref", "facts")
    said = [f"payload__{name}" for name in content]
    queries = [
        AuditEntry.objects.order_by("seal_id", "pk").values_list(
            "seal_id", "pk", "action", "digest"
        ),
        AuditEntry.objects.order_by("pk").values_list("pk", "action", "digest", *said),
        AuditMention.objects.order_by("entry_id", "pk").values_list(
            "entry_id", "ref", "salt", "commitment"
        ),
    ]

    def work() -> dict[str, int]:
        with one_moment():
            for query in queries:
                deque(query.iterator(BATCH), maxlen=0)
        return {"rows": AuditEntry.objects.count()}

    return work


@part
def writing() -> Work:
    settings_of_django()
    from django.db import connection

    from accounts.audit import record

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('accounts_auditentry', 'id'),"
                " (SELECT max(id) FROM accounts_auditentry))"
            )

    def work() -> dict[str, int]:
        for number in range(WRITTEN):
            record(None, "companies.read", people=[f"p-{number:08}"])
        return {"rows": WRITTEN}

    return work


if __name__ == "__main__":
    start(main)
