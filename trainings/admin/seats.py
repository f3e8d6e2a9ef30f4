"""Seats and what happened on them: to read, for services change them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from companies.admin import PeopleMixin
from core.admin import HistoryAdmin, ReadOnlyMixin
from trainings.models import (
    Accommodation,
    Attendance,
    AttendanceCorrection,
    Dispute,
    Enrolment,
)


@admin.register(Enrolment)
class EnrolmentAdmin(PeopleMixin, ReadOnlyMixin, HistoryAdmin):
    list_display = [
        "ref",
        "occasion",
        "participant",
        "company",
        "nominated_at",
        "waitlisted_at",
        "offer_expires_at",
        "confirmed_at",
        "declined_at",
        "withdrawn_at",
        "withdrawal_reason",
    ]
    list_filter = [
        "participant__company",
        ("offered_at", admin.EmptyFieldListFilter),
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "withdrawal_reason",
    ]
    search_fields = ["ref", "occasion__ref", "participant__ref"]
    list_select_related = ["occasion__course", "participant__company"]
    show_full_result_count = False

    @admin.display(description=_("company"))
    def company(self, enrolment):
        return enrolment.participant.company


@admin.register(Attendance)
class AttendanceAdmin(PeopleMixin, ReadOnlyMixin, HistoryAdmin):
    participant_path = "enrolment__participant"
    list_display = [
        "participant",
        "session",
        "minutes",
        "recorded_at",
        "certified_at",
        "certified_channel",
        "disputed_at",
    ]
    list_filter = [
        "session__occasion__course__theme",
        ("certified_at", admin.EmptyFieldListFilter),
        ("disputed_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["enrolment__ref", "session__occasion__ref"]
    list_select_related = ["enrolment__participant", "session__occasion"]
    show_full_result_count = False

    @admin.display(description=_("participant"))
    def participant(self, attendance):
        return attendance.enrolment.participant


class OfTimeAdmin(PeopleMixin, ReadOnlyMixin, admin.ModelAdmin):
    """Rows about a recorded time, which services make and nobody changes."""

    participant_path = "attendance__enrolment__participant"
    search_fields = ["attendance__enrolment__ref", "attendance__session__ref"]
    list_select_related = [
        "attendance__enrolment__participant",
        "attendance__session__occasion",
    ]

    @admin.display(description=_("participant"))
    def participant(self, row):
        return row.attendance.enrolment.participant

    @admin.display(description=_("session"))
    def session(self, row):
        return row.attendance.session


@admin.register(Dispute)
class DisputeAdmin(OfTimeAdmin):
    list_display = ["ref", "participant", "session", "opened_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]


@admin.register(AttendanceCorrection)
class AttendanceCorrectionAdmin(OfTimeAdmin):
    list_display = [
        "participant",
        "session",
        "old_minutes",
        "new_minutes",
        "corrected_at",
        "corrected_by",
    ]


@admin.register(Accommodation)
class AccommodationAdmin(PeopleMixin, ReadOnlyMixin, HistoryAdmin):
    participant_path = "enrolment__participant"
    list_display = [
        "ref",
        "kind",
        "occasion",
        "asked_by",
        "requested_at",
        "answer_due_at",
        "arranged_at",
        "declined_at",
        "outcome",
    ]
    list_filter = ["kind", "asked_by", "outcome", "enrolment__occasion__provider"]
    search_fields = ["ref", "enrolment__occasion__ref"]
    list_select_related = ["enrolment__occasion__course", "enrolment__participant"]

    @admin.display(description=_("occasion"))
    def occasion(self, accommodation):
        return accommodation.enrolment.occasion
