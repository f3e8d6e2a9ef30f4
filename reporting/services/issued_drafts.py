"""Making the draft of a report: computed once, all its files written or none."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import io
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.selectors import chain_head
from companies.enums import FundPeriod
from companies.models import Programme
from core.driver_rows import driver_rows
from core.errors import DomainError
from core.snapshots import one_moment
from core.spreadsheets.streamed_csv import MARK
from reporting.enums import Audience, ReportFileKind
from reporting.exports import write_funder_workbook, write_leader_workbook
from reporting.exports.issued import (
    ReportHead,
    write_funder_csv,
    write_funder_json,
    write_leader_csv,
    write_leader_json,
)
from reporting.exports.issued_summary import summary_pdf
from reporting.figures import Period, PeriodMetrics
from reporting.issuing import content as frozen
from reporting.issuing.comparing import changed_figures, printed_changes
from reporting.issuing.rows import (
    CHANGE_HEADINGS,
    ChangedRow,
    compare_rows,
    read_rows,
    write_rows,
)
from reporting.issuing.words import causes_in_words
from reporting.models import IssuedReport, ReportContent, ReportFile
from reporting.selectors import for_funder, period_metrics
from reporting.selectors.issued import events_between, frozen_rows, ledgers_so_far
from reporting.suppression import (
    Ledgers,
    SuppressedReport,
    Suppression,
    UnsolvedError,
)

Json = frozen.Json
Write = Callable[[IO[bytes]], None]

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ENDINGS = {
    ReportFileKind.WORKBOOK: "xlsx",
    ReportFileKind.SUMMARY: "pdf",
    ReportFileKind.JSON: "json",
    ReportFileKind.CSV: "csv",
    ReportFileKind.ROWS: "rader.csv.gz",
    ReportFileKind.ROW_CHANGES: "andrade-rader.csv",
}
_FOR = {Audience.LEADER: "projekt", Audience.FUNDER: "finansiar"}


@dataclass(frozen=True)
class _Drawn:
    """All that a draft is made of, as it was in one moment."""

    programme: Programme
    metrics: PeriodMetrics
    suppression: Suppression
    row_counts: dict[str, int]
    earlier: list[str]

    @property
    def fund_period(self) -> FundPeriod:
        return FundPeriod(self.programme.fund_period)


def write_draft(report: IssuedReport) -> None:
    """Compute the period's figures once, hide what must be, and write every file.

    Each attempt writes files of its own, named by its fencing token; the row publishes
    them with the content, in one transaction. What does not come to its end leaves no
    file. Raises DomainError where the disk is full.
    """
    remove_files(report, before=report.fence)
    try:
        with tempfile.TemporaryFile() as rows, tempfile.TemporaryFile() as changes:
            _make(report, rows, changes)
    except OSError as error:
        _remove_own(report)
        if error.errno in _NO_ROOM:
            sentence = _(
                "There is no room left where files are kept. Nothing of the draft was "
                "kept. Make room, then make the draft again."
            )
            raise DomainError(sentence) from error
        raise
    except Exception:
        _remove_own(report)
        raise


def remove_files(report: IssuedReport, *, before: int) -> None:
    """Remove the files of attempts before that fencing token, never a later one's."""
    for name in _stored(report):
        if int(name.partition("-")[0]) < before:
            default_storage.delete(f"{_folder(report)}/{name}")


def remove_leftovers(*, since: dt.datetime) -> None:
    """Remove what killed attempts left of drafts that failed since then."""
    for report in IssuedReport.objects.filter(failed_at__gte=since):
        remove_files(report, before=report.fence + 1)


def figures_digest(metrics: PeriodMetrics, fund_period: FundPeriod) -> str:
    """Return the SHA-256 of all figures, exact: two of the same say the same."""
    return frozen.digest(frozen.canonical(frozen.frozen_figures(metrics, fund_period)))


