"""The audit trail in the admin, to look at, told as its own page tells it."""

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.utils.translation import gettext_lazy as _

from accounts.actions import sentence_of
from accounts.admin.filters import WordsFilter
from accounts.admin.mixins import AuditedMixin
from accounts.models import AuditEntry
from accounts.names import kind_of_row
from accounts.trail_words import tell
from core.admin import ReadOnlyMixin


class ActionFilter(WordsFilter):
    def in_words(self, value):
        return sentence_of(value)


class KindFilter(WordsFilter):
    def in_words(self, value):
        return kind_of_row(value) if value else _("no row")


@admin.register(AuditEntry)
class AuditEntryAdmin(AuditedMixin, ReadOnlyMixin, admin.ModelAdmin):
    """What was done and read; of an erased person only that something was."""

    list_display = ["at", "actor", "what", "subject_type", "subject_ref"]
    list_filter = [
        ("action", ActionFilter),
        ("payload__subject_type", KindFilter),
    ]
    search_fields = ["payload__subject_ref", "mentions__ref"]
    list_select_related = ["payload__actor"]
    date_hierarchy = "payload__at"
    fields = ["at", "actor", "what", "subject_type", "row", "people", "facts", "sealed"]
    readonly_fields = fields
    show_full_result_count = False

    @admin.display(description=_("when"))
    def at(self, entry):
        return self._shown(entry.content and entry.content.at)

    @admin.display(description=_("who"))
    def actor(self, entry):
        return self._shown(entry.content and entry.content.actor)

    @admin.display(description=_("what"), ordering="action")
    def what(self, entry):
        return sentence_of(entry.action)

    @admin.display(description=_("kind of row"))
    def subject_type(self, entry):
        kind = entry.content and entry.content.subject_type
        return self._shown(kind and kind_of_row(kind))

    @admin.display(description=_("row"))
    def subject_ref(self, entry):
        return self._shown(entry.content and entry.content.subject_ref)

    @admin.display(description=_("row"))
    def row(self, entry):
        return self._shown(tell([entry])[entry.pk].row)

    @admin.display(description=_("people"))
    def people(self, entry):
        refs = ", ".join(str(mention) for mention in entry.mentions.all())
        return self._shown(refs)

    @admin.display(description=_("facts"))
    def facts(self, entry):
        told = tell([entry])[entry.pk].facts
        lines = (f"{label}: {value}" for label, value in told.items())
        return self._shown("\n".join(lines))

    @admin.display(description=_("seal"))
    def sealed(self, entry):
        return str(entry.seal) if entry.seal else _("waiting")

    def _shown(self, value):
        """A row's own page would show nothing as None, and times in UTC."""
        return display_for_value(value or None, self.get_empty_value_display())
