"""The files of a programme package that speak of networks."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy

from companies.exchange import nothing_new_about_erased
from core.exchange import Check, RowCheck, Table, column, in_order
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember
from trainings.exchange_rules import lasts_too_short

NETWORKS = Table(
    file="networks.csv",
    model=Network,
    key=("ref",),
    columns=(
        column(Network, "ref"),
        column(Network, "name"),
        column(Network, "role_code"),
    ),
)

NETWORK_MEMBERS = Table(
    file="network_members.csv",
    model=NetworkMember,
    key=("network_ref", "participant_ref", "joined_on"),
    columns=(
        column(NetworkMember, "network_ref", "network"),
        column(NetworkMember, "participant_ref", "participant"),
        column(NetworkMember, "joined_on"),
        column(NetworkMember, "left_on"),
    ),
    row_checks=(
        in_order(
            "joined_on",
            "left_on",
            gettext_lazy("A member cannot leave before joining."),
        ),
    ),
    checks=(nothing_new_about_erased(NetworkMember, "participant_ref"),),
)

MEETINGS = Table(
    file="meetings.csv",
    model=Meeting,
    key=("ref",),
    columns=(
        column(Meeting, "ref"),
        column(Meeting, "network_ref", "network", is_fixed=True),
        column(Meeting, "title"),
        column(Meeting, "starts_at"),
        column(Meeting, "ends_at"),
        column(Meeting, "minutes", least=1),
        column(Meeting, "host_org_number", "host"),
    ),
    row_checks=(
        RowCheck(
            "ends_at",
            ("starts_at", "ends_at"),
            gettext_lazy("A meeting ends after it starts."),
            lambda starts_at, ends_at: ends_at <= starts_at,
        ),
        RowCheck(
            "minutes",
            ("starts_at", "ends_at", "minutes"),
            gettext_lazy("The minutes are more than the meeting lasts."),
            lasts_too_short,
        ),
    ),
    checks=(
        Check(
            "minutes",
            gettext_lazy("Somebody's attendance is longer than this."),
            lambda loaded: Meeting.objects.filter(
                Exists(
                    MeetingAttendance.objects.filter(
                        ~loaded.has(MeetingAttendance),
                        meeting=OuterRef("pk"),
                        minutes__gt=OuterRef("minutes"),
                    )
                )
            ),
        ),
    ),
)

MEETING_ATTENDANCE = Table(
    file="meeting_attendance.csv",
    model=MeetingAttendance,
    key=("meeting_ref", "participant_ref"),
    columns=(
        column(MeetingAttendance, "meeting_ref", "meeting"),
        column(MeetingAttendance, "participant_ref", "participant"),
        column(MeetingAttendance, "minutes"),
    ),
    checks=(
        Check(
            "minutes",
            gettext_lazy("These are more minutes than the meeting has."),
            lambda _loaded: MeetingAttendance.objects.filter(
                minutes__gt=F("meeting__minutes")
            ),
        ),
        nothing_new_about_erased(MeetingAttendance, "participant_ref"),
    ),
)
