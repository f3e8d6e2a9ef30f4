"""People of one occupational role who meet across companies."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Company, Participant
from companies.scoping import CompanyScopedQuerySet
from core.constraints import four_digits
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.refs import random_ref


def network_ref() -> str:
    return random_ref("net")


def meeting_ref() -> str:
    return random_ref("m")


class Network(TimeStampedModel):
    """People of one occupational role, told by its SSYK 2012 code."""

    ref = ref_field(default=network_ref)
    name = name_field(_("name"))
    role_code = models.CharField(
        _("role code (SSYK)"), max_length=4, blank=True, validators=[four_digits]
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self) -> str:
        return self.name


class NetworkMemberQuerySet(CompanyScopedQuerySet):
    company_path = "participant__company"

    def on(self, day: dt.date) -> Self:
        """Members on a day; `left_on` is the last day inside."""
        return self.filter(Q(left_on=None) | Q(left_on__gte=day), joined_on__lte=day)


class NetworkMember(TimeStampedModel):
    """That a participant belongs to a network, from a day to a last day."""

    network = models.ForeignKey(
        Network, models.PROTECT, related_name="members", verbose_name=_("network")
    )
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="network_memberships",
        verbose_name=_("participant"),
    )
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    left_on = models.DateField(_("last day"), null=True, blank=True)

    history = HistoricalRecords()
    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        ordering = ["network", "participant", "joined_on"]
        verbose_name = _("network member")
        verbose_name_plural = _("network members")
        constraints = [
            models.UniqueConstraint(
                name="network_member_joins_once_a_day",
                fields=["network", "participant", "joined_on"],
                violation_error_message=_("Already a member from that day."),
            ),
            models.CheckConstraint(
                name="network_member_leaves_on_or_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("A member cannot leave before joining."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network}, {self.participant.ref}"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref


class Meeting(TimeStampedModel):
    """One meeting of a network, hosted by a company or by nobody in particular."""

    ref = ref_field(default=meeting_ref)
    network = models.ForeignKey(
        Network, models.PROTECT, related_name="meetings", verbose_name=_("network")
    )
    title = name_field(_("title"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    host = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("host"),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A meeting cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="meeting_has_minutes",
                condition=Q(minutes__gt=0),
                violation_error_message=_("A meeting lasts at least one minute."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network}, {self.title}"

    def clean(self) -> None:
        if not (self.starts_at and self.ends_at and self.minutes):
            return
        if dt.timedelta(minutes=self.minutes) > self.ends_at - self.starts_at:
            too_long = _("The minutes are more than the meeting lasts.")
            raise ValidationError({"minutes": too_long})


class MeetingAttendance(TimeStampedModel):
    """How long a participant was at a meeting."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="attendance", verbose_name=_("meeting")
    )
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="meeting_attendance",
        verbose_name=_("participant"),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["meeting", "participant"]
        verbose_name = _("meeting attendance")
        verbose_name_plural = _("meeting attendance")
        constraints = [
            models.UniqueConstraint(
                name="meeting_attendance_once",
                fields=["meeting", "participant"],
                violation_error_message=_("This meeting is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.participant.ref}"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref

    def clean(self) -> None:
        if self.meeting_id and self.minutes and self.minutes > self.meeting.minutes:
            too_long = _("These are more minutes than the meeting has.")
            raise ValidationError({"minutes": too_long})
