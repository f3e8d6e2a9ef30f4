"""Everything that changes a training. Views, admin, commands and tasks call these.

Callers pass only rows that their user may see. `at` is for commands alone: it sets
another time than now. Times are kept to the minute; history and audit always say
when a row was really written.
"""

from trainings.services.attendance import (
    AttendanceRefusedError,
    CellFault,
    record_attendance,
)
from trainings.services.occasions import (
    cancel_occasion,
    complete_occasion,
    open_occasion,
    start_occasion,
)
from trainings.services.seats import (
    SeatsGiven,
    SecondPlaceError,
    confirm_seats,
    decline,
    nominate,
    withdraw,
)
from trainings.services.staff import end_staff, start_staff

__all__ = [
    "AttendanceRefusedError",
    "CellFault",
    "SeatsGiven",
    "SecondPlaceError",
    "cancel_occasion",
    "complete_occasion",
    "confirm_seats",
    "decline",
    "end_staff",
    "nominate",
    "open_occasion",
    "record_attendance",
    "start_occasion",
    "start_staff",
    "withdraw",
]
