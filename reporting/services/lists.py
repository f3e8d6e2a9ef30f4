"""Lists as files: asked for, made by a worker, kept for some days."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.services.outbox import post_letter
from core.driver_rows import driver_rows
from core.errors import DomainError
from core.jobs import progress_told
from core.sealed_files import SealedWriter, delete_file, delete_unnamed, sealed_file
from core.snapshots import one_moment
from core.spreadsheets.streamed_csv import write_streamed_csv
from core.spreadsheets.streaming import StreamedColumn, StreamedSheet, write_streamed
from reporting.enums import FileFormat
from reporting.figures import Period
from reporting.lists import ListOf, find_list
from reporting.lists.sight import Sight
from reporting.models import ListChoice, ListExport
from reporting.selectors.lists import ABOUT_PEOPLE, closed_lists, due_choices

AUTHOR = "Kompetenslyft"


@transaction.atomic
def ask_for_list(
    *,
    list_id: str,
    columns: Sequence[str],
    file_format: str,
    actor: User,
    days: Period | None = None,
    choice: ListChoice | None = None,
) -> tuple[ListExport, bool]:
    """Return the file on its way, and whether it is new: asked twice, it is one.

    Raises DomainError where the list is not for the actor, or a column is none of its.
    """
    wanted = _list_for(actor, list_id)
    chosen = _chosen(wanted, columns)
    what = {"list": list_id, "columns": chosen, "format": file_format, "days": days}
    export, is_new = ListExport.objects.get_or_create(
        requested_by=actor,
        order=hashlib.sha256(json.dumps(what, default=str).encode()).hexdigest(),
        finished_at=None,
        failed_at=None,
        defaults={
            "list_id": list_id,
            "columns": chosen,
            "file_format": file_format,
            "starts_on": days.starts_on if days else None,
            "ends_on": days.ends_on if days else None,
            "choice": choice,
        },
    )
    if choice and export.choice is None:
        export.choice = choice  # Its reader waits for a letter.
        export.save(update_fields=["choice"])
    if is_new:
        record(actor, "reporting.list_asked", export, list=list_id, columns=chosen)
    return export, is_new


def write_list(export: ListExport) -> None:
    """Write what the asker may see now to a sealed file.

    Each attempt writes a file of its own, named by its fencing token; the row publishes
    it. What an earlier attempt left is removed. Who was read is written down with it.
    """
    for fence in range(1, export.fence):
        delete_file(_name(export, fence))
    actor = export.requested_by
    wanted = _list_for(actor, export.list_id)
    name = _name(export, export.fence)
    with sealed_file(name, about=str(export.pk)) as target:
        sight = Sight.of(actor)
        count, people = _write_rows(export, wanted, target)
    try:
        _publish(export, name, target, sight=sight, rows=count, people=people)
    except Exception:
        if not ListExport.objects.filter(pk=export.pk, file=name).exists():
            delete_file(name)
        raise


@transaction.atomic
def keep_choice(*, choice: ListChoice, readers: Sequence[User]) -> ListChoice:
    """Keep the columns of a list, and to whom its file comes by itself.

    Raises DomainError where the list is not for the owner or for a reader.
    """
    wanted = _list_for(choice.owner, choice.list_id)
    choice.columns = _chosen(wanted, choice.columns)
    for reader in readers:
        if find_list(reader, choice.list_id) is None:
            sentence = _("%(person)s may not see any row of this list.")
            raise DomainError(sentence % {"person": reader})
    choice.due_on = choice.next_day(after=timezone.localdate())
    choice.save()
    choice.readers.set(readers)
    facts = {"list": choice.list_id, "columns": choice.columns}
    record(choice.owner, "reporting.list_kept", choice, **facts)
    return choice


def send_due_lists(*, start: Callable[..., ListExport]) -> int:
    """Ask for the files of every kept list that is due; return how many.

    Each reader gets what that reader may see today; who may see no row of it any more
    gets nothing. `start` asks for a file and has it made. A list that can no longer be
    made, because it or a column of it is gone, keeps no other waiting.
    """
    today = timezone.localdate()
    asked = 0
    for key in list(due_choices(today).values_list("pk", flat=True)):
        with transaction.atomic():
            asked += _send(key, today, start)
    return asked


def _send(key: int, today: dt.date, start: Callable[..., ListExport]) -> int:
    due = due_choices(today).select_for_update(of=("self",)).filter(pk=key)
    asked = 0
    for choice in due.select_related("owner").prefetch_related("readers"):
        for reader in [choice.owner, *choice.readers.filter(is_active=True)]:
            if find_list(reader, choice.list_id) is None:
                continue
            with suppress(DomainError):
                start(
                    list_id=choice.list_id,
                    columns=choice.columns,
                    file_format=choice.file_format,
                    actor=reader,
                    days=choice.period_today,
                    choice=choice,
                )
                asked += 1
        choice.due_on = choice.next_day(after=today)
        choice.save(update_fields=["due_on", "updated_at"])
    return asked


@transaction.atomic
def forget_choice(*, choice: ListChoice, actor: User) -> None:
    record(actor, "reporting.list_no_longer_kept", choice, list=choice.list_id)
    choice.delete()


def lists_past() -> QuerySet[ListExport]:
    """Return the exports whose files have been kept for long enough."""
    past = timezone.now() - dt.timedelta(days=settings.LIST_DAYS)
    return ListExport.objects.exclude(file="").filter(finished_at__lt=past)


def forget_lists_about_people() -> int:
    """Delete the files of every list about people; return how many.

    For when somebody is erased: a file does not say who is in it, and is made anew in
    a minute.
    """
    about_people = ListExport.objects.filter(list_id__in=ABOUT_PEOPLE)
    return forget_lists(about_people.exclude(file=""))


def forget_closed_lists() -> int:
    """Delete the files of people who were closed since, and those that no row names."""
    return forget_lists(closed_lists()) + delete_unnamed(ListExport)


@transaction.atomic
def forget_lists(exports: QuerySet[ListExport]) -> int:
    """Delete the files of exports; that they were made stays. Return how many."""
    names = dict(exports.values_list("pk", "file"))
    ListExport.objects.filter(pk__in=names).update(file="", sealed_key=None)
    for name in names.values():
        transaction.on_commit(partial(delete_file, name), robust=True)
    return len(names)


def _list_for(user: User, list_id: str) -> ListOf:
    wanted = find_list(user, list_id)
    if wanted is None:
        raise DomainError(_("You may not see any row of this list."))
    return wanted


def _chosen(wanted: ListOf, columns: Sequence[str]) -> list[str]:
    """Return the columns as the list orders them."""
    if unknown := set(columns) - set(wanted.ids):
        sentence = _("The list has no column “%(column)s”.")
        raise DomainError(sentence % {"column": min(unknown)})
    if not columns:
        raise DomainError(_("Choose at least one column."))
    return [column_id for column_id in wanted.ids if column_id in columns]


def _write_rows(
    export: ListExport, wanted: ListOf, target: SealedWriter
) -> tuple[int, list[str]]:
    """Write the file; return how many rows it has, and whom it is about."""
    actor = export.requested_by
    columns = [wanted.column(column_id) for column_id in export.columns]
    rows = wanted.rows(actor, export.days)
    if rows is None:
        raise DomainError(_("You may not see any row of this list."))
    with progress_told(export) as tell, one_moment():
        count = rows.count()
        people = _people(wanted, rows)
        sheet = StreamedSheet(
            str(wanted.name),
            [
                StreamedColumn(str(c.title), c.value, c.width, c.number_format)
                for c in columns
            ],
            driver_rows(_selected(wanted, rows, columns, actor)),
            count,
            frozen_columns=1,
        )
        _write_file(export, sheet, target, lambda n: tell(100 * n // max(count, 1)))
    return count, people


def _write_file(
    export: ListExport, sheet: StreamedSheet, target: SealedWriter, report: Any
) -> None:
    if export.file_format == FileFormat.CSV:
        write_streamed_csv(sheet, target, report=report)  # type: ignore[arg-type]
        return
    write_streamed(
        sheet,
        target,  # type: ignore[arg-type]
        report=report,
        title=sheet.title,
        author=AUTHOR,
        language=export.language,
    )


def _selected(
    wanted: ListOf, rows: QuerySet, columns: Sequence[Any], actor: User
) -> QuerySet:
    """Select the columns, in the list's order of rows."""
    computed = {
        f"shown_{column.id}": column.path(actor)
        for column in columns
        if callable(column.path)
    }
    paths = [
        f"shown_{column.id}" if callable(column.path) else column.path
        for column in columns
    ]
    return rows.annotate(**computed).order_by(*wanted.order).values_list(*paths)


