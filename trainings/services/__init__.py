"""Everything that changes a training. Views, admin, commands and tasks call these.

Callers pass only rows that their user may see. `at` is for commands alone: it sets
another time than now. Times are kept to the minute; history and audit always say
when a row was really written.
"""

from trainings.services.accommodations import (
    answer_accommodation,
    ask_for_accommodation,
    tell_outcome,
    withdraw_request,
)
from trainings.services.attendance import (
    AttendanceRefusedError,
    CellFault,
    record_attendance,
)
from trainings.services.certificates import issue_for_course, issue_for_month
from trainings.services.certification import certify_hours
from trainings.services.disputes import (
    correct_attendance,
    correct_disputed_time,
    dispute_hours,
    keep_disputed_time,
)
from trainings.services.needs import (
    change_need,
    plan_for_needs,
    plan_new_occasion,
    state_need,
    take_off_plan,
    withdraw_need,
)
from trainings.services.nominees import SecondPlaceError
from trainings.services.occasions import (
    cancel_occasion,
    complete_occasion,
    decide_go,
    open_occasion,
    start_occasion,
)
from trainings.services.offers import accept_offer, decline_offer, move_up
from trainings.services.planning import (
    agree_to_plan,
    change_plan,
    comment_on_plan,
    copy_occasion,
    save_card,
)
from trainings.services.quotas import set_quotas
from trainings.services.seats import (
    SeatsGiven,
    confirm_seats,
    decline,
    nominate,
    withdraw,
)
from trainings.services.sessions import (
    add_sessions,
    change_session,
    remove_session,
)
from trainings.services.staff import end_staff, start_staff
from trainings.services.substitutes import substitute

__all__ = [
    "AttendanceRefusedError",
    "CellFault",
    "SeatsGiven",
    "SecondPlaceError",
    "accept_offer",
    "add_sessions",
    "agree_to_plan",
    "answer_accommodation",
    "ask_for_accommodation",
    "cancel_occasion",
    "certify_hours",
    "change_need",
    "change_plan",
    "change_session",
    "comment_on_plan",
    "complete_occasion",
    "confirm_seats",
    "copy_occasion",
    "correct_attendance",
    "correct_disputed_time",
    "decide_go",
    "decline",
    "decline_offer",
    "dispute_hours",
    "end_staff",
    "issue_for_course",
    "issue_for_month",
    "keep_disputed_time",
    "move_up",
    "nominate",
    "open_occasion",
    "plan_for_needs",
    "plan_new_occasion",
    "record_attendance",
    "remove_session",
    "save_card",
    "set_quotas",
    "start_occasion",
    "start_staff",
    "state_need",
    "substitute",
    "take_off_plan",
    "tell_outcome",
    "withdraw",
    "withdraw_need",
    "withdraw_request",
]
