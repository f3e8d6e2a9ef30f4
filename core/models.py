"""Abstract bases. This app has no tables."""

import datetime as dt
import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MOST_ATTEMPTS = 3
# Longer than the queue's hard time limit: whoever held it then is gone for sure.
LEASE = dt.timedelta(minutes=20)


class TimeStampedModel(models.Model):
    """Rows that know when they were made and last saved."""

    created_at = models.DateTimeField(
        _("created"), default=timezone.now, editable=False
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class LostLeaseError(Exception):
    """Another worker has taken the job over; this one must stop without a trace."""


class BackgroundJobQuerySet(models.QuerySet):
    def pending(self) -> Self:
        """Accepted jobs that have neither finished nor failed."""
        return self.filter(finished_at=None, failed_at=None)

    def claim(self, pk: uuid.UUID | str, *, lease_must_be_over: bool = False) -> Any:
        """Return the job under a new fencing token, or None if it cannot be had.

        The caller holds the job's lock, or found it held and asks for a job whose
        lease is over: its worker hangs, and can write nothing from now on.
        """
        now = timezone.now()
        claimable = self.pending().filter(pk=pk, attempts__lt=MOST_ATTEMPTS)
        if lease_must_be_over:
            claimable = claimable.filter(lease_expires_at__lt=now)
        if not claimable.update(
            attempts=F("attempts") + 1,
            fence=F("fence") + 1,
            lease_expires_at=now + LEASE,
            progress=0,
        ):
            return None
        return self.get(pk=pk)


class BackgroundJob(models.Model):
    """Work for the queue as a row: who asked, how far it got, how it ended.

    The broker's message only rings the bell. A worker claims the row and gets a
    fencing token; every write goes through `write`, which carries the token, so
    a worker that was thought dead can no longer change anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    language = models.CharField(max_length=7, default=get_language, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fence = models.PositiveIntegerField(default=0, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(_("progress, percent"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    objects = BackgroundJobQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_finishes_or_fails",
                condition=Q(finished_at=None) | Q(failed_at=None),
            )
        ]

    @property
    def is_over(self) -> bool:
        return bool(self.finished_at or self.failed_at)

    @property
    def lock_name(self) -> str:
        return f"{self._meta.label_lower}:{self.pk}"

    @property
    def has_lease(self) -> bool:
        """Whether the worker that claimed it may still be at work."""
        return bool(self.lease_expires_at and self.lease_expires_at > timezone.now())

    def write(self, **values: Any) -> None:
        """Save values under the fencing token.

        Raise LostLeaseError if another worker has claimed the job, or it is over.
        """
        rows = type(self).objects.pending().filter(pk=self.pk, fence=self.fence)
        if not rows.update(**values):
            raise LostLeaseError
        for name, value in values.items():
            setattr(self, name, value)
