"""The figures of a report as text that is the same wherever it is made."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from companies.enums import FundPeriod
from reporting.figures import PeriodMetrics
from reporting.registry import TABLES, values
from reporting.suppression import Ledger, Ledgers

Json = dict[str, Any]

# Rules of the programme that figures depend on.
PARAMETERS = ("MIRROR_MARGIN", "MIRROR_MARGIN_RELATIVE", "SMALLEST_SHOWN")
# What figures are computed with, below `reporting`.
_CODE = (
    "figures",
    "indicators.py",
    "parity",
    "periods.py",
    "registry",
    "rounding.py",
    "selectors",
    "suppression",
)
_LANGUAGES = ("sv", "en")


def canonical(data: Any) -> str:
    """Return JSON that is the same for the same data: keys sorted, no space."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def frozen_figures(metrics: PeriodMetrics, fund_period: FundPeriod) -> list[list[Any]]:
    """Return table, row, figure, exact value and shown value of every figure.

    Exact values are text: a share is `1/3`, a probability has all its digits.
    """
    return [
        [value.table, value.row, value.figure, _text(value.exact), _text(value.shown)]
        for value in values(metrics, fund_period)
    ]


def frozen_labels(metrics: PeriodMetrics, fund_period: FundPeriod) -> Json:
    """Return what each row is called, by table and row, in Swedish."""
    with translation.override("sv"):
        return {
            table.id: {
                key: str(label) for key, label, _row in table.rows(metrics, fund_period)
            }
            for table in TABLES
        }


def frozen_definitions() -> list[Json]:
    """Return the registry in words: what each figure means, its unit and its rule."""
    told: dict[str, list[Json]] = {}
    for language in _LANGUAGES:
        with translation.override(language):
            told[language] = [_told(table) for table in TABLES]
    return [
        {"table": swedish["table"], "sv": swedish, "en": english}
        for swedish, english in zip(told["sv"], told["en"], strict=True)
    ]


def parameters() -> Json:
    return {name: str(getattr(settings, name)) for name in PARAMETERS}


@cache
def code_version() -> str:
    """Return the SHA-256 over the source that figures are computed with."""
    base = Path(__file__).resolve().parents[1]
    hashed = hashlib.sha256()
    for name in _CODE:
        path = base / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            hashed.update(f"{file.relative_to(base).as_posix()}\n".encode())
            hashed.update(file.read_bytes())
    return hashed.hexdigest()


def ledgers_record(ledgers: Ledgers) -> Json:
    return {
        "counts": ledgers.counts.as_record(),
        "minutes": ledgers.minutes.as_record(),
    }


def read_ledgers(record: Json) -> Ledgers:
    return Ledgers(
        Ledger.from_record(record["counts"]), Ledger.from_record(record["minutes"])
    )


def _told(table: Any) -> Json:
    return {
        "table": table.id,
        "name": str(table.name),
        "rules": str(table.rules),
        "figures": [
            {
                "figure": figure.id,
                "name": str(figure.name),
                "definition": str(figure.definition),
                "unit": str(figure.unit.label),
                "source": str(figure.source),
            }
            for figure in table.figures
        ],
    }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, models.TextChoices):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)  # All its digits.
    return value.isoformat() if isinstance(value, dt.date) else str(value)
