"""Long lists in steps: the last page costs what the first costs.

A page begins after, or ends before, a row that the address names by its `ref`; so
the database walks its index from there instead of counting rows that nobody sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet, Subquery
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict
from django.utils.translation import gettext as _

PAGE_SIZE = 50
MOST_COUNTED = 10_000
AFTER, BEFORE, LAST = "after", "before", "last"  # What an address may ask for.

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the addresses of the pages around it.

    An address is empty where there is no such page. `count` is of all rows, but
    never more than MOST_COUNTED; `is_counted` is false where there are more.
    """

    rows: Sequence[Row]
    count: int
    is_counted: bool
    first_url: str
    previous_url: str
    next_url: str
    last_url: str

    @property
    def label(self) -> str:
        """Such as `50 of 412`."""
        total = str(self.count) if self.is_counted else _("more than %d") % self.count
        return _("%(shown)d of %(total)s") % {"shown": len(self.rows), "total": total}


def paginate(
    rows: QuerySet[Row],
    query: QueryDict,
    *,
    order: Sequence[str],
    descending: bool = False,
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Return the page that an address' query asks for, in two queries.

    `order` names columns that are never null; the primary key is added, so that the
    order is total. Text sorts by its column's collation. All columns run the same
    way. A ref that is not among the rows gives a page without rows.
    """
    columns = [*order, "pk"]
    after, before = query.get(AFTER), query.get(BEFORE)
    backwards = bool(before) or LAST in query
    falling = descending != backwards
    wanted = rows.order_by(*(f"-{name}" if falling else name for name in columns))
    if cursor := before or after:
        is_past = LessThan if falling else GreaterThan
        wanted = wanted.filter(is_past(*_both_sides(rows, columns, cursor)))
    found = list(wanted[: size + 1])
    has_more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    has_previous = has_more if backwards else bool(after)
    has_next = bool(before) if backwards else has_more
    refs = [row.serializable_value("ref") for row in shown] or [""]
    count = rows.order_by()[: MOST_COUNTED + 1].count()
    return Page(
        rows=shown,
        count=min(count, MOST_COUNTED),
        is_counted=count <= MOST_COUNTED,
        first_url=_url(query) if has_previous else "",
        previous_url=_url(query, **{BEFORE: refs[0]}) if has_previous and shown else "",
        next_url=_url(query, **{AFTER: refs[-1]}) if has_next and shown else "",
        last_url=_url(query, **{LAST: "1"}) if has_next else "",
    )


class _Tuple(Func):
    """`(a, b, c)`: compared as a whole, which an index over the columns answers."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def _both_sides(
    rows: QuerySet, columns: Sequence[str], ref: str
) -> tuple[_Tuple, _Tuple]:
    """Return the columns of each row, and those of the row with the ref."""
    there = rows.order_by().filter(ref=ref)
    values = (Subquery(there.values(column)) for column in columns)
    return _Tuple(*map(F, columns)), _Tuple(*values)


def _url(query: QueryDict, **step: str) -> str:
    """Return the address' query with another step, all else as it was."""
    query = query.copy()
    for name in (AFTER, BEFORE, LAST):
        query.pop(name, None)
    query.update(step)
    return f"?{query.urlencode()}"
