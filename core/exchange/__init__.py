"""Tables in and out of a folder of CSV files.

An app describes its files as `Table`s: columns from the fields of a model, what
must hold within a row and between rows. `load` reads, checks and writes a whole
folder; `dump` writes one. No word of any domain is known here.

A load stages each file in a temporary table of the database and works on whole
tables from there, so that memory stays flat and a row costs no model instance.
"""

from core.exchange.columns import CellError, Column, column, custom_column
from core.exchange.loading import Outcome, load
from core.exchange.tables import Check, Kept, RowCheck, Table, Unique, in_order
from core.exchange.writing import dump

__all__ = [
    "CellError",
    "Check",
    "Column",
    "Kept",
    "Outcome",
    "RowCheck",
    "Table",
    "Unique",
    "column",
    "custom_column",
    "dump",
    "in_order",
    "load",
]
