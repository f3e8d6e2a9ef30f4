"""History of changes that are made to many rows at once.

`save()` writes its own history; set-based changes call this right after.
"""

from __future__ import annotations

import datetime as dt
from string import Template

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from django.utils import timezone

CREATED, CHANGED = "+", "~"

_COPY = Template(
    "INSERT INTO $history ($columns, history_date, history_type,"
    " history_change_reason, history_user_id)"
    " SELECT rows.*, %s, %s, %s, %s FROM ($rows) AS rows"
)


def is_tracked(model: type[models.Model]) -> bool:
    """Return whether the model keeps a history."""
    return hasattr(model, "history")


def write_history(
    rows: models.QuerySet,
    *,
    kind: str,
    reason: str,
    actor: AbstractBaseUser | None = None,
    at: dt.datetime | None = None,
) -> int:
    """Copy the rows as they are now into their history, in one statement.

    `kind` is CREATED or CHANGED, `actor` None for a command. Returns how many.
    """
    history = rows.model.history.model
    fields = history.tracked_fields
    quote = connection.ops.quote_name
    selected = rows.order_by().values_list(*(field.attname for field in fields))
    sql, parameters = selected.query.sql_with_params()
    statement = _COPY.substitute(
        history=quote(history._meta.db_table),
        columns=", ".join(quote(field.column) for field in fields),
        rows=sql,
    )
    moment = connection.ops.adapt_datetimefield_value(at or timezone.now())
    values = [moment, kind, reason, actor.pk if actor else None, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
