"""The list of de minimis awards as a workbook or a text file, for the register.

(EU) 2023/2831 art. 6 asks for who got the aid, how much, when and from whom. The
funder reads it in Swedish whoever makes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from core.spreadsheets.streamed_csv import write_streamed_csv
from core.spreadsheets.streaming import StreamedColumn, StreamedSheet, write_streamed
from reporting.enums import AidOrigin
from reporting.models import AidAward

TITLE = "Stöd av mindre betydelse"
_MONEY, _DAY, _MOMENT = "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_WHOSE = {
    AidOrigin.OWN.value: "beviljat i projektet",
    AidOrigin.OTHER.value: "beviljat av någon annan",
}
_COLUMNS = (
    StreamedColumn("Stödets beteckning", width=18),
    StreamedColumn("Företag i projektet", width=30),
    StreamedColumn("Organisationsnummer", width=18),
    StreamedColumn("Företagsgrupp", width=30),
    StreamedColumn("Beviljat den", width=14, number_format=_DAY),
    StreamedColumn("Belopp, euro", width=16, number_format=_MONEY),
    StreamedColumn("Förordning", width=20),
    StreamedColumn("Beviljat av", width=36),
    StreamedColumn("Vems stöd", width=24),
    StreamedColumn("Återtaget", width=18, number_format=_MOMENT),
)


def write_awards(
    awards: Iterable[AidAward], target: IO[bytes], *, kind: str, author: str
) -> None:
    """Write the awards to a binary file; `kind` is `xlsx` or `csv`."""
    rows = [_row(award) for award in awards]
    sheet = StreamedSheet(TITLE, _COLUMNS, rows, len(rows), frozen_columns=1)
    if kind == "csv":
        write_streamed_csv(sheet, target)
    else:
        write_streamed(sheet, target, title=TITLE, author=author)


def _row(award: AidAward) -> tuple[object, ...]:
    company = award.company
    return (
        award.ref,
        company.name if company else None,
        company.org_number if company else None,
        award.group.name,
        award.granted_on,
        award.euros,
        award.rule.name,
        award.authority,
        _WHOSE[award.origin],
        award.revoked_at,
    )
