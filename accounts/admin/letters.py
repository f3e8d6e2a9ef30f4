"""Letters and invitations in the admin: to look at, and to try or cancel a letter.

What a letter says is shown to nobody: its links are for the reader alone.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_value
from django.utils.translation import gettext_lazy as _

from accounts.admin.filters import WordsFilter
from accounts.admin.mixins import AuditedMixin
from accounts.facts import letter_in_words
from accounts.letters import mail_folder
from accounts.models import Invitation, OutboxMessage
from accounts.names import name_of_place
from accounts.services import cancel_letter, retry_letter
from accounts.services.outbox import MOST_TRIES
from accounts.sms import text_folder
from core.admin import ReadOnlyMixin
from core.errors import DomainError


class HowItStandsFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("waiting", _("waits")),
            ("sent", _("sent")),
            ("given_up", _("given up")),
            ("cancelled", _("was cancelled")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "sent":
                return queryset.exclude(sent_at=None)
            case "given_up":
                return queryset.exclude(failed_at=None)
            case "cancelled":
                return queryset.exclude(cancelled_at=None)


class LetterFilter(WordsFilter):
    def in_words(self, value):
        return letter_in_words(value)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(AuditedMixin, ReadOnlyMixin, admin.ModelAdmin):
    change_list_template = "admin/accounts/outbox.html"
    list_display = [
        "queued_at",
        "state",
        "about",
        "channel",
        "recipient",
        "tries",
        "next_try",
        "why",
    ]
    list_filter = [HowItStandsFilter, "channel", ("kind", LetterFilter), "queued_at"]
    actions = ["try_again", "cancel"]
    fields = [*list_display, "in_language", "sent_at", "failed_at", "cancelled_at"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        folders = {"mail_folder": mail_folder(), "text_folder": text_folder()}
        return super().changelist_view(request, (extra_context or {}) | folders)

    @admin.display(description=_("state"))
    def state(self, message):
        return message.state.label

    @admin.display(description=_("kind"), ordering="kind")
    def about(self, message):
        return letter_in_words(message.kind)

    @admin.display(description=_("language"))
    def in_language(self, message):
        return dict(settings.LANGUAGES).get(message.language, message.language)

    @admin.display(description=_("tries"), ordering="attempts")
    def tries(self, message):
        return f"{message.attempts} / {MOST_TRIES}"

    @admin.display(description=_("next try"))
    def next_try(self, message):
        return self._shown(None if message.is_over else message.not_before)

    @admin.display(description=_("why"))
    def why(self, message):
        if not message.failure:
            return self._shown(None)
        if message.failed_at:
            sentence = _("Given up after %(tries)d tries. The last answer: %(failure)s")
        else:
            sentence = _("The last try failed: %(failure)s")
        return sentence % {"tries": message.attempts, "failure": message.failure}

    def _shown(self, value):
        """A row's own page would show nothing as None, and times in UTC."""
        return display_for_value(value, self.get_empty_value_display())

    @admin.action(description=_("Try again now"))
    def try_again(self, request, letters):
        self._do(request, letters, retry_letter, _("Will be tried again: %(count)d"))

    @admin.action(description=_("Cancel"))
    def cancel(self, request, letters):
        self._do(request, letters, cancel_letter, _("Cancelled: %(count)d"))

    def _do(self, request, letters, act, words):
        count = 0
        for message in letters:
            try:
                act(message=message, actor=request.user)
            except DomainError as refusal:
                self.message_user(
                    request, f"{message.recipient}: {refusal}", messages.ERROR
                )
            else:
                count += 1
        if count:
            self.message_user(request, words % {"count": count}, messages.SUCCESS)


@admin.register(Invitation)
class InvitationAdmin(AuditedMixin, ReadOnlyMixin, admin.ModelAdmin):
    """To look at; the page of rights sends them again and revokes them."""

    list_display = [
        "ref",
        "email",
        "role",
        "place_name",
        "invited_by",
        "sent_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    ]
    list_filter = ["role", ("accepted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["invited_by"]
    search_fields = ["ref", "place"]
    fields = [*list_display, "language", "accepted_by", "revoked_by"]
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(name=name_of_place("place"))

    @admin.display(description=_("company or provider"), ordering="name")
    def place_name(self, invitation):
        return invitation.name or self.get_empty_value_display()
