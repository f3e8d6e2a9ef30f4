"""Pages that everybody may read and project leaders write."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.enums import PageLanguage, PageName
from accounts.models.user import User
from core.constraints import known


class EditablePage(models.Model):
    """The newest text of a page in one language, in Markdown; older ones: its history.

    A text without `published_at` is a draft: readers are shown the version published
    last, or where there is none the shipped text.
    """

    name = models.CharField(_("page"), max_length=20, choices=PageName)
    language = models.CharField(_("language"), max_length=8, choices=PageLanguage)
    body = models.TextField(_("text"), max_length=50_000)
    edited_at = models.DateTimeField(_("last changed"), default=timezone.now)
    edited_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    published_at = models.DateTimeField(
        _("published"), null=True, blank=True, default=timezone.now
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "language"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                name="page_once_in_a_language", fields=["name", "language"]
            ),
            models.CheckConstraint(
                name="page_name_is_known", condition=known("name", PageName)
            ),
            models.CheckConstraint(
                name="page_language_is_known", condition=known("language", PageLanguage)
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def __str__(self) -> str:
        return f"{self.get_name_display()}, {self.get_language_display()}"
