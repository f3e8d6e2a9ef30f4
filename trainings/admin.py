"""Courses, occasions and what happened there, for project leaders."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from companies.admin import PeopleMixin
from core.admin import FixedKeysMixin, HistoryAdmin, KeepRowsMixin, ReadOnlyMixin
from core.errors import DomainError
from trainings import services
from trainings.models import (
    Accommodation,
    Attendance,
    Course,
    Enrolment,
    Need,
    Occasion,
    Provider,
    ProviderStaff,
    Quota,
    Session,
)
from trainings.selectors import session_changes
from trainings.services.occasions import lock


class ProviderStaffInline(admin.TabularInline):
    model = ProviderStaff
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Provider)
class ProviderAdmin(FixedKeysMixin, KeepRowsMixin, admin.ModelAdmin):
    list_display = ["name", "ref", "org_number", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "ref", "org_number"]
    inlines = [ProviderStaffInline]

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is ProviderStaff and formset.has_changed():
            record(request.user, "trainings.changed_staff", form.instance)
            for staff in formset.deleted_objects:
                user = str(staff.user_id)
                record(
                    request.user, "trainings.deleted_staff", form.instance, user=user
                )


@admin.register(Course)
class CourseAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    fixed_keys = ("code",)
    list_display = [
        "code",
        "title",
        "theme",
        "level",
        "minutes",
        "required_percent",
        "seqf_level",
    ]
    list_filter = [
        "theme",
        "level",
        "covers_accessibility",
        "covers_equal_treatment",
        "covers_gender_equality",
    ]
    search_fields = ["code", "title", "theme"]


@admin.register(Need)
class NeedAdmin(FixedKeysMixin, admin.ModelAdmin):
    list_display = [
        "company",
        "theme",
        "role_code",
        "headcount",
        "priority",
        "wanted_by",
    ]
    list_filter = ["theme", "priority", "company"]
    search_fields = ["ref", "theme", "role_code", "company__name"]
    list_select_related = ["company"]
    autocomplete_fields = ["company"]


class SessionInline(admin.TabularInline):
    model = Session
    exclude = ["ref"]
    extra = 0
    can_delete = False


class QuotaInline(admin.TabularInline):
    model = Quota
    extra = 0
    autocomplete_fields = ["company"]


@admin.register(Occasion)
class OccasionAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    """The status moves only through the actions, each a service with its checks."""

    list_display = [
        "ref",
        "course",
        "provider",
        "first_starts_at",
        "seats_taken",
        "capacity",
        "status",
    ]
    list_filter = ["status", "delivery", "course__theme", "provider"]
    search_fields = ["ref", "course__title", "course__code", "place"]
    list_select_related = ["course", "provider"]
    autocomplete_fields = ["course", "provider"]
    readonly_fields = ["status"]
    inlines = [SessionInline, QuotaInline]
    actions = ["open", "start", "complete", "cancel"]
    object_history_template = "simple_history/occasion_history.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_first_session().with_seats()

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Lock what is saved, so that a seat or a step meanwhile is not overwritten."""
        if object_id and request.method == "POST":
            occasion = self.get_object(request, unquote(object_id))
            if occasion:
                lock(occasion)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        """Tell what was changed on the sessions as well: they have no own page."""
        occasion = self.get_object(request, unquote(object_id))
        changes = session_changes(occasion) if occasion else []
        context = {**(extra_context or {}), "session_changes": changes}
        return super().history_view(request, object_id, context)

    @admin.display(description=_("first session"), ordering="first_starts_at")
    def first_starts_at(self, occasion):
        return occasion.first_starts_at

    @admin.display(description=_("seats taken"), ordering="seats_taken")
    def seats_taken(self, occasion):
        return occasion.seats_taken

    @admin.action(description=_("Open for nomination"), permissions=["change"])
    def open(self, request, occasions):
        self._move(request, occasions, services.open_occasion)

    @admin.action(description=_("Start"), permissions=["change"])
    def start(self, request, occasions):
        self._move(request, occasions, services.start_occasion)

    @admin.action(description=_("Complete"), permissions=["change"])
    def complete(self, request, occasions):
        self._move(request, occasions, services.complete_occasion)

    @admin.action(description=_("Cancel the occasion"), permissions=["change"])
    def cancel(self, request, occasions):
        self._move(request, occasions, services.cancel_occasion)

    def _move(self, request, occasions, step):
        for occasion in occasions:
            try:
                moved = step(occasion=occasion, actor=request.user)
            except DomainError as refusal:
                self.message_user(request, f"{occasion}: {refusal}", messages.ERROR)
            else:
                now = moved.get_status_display()
                self.message_user(request, f"{occasion}: {now}", messages.SUCCESS)


@admin.register(Enrolment)
class EnrolmentAdmin(PeopleMixin, ReadOnlyMixin, HistoryAdmin):
    list_display = [
        "ref",
        "occasion",
        "participant",
        "company",
        "nominated_at",
        "confirmed_at",
        "declined_at",
        "withdrawn_at",
    ]
    list_filter = [
        "participant__company",
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
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


@admin.register(Accommodation)
class AccommodationAdmin(PeopleMixin, ReadOnlyMixin, HistoryAdmin):
    participant_path = "enrolment__participant"
    list_display = [
        "ref",
        "kind",
        "occasion",
        "requested_at",
        "arranged_at",
        "declined_at",
        "outcome",
    ]
    list_filter = ["kind", "outcome", "enrolment__occasion__provider"]
    search_fields = ["ref", "enrolment__occasion__ref"]
    list_select_related = ["enrolment__occasion__course", "enrolment__participant"]

    @admin.display(description=_("occasion"))
    def occasion(self, accommodation):
        return accommodation.enrolment.occasion
