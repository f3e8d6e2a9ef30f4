"""The words of messages that a project leader has written, in place of the standard."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models.user import User


class MessageTemplate(models.Model):
    """The newest words of a kind of message in one language; older ones: its history.

    A kind without a row has its standard words; see `accounts/message_templates.py`.
    """

    kind = models.CharField(_("message"), max_length=40)
    language = models.CharField(_("language"), max_length=7)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"), max_length=5000)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)
    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "language"]
        verbose_name = _("words of a message")
        verbose_name_plural = _("words of messages")
        constraints = [
            models.UniqueConstraint(
                name="message_template_once_in_a_language", fields=["kind", "language"]
            ),
            models.CheckConstraint(
                name="message_template_says_something",
                condition=~Q(subject="") & ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {dict(settings.LANGUAGES).get(self.language, '')}"
