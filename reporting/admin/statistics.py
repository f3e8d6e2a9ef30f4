"""The columns of the file for Statistics Sweden, for project leaders."""

from django.contrib import admin

from core.admin import HistoryAdmin
from reporting.models import StatisticsColumn


@admin.register(StatisticsColumn)
class StatisticsColumnAdmin(HistoryAdmin):
    """A map is changed by its columns, until a month is sent with it."""

    list_display = ["valid_from", "position", "heading", "content", "format"]
    list_filter = ["valid_from"]
    search_fields = ["heading"]

    def has_delete_permission(self, request, obj=None) -> bool:
        is_open = obj is None or not obj.was_sent
        return is_open and super().has_delete_permission(request, obj)
