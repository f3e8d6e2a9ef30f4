"""How the admin shows rows that only services change."""

from django.contrib.admin.utils import unquote
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin


class ReadOnlyMixin:
    """Rows to look at: a service, a page or a package changes them."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class KeepRowsMixin:
    """Rows that figures rest on: changed, never deleted."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class FixedKeysMixin:
    """Rows that packages and addresses know by a key, which is set once."""

    fixed_keys = ("ref",)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *self.fixed_keys] if obj else fields


class HistoryAdmin(SimpleHistoryAdmin):
    """History as a list to look at, of rows that the user may see."""

    def history_view(self, request, object_id, extra_context=None):
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An old version in a form would be saved past the services."""
        raise Http404
