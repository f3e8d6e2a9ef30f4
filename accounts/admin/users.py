"""Users and rights in the admin."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.admin.mixins import AuditedMixin
from accounts.audit import record
from accounts.backends import NAMED_RIGHTS
from accounts.models import RoleGrant, User
from accounts.services import remove_second_factors
from core.errors import DomainError

_NOT_YOURS = _("%(user)s holds a named right, which you do not.")

# Rows of the sign-in library would let a leader open somebody else's account.
for model in (
    Authenticator,
    EmailAddress,
    Group,
    SocialAccount,
    SocialApp,
    SocialToken,
    UserSession,
):
    admin.site.unregister(model)


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
class UserAdmin(AuditedMixin, BaseUserAdmin):
    form = UserChangeForm
    add_form = AdminUserCreationForm
    list_display = ["email", "name", "is_active", "last_login"]
    list_filter = ["is_active", "role_grants__role"]
    search_fields = ["name"]
    ordering = ["email"]
    filter_horizontal = ["user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [RoleGrantInline]
    actions = ["remove_second_factors"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password", "is_active"]}),
        (_("Named rights"), {"fields": ["user_permissions"]}),
        (_("Times"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "email",
                    "name",
                    "usable_password",
                    "password1",
                    "password2",
                ],
                "description": _(
                    "Rather invite people, on the page of rights: an invitation gives "
                    "the account its role, and the password is its owner's alone."
                ),
            },
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

    @admin.action(
        description=_("Remove the second factors: the next sign-in adds a new one"),
        permissions=["change"],
    )
    def remove_second_factors(self, request, users):
        for user in users:
            if not self.has_change_permission(request, user):
                self.message_user(request, _NOT_YOURS % {"user": user}, messages.ERROR)
                continue
            try:
                remove_second_factors(user=user, actor=request.user)
            except DomainError as refusal:
                self.message_user(request, f"{user}: {refusal}", messages.ERROR)
            else:
                done = _("%(user)s adds a new second factor at the next sign-in.")
                self.message_user(request, done % {"user": user}, messages.SUCCESS)

    def has_delete_permission(self, request, obj=None):
        """A user is stopped by `may sign in`: what it did must keep its name."""
        return False
