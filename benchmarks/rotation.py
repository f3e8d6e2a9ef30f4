"""Keys are changed: rows a second of both rotations, beside a plain UPDATE.

Everybody has a number and one row of history, so each rotation writes twice as many
rows as there are people. The floor is one statement that sets the same column of the
same rows to a value that the database has at hand. Of the second rotation, filling
works beside a running portal, and swapping is the transaction that writers wait for.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import base64
import json

from measuring import Measurement, Work, part, print_rates, run, start
from portals import Portal, connect, parser, portals, settings_of_django

NUMBERS, FILL, SWAP = "rotate_keys", "--people", "--swap"
FLOOR, FLOOR_FILL, FLOOR_SWAP = "UPDATE", "UPDATE, one key", "UPDATE, two keys"
FIRST_PERSON_KEY = 100


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--participants", type=int, default=50_000, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_rotation"):
        run(people, _environment(portal, 0), count=options.participants)
        runs: dict[str, list[Measurement]] = {}
        for turn in range(options.rounds):
            _measure(portal, turn, runs)
        print(f"{portal.engine}: {options.participants} participants with history")
        for ours, floor in (NUMBERS, FLOOR), (FILL, FLOOR_FILL), (SWAP, FLOOR_SWAP):
            print_rates({name: runs[name] for name in (ours, floor)}, beside=floor)
            print()


def _measure(portal: Portal, turn: int, runs: dict[str, list[Measurement]]) -> None:
    environment = _environment(portal, turn)
    for title, prepare, arguments in (
        (FLOOR, updating, {"values": "encrypted_number = encrypted_number"}),
        (NUMBERS, numbers, {"key_id": str(turn + 2)}),
        (FLOOR_FILL, updating, {"values": "person_key_next = person_key"}),
        ("", updating, {"values": "person_key_next = NULL"}),
        (FILL, filling, {}),
        (
            FLOOR_SWAP,
            updating,
            {"values": "person_key = person_key, person_key_next = person_key_next"},
        ),
        (SWAP, swapping, {}),
    ):
        run(tidied, environment)
        measured = run(prepare, environment, **arguments)
        if title:
            runs.setdefault(title, []).append(measured)


def _environment(portal: Portal, turn: int) -> dict[str, str]:
    """Return the environment with the keys of this turn and the next."""
    number_keys = {str(place): _key(place) for place in range(1, turn + 3)}
    return portal.environment | {
        "NUMBER_KEYS": json.dumps(number_keys),
        "PERSON_KEY_SECRET": _key(FIRST_PERSON_KEY + turn),
        "PERSON_KEY_SECRET_NEXT": _key(FIRST_PERSON_KEY + turn + 1),
    }


def _key(place: int) -> str:
    return base64.b64encode(bytes([place]) * 32).decode()


@part
def people(count: int) -> Work:
    """Make people with numbers under the first key, and history."""
    settings_of_django()
    from invented import make_people, settle

    from companies.models import Participant, keys_in_force
    from companies.services import update_rows
    from core.crypto import encrypt
    from core.history import CREATED, write_history

    def work() -> None:
        make_people(people=count)
        keys = keys_in_force()
        values = (
            (
                encrypt(f"1985{pk:08}", key_id="1"),
                *keys.of_number(f"1985{pk:08}"),
                "",
                pk,
            )
            for pk in Participant.objects.values_list("pk", flat=True)
        )
        columns = ["encrypted_number", "person_key", "person_key_next"]
        update_rows(Participant, [*columns, "no_number_reason"], values)
        write_history(Participant.objects.all(), kind=CREATED, reason="invented")
        settle()

    return work


@part
def tidied() -> Work:
    settings_of_django()
    from invented import settle

    return settle


@part
def updating(values: str) -> Work:
    settings_of_django()
    from django.db import connection, transaction

    from companies.models import Participant

    connect()

    def work() -> dict[str, int]:
        with transaction.atomic(), connection.cursor() as cursor:
            rows = 0
            for model in (Participant, Participant.history.model):
                table = model._meta.db_table
                cursor.execute(f"UPDATE {table} SET {values}")  # noqa: S608
                rows += cursor.rowcount
        return {"rows": rows}

    return work


@part
def numbers(key_id: str) -> Work:
    settings_of_django()
    from kompetenslyft.rotation import rotate_number_keys

    connect()

    def work() -> dict[str, int]:
        done = rotate_number_keys(key_id=key_id).done
        return {"rows": sum(result.values for result in done.values())}

    return work


@part
def filling() -> Work:
    settings_of_django()
    from companies.services import begin_person_keys, fill_person_keys
    from kompetenslyft.rotation import next_person_secret

    connect()

    def work() -> dict[str, int]:
        begin_person_keys(secret=next_person_secret())
        return {"rows": fill_person_keys(progress=_say_nothing).rows}

    return work


@part
def swapping() -> Work:
    settings_of_django()
    from companies.services import swap_person_keys

    connect()
    return lambda: {"rows": sum(swap_person_keys().values())}


def _say_nothing(*_facts: object) -> None:
    pass


if __name__ == "__main__":
    start(main)
