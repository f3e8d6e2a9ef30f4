"""An uploaded list of people, from the file to the people and back.

Read and saved in a worker; each step can be repeated after a kill, because it ends
in one transaction that carries the job's fencing token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.enums import RowOutcome
from companies.identity import parse_number
from companies.imports.columns import NUMBER, OCCASION, Rules, rules_of
from companies.imports.matching import KnownPeople, Match, known_people, match_row
from companies.imports.parsing import (
    KEPT,
    SAME_PERSON,
    ListRow,
    PeopleList,
    find_list,
    parse_cells,
    parse_rows,
)
from companies.imports.problems import problems_of
from companies.models import (
    Company,
    ImportRow,
    Participant,
    ParticipantImport,
    PersonKeys,
    keys_in_force,
)
from companies.services.bulk import insert_rows
from core.errors import DomainError
from core.spreadsheets.reading import read_sheets

KEPT_FIELDS = (
    "batch_id",
    "line",
    "sealed",
    "person_key",
    "person_key_next",
    "occasion_ref",
    "enrolment_ref",
    "errors",
    "warnings",
    "outcome",
    "participant_id",
)
READ_PERCENT = 30  # Of the progress shown: reading the file, before its rows.
# A file is there before its row: nobody is still accepting one that is older.
UNNAMED_AFTER = dt.timedelta(hours=1)

CheckedRow = tuple[ListRow, Match]
Item = TypeVar("Item")


@transaction.atomic
def accept_upload(
    *, company: Company, file: File, name: str, actor: User
) -> tuple[ParticipantImport, bool]:
    """Keep an uploaded file for the worker; return its batch and whether it is new.

    The same file, while its list is neither saved nor discarded, is the same batch.
    """
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    batch, is_new = ParticipantImport.objects.get_or_create(
        company=company,
        sha256=digest.hexdigest(),
        saved_at=None,
        failed_at=None,
        discarded_at=None,
        defaults={"requested_by": actor, "file_name": Path(name).name[-200:]},
    )
    if is_new:
        file.seek(0)
        # The name on disk says nothing: the uploader's own may name a person.
        batch.file.save(f"{uuid.uuid4()}{Path(name).suffix.lower()}", file, save=False)
        try:
            batch.save()
            record(actor, "companies.list_uploaded", batch, company=company.ref)
        except Exception:
            batch.file.storage.delete(str(batch.file))
            raise
    return batch, is_new


def read_upload(*, batch: ParticipantImport, open_occasions: Collection[str]) -> None:
    """Read the file into rows: what each would do, and all that is wrong with them.

    Raises DomainError if the file as a whole cannot be read as a list.
    """
    people = read_people(batch.file.path, name=str(batch.file))
    batch.write(progress=READ_PERCENT)
    rules = rules_of(today=timezone.localdate(), open_occasions=open_occasions)
    known = known_people(batch.company)
    checked = check_rows(people, rules, known)
    checked = _reporting(batch, checked, len(people.rows), READ_PERCENT, 95)
    rows = rows_to_keep(batch, checked)
    with transaction.atomic():
        now = timezone.now()
        batch.write(
            columns=list(people.columns.items()),
            ignored_columns=people.ignored,
            read_at=now,
            finished_at=now,
            progress=100,
        )
        keep_rows(rows, known.keys)


def read_people(path: str, *, name: str) -> PeopleList:
    """Read the list in a file; raise DomainError if there is none."""
    with read_sheets(path, name=name) as sheets:
        return find_list(sheets)


def check_rows(
    people: PeopleList, rules: Rules, known: KnownPeople
) -> Iterator[CheckedRow]:
    """Give each row of a list with what it would do. Nothing is saved."""
    for row in parse_rows(people, rules):
        yield row, match_row(row, known)


def rows_to_keep(
    batch: ParticipantImport, checked: Iterable[CheckedRow]
) -> list[ImportRow]:
    """Return the rows sealed, not saved; raise DomainError if there is none."""
    rows = []
    for row, match in checked:
        kept = ImportRow(batch=batch, line=row.line)
        _fill(kept, row, match)
        rows.append(kept)
    if not rows:
        raise DomainError(
            _("The list has headings but no people below them. Fill it in first.")
        )
    return rows


def keep_rows(rows: Collection[ImportRow], keys: PersonKeys) -> None:
    """Save new rows, which were matched and keyed under these secrets a while ago.

    Raises DomainError if somebody among them was closed meanwhile.
    """
    _refuse_closed_meanwhile(rows)
    if (in_force := keys_in_force()) != keys:
        for row in rows:
            if row.person_key:
                number = row.content["values"][NUMBER]
                row.person_key, row.person_key_next = in_force.of_number(number)
    insert_rows(
        ImportRow, KEPT_FIELDS, ([getattr(r, f) for f in KEPT_FIELDS] for r in rows)
    )


def forget_read_files() -> None:
    """Delete the files of lists that have been read or refused, or that no row names.

    The latter are left where a process was killed while it accepted an upload.
    """
    is_over = ~Q(finished_at=None) | ~Q(failed_at=None)
    for batch in ParticipantImport.objects.filter(is_over).exclude(file=""):
        batch.file.storage.delete(str(batch.file))
        ParticipantImport.objects.filter(pk=batch.pk).update(file="")
    _forget_unnamed_files()


@transaction.atomic
def fix_row(
    *,
    batch: ParticipantImport,
    line: int,
    typed: Mapping[str, str],
    open_occasions: Collection[str],
) -> ImportRow:
    """Put other words into cells of a row, and check it and its doubles again.

    Cells that are not in `typed` stay as they are.
    """
    batch = _lock(batch)
    _refuse_if_settled(batch)
    row = batch.rows.get(line=line)
    rules = rules_of(today=timezone.localdate(), open_occasions=open_occasions)
    mended = parse_cells(line, {**row.content["typed"], **typed}, rules)
    numbers = {row.content["values"].get(NUMBER), mended.number} - {None, ""}
    known = known_people(batch.company, numbers)
    _fill(row, mended, match_row(mended, known))
    row.save()
    for number in numbers:
        key = known.keys.of_number(number).now
        _judge_doubles(batch.rows.filter(person_key=key).order_by("line"), known)
    row.refresh_from_db()
    return row


@transaction.atomic
def confirm_upload(
    *, batch: ParticipantImport, actor: User, leave_out_faulty: bool = False
) -> bool:
    """Let the worker save the list; return False if that was asked for already.

    Raises DomainError while rows have errors that are not left out on purpose, and
    where no row is left. A save that failed may be confirmed again.
    """
    batch = _lock(batch)
    if batch.confirmed_at and not batch.failed_at:
        return False
    _refuse_if_over(batch)
    _refuse_if_unread(batch)
    good = batch.rows.exclude(outcome=RowOutcome.FAULTY)
    if not leave_out_faulty and batch.rows.filter(outcome=RowOutcome.FAULTY).exists():
        raise DomainError(
            _("Some rows have errors. Mend them, or choose to leave those rows out.")
        )
    if not good.exists():
        raise DomainError(_("There is no row without errors to save."))
    batch.confirmed_at = timezone.now()
    batch.confirmed_by = actor
    batch.finished_at = batch.failed_at = None
    batch.failure, batch.attempts, batch.progress = "", 0, 0
    batch.fence = F("fence") + 1  # Who saw it fail holds another job than this.
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError as error:
        raise DomainError(
            _("The same file has been uploaded again. Go on with the later upload.")
        ) from error
    record(actor, "companies.list_confirmed", batch)
    return True


@transaction.atomic
def discard_upload(*, batch: ParticipantImport, actor: User) -> None:
    """Forget the list: its rows at once, its file with them. Nothing was saved."""
    batch = _lock(batch)
    if batch.discarded_at:
        return
    _refuse_if_over(batch)
    if batch.confirmed_at and not batch.is_over:
        raise DomainError(_("The list is being saved, and can no longer be discarded."))
    now = timezone.now()
    batch.discarded_at = now
    if not batch.is_over:
        batch.finished_at = now
    batch.fence = F("fence") + 1  # A worker that still reads it has lost its lease.
    batch.save()
    batch.rows.all().delete()
    record(actor, "companies.list_discarded", batch)


def _refuse_closed_meanwhile(rows: Collection[ImportRow]) -> None:
    matched = {row.participant_id for row in rows if row.participant_id}
    people = Participant.objects.select_for_update().order_by("pk")
    closed = ~Q(erased_at=None) | ~Q(restricted_at=None) | ~Q(merged_into=None)
    now = people.filter(pk__in=matched)
    if len(now) < len(matched) or now.filter(closed).exists():
        raise DomainError(
            _("People of the list were changed while it was read. Upload it again.")
        )


def _forget_unnamed_files() -> None:
    field = ParticipantImport._meta.get_field("file")
    storage, folder = field.storage, str(field.upload_to)
    if not storage.exists(folder):
        return
    oldest = timezone.now() - UNNAMED_AFTER
    for name in storage.listdir(folder)[1]:
        path = f"{folder}{name}"
        if ParticipantImport.objects.filter(file=path).exists():
            continue
        # Another worker may delete the same file just now.
        with suppress(FileNotFoundError):
            if storage.get_modified_time(path) < oldest:
                storage.delete(path)


def _reporting(
    batch: ParticipantImport, items: Iterable[Item], total: int, start: int, end: int
) -> Iterator[Item]:
    """Pass the items through, and write down every five percent that is reached."""
    reached = start
    for done, item in enumerate(items, start=1):
        yield item
        percent = start + (end - start) * done // max(total, 1)
        if percent >= reached + 5:
            reached = percent
            batch.write(progress=percent)


def _fill(kept: ImportRow, row: ListRow, match: Match) -> None:
    kept.content = {"typed": row.typed, "values": row.values, "number": _said(row)}
    kept.person_key, kept.person_key_next = match.keys or (None, None)
    kept.occasion_ref = row.values.get(OCCASION, "")
    kept.errors = _plain(row.errors)
    kept.warnings = _plain(row.warnings)
    kept.outcome = match.outcome
    kept.participant_id = match.known.pk if match.known else None


def _judge_doubles(rows: QuerySet[ImportRow], known: KnownPeople) -> None:
    """Refuse all rows of one person but the first."""
    first = None
    for kept in rows:
        first = first or kept
        content = kept.content
        errors = problems_of(kept.errors)
        row = ListRow(
            kept.line,
            content["typed"],
            parse_number(content["values"][NUMBER], today=timezone.localdate()),
            content["values"],
            [error for error in errors if error.code != SAME_PERSON],
            [doubt for doubt in problems_of(kept.warnings) if doubt.code != KEPT],
        )
        if kept is not first:
            row.refuse(NUMBER, SAME_PERSON, line=first.line)
        _fill(kept, row, match_row(row, known))
        kept.save()


def _said(row: ListRow) -> dict[str, str]:
    """Return what the personal number says, for a person who is new."""
    if row.person is None:
        return {}
    born = row.person.birth_date.isoformat()
    return {"birth_date": born, "gender": row.person.gender}


def _plain(problems: Sequence[tuple]) -> list[list]:
    return [list(problem) for problem in problems]


def _lock(batch: ParticipantImport) -> ParticipantImport:
    """Reread the batch so that its state holds until commit."""
    rows = ParticipantImport.objects.select_for_update(of=("self",))
    return rows.select_related("company").get(pk=batch.pk)


def _refuse_if_over(batch: ParticipantImport) -> None:
    if batch.saved_at:
        raise DomainError(_("The list has been saved already."))
    if batch.discarded_at:
        raise DomainError(_("The list has been discarded. Upload it again."))


def _refuse_if_settled(batch: ParticipantImport) -> None:
    _refuse_if_over(batch)
    if batch.confirmed_at and not batch.failed_at:
        raise DomainError(_("The list is being saved, and can no longer be changed."))
    _refuse_if_unread(batch)


def _refuse_if_unread(batch: ParticipantImport) -> None:
    if batch.read_at:
        return
    if batch.failed_at:
        raise DomainError(
            _("The file could not be read as a list. Mend it and upload it again.")
        )
    raise DomainError(_("The list has not been read yet. Wait until it has."))
