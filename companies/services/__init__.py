"""Everything that changes a company's people. Callers pass only what they may see."""

from companies.services.bulk import update_rows
from companies.services.participants import add_participant, change_participant
from companies.services.people_lists import (
    save_people,
    shortened,
    take_back_people,
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
    "change_participant",
    "check_rows",
    "confirm_upload",
    "discard_upload",
    "fix_row",
    "forget_read_files",
    "keep_rows",
    "read_people",
    "read_upload",
    "rows_to_keep",
    "save_people",
    "shortened",
    "take_back_people",
    "update_rows",
]
