"""The programme, its companies and people, for project leaders."""

from django.contrib import admin
from django.db.models import Count
from django.db.models.constants import LOOKUP_SEP
from django.utils.translation import gettext_lazy as _

from accounts.admin import AuditedMixin
from accounts.audit import record
from companies.models import (
    Company,
    Membership,
    Participant,
    ParticipantImport,
    Programme,
    WorkforceSnapshot,
)
from companies.selectors import person_changes
from core.admin import FixedKeysMixin, HistoryAdmin, KeepRowsMixin, ReadOnlyMixin
from core.querysets import subtotal


class PeopleMixin(AuditedMixin):
    """Rows about a participant; protected identities need the named right.

    `participant_path` leads from a row to its participant. What cannot be seen cannot
    be chosen in a form either.
    """

    participant_path = "participant"

    def get_queryset(self, request):
        people = Participant.objects.visible_to(request.user)
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.participant_path}__in": people})

    def get_field_queryset(self, db, db_field, request):
        if db_field.remote_field.model is Participant:
            return Participant.objects.visible_to(request.user)
        return super().get_field_queryset(db, db_field, request)


@admin.register(Programme)
class ProgrammeAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    fixed_keys = ("number",)
    list_display = [
        "number",
        "name",
        "owner",
        "starts_on",
        "ends_on",
        "fund_period",
        "planned_participants",
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Programme.objects.exists()


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


class WorkforceInline(admin.TabularInline):
    model = WorkforceSnapshot
    extra = 0
    can_delete = False


@admin.register(Company)
class CompanyAdmin(FixedKeysMixin, KeepRowsMixin, HistoryAdmin):
    fixed_keys = ("org_number",)
    list_display = [
        "name",
        "org_number",
        "size_class",
        "joined_on",
        "left_on",
        "successor",
        "people",
    ]
    list_filter = ["size_class", "joined_on", ("left_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "org_number"]
    list_select_related = ["successor"]
    autocomplete_fields = ["successor"]
    inlines = [MembershipInline, WorkforceInline]

    def get_queryset(self, request):
        people = subtotal(Participant.objects.all(), Count("pk"), per="company")
        return super().get_queryset(request).annotate(people=people)

    @admin.display(description=_("people"), ordering="people")
    def people(self, company):
        return company.people

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Membership and formset.has_changed():
            record(request.user, "companies.changed_memberships", form.instance)
            for membership in formset.deleted_objects:
                _record_deleted(request.user, membership)


@admin.register(WorkforceSnapshot)
class WorkforceSnapshotAdmin(KeepRowsMixin, HistoryAdmin):
    list_display = [
        "company",
        "reference_date",
        "staff_group",
        "women",
        "men",
        "non_binary",
        "source",
    ]
    list_filter = ["staff_group", "reference_date", "company"]
    search_fields = ["company__name", "company__org_number"]
    list_select_related = ["company"]
    autocomplete_fields = ["company"]


@admin.register(Membership)
class MembershipAdmin(AuditedMixin, admin.ModelAdmin):
    list_display = ["company", "user", "started_on", "ended_on"]
    list_filter = [("ended_on", admin.EmptyFieldListFilter), "company"]
    search_fields = ["company__name", "user__name"]
    list_select_related = ["company", "user"]
    autocomplete_fields = ["company", "user"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        record(request.user, "companies.changed_memberships", obj.company)

    def delete_model(self, request, obj):
        _record_deleted(request.user, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for membership in queryset:
            _record_deleted(request.user, membership)
        super().delete_queryset(request, queryset)


def _record_deleted(actor, membership):
    user = str(membership.user_id)
    record(actor, "companies.deleted_membership", membership.company, user=user)


@admin.register(Participant)
class ParticipantAdmin(PeopleMixin, ReadOnlyMixin, HistoryAdmin):
    """To look at; a person is changed on the portal's own pages.

    There is no search by name: what is searched for here ends up in an address.
    """

    list_display = [
        "ref",
        "family_name",
        "given_name",
        "company",
        "gender",
        "staff_group",
        "job_title",
        "protected",
    ]
    list_filter = ["company", "gender", "staff_group", "protected"]
    search_fields = ["ref"]
    search_help_text = _("Search by ref. By name: on the page Participants.")
    list_select_related = ["company"]
    fields = [
        "ref",
        "company",
        "number_mask",
        "no_number_reason",
        "protected",
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
        "age_at_entry",
        "restricted_at",
        "erased_at",
        "created_at",
        "updated_at",
    ]
    show_full_result_count = False
    participant_path = "pk"

    def changes_between(self, before, after, row):
        yield from person_changes(before, after, is_erased=row.erased_at is not None)

    def lookup_allowed(self, lookup, value, request=None):
        """Allow the filters beside the list: no name stands in an address."""
        field = lookup.split(LOOKUP_SEP, 1)[0]
        return field in self.list_filter and super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description=_("personal number"))
    def number_mask(self, participant):
        return participant.number_mask or "–"


@admin.register(ParticipantImport)
class ParticipantImportAdmin(AuditedMixin, ReadOnlyMixin, admin.ModelAdmin):
    list_display = [
        "requested_at",
        "company",
        "requested_by",
        "file_name",
        "progress",
        "read_at",
        "saved_at",
        "failed_at",
    ]
    list_filter = ["company", ("failed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["company", "requested_by"]
    exclude = ["file"]
