"""News to participants in the admin: to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from companies.admin import PeopleMixin
from core.admin import ReadOnlyMixin
from trainings.models import Notice


class ToldFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("untold", _("waits to be told")),
            ("told", _("told by a letter")),
            ("dropped", _("not told")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "untold":
                return queryset.untold()
            case "told":
                return queryset.exclude(told_at=None)
            case "dropped":
                return queryset.exclude(dropped="")


@admin.register(Notice)
class NoticeAdmin(PeopleMixin, ReadOnlyMixin, admin.ModelAdmin):
    """Of a letter nobody sees more here than that it was written."""

    change_list_template = "admin/trainings/notices.html"
    participant_path = "enrolment__participant"
    list_display = [
        "made_at",
        "kind",
        "participant",
        "occasion",
        "told_at",
        "dropped",
    ]
    list_filter = [ToldFilter, "kind", "dropped"]
    search_fields = ["enrolment__occasion__ref", "enrolment__participant__ref"]
    list_select_related = ["enrolment__occasion__course", "enrolment__participant"]
    fields = [*list_display, "session_ref"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        waiting = {"waiting": Notice.objects.untold().count()}
        return super().changelist_view(request, (extra_context or {}) | waiting)

    @admin.display(description=_("participant"))
    def participant(self, notice):
        return notice.enrolment.participant

    @admin.display(description=_("occasion"))
    def occasion(self, notice):
        return notice.enrolment.occasion
