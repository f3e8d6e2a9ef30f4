"""The attendance grid as a CSV file: handed out, taken back, every fault told.

The first column is the ref of a seat, the last what was recorded when the file was
made; between them stand the person and the sessions, a column for each. An absent
column or an empty cell says nothing.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.cells import inert
from core.spreadsheets.reading import Cell, Limits, Row, read_sheets
from trainings.models import Session
from trainings.selectors import AttendanceSheet, SheetCell, SheetRow
from trainings.sheets import Fault, Reading, fault_of, minutes_in

LIMITS = Limits(rows=5000, columns=400, characters=20_000)
MAX_BYTES = 2 << 20
# Not from the catalogues: a file that was made in one language is read in the other.
_SWEDISH = ("Plats", "Namn", "Företag", "Registrerat")
_ENGLISH = ("Seat", "Name", "Company", "Recorded")
_CODE, _PERSON, _COMPANY, _SEEN = (
    {sv.casefold(), en.casefold()} for sv, en in zip(_SWEDISH, _ENGLISH, strict=True)
)
_NAME = "attendance.csv"


def write_grid(sheet: AttendanceSheet) -> bytes:
    """Write the grid as spreadsheet programs open it: UTF-8 with BOM, semicolons.

    No text becomes a formula. Who may not be named stands there by a number.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    headings = [_heading(session) for session in sheet.sessions]
    seat, name, company, recorded = _words()
    writer.writerow([seat, name, company, *headings, recorded])
    for row in sheet.rows:
        place = row.place
        employer = place.enrolment.participant.company.name
        minutes = ["" if c.minutes is None else c.minutes for c in row.cells]
        writer.writerow(
            [
                place.enrolment.ref,
                inert(place.name),
                inert(employer),
                *minutes,
                _recorded(row, sheet.sessions),
            ]
        )
    return target.getvalue().encode("utf-8-sig")


