"""What one would pick instead to bring people in: the usual loop, the usual library.

Both get rows with the fields of a participant, `personal_number` of twelve digits,
and the company; both write history, as the model's own `save` does.
"""

# ruff: noqa: PLC0415 - Django is ready when these are called, not when it is read.

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

IMPORT_EXPORT, LOOP = "django-import-export", "full_clean() + save()"

Row = dict[str, Any]


def has_import_export() -> bool:
    """Tell, and say so if not, whether the library can be measured."""
    found = find_spec("import_export") is not None
    if not found:
        print("django-import-export is not installed, and is left out: README.md.")
    return found


def save_in_a_loop(rows: Sequence[Row], companies: dict[str, Any]) -> dict[str, int]:
    """Check and save one row after the other, in one transaction."""
    from django.db import transaction

    from companies.models import Participant

    with transaction.atomic():
        for row in rows:
            participant = Participant(
                company=companies[row["org_number"]],
                **{name: row[name] for name in fields_of(row)},
            )
            participant.set_number(row["personal_number"])
            participant.full_clean()
            participant.save()
    return {"rows": len(rows)}


def import_as_usual(rows: Sequence[Row], companies: dict[str, Any]) -> dict[str, int]:
    """Import with a ModelResource as it comes; numbers are set as the model asks."""
    import tablib
    from import_export import resources

    from companies.models import Participant

    class ParticipantResource(resources.ModelResource):
        class Meta:
            model = Participant
            import_id_fields = ["ref"]
            fields = fields_of(rows[0])

        def before_save_instance(self, instance: Any, row: Any, **_kwargs: Any) -> None:
            instance.company = companies[row["org_number"]]
            instance.set_number(row["personal_number"])

    data = tablib.Dataset(*(list(row.values()) for row in rows), headers=list(rows[0]))
    ParticipantResource().import_data(data, raise_errors=True)
    return {"rows": Participant.objects.count()}


def fields_of(row: Row) -> list[str]:
    """Return the columns that are fields of a participant as they stand."""
    return [name for name in row if name not in {"org_number", "personal_number"}]


def companies_of(numbers: set[str]) -> dict[str, Any]:
    """Save a company for each organisation number."""
    import datetime as dt

    from companies.models import Company

    return {
        number: Company.objects.create(
            org_number=number,
            name=f"Företag {number}",
            size_class="large",
            joined_on=dt.date(2025, 9, 1),
        )
        for number in sorted(numbers)
    }
