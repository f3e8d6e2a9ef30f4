"""What people write of a period by the 4R method."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from reporting.enums import AnalysisPart
from reporting.models import Analysis, ReportingPeriod
from trainings.services.texts import refuse_numbers


@transaction.atomic
def write_analysis(
    *, period: ReportingPeriod, part: AnalysisPart, text: str, seen: int, actor: User
) -> Analysis:
    """Keep a text as the newest version of a part; earlier ones stay as they are.

    `seen` is the number of the version that the caller's page showed, 0 for none: what
    somebody else has written since is not written over unread. Raises DomainError.
    """
    period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    text = text.replace("\r\n", "\n").strip()
    latest = period.analyses.filter(part=part).first()
    _refuse(text, latest, seen)
    refuse_numbers(text)
    written = Analysis.objects.create(
        period=period,
        part=part,
        number=latest.number + 1 if latest else 1,
        text=text,
        written_by=actor,
    )
    record(actor, "reporting.analysis_written", written, days=str(period))
    return written


def _refuse(text: str, latest: Analysis | None, seen: int) -> None:
    if not text:
        raise DomainError(_("Write something, or leave the text as it is."))
    if len(text) > Analysis.LONGEST:
        raise DomainError(
            _("The text is longer than %(most)d characters. Shorten it.")
            % {"most": Analysis.LONGEST}
        )
    if (latest.number if latest else 0) != seen:
        raise DomainError(
            _(
                "Somebody has written a newer version meanwhile. Your text is still in "
                "the form: read the newer one below it, put the two together and save "
                "once more."
            )
        )
    if latest and latest.text == text:
        raise DomainError(_("Nothing is changed, so there is no new version."))
