"""What an issue printed and hid, kept so that later issues give nothing away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reporting.figures import Period
from reporting.suppression.attackers import Attacker
from reporting.suppression.linked_tables import Cell, Key, LinkedTables, Relation

Json = dict[str, Any]


@dataclass(frozen=True)
class Ledger:
    """All cells of an issue, which of them were hidden, and who knew what.

    It holds the hidden counts themselves: it stays with the leader's own snapshot and
    never reaches a funder.
    """

    period: Period
    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    hidden: frozenset[int]
    attackers: tuple[Attacker, ...]

    def as_record(self) -> Json:
        """Return the ledger as plain values that JSON can hold."""
        places = {cell.key: place for place, cell in enumerate(self.cells)}
        return {
            "from": self.period.starts_on.isoformat(),
            "to": self.period.ends_on.isoformat(),
            "cells": [
                [
                    list(cell.key),
                    cell.value,
                    cell.weight,
                    int(cell.counts_people),
                    int(cell.latent),
                ]
                for cell in self.cells
            ],
            "relations": [
                [[list(term) for term in r.terms], r.bound, int(r.is_equality)]
                for r in self.relations
            ],
            "hidden": sorted(self.hidden),
            "attackers": [
                {
                    "name": attacker.name,
                    "own": [
                        [places[key], number]
                        for key, number in attacker.own.items()
                        if number and key in places
                    ],
                    "knows": sorted(places[key] for key in attacker.knows),
                }
                for attacker in self.attackers
            ],
        }

    @classmethod
    def from_record(cls, record: Json) -> Ledger:
        cells = tuple(
            Cell(tuple(key), value, weight, bool(people), bool(latent))
            for key, value, weight, people, latent in record["cells"]
        )
        return cls(
            Period(
                dt.date.fromisoformat(record["from"]),
                dt.date.fromisoformat(record["to"]),
            ),
            cells,
            tuple(
                Relation(
                    tuple((cell, factor) for cell, factor in terms),
                    bound,
                    is_equality=bool(is_equality),
                )
                for terms, bound, is_equality in record["relations"]
            ),
            frozenset(record["hidden"]),
            tuple(
                Attacker(
                    attacker["name"],
                    {cells[place].key: number for place, number in attacker["own"]},
                    frozenset(cells[place].key for place in attacker["knows"]),
                )
                for attacker in record["attackers"]
            ),
        )

    def join(self, tables: LinkedTables, issue: str) -> dict[Key, int]:
        """Add the issue to later tables: what it printed is known for good.

        Returns the place of each of its cells, by the key that it had in its issue.
        """
        places: dict[Key, int] = {}
        for place, cell in enumerate(self.cells):
            printed = not cell.latent and place not in self.hidden
            places[cell.key] = tables.add(
                replace(cell, key=(issue, *cell.key), fixed=printed)
            )
            if place in self.hidden:
                tables.hidden_before.add(places[cell.key])
        moved = list(places.values())
        for relation in self.relations:
            terms = tuple((moved[cell], factor) for cell, factor in relation.terms)
            tables.relations.append(replace(relation, terms=terms))
        return places

    def knowledge(self, issue: str) -> Mapping[str, Attacker]:
        """Return what each attacker knew then, under the keys of later tables."""
        return {
            attacker.name: Attacker(
                attacker.name,
                {(issue, *key): number for key, number in attacker.own.items()},
                frozenset((issue, *key) for key in attacker.knows),
            )
            for attacker in self.attackers
        }
