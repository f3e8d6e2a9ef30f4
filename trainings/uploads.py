"""Uploaded lists of people, saved together with the nominations that they ask for."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record
from accounts.models import User
from companies.enums import RowOutcome
from companies.imports.columns import COLUMN_OF, OCCASION, rules_of
from companies.imports.matching import known_people
from companies.imports.parsing import PeopleList
from companies.imports.preview import counts_of
from companies.imports.problems import problems_of
from companies.models import Company, ImportRow, Participant, ParticipantImport
from companies.services import (
    check_rows,
    hold_people,
    keep_rows,
    read_people,
    read_upload,
    rows_to_keep,
    save_people,
    shortened,
    take_back_people,
    update_rows,
)
from core.errors import DomainError
from trainings.models import Enrolment, Notice, Occasion
from trainings.services import SecondPlaceError, move_up, nominate

SAVING_PERCENT = 20  # Of the progress shown; the rest is one transaction.
HAS_A_PLACE = gettext_noop(
    "The person has a place on this occasion already. Empty the cell."
)

Message = tuple[int, str, str]  # Line, heading, sentence.


@dataclass(frozen=True, slots=True)
class ListReport:
    """What a list says, or why it cannot be read as one (`refused`)."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: Sequence[Message] = ()
    warnings: Sequence[Message] = ()
    ignored_columns: Sequence[str] = field(default_factory=list)
    refused: str | None = None


def open_occasion_refs() -> set[str]:
    """Return the refs that a list may name."""
    return set(Occasion.objects.open().values_list("ref", flat=True))


def handle_upload(batch: ParticipantImport) -> None:
    """Do the step that is due: read the file or, after confirmation, save the list."""
    if batch.confirmed_at:
        save_upload(batch)
    else:
        read_upload(batch=batch, open_occasions=open_occasion_refs())


def save_upload(batch: ParticipantImport) -> None:
    """Save people and nominations, all or nothing, and end the job with them.

    Rows that ask for a second place on an occasion become faulty, to be mended or
    left out when the list is confirmed again.
    """
    batch.write(progress=SAVING_PERCENT)
    try:
        with transaction.atomic():
            _lock(batch)
            _save(batch)
            now = timezone.now()
            batch.write(saved_at=now, finished_at=now, progress=100)
    except _RefusedRowsError as refusal:
        _refuse_rows(batch, refusal)


def import_list(
    *, company: Company, path: Path, actor: User | None = None, check: bool = False
) -> ListReport:
    """Read, check and save a list at once, without a worker.

    Nothing is saved if a row has an error, or if the list changes nothing.
    """
    try:
        people = read_people(str(path), name=path.name)
        batch = _settled_batch(company, path, people, actor)
        rules = rules_of(
            today=timezone.localdate(), open_occasions=open_occasion_refs()
        )
        known = known_people(company)
        rows = rows_to_keep(batch, check_rows(people, rules, known))
    except DomainError as refusal:
        return ListReport(refused=str(refusal))
    report = _report(rows, people.ignored)
    brings_something = report.new or report.changed or any(r.occasion_ref for r in rows)
    if brings_something and not report.errors and not check:
        with transaction.atomic():
            batch.save()
            Company.objects.select_for_update().get(pk=company.pk)
            keep_rows(rows, known.keys)
            _save(batch)
    return report


@transaction.atomic
def take_back(*, batch: ParticipantImport, actor: User) -> None:
    """Undo a saved list while nothing rests on it: nominations, people, changes.

    Raises DomainError, and undoes nothing, if something has happened since.
    """
    batch = _lock(batch)
    Company.objects.select_for_update().get(pk=batch.company_id)
    if not batch.saved_at:
        raise DomainError(_("The list has not been saved."))
    if batch.taken_back_at:
        return
    if not batch.rows.exists():
        raise DomainError(
            _("The list is too old to be taken back: its rows are kept no longer.")
        )
    hold_people(_people_of(batch))
    _take_back_nominations(batch)
    take_back_people(batch=batch, actor=actor)
    batch.taken_back_at = timezone.now()
    batch.save(update_fields=["taken_back_at"])
    batch.rows.all().delete()
    record(actor, "companies.list_taken_back", batch)


