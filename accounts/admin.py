"""Users and rights in the admin, and how reading people there is written down."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.backends import NAMED_RIGHTS
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
        if object_id and (row := self.get_object(request, unquote(object_id))):
            record(request.user, "admin.read", row)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        if row := self.get_object(request, unquote(object_id)):
            record(request.user, "admin.history_read", row)
        return super().history_view(request, object_id, extra_context)

    def get_search_results(self, request, queryset, search_term):
        """Write down, too, which rows a field that completes itself offers."""
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.resolver_match.view_name == "admin:autocomplete":
            pages = self.get_paginator(request, rows, AutocompleteJsonView.paginate_by)
            number = request.GET.get("page")
            page = pages.get_page(pages.num_pages if number == "last" else number)
            refs = [str(getattr(row, "ref", row.pk)) for row in page]
            kind = self.opts.label_lower
            record(request.user, "admin.looked_up", kind=kind, refs=refs)
        return rows, may_repeat


def _holds_named_right(user):
    """Return whether the account was given one, also while it may not sign in."""
    return user.is_superuser or bool(_named_rights(user))


def _named_rights(user):
    granted = user.user_permissions.select_related("content_type")
    names = {f"{right.content_type.app_label}.{right.codename}" for right in granted}
    return names & NAMED_RIGHTS


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

    def get_readonly_fields(self, request, obj=None):
        """Only who holds a named right may give it to somebody."""
        fields = super().get_readonly_fields(request, obj)
        if _holds_named_right(request.user):
            return fields
        return [*fields, "user_permissions"]

    def has_change_permission(self, request, obj=None):
        """Whoever may change an account may also take it over."""
        may_change = super().has_change_permission(request, obj)
        if obj is None or not _holds_named_right(obj):
            return may_change
        return may_change and _holds_named_right(request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        facts = {
            "fields": form.changed_data,
            "rights": sorted(_named_rights(form.instance)),
        }
        record(request.user, "accounts.saved_user", form.instance, **facts)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            roles = sorted(form.instance.role_grants.values_list("role", flat=True))
            record(request.user, "accounts.changed_roles", form.instance, roles=roles)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):  # noqa: A002 - Django's.
        before = self.get_object(request, unquote(id))
        response = super().user_change_password(request, id, form_url)
        if self.get_object(request, unquote(id)).password != before.password:
            record(request.user, "accounts.password_set", before)
        return response

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
