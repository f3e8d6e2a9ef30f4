"""Suppression of a full report, and the attacker that tries to undo it.

Invented people in ten companies, three staff groups, six themes, three months, eight
kinds of adaptation and four providers. Printed for each number of people and seed: the
counts that a report prints, how many are small, how many are hidden, the seconds that
protection takes against the outsider and ten companies' HR, and the seconds of the
attacker, who bounds every hidden small number by linear and then integer programming.
The attacker finds nothing, or the program says so and stops.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from measuring import print_table
from portals import settings_of_django


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, nargs="+", default=[300, 1500, 11650])
    options.add_argument("--seeds", type=int, default=2)
    options.add_argument("--insiders", type=int, default=2, metavar="N")
    chosen = options.parse_args()
    settings_of_django()
    rows = [
        _measured(people, seed, chosen.insiders)
        for people in chosen.people
        for seed in range(chosen.seeds)
    ]
    headings = ["people", "seed", "printed", "small", "hidden", "protect s", "attack s"]
    print_table(headings, rows)


def _measured(people: int, seed: int, insiders: int) -> list[str]:
    from companies.enums import FundPeriod  # noqa: PLC0415 - After the settings.
    from reporting.suppression import suppress  # noqa: PLC0415
    from reporting.tests.invented_metrics import (  # noqa: PLC0415
        Size,
        invent,
        metrics_of,
    )
    from tests.attacker.attack import Insider, findings  # noqa: PLC0415
    from tests.attacker.released import read_json  # noqa: PLC0415

    size = Size(people=people)
    invented = invent(seed, size)
    metrics = metrics_of(invented, size)
    own = {
        company.org_number: metrics_of(
            [human for human in invented if human.company == company.company_id - 1],
            size,
        )
        for company in metrics.companies
    }
    begun = time.perf_counter()
    suppression = suppress(metrics, FundPeriod.ESF_PLUS, own=own)
    protected = time.perf_counter()
    released = read_json(json.dumps(suppression.report.as_record()))
    known = [Insider(name, _truth_of(theirs)) for name, theirs in own.items()]
    truth = _truth_of(metrics)
    found = findings(released, truth, insiders=known[:insiders])
    attacked = time.perf_counter()
    if found or suppression.given_away:
        sys.exit(f"{people} people, seed {seed}: {found or suppression.given_away}")
    ledger = suppression.ledgers.counts
    small = [cell for cell in ledger.cells if not cell.latent and 0 < cell.value < 5]
    return [
        str(people),
        str(seed),
        str(sum(not cell.latent for cell in ledger.cells)),
        str(sum(cell.counts_people for cell in small)),
        str(len(ledger.hidden)),
        f"{protected - begun:.1f}",
        f"{attacked - protected:.1f}",
    ]


def _truth_of(metrics: object) -> dict[tuple[str, ...], int]:
    from companies.enums import FundPeriod  # noqa: PLC0415
    from reporting.suppression.cells import linked_tables  # noqa: PLC0415

    tables = linked_tables(metrics, FundPeriod.ESF_PLUS, 5)
    return {cell.key: cell.value for cell in tables.cells}


if __name__ == "__main__":
    main()
