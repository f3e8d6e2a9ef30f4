"""Write tables as a folder of CSV files in canonical form.

UTF-8, LF, commas, quotes only where they are needed; rows in the order of their key
by Unicode code point. The key comes first among the columns and tells every row from
the others, so that is also the order of all columns as text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.db.models.functions import Collate
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.exchange.columns import Column
from core.exchange.tables import Table
from core.snapshots import one_moment

_CHUNK = 2000
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def dump(
    folder: Path,
    tables: Sequence[Table],
    *,
    constant_rows: Mapping[str, Sequence[str]],
    finish: Callable[[Mapping[str, int]], object],
) -> dict[str, int]:
    """Write every table that has rows; return how many rows each file has.

    The folder is made with mode 0700, or is there and empty. `constant_rows` are the
    cells of tables without a model. The files are of one moment of the database;
    `finish` is called with the counts after it, and may write. When anything fails,
    no file is left. Raises DomainError.
    """
    _prepare(folder)
    try:
        with one_moment():
            counts = {
                table.file: count
                for table in tables
                if (count := _write(folder, table, constant_rows))
            }
        finish(counts)
    except BaseException as error:
        for table in tables:
            (folder / table.file).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DomainError(_unwritable(error)) from error
        raise
    return counts


def _prepare(folder: Path) -> None:
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=_FOLDER_MODE, parents=True)
        if any(folder.iterdir()):
            raise DomainError(_("The folder is not empty; name a new one."))
        folder.chmod(_FOLDER_MODE)
    except NotADirectoryError:
        raise DomainError(_("There is a file of that name; name a folder.")) from None
    except OSError as error:
        raise DomainError(_unwritable(error)) from error


def _unwritable(error: OSError) -> str:
    return _("The folder cannot be written: %(why)s.") % {"why": error.strerror}


def _write(
    folder: Path, table: Table, constant_rows: Mapping[str, Sequence[str]]
) -> int:
    """Write one file, unless there is no row for it; return how many rows."""
    rows: Iterator[Sequence[str]]
    if table.model:
        rows = _rows(table, table.model)
    else:
        rows = iter([constant_rows[table.file]])
    first = next(rows, None)
    if first is None:
        return 0
    count = 1
    with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
        (folder / table.file).chmod(_FILE_MODE)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerow(first)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _rows(table: Table, model: type[models.Model]) -> Iterator[list[str]]:
    sources = [path for column in table.columns for path in column.sources]
    order = [_code_point_order(column) for column in table.columns_of_key()]
    rows = model._base_manager.all()
    if gone_into := getattr(model, "gone_into", ""):
        rows = rows.filter(**{gone_into: None})
    found = rows.order_by(*order).values_list(*sources)
    cells = list(_cells(table))
    for values in found.iterator(chunk_size=_CHUNK):
        yield [write(*values[start:end]) for write, start, end in cells]


def _cells(table: Table) -> Iterator[tuple[Any, int, int]]:
    """Yield for each column how to write it and where its values stand."""
    start = 0
    for column in table.columns:
        end = start + len(column.sources)
        yield column.write, start, end
        start = end


def _code_point_order(column: Column) -> Any:
    path = column.sources[0]
    if isinstance(column.field, models.DateField):
        return path
    return Collate(path, "C" if connection.vendor == "postgresql" else "BINARY")
