"""What the pages of an occasion show: seats, and people with their time."""

from trainings.selectors.attendance import (
    AttendanceSheet,
    CellState,
    SheetCell,
    SheetRow,
    attendance_sheet,
)
from trainings.selectors.occasions import (
    next_sessions,
    nominations_to_seat,
    occasions_for,
    session_changes,
    unrecorded_sessions,
    with_duties,
)
from trainings.selectors.persons import PersonSeat, seats_of_person, step_of
from trainings.selectors.rosters import (
    FunctionalNeed,
    Place,
    RosterRow,
    place_of,
    places,
    roster,
)
from trainings.selectors.seats import SeatBalance, seat_balance
from trainings.selectors.stories import SeatStory, seat_story

__all__ = [
    "AttendanceSheet",
    "CellState",
    "FunctionalNeed",
    "PersonSeat",
    "Place",
    "RosterRow",
    "SeatBalance",
    "SeatStory",
    "SheetCell",
    "SheetRow",
    "attendance_sheet",
    "next_sessions",
    "nominations_to_seat",
    "occasions_for",
    "place_of",
    "places",
    "roster",
    "seat_balance",
    "seat_story",
    "seats_of_person",
    "session_changes",
    "step_of",
    "unrecorded_sessions",
    "with_duties",
]