def _make(report: IssuedReport, rows: IO[bytes], changes: IO[bytes]) -> None:
    drawn = _draw(report, rows)
    report.write(progress=50)
    content = _content(report, drawn)
    kinds = [ReportFileKind.ROWS]
    if previous := report.supersedes:
        content["changes"] = _compare(previous, content, rows, changes)
        kinds.append(ReportFileKind.ROW_CHANGES)
    head = _head(report, drawn, content)
    writers = _writers(head, drawn, content)
    for kind, source in zip(kinds, (rows, changes), strict=False):
        writers[kind, Audience.LEADER] = _copy_of(source)
    text = frozen.canonical(content)
    files = []
    for done, ((kind, audience), write) in enumerate(writers.items(), start=1):
        files.append(_save(report, kind, audience, write))
        report.write(progress=50 + 45 * done // len(writers))
    _publish(report, text, files, len(content["given_away"]))


def _draw(report: IssuedReport, rows: IO[bytes]) -> _Drawn:
    programme = Programme.objects.get()
    days = Period(report.period.starts_on, report.period.ends_on)
    with one_moment():
        metrics = period_metrics(days.starts_on, days.ends_on)
        counts = write_rows(driver_rows(frozen_rows(days)), rows)
        earlier, ledgers = ledgers_so_far()
        suppression = _suppress(metrics, FundPeriod(programme.fund_period), ledgers)
    if sum(counts.values()) - counts["minutes"] != metrics.attendance_rows:
        raise DomainError(_("Somebody changed attendance meanwhile. Try again."))
    return _Drawn(programme, metrics, suppression, counts, earlier)


def _suppress(
    metrics: PeriodMetrics, fund_period: FundPeriod, earlier: list[Ledgers]
) -> Suppression:
    try:
        return for_funder(metrics, fund_period, earlier=earlier)
    except UnsolvedError as error:
        sentence = _(
            "It could not be worked out which small numbers to hide, so nothing may be "
            "issued. Tell whoever runs the portal."
        )
        raise DomainError(sentence) from error


def _content(report: IssuedReport, drawn: _Drawn) -> Json:
    """Return all that is frozen, as plain values."""
    metrics, fund_period = drawn.metrics, drawn.fund_period
    figures = frozen.frozen_figures(metrics, fund_period)
    suppression = drawn.suppression
    return {
        "report": report.ref,
        "number": report.number,
        "drafted_at": timezone.now().isoformat(),
        "fund_period": fund_period.value,
        "figures": figures,
        "figures_sha256": frozen.digest(frozen.canonical(figures)),
        "labels": frozen.frozen_labels(metrics, fund_period),
        "shown": suppression.report.as_record(),
        "ledgers": frozen.ledgers_record(suppression.ledgers),
        "given_away": [[one.attacker, list(one.key)] for one in suppression.given_away],
        "coarser": list(suppression.coarser),
        "definitions": frozen.frozen_definitions(),
        "parameters": frozen.parameters(),
        "code": frozen.code_version(),
        "earlier": drawn.earlier,
        "rows": drawn.row_counts,
        "changes": None,
    }


def _compare(
    previous: IssuedReport, content: Json, rows: IO[bytes], changes: IO[bytes]
) -> Json:
    """Compare with the report before: figures, what is printed, and every row."""
    before = previous.content.data
    shown = (SuppressedReport.from_record(each["shown"]) for each in (before, content))
    since = dt.datetime.fromisoformat(before["drafted_at"])
    rows.seek(0)
    with previous.files.get(kind=ReportFileKind.ROWS).file.open() as old_rows:
        differing = compare_rows(read_rows(old_rows), read_rows(rows))
        counts = _write_changes(differing, changes)
    return {
        "figures": changed_figures(before, content),
        "printed": printed_changes(*shown),
        "rows": counts,
        "events": events_between(since, previous.period),
        "other_code": before["code"] != content["code"],
    }


def _write_changes(
    differing: Iterator[ChangedRow], target: IO[bytes]
) -> dict[str, list[int]]:
    """Write every changed row; return how many rows and minutes of each kind."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    target.write(MARK)
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(CHANGE_HEADINGS)
    for row in differing:
        lines.writerow(row.cells)
        counts[row.change.value][0] += 1
        counts[row.change.value][1] += row.minutes
    text.flush()
    text.detach()  # The caller reads the file.
    return dict(counts)


def _head(report: IssuedReport, drawn: _Drawn, content: Json) -> ReportHead:
    programme, changes = drawn.programme, content["changes"]
    head = ReportHead(
        ref=report.ref,
        number=report.number,
        supersedes=report.supersedes.ref if report.supersedes else "",
        first=report.period.starts_on,
        last=report.period.ends_on,
        programme=programme.name,
        programme_number=programme.number,
        owner=programme.owner,
        drafted_at=dt.datetime.fromisoformat(content["drafted_at"]),
        code=content["code"],
        parameters=content["parameters"],
    )
    if changes is None:
        return head
    rows = {kind: number for kind, (number, _minutes) in changes["rows"].items()}
    with translation.override("sv"):
        causes = causes_in_words(
            rows, changes["events"], other_code=changes["other_code"]
        )
    changed = changes["printed"]
    return replace(head, reason=report.reason, causes=causes, changes=changed)


def _writers(
    head: ReportHead, drawn: _Drawn, content: Json
) -> dict[tuple[ReportFileKind, Audience], Write]:
    """Return what writes each file; what the funder gets knows the shown figures."""
    shown, programme = drawn.suppression.report, drawn.programme
    at, chain = head.drafted_at, chain_head()
    leader, funder = Audience.LEADER, Audience.FUNDER
    return {
        (ReportFileKind.WORKBOOK, funder): lambda target: write_funder_workbook(
            shown, programme, at, target, head=chain
        ),
        (ReportFileKind.SUMMARY, funder): lambda target: _write_bytes(
            target, summary_pdf(head, shown)
        ),
        (ReportFileKind.JSON, funder): lambda target: write_funder_json(
            head, shown, target
        ),
        (ReportFileKind.CSV, funder): lambda target: write_funder_csv(shown, target),
        (ReportFileKind.WORKBOOK, leader): lambda target: write_leader_workbook(
            drawn.metrics, programme, at, target, head=chain
        ),
        (ReportFileKind.JSON, leader): lambda target: write_leader_json(
            head, content, target
        ),
        (ReportFileKind.CSV, leader): lambda target: write_leader_csv(content, target),
    }


def _save(
    report: IssuedReport, kind: ReportFileKind, audience: Audience, write: Write
) -> ReportFile:
    """Store a freshly written file; return its row, not saved yet."""
    name = _file_name(report, kind, audience)
    with tempfile.TemporaryFile() as file:
        write(file)
        size = file.tell()
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        path = f"{_folder(report)}/{report.fence}-{name}"
        stored = default_storage.save(path, File(file))
    return ReportFile(
        report=report,
        kind=kind,
        audience=audience,
        name=name,
        file=stored,
        size=size,
        sha256=sha256,
    )


@transaction.atomic
def _publish(
    report: IssuedReport, text: str, files: list[ReportFile], given_away: int
) -> None:
    sha256 = frozen.digest(text)
    manifest: Mapping[str, Any] = {
        "content": sha256,
        "files": {file.name: file.sha256 for file in files},
    }
    whole = frozen.digest(frozen.canonical(manifest))
    report.write(
        sha256=whole, given_away=given_away, progress=100, finished_at=timezone.now()
    )
    ReportContent.objects.create(report=report, text=text, sha256=sha256)
    ReportFile.objects.bulk_create(files)
    record(report.requested_by, "reporting.report_drafted", report, sha256=whole)


def _remove_own(report: IssuedReport) -> None:
    """Remove what this attempt wrote, unless the row has published it."""
    if ReportFile.objects.filter(report=report).exists():
        return
    for name in _stored(report):
        if int(name.partition("-")[0]) == report.fence:
            default_storage.delete(f"{_folder(report)}/{name}")


def _stored(report: IssuedReport) -> list[str]:
    folder = _folder(report)
    exists = default_storage.exists(folder)
    return default_storage.listdir(folder)[1] if exists else []


def _folder(report: IssuedReport) -> str:
    return f"issued/{report.pk}"


def _file_name(report: IssuedReport, kind: ReportFileKind, audience: Audience) -> str:
    days = f"{report.period.starts_on}_{report.period.ends_on}"
    return f"rapport_{days}_{report.number}_{_FOR[audience]}.{_ENDINGS[kind]}"


def _copy_of(source: IO[bytes]) -> Write:
    def write(target: IO[bytes]) -> None:
        source.seek(0)
        while piece := source.read(1 << 20):
            target.write(piece)

    return write


def _write_bytes(target: IO[bytes], content: bytes) -> None:
    target.write(content)
