"""Users and rights in the admin, and how reading people there is written down."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import AuditEntry, RoleGrant, User
from core.admin import ReadOnlyMixin

admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


class AuditedMixin:
    """Leave one audit entry for each page of people's rows that is shown."""

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        if page := getattr(response, "context_data", {}).get("cl"):
            refs = [str(getattr(row, "ref", row.pk)) for row in page.result_list]
            kind = self.opts.label_lower
            record(request.user, "admin.listed", kind=kind, refs=refs)
        return response

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id and (row := self.get_object(request, object_id)):
            record(request.user, "admin.read", row)
        return super().changeform_view(request, object_id, form_url, extra_context)


class RoleGrantInline(admin.TabularInline):
    model = RoleGrant
    extra = 0


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    form = UserChangeForm
    add_form = AdminUserCreationForm
    list_display = ["email", "name", "is_active", "last_login"]
    list_filter = ["is_active", "role_grants__role"]
    search_fields = ["name"]
    ordering = ["email"]
    filter_horizontal = ["user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [RoleGrantInline]
    fieldsets = [
        (None, {"fields": ["email", "name", "password", "is_active"]}),
        (_("Named rights"), {"fields": ["user_permissions"]}),
        (_("Times"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["email", "name", "usable_password", "password1", "password2"]},
        )
    ]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer only the rights that are granted singly."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "user_permissions":
            field.queryset = field.queryset.filter(codename="view_protected_identities")
        return field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        record(request.user, "accounts.saved_user", obj, fields=form.changed_data)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            roles = sorted(form.instance.role_grants.values_list("role", flat=True))
            record(request.user, "accounts.changed_roles", form.instance, roles=roles)

    def has_delete_permission(self, request, obj=None):
        """A user is stopped by `may sign in`: what it did must keep its name."""
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["at", "actor", "action", "subject_type", "subject_ref"]
    list_filter = ["action", "subject_type"]
    search_fields = ["subject_ref"]
    list_select_related = ["actor"]
    date_hierarchy = "at"
    show_full_result_count = False
