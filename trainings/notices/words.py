"""The messages to participants: what each is called, and what its words may name.

Names, invented values and requirements only; the values of a real letter come from
`trainings/notice_values.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.message_templates import MessageKind, Placeholder
from trainings.enums import NoticeKind

_COURSE = Placeholder(
    "course",
    _("what the training is called"),
    {"sv": "Robotprogrammering", "en": "Robot programming"},
)
_SESSIONS = Placeholder(
    "sessions",
    _("when its sessions are, one to a line"),
    {
        "sv": "måndag 2 mars 2026, 08:00–12:30\nmåndag 9 mars 2026, 08:00–12:30",
        "en": "Monday 2 March 2026, 08:00–12:30\nMonday 9 March 2026, 08:00–12:30",
    },
    is_long=True,
)
_PLACE = Placeholder(
    "place",
    _("where it is, or that it is remote"),
    {"sv": "Lokalen 3, Exempelstad", "en": "Room 3, Exempelstad"},
)
_PROVIDER = Placeholder(
    "provider",
    _("who teaches"),
    {"sv": "Utbildarna i Exempelstad AB", "en": "Utbildarna i Exempelstad AB"},
)
_FIRST = Placeholder(
    "first",
    _("when the first session is"),
    {
        "sv": "måndag 2 mars 2026, 08:00–12:30",
        "en": "Monday 2 March 2026, 08:00–12:30",
    },
)
_ABOUT = Placeholder(
    "about",
    _("what the training is about, as the course says it"),
    {
        "sv": "Vi lär oss att styra en robotarm, steg för steg.",
        "en": "We learn to steer a robot arm, step by step.",
    },
    is_long=True,
)
_PREREQUISITES = Placeholder(
    "prerequisites",
    _("what one needs to know before"),
    {"sv": "Du har gått grundkursen i säkerhet.", "en": "The basic course on safety."},
    is_long=True,
)
_ACCESSIBILITY = Placeholder(
    "accessibility",
    _("the accessibility card, one line for each thing"),
    {
        "sv": "Tillgång utan trappsteg: ja\nHörslinga: på begäran\nSpråk: svenska",
        "en": "Step-free access: yes\nHearing loop: on request\nLanguage: Swedish",
    },
    is_long=True,
)
_CONTACT = Placeholder(
    "contact",
    _("whom to ask about accessibility"),
    {"sv": "Kim Ek, 021-000 00 00", "en": "Kim Ek, 021-000 00 00"},
)
_ASK_BY = Placeholder(
    "ask_by",
    _("the last day to ask for an adaptation"),
    {"sv": "fredag 20 februari 2026", "en": "Friday 20 February 2026"},
)
_DEADLINE = Placeholder(
    "deadline",
    _("until when the offer stands"),
    {"sv": "fredag 20 februari 2026, 16:00", "en": "Friday 20 February 2026, 16:00"},
)
_CHANGE = Placeholder(
    "change",
    _("what was moved, added or taken away, one to a line"),
    {
        "sv": "Flyttat: måndag 2 mars 2026, 08:00–12:30 → tisdag 3 mars 2026, "
        "08:00–12:30",
        "en": "Moved: Monday 2 March 2026, 08:00–12:30 → Tuesday 3 March 2026, "
        "08:00–12:30",
    },
    is_long=True,
)
_REASON = Placeholder(
    "reason",
    _("why it was cancelled, if somebody said so"),
    {"sv": "Läraren är sjuk.", "en": "The teacher is ill."},
)
_MONTH = Placeholder(
    "month", _("the month"), {"sv": "februari 2026", "en": "February 2026"}
)
_HOURS = Placeholder(
    "hours", _("how many hours wait to be certified"), {"sv": "7,50", "en": "7.50"}
)
_SESSION = Placeholder(
    "session",
    _("which session it is about"),
    {
        "sv": "måndag 2 mars 2026, 08:00–12:30",
        "en": "Monday 2 March 2026, 08:00–12:30",
    },
)

_NAMED: Mapping[NoticeKind, tuple[Sequence[Placeholder], Sequence[Placeholder]]] = {
    # The first must be in the text, the others may. Beside those that tell all times a
    # letter tells no changes of them.
    NoticeKind.INVITATION: (
        [_COURSE, _SESSIONS, _ACCESSIBILITY],
        [_ABOUT, _PREREQUISITES, _PLACE, _PROVIDER, _CONTACT, _ASK_BY],
    ),
    NoticeKind.CONFIRMED: (
        [_COURSE, _SESSIONS],
        [_PLACE, _PROVIDER, _ACCESSIBILITY, _CONTACT, _ASK_BY],
    ),
    NoticeKind.WAITING: ([_COURSE], [_SESSIONS, _PLACE]),
    NoticeKind.OFFERED: ([_COURSE, _SESSIONS, _DEADLINE], [_PLACE, _PROVIDER]),
    NoticeKind.CHANGED: ([_COURSE, _CHANGE], [_SESSIONS, _PLACE]),
    NoticeKind.CANCELLED: ([_COURSE], [_SESSIONS, _REASON]),
    NoticeKind.WITHDRAWN: ([_COURSE], [_SESSIONS]),
    NoticeKind.REMINDER: ([_COURSE, _FIRST], [_SESSIONS, _PLACE, _PROVIDER, _CONTACT]),
    NoticeKind.CERTIFY: ([_MONTH], [_HOURS, _COURSE]),
    NoticeKind.ABSENT: ([_COURSE, _SESSION], []),
    NoticeKind.CERTIFICATE: ([_COURSE], []),
}

KINDS: Sequence[MessageKind] = [
    MessageKind(
        code=kind.value,
        label=kind.label,
        placeholders=(*required, *others),
        required=frozenset(one.name for one in required),
    )
    for kind, (required, others) in _NAMED.items()
]
