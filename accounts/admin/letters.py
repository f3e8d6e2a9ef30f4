"""Letters and invitations in the admin: to look at, and to try or cancel a letter.

What a letter says is shown to nobody: its links are for the reader alone.
"""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from accounts.admin.mixins import AuditedMixin
from accounts.letters import mail_folder
from accounts.models import Invitation, OutboxMessage
from accounts.services import cancel_letter, retry_letter
from accounts.services.outbox import MOST_TRIES
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


@admin.register(OutboxMessage)
class OutboxMessageAdmin(AuditedMixin, ReadOnlyMixin, admin.ModelAdmin):
    change_list_template = "admin/accounts/outbox.html"
    list_display = [
        "queued_at",
        "state",
        "kind",
        "recipient",
        "tries",
        "next_try",
        "why",
    ]
    list_filter = [HowItStandsFilter, "kind", "queued_at"]
    actions = ["try_again", "cancel"]
    fields = [*list_display, "language", "sent_at", "failed_at", "cancelled_at"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        folder = {"mail_folder": mail_folder()}
        return super().changelist_view(request, (extra_context or {}) | folder)

    @admin.display(description=_("state"))
    def state(self, message):
        return message.state.label

    @admin.display(description=_("tries"), ordering="attempts")
    def tries(self, message):
        return f"{message.attempts} / {MOST_TRIES}"

    @admin.display(description=_("next try"))
    def next_try(self, message):
        return None if message.is_over else message.not_before

    @admin.display(description=_("why"))
    def why(self, message):
        if not message.failure:
            return None
        if message.failed_at:
            sentence = _("Given up after %(tries)d tries. The last answer: %(failure)s")
        else:
            sentence = _("The last try failed: %(failure)s")
        return sentence % {"tries": message.attempts, "failure": message.failure}

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
        "place",
        "invited_by",
        "sent_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    ]
    list_filter = ["role", ("accepted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["invited_by"]
    search_fields = ["ref", "place"]
    show_full_result_count = False
