"""What changes what is reported. Views, admin, commands and tasks call these."""

from reporting.services.workbooks import (
    create_period,
    remove_leftovers,
    write_export,
    write_leader_file,
)

__all__ = [
    "create_period",
    "remove_leftovers",
    "write_export",
    "write_leader_file",
]
