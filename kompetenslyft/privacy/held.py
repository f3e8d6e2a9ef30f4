"""What the portal holds on a participant, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.actions import ABOUT_EVERYBODY, sentence_of
from accounts.models import AuditEntry, AuditMention, OutboxMessage
from companies.imports.columns import COLUMN_OF, NUMBER
from companies.models import CorrectionRequest, ImportRow, Participant, PersonalLink
from companies.origins import known_facts
from core.crypto import UnreadableError
from networks.models import MeetingAttendance, NetworkMember
from trainings.models import Accommodation, Attendance, Enrolment
from trainings.own import own_requests

Row = dict[str, Any]
_OF_A_PERSON = (
    "ref",
    "protected",
    "no_number_reason",
    "given_name",
    "family_name",
    "gender",
    "birth_date",
    "email",
    "mobile",
    "job_title",
    "role_code",
    "staff_group",
    "created_at",
    "updated_at",
    "restricted_at",
)
_STEPS = (
    "nominated_at",
    "waitlisted_at",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "declined_at",
    "withdrawn_at",
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
    "requested_at",
    "arranged_at",
    "declined_at",
    "withdrawn_at",
    "outcome",
)


class Code(str):
    """The code of a choice, which people read as its label."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        made = super().__new__(cls, code)
        made.label = str(label)
        return made


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind. `columns` has the words for the keys of a row, in order."""

    key: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Row] = field(default_factory=list)


def sections(participant: Participant, *, with_notes: bool) -> list[Section]:
    """Return everything on a participant, rows merged into it included.

    With the notes, for the participant: a link may have reached another mailbox, so
    of the number there is only the mask, and nothing of requests that are hidden.
    """
    people = [participant, *participant.absorbed.all()]
    return [
        _persons(people, with_number=not with_notes),
        _origins(participant),
        _history(people),
        _enrolments(people),
        _attendance(people),
        _accommodations(participant, people, with_notes=with_notes),
        _networks(people),
        _meetings(people),
        _corrections(people),
        _letters(people),
        _links(people),
        _lists(people, with_number=not with_notes),
        _readers(people),
    ]


def _persons(people: Sequence[Participant], *, with_number: bool) -> Section:
    number_of = _number if with_number else attrgetter("number_mask")
    columns = {"company": _("Company"), "personal_number": _("Personal number")}
    columns |= _labels(Participant, _OF_A_PERSON)
    rows = [
        {"company": one.company.name, "personal_number": number_of(one)}
        | _values(one, _OF_A_PERSON)
        for one in people
    ]
    return Section("person", _("About you"), columns, rows)


def _origins(participant: Participant) -> Section:
    columns = {
        "what": _("What"),
        "purpose": _("What it is used for"),
        "source": _("Where it came from"),
        "at": _("When"),
        "who": _("Who"),
    }
    rows = [
        {
            "what": fact.label,
            "purpose": fact.purpose,
            "source": fact.origin.how,
            "at": fact.origin.at,
            "who": _name(fact.origin.who),
        }
        for fact in known_facts(participant)
        if fact.origin
    ]
    title = _("What it is used for, and where it came from")
    return Section("origins", title, columns, rows)


def _history(people: Sequence[Participant]) -> Section:
    columns = {
        "at": _("When"),
        "who": _("Who"),
        "field": _("What"),
        "before": _("Before"),
        "after": _("After"),
    }
    rows = [row for one in people for row in _changes(one)]
    return Section("history", _("What has been changed"), columns, rows)


def _changes(participant: Participant) -> Iterator[Row]:
    records = participant.history.select_related("history_user")
    fields = [name for name in _OF_A_PERSON if not name.endswith("ated_at")]
    labels = _labels(Participant, fields)
    for before, after in pairwise(records.order_by("history_date", "history_id")):
        at = {"at": after.history_date, "who": _name(after.history_user)}
        old, new = _values(before, fields), _values(after, fields)
        for name in fields:
            if old[name] != new[name]:
                change = {"before": old[name], "after": new[name]}
                yield at | {"field": Code(name, labels[name])} | change
        numbers = _number(before.instance), _number(after.instance)
        if numbers[0] != numbers[1]:
            change = {"before": numbers[0], "after": numbers[1]}
            yield at | {"field": Code("personal_number", _("Personal number"))} | change


def _enrolments(people: Sequence[Participant]) -> Section:
    columns = _labels(Enrolment, ["ref"]) | _occasion_columns()
    columns |= _labels(Enrolment, _STEPS)
    seats = Enrolment.objects.filter(participant__in=people)
    rows = [
        _occasion_values(seat.occasion) | _values(seat, ["ref", *_STEPS])
        for seat in seats.select_related("occasion__course").order_by("nominated_at")
    ]
    return Section("enrolments", _("Your nominations and seats"), columns, rows)


def _attendance(people: Sequence[Participant]) -> Section:
    columns = _occasion_columns() | {"session": _("Session")}
    columns |= _labels(Attendance, _OF_A_TIME) | {"recorded_by": _("Recorded by")}
    times = Attendance.objects.filter(enrolment__participant__in=people)
    near = ("enrolment__occasion__course", "session", "recorded_by")
    rows = [
        _occasion_values(time.enrolment.occasion)
        | {"session": time.session.starts_at, "recorded_by": _name(time.recorded_by)}
        | _values(time, _OF_A_TIME)
        for time in times.select_related(*near).order_by("session__starts_at")
    ]
    return Section("attendance", _("Your time at sessions"), columns, rows)


def _accommodations(
    participant: Participant, people: Sequence[Participant], *, with_notes: bool
) -> Section:
    columns = _occasion_columns() | _labels(Accommodation, _OF_A_REQUEST)
    asked = Accommodation.objects.filter(enrolment__participant__in=people)
    notes = {}
    if with_notes:
        columns["note"] = _("Your own words")
        own = [one for one in own_requests(participant) if not one.is_hidden]
        notes = {one.accommodation.pk: one.note for one in own}
        asked = asked.filter(pk__in=notes)
    rows = [
        _occasion_values(one.enrolment.occasion)
        | _values(one, _OF_A_REQUEST)
        | ({"note": notes.get(one.pk, "")} if with_notes else {})
        for one in asked.select_related("enrolment__occasion__course")
    ]
    return Section("accommodations", _("What you asked to adapt"), columns, rows)


def _networks(people: Sequence[Participant]) -> Section:
    names = ("joined_on", "left_on")
    columns = {"network": _("Network")} | _labels(NetworkMember, names)
    members = NetworkMember.objects.filter(participant__in=people)
    rows = [
        {"network": one.network.name} | _values(one, names)
        for one in members.select_related("network").order_by("joined_on")
    ]
    return Section("networks", _("Your networks"), columns, rows)


def _meetings(people: Sequence[Participant]) -> Section:
    columns = {"network": _("Network"), "meeting": _("Meeting"), "starts_at": _("When")}
    columns |= _labels(MeetingAttendance, ["minutes"])
    times = MeetingAttendance.objects.filter(participant__in=people)
    rows = [
        {
            "network": one.meeting.network.name,
            "meeting": one.meeting.title,
            "starts_at": one.meeting.starts_at,
            "minutes": one.minutes,
        }
        for one in times.select_related("meeting__network").order_by(
            "meeting__starts_at"
        )
    ]
    return Section("meetings", _("Your time at meetings"), columns, rows)


def _corrections(people: Sequence[Participant]) -> Section:
    names = ("ref", "field", "asked_at", "corrected_at", "declined_at", "answer")
    columns = _labels(CorrectionRequest, names) | {"text": _("How it should be")}
    asked = CorrectionRequest.objects.filter(participant__in=people)
    rows = [_values(one, names) | {"text": one.text} for one in asked]
    return Section("corrections", _("What you asked to correct"), columns, rows)


def _letters(people: Sequence[Participant]) -> Section:
    names = ("kind", "recipient", "queued_at", "sent_at")
    refs = [one.ref for one in people]
    letters = OutboxMessage.objects.filter(person_ref__in=refs).order_by("queued_at")
    rows = [_values(letter, names) for letter in letters]
    columns = _labels(OutboxMessage, names)
    return Section("letters", _("Letters to you or about you"), columns, rows)


def _links(people: Sequence[Participant]) -> Section:
    names = ("made_at", "expires_at", "opened_at", "revoked_at")
    columns = _labels(PersonalLink, names) | {"made_by": _("Made by")}
    links = PersonalLink.objects.filter(participant__in=people)
    rows = [
        _values(link, names) | {"made_by": _name(link.made_by)}
        for link in links.select_related("made_by").order_by("made_at")
    ]
    return Section("links", _("Links to your own page"), columns, rows)


def _lists(people: Sequence[Participant], *, with_number: bool) -> Section:
    columns = {
        "file": _("File"),
        "uploaded_at": _("Uploaded"),
        "uploaded_by": _("Uploaded by"),
        "line": _("Line"),
        "outcome": _("What it did"),
        "said": _("What the list says of you"),
    }
    listed = ImportRow.objects.filter(participant__in=people)
    near = ("batch__requested_by", "participant")
    rows = [
        {
            "file": one.batch.title,
            "uploaded_at": one.batch.requested_at,
            "uploaded_by": _name(one.batch.requested_by),
            "line": one.line,
            "outcome": Code(one.outcome, one.get_outcome_display()),
            "said": _said(one, with_number=with_number),
        }
        for one in listed.select_related(*near).order_by("batch__requested_at")
    ]
    return Section("lists", _("Lists that you came in"), columns, rows)


def _said(row: ImportRow, *, with_number: bool) -> dict[str, str]:
    with suppress(UnreadableError):
        typed = dict(row.content["typed"])
        if typed.get(NUMBER) and not with_number:
            typed[NUMBER] = _mask(row)
        return {Code(key, COLUMN_OF[key].heading): typed[key] for key in typed}
    return {}


def _mask(row: ImportRow) -> str:
    """Return the mask of the person's number, or nothing but stars."""
    return (row.participant.number_mask if row.participant else "") or "****"


