"""What is held of a participant's seats: steps, time, requests, certificates, news."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from companies.models import (
    Participant,
)
from kompetenslyft.privacy.sections import (
    Row,
    Section,
    labels_of,
    name_of,
    occasion_columns,
    occasion_values,
    values_of,
)
from reporting.selectors.evidence import evidence_about
from trainings.certificate_words import worded
from trainings.certificates import content_of
from trainings.models import (
    Accommodation,
    Attendance,
    Certificate,
    Enrolment,
    EvaluationTicket,
    Notice,
    NoticeChoice,
)
from trainings.own import own_requests
from trainings.selectors.scans import scans_of

_STEPS = (
    "nominated_at",
    "waitlisted_at",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "declined_at",
    "withdrawn_at",
    "withdrawal_reason",
)
_OF_A_TIME = (
    "minutes",
    "recorded_at",
    "certified_at",
    "certified_channel",
    "disputed_at",
    "dispute_closed_at",
)
_OF_A_REQUEST = (
    "ref",
    "kind",
    "asked_by",
    "requested_at",
    "answer_due_at",
    "arranged_at",
    "declined_at",
    "withdrawn_at",
    "outcome",
    "outcome_at",
    "reminded_at",
    "escalated_at",
)


def enrolments(people: Sequence[Participant]) -> Section:
    columns = labels_of(Enrolment, ["ref"]) | occasion_columns()
    # Whose place it was is another person's, and stays unsaid.
    columns |= labels_of(Enrolment, _STEPS) | {
        "in_somebodys_place": _("In somebody else's place")
    }
    seats = Enrolment.objects.filter(participant__in=people)
    rows = [
        occasion_values(seat.occasion)
        | values_of(seat, ["ref", *_STEPS])
        | {"in_somebodys_place": seat.substitute_for_id is not None}
        for seat in seats.select_related("occasion__course").order_by("nominated_at")
    ]
    return Section("enrolments", _("Your nominations and seats"), columns, rows)


def attendance(people: Sequence[Participant]) -> Section:
    columns = occasion_columns() | {"session": _("Session")}
    columns |= labels_of(Attendance, _OF_A_TIME) | {"recorded_by": _("Recorded by")}
    times = Attendance.objects.filter(enrolment__participant__in=people)
    near = ("enrolment__occasion__course", "session", "recorded_by")
    rows = [
        occasion_values(time.enrolment.occasion)
        | {"session": time.session.starts_at, "recorded_by": name_of(time.recorded_by)}
        | values_of(time, _OF_A_TIME)
        for time in times.select_related(*near).order_by("session__starts_at")
    ]
    return Section("attendance", _("Your time at sessions"), columns, rows)


def accommodations(
    participant: Participant, people: Sequence[Participant], *, with_notes: bool
) -> Section:
    columns = occasion_columns() | labels_of(Accommodation, _OF_A_REQUEST)
    asked = Accommodation.objects.filter(enrolment__participant__in=people)
    columns["answered_by"] = _("Answered by")
    words: dict[int, Row] = {}
    if with_notes:
        columns |= {"note": _("Your own words"), "answer": _("The supplier's answer")}
        own = [one for one in own_requests(participant) if not one.is_hidden]
        words = {
            one.accommodation.pk: {"note": one.note, "answer": one.answer}
            for one in own
        }
        asked = asked.filter(pk__in=words)
    rows = [
        occasion_values(one.enrolment.occasion)
        | values_of(one, _OF_A_REQUEST)
        | {"answered_by": name_of(one.answered_by)}
        | words.get(one.pk, {})
        for one in asked.select_related("enrolment__occasion__course", "answered_by")
    ]
    return Section("accommodations", _("What you asked to adapt"), columns, rows)


def scans(people: Sequence[Participant]) -> Section:
    """List that a scan is kept: the sheet itself names others, too."""
    columns = occasion_columns() | {"session": _("Session"), "what": _("What it is")}
    sentence = _(
        "The scan of a signed sheet. You may be on it. It is not in this copy, because "
        "others are on it, too."
    )
    kept = scans_of([one.pk for one in people])
    rows = [
        occasion_values(one.session.occasion)
        | {"session": one.session.starts_at, "what": sentence}
        for one in kept.select_related("session__occasion__course")
    ]
    return Section("scans", _("Scans of signed sheets"), columns, rows)


def documents(people: Sequence[Participant]) -> Section:
    """List that a document is kept in which the person may stand, with others."""
    columns = {"period": _("Period"), "what": _("What it is")}
    sentence = _(
        "A document behind a figure of the project's report. You may be on it. It is "
        "not in this copy, because others are on it, too."
    )
    kept = evidence_about([one.pk for one in people]).select_related("period")
    rows = [{"period": str(one.period), "what": sentence} for one in kept]
    return Section("documents", _("Documents behind reports"), columns, rows)


def certificates(people: Sequence[Participant]) -> Section:
    names = ("ref", "kind", "month", "code", "issued_at", "replaced_at")
    columns = labels_of(Certificate, names) | {"text": _("What it says")}
    issued = Certificate.objects.filter(participant__in=people).order_by("issued_at")
    rows = [values_of(one, names) | {"text": _text_of(one)} for one in issued]
    return Section("certificates", _("Your certificates"), columns, rows)


def _text_of(certificate: Certificate) -> str:
    if not certificate.sealed:
        return ""
    words = worded(certificate, content_of(certificate))
    facts = "; ".join(f"{term}: {value}" for term, value in words.facts)
    return f"{words.title}. {facts}"


def evaluations(people: Sequence[Participant]) -> Section:
    """List that something was answered and when: nobody can say what."""
    columns = occasion_columns() | labels_of(EvaluationTicket, ["used_on"])
    columns |= {"what": _("What you answered")}
    sentence = _(
        "Cannot be shown: your answers lie among those of others, with nothing that "
        "says which are yours."
    )
    used = EvaluationTicket.objects.filter(enrolment__participant__in=people)
    rows = [
        occasion_values(one.enrolment.occasion)
        | values_of(one, ["used_on"])
        | {"what": sentence}
        for one in used.select_related("enrolment__occasion__course").order_by("pk")
    ]
    return Section("evaluations", _("Trainings that you evaluated"), columns, rows)


def news(people: Sequence[Participant]) -> Section:
    names = ("kind", "made_at", "told_at", "dropped")
    columns = occasion_columns() | labels_of(Notice, names)
    told = Notice.objects.filter(enrolment__participant__in=people)
    rows = [
        occasion_values(one.enrolment.occasion) | values_of(one, names)
        for one in told.select_related("enrolment__occasion__course").order_by("pk")
    ]
    return Section("news", _("News of your training"), columns, rows)


def choices(people: Sequence[Participant]) -> Section:
    names = ("level", "language", "chosen_at")
    columns = labels_of(NoticeChoice, names)
    made = NoticeChoice.objects.filter(participant__in=people).order_by("pk")
    rows = [values_of(one, names) for one in made]
    return Section("letter_choices", _("Which letters you chose"), columns, rows)
