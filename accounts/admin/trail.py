"""The audit trail in the admin, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.mixins import AuditedMixin
from accounts.models import AuditEntry
from core.admin import ReadOnlyMixin


@admin.register(AuditEntry)
class AuditEntryAdmin(AuditedMixin, ReadOnlyMixin, admin.ModelAdmin):
    """What was done and read; of an erased person only that something was."""

    list_display = ["at", "actor", "action", "subject_type", "subject_ref"]
    list_filter = ["action", "payload__subject_type"]
    search_fields = ["payload__subject_ref", "mentions__ref"]
    list_select_related = ["payload__actor"]
    date_hierarchy = "payload__at"
    fields = [*list_display, "people", "facts", "seal"]
    readonly_fields = ["at", "actor", "subject_type", "subject_ref", "people", "facts"]
    show_full_result_count = False

    @admin.display(description=_("when"))
    def at(self, entry):
        return entry.content and entry.content.at

    @admin.display(description=_("who"))
    def actor(self, entry):
        return entry.content and entry.content.actor

    @admin.display(description=_("kind of row"))
    def subject_type(self, entry):
        return entry.content and entry.content.subject_type

    @admin.display(description=_("row"))
    def subject_ref(self, entry):
        return entry.content and entry.content.subject_ref

    @admin.display(description=_("people"))
    def people(self, entry):
        return ", ".join(str(mention) for mention in entry.mentions.all())

    @admin.display(description=_("facts"))
    def facts(self, entry):
        return entry.content and entry.content.facts
