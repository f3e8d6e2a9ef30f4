"""Everything that changes a company's people. Callers pass only what they may see."""

from companies.services.bulk import update_rows
from companies.services.membership import end_membership, start_membership
from companies.services.participants import add_participant, change_participant
from companies.services.people_lists import (
    hold_people,
    save_people,
    shortened,
    take_back_people,
)
from companies.services.rotation import (
    begin_person_keys,
    fill_person_keys,
    give_up_person_keys,
    swap_person_keys,
    unfilled_person_keys,
)
from companies.services.uploads import (
    accept_upload,
    check_rows,
    confirm_upload,
    discard_upload,
    fix_row,
    forget_read_files,
    keep_rows,
    read_people,
    read_upload,
    rows_to_keep,
)

__all__ = [
    "accept_upload",
    "add_participant",
    "begin_person_keys",
    "change_participant",
    "check_rows",
    "confirm_upload",
    "discard_upload",
    "end_membership",
    "fill_person_keys",
    "fix_row",
    "forget_read_files",
    "give_up_person_keys",
    "hold_people",
    "keep_rows",
    "read_people",
    "read_upload",
    "rows_to_keep",
    "save_people",
    "shortened",
    "start_membership",
    "swap_person_keys",
    "take_back_people",
    "unfilled_person_keys",
    "update_rows",
]