@dataclass(frozen=True, slots=True)
class ListedOccasion:
    """How many people a list newly nominates for an occasion.

    Of a saved list also how many of them hold a seat now, and how many wait for one.
    """

    occasion: Occasion
    people: int
    seated: int = 0
    waiting: int = 0


def listed_occasions(batch: ParticipantImport) -> list[ListedOccasion]:
    """Return the occasions of a list, with how many it would nominate, or did."""
    live = Enrolment.objects.live().filter(
        participant=OuterRef("participant"), occasion__ref=OuterRef("occasion_ref")
    )
    rows = batch.rows.exclude(Q(occasion_ref="") | Q(outcome=RowOutcome.FAULTY))
    nominated = ~Q(enrolment_ref="") if batch.saved_at else ~Exists(live)
    counts = dict(
        rows.filter(nominated)
        .order_by()
        .values_list("occasion_ref")
        .annotate(Count("pk"))
    )
    occasions = Occasion.objects.filter(ref__in=counts).select_related("course")
    came = _who_got_what(batch) if batch.saved_at else {}
    return [
        ListedOccasion(one, counts[one.ref], *came.get(one.pk, (0, 0)))
        for one in occasions
    ]


def _who_got_what(batch: ParticipantImport) -> dict[int, tuple[int, int]]:
    """Return by occasion how many of the list have a seat now, and how many wait."""
    nominated = Enrolment.objects.filter(
        ref__in=batch.rows.exclude(enrolment_ref="").values("enrolment_ref")
    )
    live = Q(declined_at=None, withdrawn_at=None)
    rows = nominated.order_by().values_list("occasion")
    counted = rows.annotate(
        seated=Count("pk", filter=live & Q(confirmed_at__isnull=False)),
        waiting=Count("pk", filter=live & Q(confirmed_at=None)),
    )
    return {occasion: (seated, waiting) for occasion, seated, waiting in counted}


def _settled_batch(
    company: Company, path: Path, people: PeopleList, actor: User | None
) -> ParticipantImport:
    """Return the batch of a list that needs no worker, not saved."""
    now = timezone.now()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return ParticipantImport(
        company=company,
        requested_by=actor,
        confirmed_by=actor,
        file_name=path.name[-200:],
        sha256=digest.hexdigest(),
        columns=list(people.columns.items()),
        ignored_columns=people.ignored,
        progress=100,
        read_at=now,
        confirmed_at=now,
        saved_at=now,
        finished_at=now,
    )


def _report(rows: Sequence[ImportRow], ignored: Sequence[str]) -> ListReport:
    outcomes = Counter(row.outcome for row in rows)
    return ListReport(
        rows=len(rows),
        new=outcomes[RowOutcome.NEW],
        changed=outcomes[RowOutcome.CHANGED],
        unchanged=outcomes[RowOutcome.UNCHANGED],
        errors=_messages((row.line, row.errors) for row in rows),
        warnings=_messages((row.line, row.warnings) for row in rows),
        ignored_columns=list(ignored),
    )


def _messages(problems: Iterable[tuple[int, list]]) -> list[Message]:
    return [
        (line, problem.heading, problem.sentence)
        for line, kept in problems
        for problem in problems_of(kept)
    ]


def _lock(batch: ParticipantImport) -> ParticipantImport:
    """Lists come before their company, then people, then occasions."""
    return ParticipantImport.objects.select_for_update().get(pk=batch.pk)


def _people_of(batch: ParticipantImport) -> set[int]:
    rows = batch.rows.exclude(participant=None)
    return set(rows.values_list("participant_id", flat=True))


def _save(batch: ParticipantImport) -> None:
    actor = batch.confirmed_by
    save_people(batch=batch, actor=actor)
    nominated = _nominate(batch, actor)
    counts = counts_of(batch)
    record(
        actor,
        "companies.list_saved",
        batch,
        company=batch.company.ref,
        new=counts.new,
        changed=counts.changed,
        unchanged=counts.unchanged,
        left_out=counts.faulty,
        nominated=nominated,
    )


