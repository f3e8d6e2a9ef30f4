"""Training suppliers, courses and what companies need, for project leaders."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from core.admin import FixedKeysMixin, HistoryAdmin, KeepRowsMixin
from trainings.forms.needs import NeedAdminForm
from trainings.models import (
    Course,
    Need,
    Provider,
    ProviderStaff,
)
from trainings.services.needs import lock_needs


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
    fieldsets = [
        (None, {"fields": ["code", "title", "theme", "level"]}),
        (_("What is taught"), {"fields": ["content", "goals", "prerequisites"]}),
        (
            _("What completes it"),
            {"fields": ["minutes", "required_percent", "needs_approval"]},
        ),
        (
            _("Principles that it covers"),
            {
                "fields": [
                    "covers_accessibility",
                    "covers_equal_treatment",
                    "covers_gender_equality",
                ]
            },
        ),
        (
            _("In public education"),
            {"fields": ["seqf_level", "public_course", "public_course_code"]},
        ),
    ]


@admin.register(Need)
class NeedAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    """To mend; needs are stated, changed and withdrawn on the portal's own pages."""

    fixed_keys = ("ref", "company")
    form = NeedAdminForm
    list_display = [
        "company",
        "theme",
        "role_code",
        "headcount",
        "priority",
        "wanted_by",
        "withdrawn_at",
    ]
    list_filter = [
        "theme",
        "priority",
        "company",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    readonly_fields = ["withdrawn_at"]
    search_fields = ["ref", "theme", "role_code", "company__name"]
    list_select_related = ["company"]
    autocomplete_fields = ["company"]

    def has_change_permission(self, request, obj=None):
        is_withdrawn = obj is not None and obj.withdrawn_at is not None
        return not is_withdrawn and super().has_change_permission(request, obj)

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Lock what is saved, so that nobody plans for more than is saved."""
        need = self.get_object(request, unquote(object_id)) if object_id else None
        if need and request.method == "POST":
            lock_needs([need.pk])
        return super().changeform_view(request, object_id, form_url, extra_context)
