"""The files of a programme package that speak of trainings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.exchange import check_org_number, nothing_new_about_erased
from core.exchange import (
    CellError,
    Check,
    RowCheck,
    Table,
    Unique,
    column,
    custom_column,
    in_order,
)
from trainings.enums import Principle
from trainings.exchange_rules import (
    at_own_session,
    at_two_places,
    attended_elsewhere,
    lasts_too_short,
    over_capacity,
    overfull,
    passed_in_line,
    quota_taken,
    second_of_a_person,
)
from trainings.models import (
    Accommodation,
    Attendance,
    Course,
    Enrolment,
    Need,
    Occasion,
    Provider,
    Quota,
    Session,
)

_IN_ORDER = gettext_lazy("The times of the steps are not in order.")
_SEPARATOR = ";"
_COVERS = tuple(f"covers_{principle.value}" for principle in Principle)


def _read_principles(text: str) -> frozenset[str]:
    names = text.split(_SEPARATOR)
    if len(set(names)) < len(names) or not set(names) <= set(Principle.values):
        raise CellError(
            _("Principles, each once, separated by semicolons: %(list)s.")
            % {"list": ", ".join(Principle.values)}
        )
    return frozenset(names)


def _write_principles(*covers: bool) -> str:
    covered = zip(Principle.values, covers, strict=True)
    return _SEPARATOR.join(name for name, is_covered in covered if is_covered)


def _covers(values: Mapping[str, Any]) -> dict[str, bool]:
    names = values["principles"]
    return {f"covers_{name}": name in names for name in Principle.values}


PROVIDERS = Table(
    file="providers.csv",
    model=Provider,
    key=("ref",),
    columns=(
        column(Provider, "ref"),
        column(Provider, "org_number", check=check_org_number),
        column(Provider, "name"),
        column(Provider, "kind"),
    ),
)

COURSES = Table(
    file="courses.csv",
    model=Course,
    key=("code",),
    derived=_COVERS,
    derive=_covers,
    columns=(
        column(Course, "code"),
        column(Course, "title"),
        column(Course, "theme"),
        column(Course, "level"),
        column(Course, "minutes"),
        column(Course, "required_percent"),
        custom_column(
            "principles",
            read=_read_principles,
            write=_write_principles,
            sources=_COVERS,
            empty=frozenset(),
        ),
        column(Course, "seqf_level"),
    ),
)

OCCASIONS = Table(
    file="occasions.csv",
    model=Occasion,
    key=("ref",),
    columns=(
        column(Occasion, "ref"),
        column(Occasion, "course_code", "course"),
        column(Occasion, "provider_ref", "provider"),
        column(Occasion, "capacity", least=1),
        column(Occasion, "delivery"),
        column(Occasion, "place"),
        column(Occasion, "status"),
    ),
    checks=(
        Check(
            "capacity",
            gettext_lazy("More seats are confirmed than there are."),
            overfull,
        ),
    ),
)

SESSIONS = Table(
    file="sessions.csv",
    model=Session,
    key=("ref",),
    columns=(
        column(Session, "ref"),
        column(Session, "occasion_ref", "occasion", is_fixed=True),
        column(Session, "starts_at"),
        column(Session, "ends_at"),
        column(Session, "minutes", least=1),
    ),
    row_checks=(
        RowCheck(
            "ends_at",
            ("starts_at", "ends_at"),
            gettext_lazy("A session ends after it starts."),
            lambda starts_at, ends_at: ends_at <= starts_at,
        ),
        RowCheck(
            "minutes",
            ("starts_at", "ends_at", "minutes"),
            gettext_lazy("The teaching time is longer than the session."),
            lasts_too_short,
        ),
    ),
    checks=(
        Check(
            "starts_at",
            gettext_lazy("Attendance was recorded before this time."),
            lambda loaded: Session.objects.filter(
                attended_elsewhere(
                    loaded,
                    session=OuterRef("pk"),
                    recorded_at__lt=OuterRef("starts_at"),
                )
            ),
        ),
        Check(
            "minutes",
            gettext_lazy("Somebody's attendance is longer than this."),
            lambda loaded: Session.objects.filter(
                attended_elsewhere(
                    loaded, session=OuterRef("pk"), minutes__gt=OuterRef("minutes")
                )
            ),
        ),
    ),
)

QUOTAS = Table(
    file="quotas.csv",
    model=Quota,
    key=("occasion_ref", "org_number"),
    columns=(
        column(Quota, "occasion_ref", "occasion"),
        column(Quota, "org_number", "company"),
        column(Quota, "seats", least=1),
        column(Quota, "release_on"),
    ),
    warnings=(
        Check(
            "seats",
            gettext_lazy("Others were given seats of this quota before the day."),
            quota_taken,
        ),
    ),
)

ENROLMENTS = Table(
    file="enrolments.csv",
    model=Enrolment,
    key=("ref",),
    columns=(
        column(Enrolment, "ref"),
        column(Enrolment, "occasion_ref", "occasion", is_fixed=True),
        column(Enrolment, "participant_ref", "participant", is_fixed=True),
        column(Enrolment, "nominated_at"),
        column(Enrolment, "waitlisted_at"),
        column(Enrolment, "confirmed_at"),
        column(Enrolment, "declined_at"),
        column(Enrolment, "withdrawn_at"),
    ),
    row_checks=(
        in_order("nominated_at", "waitlisted_at", _IN_ORDER),
        in_order("nominated_at", "confirmed_at", _IN_ORDER),
        in_order("waitlisted_at", "confirmed_at", _IN_ORDER),
        in_order("nominated_at", "declined_at", _IN_ORDER),
        in_order("nominated_at", "withdrawn_at", _IN_ORDER),
        in_order("confirmed_at", "withdrawn_at", _IN_ORDER),
    ),
    uniques=(
        Unique(
            "participant_ref",
            ("occasion", "participant"),
            gettext_lazy("This person has a live enrolment on the occasion already."),
            nulls=("declined_at", "withdrawn_at"),
        ),
    ),
    checks=(
        Check(
            "participant_ref",
            gettext_lazy("This person has a live enrolment on the occasion already."),
            second_of_a_person,
        ),
        Check(
            "confirmed_at",
            gettext_lazy("More seats are confirmed than there are."),
            over_capacity,
        ),
        Check(
            "confirmed_at",
            gettext_lazy("There is attendance on this seat, so it is confirmed."),
            lambda loaded: Enrolment.objects.filter(
                attended_elsewhere(loaded, enrolment=OuterRef("pk")), confirmed_at=None
            ),
        ),
        nothing_new_about_erased(Enrolment, "participant_ref"),
    ),
    warnings=(
        Check(
            "waitlisted_at",
            gettext_lazy("Somebody who came later has a seat."),
            passed_in_line,
        ),
    ),
)

ATTENDANCE = Table(
    file="attendance.csv",
    model=Attendance,
    key=("enrolment_ref", "session_ref"),
    sealed_by="certified_at",
    sealed_message=gettext_lazy("Certified already; only a correction can change it."),
    columns=(
        column(Attendance, "enrolment_ref", "enrolment"),
        column(Attendance, "session_ref", "session"),
        column(Attendance, "minutes"),
        column(Attendance, "recorded_at"),
        column(Attendance, "certified_at"),
        column(Attendance, "disputed_at"),
        column(Attendance, "dispute_closed_at"),
    ),
    row_checks=(
        in_order("recorded_at", "certified_at", _IN_ORDER),
        in_order("recorded_at", "disputed_at", _IN_ORDER),
        in_order("disputed_at", "dispute_closed_at", _IN_ORDER),
        RowCheck(
            "dispute_closed_at",
            ("disputed_at", "dispute_closed_at"),
            gettext_lazy("There is no dispute to close."),
            lambda disputed, closed: disputed is None and closed is not None,
        ),
    ),
    checks=(
        Check(
            "enrolment_ref",
            gettext_lazy("Attendance needs a confirmed seat."),
            lambda _loaded: Attendance.objects.filter(enrolment__confirmed_at=None),
        ),
        Check(
            "session_ref",
            gettext_lazy("The session is of another occasion than the seat."),
            lambda _loaded: Attendance.objects.exclude(
                session__occasion=F("enrolment__occasion")
            ),
        ),
        Check(
            "minutes",
            gettext_lazy("These are more minutes than the session has."),
            lambda _loaded: Attendance.objects.filter(
                minutes__gt=F("session__minutes")
            ),
        ),
        Check(
            "recorded_at",
            gettext_lazy("Attendance is not recorded before the session begins."),
            lambda _loaded: at_own_session().filter(
                recorded_at__lt=F("session__starts_at")
            ),
        ),
        nothing_new_about_erased(
            Attendance, "enrolment_ref", path="enrolment__participant"
        ),
    ),
    warnings=(
        Check(
            "session_ref",
            gettext_lazy("This person was at another session at the same time."),
            at_two_places,
        ),
    ),
)

ACCOMMODATIONS = Table(
    file="accommodations.csv",
    model=Accommodation,
    key=("ref",),
    columns=(
        column(Accommodation, "ref"),
        column(Accommodation, "enrolment_ref", "enrolment", is_fixed=True),
        column(Accommodation, "kind"),
        column(Accommodation, "requested_at"),
        column(Accommodation, "arranged_at"),
        column(Accommodation, "declined_at"),
        column(Accommodation, "withdrawn_at"),
        column(Accommodation, "outcome"),
    ),
    row_checks=(
        in_order("requested_at", "arranged_at", _IN_ORDER),
        in_order("requested_at", "declined_at", _IN_ORDER),
        in_order("requested_at", "withdrawn_at", _IN_ORDER),
        RowCheck(
            "declined_at",
            ("arranged_at", "declined_at"),
            gettext_lazy("It is arranged or declined, not both."),
            lambda arranged, declined: arranged is not None and declined is not None,
        ),
        RowCheck(
            "outcome",
            ("arranged_at", "outcome"),
            gettext_lazy("Only what was arranged has an outcome."),
            lambda arranged, outcome: arranged is None and bool(outcome),
        ),
    ),
    checks=(
        nothing_new_about_erased(
            Accommodation, "enrolment_ref", path="enrolment__participant"
        ),
    ),
)

NEEDS = Table(
    file="needs.csv",
    model=Need,
    key=("ref",),
    columns=(
        column(Need, "ref"),
        column(Need, "org_number", "company", is_fixed=True),
        column(Need, "theme"),
        column(Need, "role_code"),
        column(Need, "headcount", least=1),
        column(Need, "priority"),
        column(Need, "wanted_by"),
    ),
)