def _readers(people: Sequence[Participant]) -> Section:
    """Everybody, not the last ones alone; exports of everything among them."""
    columns = {"at": _("When"), "who": _("Who"), "what": _("What")}
    about = AuditMention.objects.filter(ref__in=[one.ref for one in people])
    entries = AuditEntry.objects.filter(payload__isnull=False)
    everything = Q(
        action__in=ABOUT_EVERYBODY,
        payload__at__gte=min(one.created_at for one in people),
    )
    found = entries.filter(everything | Q(pk__in=about.values("entry")))
    rows = [
        {
            "at": entry.payload.at,
            "who": _name(entry.payload.actor),
            "what": Code(entry.action, sentence_of(entry.action)),
        }
        for entry in found.select_related("payload__actor").order_by("-pk")
    ]
    title = _("Who has looked at you, or done something about you")
    return Section("readers", title, columns, rows)


def _occasion_columns() -> dict[str, str]:
    return {"occasion": _("Occasion"), "course": _("Course")}


def _occasion_values(occasion: Any) -> Row:
    return {"occasion": occasion.ref, "course": occasion.course.title}


def _labels(model: type[models.Model], names: Sequence[str]) -> dict[str, str]:
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in names}
    return {name: capfirst(str(one.verbose_name)) for name, one in fields.items()}


def _values(row: models.Model, names: Sequence[str]) -> Row:
    """Return a row's values; those of a choice with their words."""
    values = {}
    for name in names:
        value = getattr(row, name)
        if value and (display := getattr(row, f"get_{name}_display", None)):
            value = Code(value, display())
        values[name] = value
    return values


def _number(participant: Participant) -> str:
    with suppress(UnreadableError):
        return participant.personal_number
    return ""


def _name(user: object) -> str:
    return str(user) if user else ""
