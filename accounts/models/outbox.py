"""Mail that waits, was sent, or could not be."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import LetterChannel, LetterState
from accounts.facts import letter_in_words
from core.constraints import known


class OutboxMessageQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Messages that are to be sent now or later."""
        return self.filter(sent_at=None, failed_at=None, cancelled_at=None)

    def due(self) -> Self:
        """Messages whose next try is now, and which still say something."""
        now = timezone.now()
        due = self.waiting().filter(not_before__lte=now)
        return due.filter(Q(worthless_at=None) | Q(worthless_at__gt=now))

    def worthless(self) -> Self:
        """Messages that wait for longer than what they say is of any use."""
        return self.waiting().filter(worthless_at__lte=timezone.now())

    def over(self) -> Self:
        """Messages that were sent, given up or cancelled."""
        still_waits = Q(sent_at=None, failed_at=None, cancelled_at=None)
        return self.exclude(still_waits)


class OutboxMessage(models.Model):
    """One letter to one address. What it says is sealed, and forgotten once sent.

    `person_ref` names the participant whom it concerns, so that erasing the person
    finds it. `fence` counts the claims: who claimed before writes nothing any more.
    From `worthless_at` on nothing is sent: a code in it has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(
        _("sent by"),
        max_length=5,
        choices=LetterChannel,
        default=LetterChannel.EMAIL,
    )
    recipient = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=7)
    sealed = models.BinaryField(null=True, editable=False)
    person_ref = models.CharField(
        max_length=40, blank=True, db_index=True, editable=False
    )
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    not_before = models.DateTimeField(_("next try"), default=timezone.now)
    worthless_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fence = models.PositiveIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    cancelled_at = models.DateTimeField(
        pgettext_lazy("letter", "cancelled"), null=True, blank=True
    )
    failure = models.TextField(_("why it failed"), blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at"]
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(
                name="outbox_waiting",
                fields=["not_before"],
                condition=Q(sent_at=None, failed_at=None, cancelled_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_waiting_message_has_content",
                condition=~Q(sealed=None)
                | ~Q(sent_at=None)
                | ~Q(failed_at=None)
                | ~Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                name="outbox_channel_is_known",
                condition=known("channel", LetterChannel),
            ),
        ]

    def __str__(self) -> str:
        queued = date_format(timezone.localtime(self.queued_at), "Y-m-d H:i")
        return f"{letter_in_words(self.kind)}, {queued}"

    @property
    def is_over(self) -> bool:
        return bool(self.sent_at or self.failed_at or self.cancelled_at)

    @property
    def state(self) -> LetterState:
        """Where it stands; a claim pushes the next try on and clears the failure."""
        if self.sent_at:
            return LetterState.SENT
        if self.failed_at:
            return LetterState.GIVEN_UP
        if self.cancelled_at:
            return LetterState.CANCELLED
        if self.failure:
            return LetterState.AGAIN
        is_claimed = self.attempts and self.not_before > timezone.now()
        return LetterState.SENDING if is_claimed else LetterState.WAITING
