"""How the admin shows rows that only services change."""

from django.contrib.admin.utils import unquote
from django.http import Http404
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from core.changes import CREATED, differences, done, readable_fields, steps


class ReadOnlyMixin:
    """Rows to look at: a service, a page or a package changes them."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def render_change_form(self, request, context, *args, **kwargs):
        """Offer no history of what nobody changes here, unless one is kept."""
        context["hides_history"] = not isinstance(self, HistoryAdmin)
        return super().render_change_form(request, context, *args, **kwargs)


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
    """History as a list to look at, of rows that the user may see.

    Keys and what is stored sealed are nobody's to read: a change of them alone is
    told without values.
    """

    def history_view_title(self, request, obj):
        return _("Change history: %s") % obj

    def history_view(self, request, object_id, extra_context=None):
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """An old version in a form would be saved past the services."""
        raise Http404

    def set_history_delta_changes(self, request, historical_records, **options):
        """Put what the records of a page changed beside them, newest first."""
        page = historical_records
        records = list(page)
        if not records:
            page.changes = []
            return
        forerunner = page.paginator.object_list[page.end_index() :][:1]
        row = self.get_object(request, str(records[0].id))
        shown = {record.pk for record in records}
        page.changes = [
            change
            for before, after in steps([*records, *forerunner])
            if after.pk in shown
            for change in self._changes_of(before, after, row)
        ]

    def changes_between(self, before, after, row):
        """Yield what a record of the history changed; `row` is as it is now."""
        yield from differences(before, after, readable_fields(self.model.history))

    def _changes_of(self, before, after, row):
        is_new = after.history_type == CREATED
        nothing_to_show = done(after, _("Made") if is_new else _("Changed"))
        return list(self.changes_between(before, after, row)) or [nothing_to_show]
