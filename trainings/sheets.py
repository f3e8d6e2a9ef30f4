"""Attendance on paper: the code of each row, and the list of codes typed back in.

A code names one person's seat at one session, so that a line that was copied from a
signed sheet cannot land in another row: a code with a slip in it fits no row.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from trainings.models import Enrolment, Session
from trainings.selectors import AttendanceSheet, CellState, SheetCell, SheetRow
from trainings.selectors.rosters import numbered_names

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: read aloud safely.
LENGTH = 6  # Without the check character.
MOST_LINES = 2000
_MISREAD = str.maketrans("ILO", "110")
_FIELD = 0b100101  # x^5 + x^2 + 1, by which 32 characters can be multiplied.
_LONGEST_QUOTE = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line is not taken. `heading` is its column, empty for the whole line."""

    line: int
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: minutes by the name of the cell, or every fault there is."""

    minutes: Mapping[str, int]
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row of the printed sheet. Who is protected is a number on paper, always.

    `company` is empty for them: on a table at work it would say who it is.
    """

    code: str
    name: str
    company: str


def code_of(enrolment: Enrolment, session: Session) -> str:
    """Return the code of a seat at a session, such as `7K3F9Q-X`."""
    digest = hashlib.sha256(f"sheet\0{enrolment.ref}\0{session.ref}".encode()).digest()
    number = int.from_bytes(digest[:4], "big")
    body = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
    return f"{body}-{check_character(body)}"


def check_character(body: str) -> str:
    """Return the character after which no single slip goes unnoticed.

    Neither a wrong character nor two that changed places: it is a sum over the field
    of 32 elements in which each place has a weight of its own.
    """
    total, weight = 0, 1
    for character in body:
        weight = _times(weight, 2)
        total ^= _times(ALPHABET.index(character), weight)
    return ALPHABET[total]


def sheet_lines(seats: Sequence[Enrolment], session: Session) -> list[SheetLine]:
    """Return the rows of the printed sheet, by name, then those who have none.

    Two queries, none without seats under protection.
    """
    hidden = [seat for seat in seats if _is_hidden(seat)]
    numbers = numbered_names(hidden)
    named = [
        SheetLine(
            code_of(seat, session),
            seat.participant.full_name,
            seat.participant.company.name,
        )
        for seat in seats
        if seat.pk not in numbers
    ]
    return named + [
        SheetLine(code_of(seat, session), numbers[seat.pk], "") for seat in hidden
    ]


def read_codes(text: str, sheet: AttendanceSheet) -> Reading:
    """Read lines of a code and minutes; a code alone says the whole session.

    Every line is judged, and all faults come out with their line.
    """
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        sentence = _("More than %(most)d lines. Enter them in several steps.")
        return Reading({}, [Fault(1, "", sentence % {"most": MOST_LINES})])
    reader = _CodeReader(sheet)
    for number, line in enumerate(lines, start=1):
        if words := line.replace(";", " ").replace(",", " ").split():
            reader.take(number, words)
    return Reading(reader.minutes, reader.faults)


def fault_of(cell: SheetCell, session: Session, value: int) -> str:
    """Return why a value from a list is not taken for a cell; empty where it is."""
    if value == cell.minutes:
        return ""
    match cell.state:
        case CellState.CERTIFIED:
            certified = _(
                "Certified by the participant as %(minutes)d minutes; it changes only "
                "by a correction."
            )
            return certified % {"minutes": cell.minutes}
        case CellState.NOT_BEGUN:
            return _("The session has not begun.")
        case CellState.NO_SEAT:
            return _("The person has no confirmed seat.")
    if value > session.minutes:
        return _("Enter 0 to %(most)d minutes.") % {"most": session.minutes}
    return ""


def minutes_in(text: str) -> int | None:
    """Read whole minutes as people and spreadsheets write them; None where it is none.

    A spreadsheet may have made `240.0` or `240,0` of 240.
    """
    whole, _mark, rest = text.strip().replace(",", ".").partition(".")
    is_whole = whole.isascii() and whole.isdigit() and not rest.strip("0")
    return int(whole) if is_whole and len(whole) <= 5 else None


class _CodeReader:
    """The cells of a grid by their codes, and what was typed for them."""

    def __init__(self, sheet: AttendanceSheet) -> None:
        self.minutes: dict[str, int] = {}
        self.faults: list[Fault] = []
        self.cells: dict[str, list[tuple[SheetRow, SheetCell, Session]]]
        self.cells = defaultdict(list)
        self.lines: dict[str, int] = {}
        for row in sheet.rows:
            for cell, session in zip(row.cells, sheet.sessions, strict=True):
                code = code_of(row.place.enrolment, session)
                self.cells[code].append((row, cell, session))

    def take(self, line: int, words: Sequence[str]) -> None:
        code = _tidied(words[0])
        if reason := self._fault_of_code(code):
            quoted = {"code": words[0][:_LONGEST_QUOTE]}
            self.faults.append(Fault(line, "", reason % quoted))
            return
        ((row, cell, session),) = self.cells[code]
        for reason in self._faults_of_value(line, code, words, cell, session):
            starts = timezone.localtime(session.starts_at)
            named = _("%(person)s, %(session)s: %(reason)s") % {
                "person": row.place.name,
                "session": f"{starts:%Y-%m-%d %H:%M}",
                "reason": reason,
            }
            self.faults.append(Fault(line, "", named))

    def _fault_of_code(self, code: str) -> str:
        body = code[:LENGTH]
        is_whole = len(code) == LENGTH + 2 and set(code) <= {*ALPHABET, "-"}
        if not is_whole or code[-1] != check_character(body):
            return _("“%(code)s” is no code. Look at the sheet once more.")
        match len(self.cells.get(code, ())):
            case 0:
                return _("“%(code)s” is not of this occasion.")
            case 1:
                return ""
        # Of a thousand rows two share a code once in two thousand occasions.
        return _("“%(code)s” fits two rows. Enter these minutes in the grid.")

    def _faults_of_value(
        self,
        line: int,
        code: str,
        words: Sequence[str],
        cell: SheetCell,
        session: Session,
    ) -> Iterator[str]:
        value = minutes_in(words[1]) if len(words) == 2 else None
        if len(words) == 1:
            value = session.minutes
        if first := self.lines.get(code):
            yield _("It stands in line %(line)d already.") % {"line": first}
        elif value is None:
            yield _("Write the code and the minutes, nothing else.")
        elif reason := fault_of(cell, session, value):
            yield reason
        else:
            self.minutes[cell.name] = value
        self.lines.setdefault(code, line)


def _tidied(code: str) -> str:
    """Return a code as it is printed, whoever typed it in whichever way."""
    plain = code.upper().translate(_MISREAD).replace("-", "").replace("–", "")
    return f"{plain[:LENGTH]}-{plain[LENGTH:]}"


def _times(left: int, right: int) -> int:
    """Multiply in the field of 32 elements."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= _FIELD
        right >>= 1
    return product


def _is_hidden(seat: Enrolment) -> bool:
    person = seat.participant
    return bool(person.protected or person.restricted_at or person.erased_at)
