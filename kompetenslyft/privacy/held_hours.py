"""What is held of how a participant certified and disputed the own hours."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from companies.models import Participant
from kompetenslyft.privacy.sections import (
    Section,
    labels_of,
    name_of,
    occasion_columns,
    occasion_values,
    values_of,
)
from trainings.certifying import stamped_text
from trainings.models import AttendanceCorrection, CertificationContent, Dispute
from trainings.selectors.certification import (
    readable_corrections,
    readable_disputes,
)


def certifications(people: Sequence[Participant]) -> Section:
    """List what was certified, also what was corrected and certified anew since."""
    names = ("person_ref", "minutes", "channel", "at", "text_version")
    columns = occasion_columns() | {"session": _("Session")}
    columns |= labels_of(CertificationContent, names) | {
        "text": _("What was certified")
    }
    contents = CertificationContent.objects.filter(
        certification__attendance__enrolment__participant__in=people
    )
    near = (
        "certification__attendance__session",
        "certification__attendance__enrolment__occasion__course",
    )
    rows = [
        occasion_values(one.certification.attendance.enrolment.occasion)
        | {"session": one.certification.attendance.session.starts_at}
        | values_of(one, names)
        | {"text": stamped_text(one.text_version)}
        for one in contents.select_related(*near).order_by("pk")
    ]
    return Section("certifications", _("What you have certified"), columns, rows)


def disputes(
    participant: Participant, people: Sequence[Participant], *, for_participant: bool
) -> Section:
    """List disputes; the participant's own copy hides words that are perhaps another's.

    Those written under another e-mail address, or before a merge.
    """
    names = ("ref", "claimed_minutes", "opened_at", "closed_at")
    columns = occasion_columns() | {"session": _("Session")}
    columns |= labels_of(Dispute, names) | {
        "closed_by": _("Answered by"),
        "text": _("Your own words"),
        "answer": _("Answer"),
    }
    found = Dispute.objects.filter(attendance__enrolment__participant__in=people)
    shown = readable_disputes(participant) if for_participant else found
    readable = set(shown.order_by().values_list("pk", flat=True))
    near = ("attendance__session", "attendance__enrolment__occasion__course")
    rows = [
        occasion_values(one.attendance.enrolment.occasion)
        | {"session": one.attendance.session.starts_at}
        | values_of(one, names)
        | {"closed_by": name_of(one.closed_by)}
        | {
            "text": one.text if one.pk in readable else "",
            "answer": one.answer if one.pk in readable else "",
        }
        for one in found.select_related(*near, "closed_by").order_by("opened_at", "pk")
    ]
    return Section("disputes", _("Times that you have disputed"), columns, rows)


def corrections_of_time(
    participant: Participant, people: Sequence[Participant], *, for_participant: bool
) -> Section:
    """List corrections; their reasons are hidden as the words of disputes are."""
    names = ("old_minutes", "new_minutes", "was_certified_at", "corrected_at", "why")
    columns = occasion_columns() | {"session": _("Session")}
    columns |= labels_of(AttendanceCorrection, names)
    columns |= {"corrected_by": _("Corrected by")}
    found = AttendanceCorrection.objects.filter(
        attendance__enrolment__participant__in=people
    )
    shown = readable_corrections(participant) if for_participant else found
    readable = set(shown.order_by().values_list("pk", flat=True))
    near = ("attendance__session", "attendance__enrolment__occasion__course")
    rows = [
        occasion_values(one.attendance.enrolment.occasion)
        | {"session": one.attendance.session.starts_at}
        | values_of(one, names)
        | {"why": one.why if one.pk in readable else ""}
        | {"corrected_by": name_of(one.corrected_by)}
        for one in found.select_related(*near, "corrected_by").order_by("pk")
    ]
    title = _("Times of yours that were corrected")
    return Section("time_corrections", title, columns, rows)
