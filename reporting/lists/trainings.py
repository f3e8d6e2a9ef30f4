"""Lists of what is planned, who is on it, and what was attended."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.enums import Gender, OwnChannel, StaffGroup
from core.driver_rows import day, moment
from reporting.figures import Period
from reporting.lists.people import of_a_company
from reporting.lists.shape import (
    DAY,
    HOURS,
    MOMENT,
    ListColumn,
    ListOf,
    in_hours,
    labelled,
    named,
    readable,
)
from reporting.periods import instants
from trainings.enums import (
    AccommodationKind,
    AccommodationOutcome,
    AskedBy,
    OccasionStatus,
    WithdrawalReason,
)
from trainings.models import (
    Accommodation,
    Attendance,
    Enrolment,
    Need,
    Occasion,
    Provider,
    Session,
)

_PERSON = "participant"
_SEATED = "enrolment__participant"


def _needs(user: User, _days: Period | None):
    return Need.objects.visible_to(user) if of_a_company(user) else None


def _occasions(user: User, _days: Period | None):
    if not (of_a_company(user) or Provider.objects.run_by(user).exists()):
        return None
    rows = Occasion.objects.visible_to(user)
    first = Session.objects.filter(occasion=OuterRef("pk")).order_by("starts_at")
    return rows.with_seats().annotate(
        first_starts_at=Subquery(first.values("starts_at")[:1])
    )


def _seats(user: User, _days: Period | None):
    if not of_a_company(user):
        return None
    return readable(Enrolment.objects.visible_to(user), user, _PERSON)


def _attendance(user: User, days: Period | None):
    if not of_a_company(user):
        return None
    rows = readable(Attendance.objects.visible_to(user), user, _SEATED)
    if days is None:
        return rows
    first, after = instants(days)
    return rows.filter(session__starts_at__gte=first, session__starts_at__lt=after)


def _accommodations(user: User, _days: Period | None):
    # HR may not learn what its people asked for without it.
    if not user.is_project_leader:
        return None
    return readable(Accommodation.objects.all(), user, _SEATED)


def _moment(column_id: str, title, path: str, *, is_chosen: bool = True) -> ListColumn:
    return ListColumn(
        column_id, title, path, moment, number_format=MOMENT, is_chosen=is_chosen
    )


def _about_course(at: str) -> list[ListColumn]:
    """Return the columns that say which course it is; `at` leads to the occasion."""
    return [
        ListColumn("occasion", _("Occasion"), f"{at}ref"),
        ListColumn("course", _("Course"), f"{at}course__title", width=30),
        ListColumn("theme", _("Theme"), f"{at}course__theme", width=20),
        ListColumn("provider", _("Supplier"), f"{at}provider__name", width=24),
    ]


def _about_person(at: str) -> list[ListColumn]:
    """Return the columns that say who it is; `at` leads to the participant."""
    return [
        ListColumn("company", _("Company"), f"{at}__company__name", width=28),
        ListColumn("ref", _("Participant"), f"{at}__ref"),
        ListColumn(
            "given_name", _("Given name"), named("given_name", at), is_chosen=False
        ),
        ListColumn(
            "family_name", _("Family name"), named("family_name", at), is_chosen=False
        ),
        ListColumn(
            "gender",
            _("Gender"),
            f"{at}__gender",
            labelled(dict(Gender.choices)),
            12,
        ),
        ListColumn(
            "staff_group",
            _("Staff group"),
            f"{at}__staff_group",
            labelled(dict(StaffGroup.choices)),
        ),
    ]


NEEDS = ListOf(
    id="needs",
    name=_("Needs"),
    about=_("What companies need their people to learn, met or not."),
    rows=_needs,
    order=["company__name", "theme", "ref"],
    columns=[
        ListColumn("company", _("Company"), "company__name", width=28),
        ListColumn("ref", _("Reference"), "ref"),
        ListColumn("theme", _("Theme"), "theme", width=20),
        ListColumn("role_code", _("Role code (SSYK)"), "role_code", width=10),
        ListColumn("headcount", _("How many"), "headcount", width=10),
        ListColumn("priority", _("Priority, 1 is highest"), "priority", width=10),
        ListColumn("wanted_by", _("Wanted by"), "wanted_by", day, 12, DAY),
        _moment("withdrawn_at", _("Withdrawn"), "withdrawn_at"),
    ],
)

OCCASIONS = ListOf(
    id="occasions",
    name=_("Occasions"),
    about=_("Runs of courses, with their first session and their seats."),
    rows=_occasions,
    order=["ref"],
    columns=[
        *_about_course(""),
        ListColumn(
            "status", _("Status"), "status", labelled(dict(OccasionStatus.choices))
        ),
        _moment("first_starts_at", _("First session"), "first_starts_at"),
        ListColumn("place", _("Place"), "place", width=24),
        ListColumn("capacity", _("Seats"), "capacity", width=10),
        ListColumn("seats_taken", _("Seats taken"), "seats_taken", width=10),
    ],
)

SEATS = ListOf(
    id="seats",
    name=_("Seats"),
    about=_("Every nomination, with the time of each step."),
    rows=_seats,
    order=["occasion__ref", "nominated_at", "pk"],
    person=f"{_PERSON}__ref",
    columns=[
        *_about_course("occasion__"),
        *_about_person(_PERSON),
        ListColumn("seat", _("Seat"), "ref"),
        _moment("nominated_at", _("Nominated"), "nominated_at"),
        _moment("waitlisted_at", _("Put in line"), "waitlisted_at"),
        _moment("confirmed_at", _("Confirmed"), "confirmed_at"),
        _moment("declined_at", _("Declined"), "declined_at"),
        _moment("withdrawn_at", _("Withdrawn"), "withdrawn_at"),
        ListColumn(
            "reason",
            _("Reason"),
            "withdrawal_reason",
            labelled(dict(WithdrawalReason.choices)),
            is_chosen=False,
        ),
    ],
)

ATTENDANCE = ListOf(
    id="attendance",
    name=_("Attendance"),
    about=_("Every recorded time, a row for each person and session."),
    rows=_attendance,
    order=["session__starts_at", "pk"],
    person=f"{_SEATED}__ref",
    has_days=True,
    columns=[
        *_about_person(_SEATED),
        *_about_course("enrolment__occasion__"),
        ListColumn("seat", _("Seat"), "enrolment__ref", is_chosen=False),
        ListColumn("session", _("Session"), "session__ref", is_chosen=False),
        _moment("starts_at", _("Begins"), "session__starts_at"),
        ListColumn("minutes", _("Minutes"), "minutes", width=10),
        ListColumn(
            "hours", _("Hours"), "minutes", in_hours, 10, HOURS, is_chosen=False
        ),
        _moment("recorded_at", _("Recorded"), "recorded_at"),
        _moment("certified_at", _("Certified"), "certified_at"),
        ListColumn(
            "channel",
            _("Certified by"),
            "certified_channel",
            labelled(dict(OwnChannel.choices)),
            is_chosen=False,
        ),
        _moment("disputed_at", _("Disputed"), "disputed_at"),
        _moment("dispute_closed_at", _("Dispute closed"), "dispute_closed_at"),
    ],
)

ACCOMMODATIONS = ListOf(
    id="accommodations",
    name=_("Adaptations"),
    about=_("Requests for adaptations and what became of them, without notes."),
    rows=_accommodations,
    order=["requested_at", "pk"],
    person=f"{_SEATED}__ref",
    columns=[
        ListColumn("request", _("Reference"), "ref"),
        ListColumn(
            "kind", _("Need"), "kind", labelled(dict(AccommodationKind.choices)), 20
        ),
        *_about_course("enrolment__occasion__"),
        ListColumn("ref", _("Participant"), f"{_SEATED}__ref", is_chosen=False),
        ListColumn(
            "asked_by",
            _("Asked by"),
            "asked_by",
            labelled(dict(AskedBy.choices)),
            is_chosen=False,
        ),
        _moment("requested_at", _("Requested"), "requested_at"),
        _moment("answer_due_at", _("Answer due"), "answer_due_at"),
        _moment("arranged_at", _("Arranged"), "arranged_at"),
        _moment("declined_at", _("Declined"), "declined_at"),
        _moment("withdrawn_at", _("Withdrawn"), "withdrawn_at"),
        ListColumn(
            "outcome",
            _("Outcome"),
            "outcome",
            labelled(dict(AccommodationOutcome.choices)),
        ),
    ],
)
