"""Totals of related rows that never multiply."""

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def subtotal(
    rows: QuerySet, aggregate: Aggregate, *, per: str, empty: int = 0
) -> Coalesce:
    """Aggregate related rows without grouping the outer query.

    A bare Sum or Count over a to-many join multiplies as soon as the query
    gains a second one, and silently drops the model's ordering.
    """
    groups = rows.filter(**{per: OuterRef("pk")}).order_by().values(per)
    totals = groups.annotate(_total=aggregate).values("_total")
    return Coalesce(Subquery(totals), Value(empty))
