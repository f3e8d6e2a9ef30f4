"""What the portal holds on a participant, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from operator import attrgetter

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import ABOUT_EVERYBODY
from accounts.facts import letter_in_words
from accounts.models import AuditEntry, AuditMention, AuditPayload, OutboxMessage
from companies.imports.columns import COLUMN_OF, NUMBER
from companies.models import (
    CalendarFeed,
    CorrectionRequest,
    ImportRow,
    KioskCode,
    Participant,
    PersonalLink,
    SignInCode,
)
from companies.origins import known_facts
from companies.services.contacts import LETTER as NEW_CONTACT
from core.crypto import UnreadableError
from kompetenslyft.privacy.held_hours import (
    certifications,
    corrections_of_time,
    disputes,
)
from kompetenslyft.privacy.held_seats import (
    accommodations,
    attendance,
    certificates,
    choices,
    documents,
    enrolments,
    evaluations,
    news,
    scans,
)
from kompetenslyft.privacy.held_statistics import statistics
from kompetenslyft.privacy.sections import (
    Code,
    Row,
    Section,
    labels_of,
    name_of,
    values_of,
)
from networks.models import MeetingAttendance, NetworkMember
from trainings.own.readers import told_to_you

_OF_A_PERSON = (
    "ref",
    "protected",
    "no_number_reason",
    "given_name",
    "family_name",
    "gender",
    "birth_date",
    "email",
    "email_confirmed_at",
    "mobile",
    "mobile_confirmed_at",
    "job_title",
    "role_code",
    "staff_group",
    "created_at",
    "updated_at",
    "restricted_at",
)


def sections(participant: Participant, *, with_notes: bool) -> list[Section]:
    """Return everything on a participant, rows merged into it included.

    With the notes, for the participant: a link may have reached another mailbox, so
    of the number there is only the mask, and nothing of requests that are hidden.
    """
    people = [participant, *participant.absorbed.all()]
    return [
        _persons(people, with_number=not with_notes),
        _origins(participant),
        _history(people, with_number=not with_notes),
        enrolments(people),
        attendance(people),
        certifications(people),
        disputes(participant, people, for_participant=with_notes),
        corrections_of_time(participant, people, for_participant=with_notes),
        accommodations(participant, people, with_notes=with_notes),
        _networks(people),
        _meetings(people),
        _corrections(people),
        _letters(people),
        news(people),
        choices(people),
        certificates(people),
        scans(people),
        documents(people),
        statistics(people, with_number=not with_notes),
        evaluations(people),
        _links(people),
        _codes(people),
        _kiosk_codes(people),
        _feeds(people),
        _lists(people, with_number=not with_notes),
        _readers(people),
    ]


def _persons(people: Sequence[Participant], *, with_number: bool) -> Section:
    number_of = _number if with_number else attrgetter("number_mask")
    columns = {"company": _("Company"), "personal_number": _("Personal number")}
    columns |= labels_of(Participant, _OF_A_PERSON)
    rows = [
        {"company": one.company.name, "personal_number": number_of(one)}
        | values_of(one, _OF_A_PERSON)
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
            "who": name_of(fact.origin.who),
        }
        for fact in known_facts(participant)
        if fact.origin
    ]
    title = _("What it is used for, and where it came from")
    return Section("origins", title, columns, rows)


def _history(people: Sequence[Participant], *, with_number: bool) -> Section:
    columns = {
        "at": _("When"),
        "who": _("Who"),
        "field": _("What"),
        "before": _("Before"),
        "after": _("After"),
    }
    rows = [row for one in people for row in _changes(one, with_number=with_number)]
    return Section("history", _("What has been changed"), columns, rows)


def _changes(participant: Participant, *, with_number: bool) -> Iterator[Row]:
    records = participant.history.select_related("history_user")
    fields = [name for name in _OF_A_PERSON if not name.endswith("ated_at")]
    labels = labels_of(Participant, fields)
    for before, after in pairwise(records.order_by("history_date", "history_id")):
        at = {"at": after.history_date, "who": name_of(after.history_user)}
        old, new = values_of(before, fields), values_of(after, fields)
        for name in fields:
            if old[name] != new[name]:
                change = {"before": old[name], "after": new[name]}
                yield at | {"field": Code(name, labels[name])} | change
        numbers = _number(before.instance), _number(after.instance)
        if numbers[0] != numbers[1]:
            shown = numbers if with_number else [_masked(one) for one in numbers]
            change = {"before": shown[0], "after": shown[1]}
            yield at | {"field": Code("personal_number", _("Personal number"))} | change


def _networks(people: Sequence[Participant]) -> Section:
    names = ("joined_on", "left_on")
    columns = {"network": _("Network")} | labels_of(NetworkMember, names)
    members = NetworkMember.objects.filter(participant__in=people)
    rows = [
        {"network": one.network.name} | values_of(one, names)
        for one in members.select_related("network").order_by("joined_on")
    ]
    return Section("networks", _("Your networks"), columns, rows)


def _meetings(people: Sequence[Participant]) -> Section:
    columns = {"network": _("Network"), "meeting": _("Meeting"), "starts_at": _("When")}
    columns |= labels_of(MeetingAttendance, ["minutes"])
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
    columns = labels_of(CorrectionRequest, names) | {"text": _("How it should be")}
    asked = CorrectionRequest.objects.filter(participant__in=people)
    rows = [values_of(one, names) | {"text": one.text} for one in asked]
    return Section("corrections", _("What you asked to correct"), columns, rows)


def _letters(people: Sequence[Participant]) -> Section:
    names = ("kind", "recipient", "queued_at", "sent_at")
    refs = [one.ref for one in people]
    # Whether a code went to an address that somebody typed tells whether it is another
    # person's in the portal.
    letters = OutboxMessage.objects.filter(person_ref__in=refs).exclude(
        kind=NEW_CONTACT
    )
    letters = letters.order_by("queued_at")
    rows = [
        values_of(letter, names)
        | {"kind": Code(letter.kind, letter_in_words(letter.kind))}
        for letter in letters
    ]
    columns = labels_of(OutboxMessage, names)
    return Section("letters", _("Letters to you or about you"), columns, rows)


def _links(people: Sequence[Participant]) -> Section:
    names = ("made_at", "sent_at", "expires_at", "opened_at", "revoked_at")
    columns = labels_of(PersonalLink, names) | {"made_by": _("Made by")}
    links = PersonalLink.objects.filter(participant__in=people)
    rows = [
        values_of(link, names) | {"made_by": name_of(link.made_by)}
        for link in links.select_related("made_by").order_by("made_at")
    ]
    return Section("links", _("Links to your own page"), columns, rows)


def _codes(people: Sequence[Participant]) -> Section:
    names = ("kind", "sent_at", "expires_at", "tries", "used_at", "ended_at")
    columns = labels_of(SignInCode, names)
    codes = SignInCode.objects.filter(participant__in=people).order_by("sent_at")
    rows = [
        values_of(code, names) | {"kind": Code(code.kind, code.get_kind_display())}
        for code in codes
    ]
    return Section("codes", _("Codes to sign in by, of the last day"), columns, rows)


def _kiosk_codes(people: Sequence[Participant]) -> Section:
    names = ("proof", "issued_at", "chosen_at", "tries", "locked_until", "ended_at")
    columns = labels_of(KioskCode, names) | {"issued_by": _("Given by")}
    codes = KioskCode.objects.filter(participant__in=people)
    rows = [
        values_of(code, names) | {"issued_by": name_of(code.issued_by)}
        for code in codes.select_related("issued_by").order_by("issued_at")
    ]
    return Section("kiosk_codes", _("Codes for kiosks"), columns, rows)


def _feeds(people: Sequence[Participant]) -> Section:
    names = ("made_at", "language", "last_read_on", "revoked_at")
    columns = labels_of(CalendarFeed, names)
    feeds = CalendarFeed.objects.filter(participant__in=people).order_by("made_at")
    rows = [values_of(feed, names) for feed in feeds]
    return Section("feeds", _("Addresses of your calendar"), columns, rows)


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
            "uploaded_by": name_of(one.batch.requested_by),
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
            "who": _doer(entry.payload),
            "what": Code(entry.action, told_to_you(entry.action)),
        }
        for entry in found.select_related("payload__actor").order_by("-pk")
    ]
    title = _("Who has looked at you, or done something about you")
    return Section("readers", title, columns, rows)


def _doer(payload: AuditPayload) -> str:
    """Name who did it; where nobody was signed in, the reader or a command."""
    if payload.actor:
        return str(payload.actor)
    by = payload.facts.get("by")
    if by == "participant":
        return _("You")
    if by == "stranger":
        return _("Somebody who was not signed in")
    return _("The operator of the portal")


def _number(participant: Participant) -> str:
    with suppress(UnreadableError):
        return participant.personal_number
    return ""


def _masked(number: str) -> str:
    """Such as `19850709-****`: what a number says that a link's reader may see."""
    return f"{number[:8]}-****" if number else ""
