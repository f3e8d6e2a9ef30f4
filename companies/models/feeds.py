"""Addresses at which a calendar program reads somebody's sessions."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models.participant import Participant, address_at


class CalendarFeedQuerySet(models.QuerySet):
    def unrevoked(self) -> Self:
        return self.filter(revoked_at=None)

    def valid(self) -> Self:
        """Feeds that are read now, in so far as their owners decide it.

        Those of participants end as their links do: with a protected identity, and
        where the address that the person had has become another one. Whether a user
        has a role is for who reads the sessions.
        """
        of_user = Q(user__is_active=True)
        of_participant = Q(
            Q(address_then="") | Q(address_then=F("participant__email")),
            participant__protected=False,
            participant__restricted_at=None,
            participant__erased_at=None,
            participant__merged_into=None,
        )
        rows = self.annotate(address_then=address_at("made_at", "participant"))
        return rows.unrevoked().filter(of_user | of_participant)


class CalendarFeed(models.Model):
    """A secret address of a user's or a participant's calendar: a digest is kept.

    `last_read_on` is a day and no time, so that it does not tell when somebody is up.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="calendar_feeds",
        verbose_name=_("user"),
    )
    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        null=True,
        related_name="calendar_feeds",
        verbose_name=_("participant"),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    last_read_on = models.DateField(_("last read"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.CheckConstraint(
                name="calendar_feed_has_one_owner",
                condition=Q(user=None) ^ Q(participant=None),
            ),
            models.UniqueConstraint(
                name="calendar_feed_one_per_user",
                fields=["user"],
                condition=Q(revoked_at=None),
            ),
            models.UniqueConstraint(
                name="calendar_feed_one_per_participant",
                fields=["participant"],
                condition=Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        owner = self.participant.ref if self.participant else f"user {self.user_id}"
        return f"{owner} ({self.made_at:%Y-%m-%d})"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whose it is; empty for that of a user."""
        return self.participant.ref if self.participant else ""
