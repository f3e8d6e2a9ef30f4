"""Small numbers: what a funder, or one company about another, may be shown.

`suppress` turns a period's figures into a `SuppressedReport`; nothing else reaches a
funder. See docs/figures.md, small numbers.
"""

from reporting.suppression.coarse import funder_tables
from reporting.suppression.ledger import Ledger
from reporting.suppression.moves import UnsolvedError
from reporting.suppression.protect import Exposed
from reporting.suppression.report import HIDDEN, SuppressedReport
from reporting.suppression.suppress import Ledgers, Suppression, suppress

__all__ = [
    "HIDDEN",
    "Exposed",
    "Ledger",
    "Ledgers",
    "SuppressedReport",
    "Suppression",
    "UnsolvedError",
    "funder_tables",
    "suppress",
]