def read_grid(path: str | os.PathLike[str], sheet: AttendanceSheet) -> Reading:
    """Read a file that `write_grid` made and somebody filled in.

    Only values that differ from what the file was handed out with are taken. Every
    fault comes out at once, with the line and the heading as they stand in the file.
    Raises DomainError where the file as a whole is no such list.
    """
    minutes: dict[str, int] = {}
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    with read_sheets(path, name=_NAME, limits=LIMITS) as sheets:
        rows = next(sheets).rows
        columns = _Columns.of(next(rows, None), sheet, faults)
        known = {row.place.enrolment.ref: row for row in sheet.rows}
        for row in rows:
            reader = _LineReader(row, columns, faults)
            seat = known.get(reader.code)
            if seat is None:
                reader.blame(columns.code_heading, reader.unknown())
            elif first := lines.get(reader.code):
                again = _("The seat stands in line %(line)d already.")
                reader.blame(columns.code_heading, again % {"line": first})
            else:
                lines[reader.code] = row.line
                minutes |= dict(reader.minutes(seat, sheet.sessions))
    if not lines and not faults:
        raise DomainError(_("The file has no row under its headings."))
    return Reading({} if faults else minutes, faults)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands in a file; `sessions` by the ref of each."""

    code: int
    code_heading: str
    sessions: Mapping[str, tuple[int, str]]
    seen: int | None

    @classmethod
    def of(
        cls, heading: Row | None, sheet: AttendanceSheet, faults: list[Fault]
    ) -> _Columns:
        """Read the line of headings; what is unknown there becomes a fault."""
        names = [_text(cell).strip() for cell in heading.cells] if heading else []
        plain = [name.casefold() for name in names]
        code = next((i for i, name in enumerate(plain) if name in _CODE), None)
        if heading is None or code is None:
            sentence = _(
                "The first line has no column “%(seat)s”. Download the file anew and "
                "fill that in."
            )
            raise DomainError(sentence % {"seat": _words()[0]})
        refs = {session.ref for session in sheet.sessions}
        sessions: dict[str, tuple[int, str]] = {}
        for place, name in enumerate(names):
            ref = name.split(" ")[0]
            if ref in refs and ref not in sessions:
                sessions[ref] = (place, name)
            elif ref in refs or (name and plain[place] in plain[:place]):
                twice = _("The column stands there twice.")
                faults.append(Fault(heading.line, name[:60], twice))
            elif name and plain[place] not in _CODE | _PERSON | _COMPANY | _SEEN:
                unknown = _(
                    "No session of this occasion. Keep the headings as they were."
                )
                faults.append(Fault(heading.line, name[:60], unknown))
        seen = next((i for i, name in enumerate(plain) if name in _SEEN), None)
        return cls(code, names[code], sessions, seen)


class _LineReader:
    """One line of the file, with the faults that are found in it."""

    def __init__(self, row: Row, columns: _Columns, faults: list[Fault]) -> None:
        self.row = row
        self.columns = columns
        self.faults = faults
        self.code = self._cell(columns.code).strip()

    def blame(self, heading: str, sentence: str) -> None:
        self.faults.append(Fault(self.row.line, heading, sentence))

    def unknown(self) -> str:
        if not self.code:
            return _("The line has no seat. Keep the first column as it was.")
        sentence = _("“%(seat)s” is no seat of this occasion.")
        return sentence % {"seat": self.code[:20]}

    def minutes(
        self, seat: SheetRow, sessions: Sequence[Session]
    ) -> Iterator[tuple[str, int]]:
        """Yield what the line says anew, by the name of the cell."""
        handed_out = self._handed_out()
        for cell, session in zip(seat.cells, sessions, strict=True):
            if session.ref not in self.columns.sessions:
                continue
            place, heading = self.columns.sessions[session.ref]
            written = self._cell(place).strip()
            if not written:
                continue
            value = minutes_in(written)
            if value is None:
                most = {"most": session.minutes}
                self.blame(heading, _("Enter 0 to %(most)d minutes.") % most)
            elif self._is_untouched(handed_out, session, value):
                continue
            elif reason := _fault(cell, session, value, handed_out):
                self.blame(heading, reason)
            elif value != cell.minutes:
                yield cell.name, value

    def _is_untouched(
        self, handed_out: Mapping[str, int] | None, session: Session, value: int
    ) -> bool:
        return handed_out is not None and handed_out.get(session.ref) == value

    def _handed_out(self) -> Mapping[str, int] | None:
        """Return what was recorded when the file was made; None if it does not say."""
        if self.columns.seen is None:
            return None
        found = {}
        for pair in self._cell(self.columns.seen).split():
            ref, _mark, written = pair.partition("=")
            if (value := minutes_in(written)) is not None:
                found[ref] = value
        return found

    def _cell(self, place: int) -> str:
        cells = self.row.cells
        return _text(cells[place]) if place < len(cells) else ""


def _fault(
    cell: SheetCell,
    session: Session,
    value: int,
    handed_out: Mapping[str, int] | None,
) -> str:
    is_other = handed_out is not None and handed_out.get(session.ref) != cell.minutes
    if is_other and value != cell.minutes and cell.minutes is not None:
        changed = _(
            "Somebody else has entered %(minutes)d since the file was made. Download "
            "it anew, or enter the value in the grid."
        )
        return changed % {"minutes": cell.minutes}
    return fault_of(cell, session, value)


def _words() -> tuple[str, ...]:
    return _SWEDISH if get_language() == "sv" else _ENGLISH


def _heading(session: Session) -> str:
    starts, ends = map(timezone.localtime, (session.starts_at, session.ends_at))
    return _("%(session)s %(starts)s–%(ends)s (at most %(most)d min)") % {
        "session": session.ref,
        "starts": f"{starts:%Y-%m-%d %H:%M}",
        "ends": f"{ends:%H:%M}",
        "most": session.minutes,
    }


def _recorded(row: SheetRow, sessions: Sequence[Session]) -> str:
    cells = zip(row.cells, sessions, strict=True)
    known = ((cell, s) for cell, s in cells if cell.minutes is not None)
    return " ".join(f"{session.ref}={cell.minutes}" for cell, session in known)


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