def _people(wanted: ListOf, rows: QuerySet) -> list[str]:
    if not wanted.person:
        return []
    return list(rows.order_by().values_list(wanted.person, flat=True).distinct())


@transaction.atomic
def _publish(
    export: ListExport,
    name: str,
    target: SealedWriter,
    *,
    sight: Sight,
    rows: int,
    people: Sequence[str],
) -> None:
    sha256 = target.digest.hexdigest()
    export.write(
        file=name,
        sealed_key=target.key,
        sha256=sha256,
        sight=sight.as_record(),
        rows=rows,
        progress=100,
        finished_at=timezone.now(),
    )
    record(
        export.requested_by,
        "reporting.list_made",
        export,
        people=people,
        list=export.list_id,
        columns=export.columns,
        rows=rows,
        sha256=sha256,
    )
    if export.choice:
        _tell(export)


def _tell(export: ListExport) -> None:
    """Write to whoever gets the file that it is there; the letter holds no row."""
    name = _list_for(export.requested_by, export.list_id).name
    path = export.get_absolute_url()
    address = f"{settings.PORTAL_URL.rstrip('/')}{path}" if settings.PORTAL_URL else ""
    post_letter(
        kind="list_ready",
        recipient=export.requested_by.email,
        language=export.language,
        context={"name": name, "url": address},
    )


def _name(export: ListExport, fence: int) -> str:
    return f"lists/{export.pk}-{fence}"
