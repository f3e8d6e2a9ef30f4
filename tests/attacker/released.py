"""What stands in the files that reach a funder, read as anybody would read them."""

import json
from dataclasses import dataclass, field

SIGN = "•"


@dataclass
class Released:
    """Counts by table, row and figure; None where the sign stands."""

    counts: dict = field(default_factory=dict)
    other: dict = field(default_factory=dict)

    def rows(self, table):
        return list(dict.fromkeys(name[1] for name in self.counts if name[0] == table))


def read_json(text):
    """Read a report's JSON: whole numbers are counts, all else is computed."""
    released = Released()
    for table in json.loads(text)["tables"]:
        for row in table["rows"]:
            for figure, value in row["figures"].items():
                _take(released, (table["table"], row["row"], figure), value)
    return released


def _take(released, name, value):
    is_count = isinstance(value, int) and not isinstance(value, bool)
    if value == SIGN:
        released.counts[name] = None
    elif is_count:
        released.counts[name] = value
    else:
        released.other[name] = value
