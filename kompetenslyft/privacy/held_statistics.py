"""What is held of what was sent about a participant to Statistics Sweden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from django.utils.translation import gettext as _

from companies.models import Participant
from core.crypto import UnreadableError
from kompetenslyft.privacy.sections import Code, Section
from reporting.enums import ColumnContent
from reporting.models import StatisticsRow


def statistics(people: Sequence[Participant], *, with_number: bool) -> Section:
    """List the rows of files that were made or sent; of the number the mask alone.

    With the number where a project leader hands the copy over.
    """
    columns = {
        "month": _("Month"),
        "made_at": _("Made"),
        "sent_on": _("Sent"),
        "said": _("What the file says of you"),
    }
    rows = StatisticsRow.objects.filter(person_ref__in=[one.ref for one in people])
    near = rows.exclude(sealed=None).select_related("part__month", "part__package")
    return Section(
        "statistics",
        _("What Statistics Sweden is told of you"),
        columns,
        [
            {
                "month": str(row.part.month),
                "made_at": row.part.package.finished_at,
                "sent_on": row.part.package.sent_on,
                "said": _said(row, with_number=with_number),
            }
            for row in near.order_by("part__month__month", "pk")
        ],
    )


def _said(row: StatisticsRow, *, with_number: bool) -> Mapping[Code, str]:
    labels = {one.value: Code(one.value, str(one.label)) for one in ColumnContent}
    with suppress(UnreadableError):
        values = dict(row.values)
        number = values.get(ColumnContent.NUMBER)
        if number and not with_number:
            values[ColumnContent.NUMBER.value] = f"{number[:8]}-****"
        return {labels[name]: text for name, text in values.items() if text}
    return {}