class _Listed(NamedTuple):
    """The row that puts somebody on an occasion."""

    pk: int
    line: int


class _RefusedRowsError(DomainError):
    """People on `lines` have a place already; the message names nobody."""

    def __init__(self, lines: Iterable[int]) -> None:
        self.lines = sorted(lines)
        super().__init__(
            _(
                "People on these lines have a place on the occasion already: "
                "%(lines)s. Take the occasion away from those lines."
            )
            % {"lines": shortened(self.lines)}
        )


def _nominate(batch: ParticipantImport, actor: User | None) -> int:
    """Nominate for each occasion that rows name; return how many were new to it."""
    listed: dict[str, dict[int, _Listed]] = defaultdict(dict)
    good = batch.rows.exclude(outcome=RowOutcome.FAULTY).exclude(occasion_ref="")
    columns = ("occasion_ref", "participant_id", "pk", "line")
    for ref, person, pk, line in good.order_by("line").values_list(*columns):
        listed[ref][person] = _Listed(pk, line)
    nominated: list[tuple[str, int]] = []
    refused: list[int] = []
    for occasion in _locked_occasions(listed):
        rows = listed[occasion.ref]
        found = Participant.objects.in_bulk(list(rows))
        people = [found[pk] for pk in rows if pk in found]
        try:
            enrolments = nominate(
                occasion=occasion, participants=people, actor=actor, tells=False
            )
        except SecondPlaceError as refusal:
            refused += [rows[person.pk].line for person in refusal.participants]
        else:
            nominated += [(new.ref, rows[new.participant_id].pk) for new in enrolments]
    if refused:
        raise _RefusedRowsError(refused)
    update_rows(ImportRow, ["enrolment_ref"], nominated)
    return len(nominated)


@transaction.atomic
def _refuse_rows(batch: ParticipantImport, refusal: _RefusedRowsError) -> None:
    """End the job together with the marks: saved again, they would be left out."""
    batch.write(failed_at=timezone.now(), failure=str(refusal))
    batch.rows.filter(line__in=refusal.lines).update(
        outcome=RowOutcome.FAULTY,
        errors=[[COLUMN_OF[OCCASION].heading, HAS_A_PLACE]],
    )


def _locked_occasions(refs: Collection[str]) -> list[Occasion]:
    """Lock them in the one order in which lists do; refuse if one is gone."""
    locked = Occasion.objects.select_for_update().order_by("pk")
    occasions = list(locked.filter(ref__in=list(refs)))
    gone = set(refs).difference(occasion.ref for occasion in occasions)
    if gone:
        raise DomainError(
            _("The occasion %(ref)s is no longer there.") % {"ref": min(gone)}
        )
    return occasions


def _take_back_nominations(batch: ParticipantImport) -> None:
    refs = batch.rows.exclude(enrolment_ref="").values("enrolment_ref")
    nominations = Enrolment.objects.filter(ref__in=refs)
    locked = Occasion.objects.select_for_update().order_by("pk")
    occasions = list(locked.filter(pk__in=nominations.values("occasion")))
    if moved := nominations.exclude(_untouched()).distinct().count():
        raise DomainError(
            _(
                "The list cannot be taken back: %(count)d of its nominations have gone "
                "on, with a seat, an answer or a request."
            )
            % {"count": moved}
        )
    nominations.delete()
    for occasion in occasions:
        move_up(occasion)


def _untouched() -> Q:
    """Condition that nobody did anything to a nomination since the list made it.

    The seat, or the place in line, that it got in the same breath is part of it.
    """
    at_once = Q(
        confirmed_at=F("nominated_at"),
        waitlisted_at=None,
        occasion__course__needs_approval=False,
    )
    seated = Q(confirmed_at=None) | at_once
    in_line = Q(waitlisted_at=None) | Q(waitlisted_at=F("nominated_at"))
    told = Notice.objects.filter(enrolment=OuterRef("pk")).exclude(told_at=None)
    return (
        seated
        & in_line
        & ~Exists(told)
        & Q(
            declined_at=None,
            withdrawn_at=None,
            offered_at=None,
            accommodations=None,
            attendance=None,
        )
    )
