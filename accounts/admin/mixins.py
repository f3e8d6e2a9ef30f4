"""How reading people in the admin is written down."""

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from accounts.audit import record, record_rows


class AuditedMixin:
    """Leave one audit entry for each page of people's rows that is shown."""

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        if page := getattr(response, "context_data", {}).get("cl"):
            kind = self.opts.label_lower
            record_rows(request.user, "admin.listed", page.result_list, kind=kind)
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
            kind = self.opts.label_lower
            record_rows(request.user, "admin.looked_up", page, kind=kind)
        return rows, may_repeat
