"""What participants are told, and how much of it they want as letters."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Participant
from core.constraints import known
from trainings.enums import NoticeDropped, NoticeKind, NoticeLevel
from trainings.models.occasion import Enrolment


class NoticeQuerySet(models.QuerySet):
    def untold(self) -> Self:
        """Notices that a letter is still to tell."""
        return self.filter(told_at=None, dropped="")


class Notice(models.Model):
    """A piece of news about one seat, told by a letter or `dropped`, with the reason.

    `occurrence` tells two of a kind apart, such as two offers by their times: the same
    news is kept once, however often it is brought. Of a session that was moved or
    removed `was_starts_at` and `was_ends_at` are when it was, and the session is named
    by its ref, for it may be gone.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        models.CASCADE,
        related_name="notices",
        verbose_name=_("enrolment"),
    )
    kind = models.CharField(_("kind"), max_length=11, choices=NoticeKind)
    session_ref = models.CharField(_("session"), max_length=40, blank=True)
    was_starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    was_ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    occurrence = models.CharField(max_length=40, blank=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    letter = models.UUIDField(null=True, blank=True, editable=False)
    dropped = models.CharField(
        _("why not told"), max_length=10, choices=NoticeDropped, blank=True
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("news to a participant")
        verbose_name_plural = _("news to participants")
        indexes = [
            models.Index(
                name="notice_untold",
                fields=["made_at"],
                condition=Q(told_at=None, dropped=""),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="notice_once",
                fields=["enrolment", "kind", "session_ref", "occurrence"],
            ),
            models.CheckConstraint(
                name="notice_kind_is_known", condition=known("kind", NoticeKind)
            ),
            models.CheckConstraint(
                name="notice_dropped_is_known",
                condition=known("dropped", NoticeDropped, empty=True),
            ),
            models.CheckConstraint(
                name="notice_is_told_or_dropped",
                condition=Q(dropped="") | Q(told_at=None, letter=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localtime(self.made_at):%Y-%m-%d}"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.enrolment.participant.ref


class NoticeChoice(models.Model):
    """Which letters a participant has chosen, in which language; the newest counts.

    Only the participant chooses. An empty language is that of the personal link.
    """

    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        related_name="notice_choices",
        verbose_name=_("participant"),
    )
    level = models.CharField(_("which letters"), max_length=7, choices=NoticeLevel)
    language = models.CharField(_("language of the letters"), max_length=7, blank=True)
    chosen_at = models.DateTimeField(_("chosen"), default=timezone.now)

    class Meta:
        ordering = ["-chosen_at", "-pk"]
        verbose_name = _("choice of letters")
        verbose_name_plural = _("choices of letters")
        constraints = [
            models.CheckConstraint(
                name="notice_choice_level_is_known",
                condition=known("level", NoticeLevel),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}, {self.chosen_at:%Y-%m-%d}"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref
