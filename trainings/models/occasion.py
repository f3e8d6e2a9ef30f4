"""Runs of a course: their sessions, seats and quotas, and who has a seat."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from companies.models import Company, Participant
from core.constraints import in_order, known
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.querysets import subtotal
from core.refs import random_ref
from trainings.enums import Delivery, OccasionStatus, WithdrawalReason
from trainings.models.capacity import why_too_few_seats
from trainings.models.course import Course, Provider
from trainings.scoping import ProviderScopedQuerySet, SeatScopedQuerySet


def enrolment_ref() -> str:
    return random_ref("e")


def session_ref() -> str:
    return random_ref("s")


def next_occasion_ref() -> str:
    """Return the next readable ref of the year, such as `occ-2026-0042`."""
    prefix = f"occ-{timezone.localdate().year}-"
    refs = Occasion.objects.filter(ref__regex=rf"^{prefix}\d{{4,}}$")
    numbers = (
        int(ref.removeprefix(prefix)) for ref in refs.values_list("ref", flat=True)
    )
    return f"{prefix}{max(numbers, default=0) + 1:04}"


def _who() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )


class OccasionQuerySet(ProviderScopedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return every occasion for project leaders; for others what concerns them.

        HR sees the open ones, and those that its own people are or were nominated
        for. A supplier's staff sees those that the supplier runs.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_project_leader:
            return self.all()
        is_hr = Q(Exists(Company.objects.owned_by(user)))
        nominated = Enrolment.objects.owned_by(user).order_by().values("occasion")
        run = Occasion.objects.run_by(user).order_by().values("pk")
        return self.filter(
            (Q(status=OccasionStatus.OPEN) & is_hr)
            | Q(pk__in=nominated)
            | Q(pk__in=run)
        )

    def recordable_by(self, user: User | AnonymousUser) -> Self:
        """Return those whose attendance the user may enter, in so far it is open."""
        if user.is_authenticated and user.is_project_leader:
            return self.all()
        return self.run_by(user)

    def open(self) -> Self:
        return self.filter(status=OccasionStatus.OPEN)

    def with_first_session(self) -> Self:
        return self.annotate(first_starts_at=Min("sessions__starts_at"))

    def with_seats(self) -> Self:
        """Annotate `seats_taken`: confirmed live seats."""
        taken = subtotal(Enrolment.objects.confirmed(), Count("pk"), per="occasion")
        return self.annotate(seats_taken=taken)


class Occasion(TimeStampedModel):
    """One run of a course, with its seats and sessions."""

    ref = ref_field(default=next_occasion_ref)
    course = models.ForeignKey(
        Course, models.PROTECT, related_name="occasions", verbose_name=_("course")
    )
    provider = models.ForeignKey(
        Provider,
        models.PROTECT,
        related_name="occasions",
        null=True,
        blank=True,
        verbose_name=_("training provider"),
    )
    capacity = models.PositiveSmallIntegerField(_("seats"))
    delivery = models.CharField(_("delivery"), max_length=7, choices=Delivery)
    place = name_field(_("place"), blank=True)
    outline = models.TextField(_("content of this run"), blank=True)
    least_participants = models.PositiveSmallIntegerField(
        _("fewest participants"), null=True, blank=True
    )
    decide_on = models.DateField(_("go or no-go on"), null=True, blank=True)
    go_at = models.DateTimeField(_("go decided"), null=True, editable=False)
    go_by = _who()
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=OccasionStatus,
        default=OccasionStatus.PLANNED,
        db_index=True,
    )

    history = HistoricalRecords()
    objects = OccasionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        constraints = [
            models.CheckConstraint(
                name="occasion_has_seats",
                condition=Q(capacity__gt=0),
                violation_error_message=_("An occasion needs at least one seat."),
            ),
            models.CheckConstraint(
                name="occasion_fewest_fit_its_seats",
                condition=Q(least_participants=None)
                | Q(least_participants__gte=1, least_participants__lte=F("capacity")),
                violation_error_message=_(
                    "The fewest participants are at least one, and at most the seats."
                ),
            ),
            models.CheckConstraint(
                name="occasion_delivery_is_known",
                condition=known("delivery", Delivery),
            ),
            models.CheckConstraint(
                name="occasion_status_is_known",
                condition=known("status", OccasionStatus),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.course.title}"

    def clean(self) -> None:
        if self.pk is None or self.capacity is None:
            return
        if too_few := why_too_few_seats(self):
            raise ValidationError({"capacity": too_few})

    def get_absolute_url(self) -> str:
        return reverse("trainings:occasion", args=[self.ref])

    @property
    def is_over(self) -> bool:
        """Whether it has ended one way or the other, so that its list is closed."""
        return self.status in {OccasionStatus.COMPLETED, OccasionStatus.CANCELLED}


class Session(TimeStampedModel):
    """One sitting. `minutes` is teaching time, at most what lies between the times."""

    ref = ref_field(default=session_ref)
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="sessions", verbose_name=_("occasion")
    )
    starts_at = models.DateTimeField(_("starts"), db_index=True)
    ends_at = models.DateTimeField(_("ends"))
    minutes = models.PositiveSmallIntegerField(_("teaching time, minutes"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_at", "ref"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A session cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="session_has_minutes",
                condition=Q(minutes__gt=0),
                violation_error_message=_("A session teaches at least one minute."),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.occasion.ref} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"
        )

    def clean(self) -> None:
        if not (self.starts_at and self.ends_at and self.minutes):
            return
        if not fits_teaching_time(self.starts_at, self.ends_at, self.minutes):
            too_long = _("The teaching time is longer than the session.")
            raise ValidationError({"minutes": too_long})
        if self.pk is not None:
            self._hold_what_is_recorded()

    def _hold_what_is_recorded(self) -> None:
        recorded = self.attendance.aggregate(most=Max("minutes"), at=Min("recorded_at"))
        if recorded["at"] is None:
            return
        if self.minutes < recorded["most"]:
            too_short = _("More minutes than that are recorded: %(most)d.")
            raise ValidationError({"minutes": too_short % {"most": recorded["most"]}})
        if self.starts_at > recorded["at"]:
            too_late = _("Attendance was recorded before that.")
            raise ValidationError({"starts_at": too_late})


class Quota(TimeStampedModel):
    """Seats kept for a company until the release date, common from that day."""

    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="quotas", verbose_name=_("occasion")
    )
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="quotas", verbose_name=_("company")
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    release_on = models.DateField(_("common from"))

    class Meta:
        ordering = ["occasion", "company"]
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(
                name="quota_once_per_company",
                fields=["occasion", "company"],
                violation_error_message=_("The company has a quota here already."),
            ),
            models.CheckConstraint(
                name="quota_has_seats",
                condition=Q(seats__gt=0),
                violation_error_message=_("A quota is for at least one seat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion.ref}, {self.company}"


class EnrolmentQuerySet(SeatScopedQuerySet):
    company_path = "participant__company"

    def live(self) -> Self:
        """Enrolments that are neither declined nor withdrawn."""
        return self.filter(declined_at=None, withdrawn_at=None)

    def confirmed(self) -> Self:
        """Live enrolments with a seat."""
        return self.live().exclude(confirmed_at=None)

    def offered(self) -> Self:
        """Live enrolments with an offer of a seat; after one that ran out in line."""
        is_open = Q(waitlisted_at=None) | Q(waitlisted_at__lt=F("offer_expires_at"))
        open_ones = self.live().filter(is_open, confirmed_at=None)
        return open_ones.exclude(offer_expires_at=None)

    def holding(self) -> Self:
        """Live enrolments that hold a seat: confirmed, or offered for now."""
        return self.confirmed() | self.offered()

    def waiting(self) -> Self:
        """Live enrolments without a seat, in the order in which seats are given."""
        in_line = self.live().filter(confirmed_at=None)
        return in_line.order_by(
            F("waitlisted_at").asc(nulls_last=True), "nominated_at", "pk"
        )


class Enrolment(TimeStampedModel):
    """A participant's seat, or place in line, with the time of each step.

    Nothing is deleted: a withdrawn person may be nominated again as a new row.
    Who did a step is empty where a programme package brought it.
    """

    ref = ref_field(default=enrolment_ref)
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="enrolments", verbose_name=_("occasion")
    )
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="enrolments",
        verbose_name=_("participant"),
    )
    nominated_at = models.DateTimeField(_("nominated"))
    nominated_by = _who()
    waitlisted_at = models.DateTimeField(_("put in line"), null=True, blank=True)
    offered_at = models.DateTimeField(_("offered a seat"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer ends"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = _who()
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    declined_by = _who()
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = _who()
    withdrawal_reason = models.CharField(
        _("why withdrawn"), max_length=9, choices=WithdrawalReason, blank=True
    )
    substitute_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="substitutes",
        verbose_name=_("in place of"),
    )

    history = HistoricalRecords()
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["occasion", "participant"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                name="enrolment_one_live_seat",
                fields=["occasion", "participant"],
                condition=Q(declined_at=None, withdrawn_at=None),
                violation_error_message=_("Already nominated for this occasion."),
            ),
            models.CheckConstraint(
                name="enrolment_times_are_in_order",
                condition=in_order("nominated_at", "waitlisted_at")
                & in_order("nominated_at", "confirmed_at")
                & in_order("nominated_at", "declined_at")
                & in_order("nominated_at", "withdrawn_at")
                & in_order("waitlisted_at", "confirmed_at")
                & in_order("confirmed_at", "withdrawn_at"),
                violation_error_message=_("The times of the steps are not in order."),
            ),
            models.CheckConstraint(
                name="enrolment_withdrawal_reason_is_known",
                condition=known("withdrawal_reason", WithdrawalReason, empty=True),
            ),
            models.CheckConstraint(
                name="enrolment_reason_of_a_withdrawn_one",
                condition=Q(withdrawal_reason="") | ~Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="enrolment_offer_ends_after_it_is_made",
                condition=in_order("offered_at", "offer_expires_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref}"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref

    @property
    def is_live(self) -> bool:
        return self.declined_at is None and self.withdrawn_at is None

    @property
    def has_open_offer(self) -> bool:
        """Whether a seat is offered and not answered, as `offered()` judges."""
        if not self.is_live or self.confirmed_at or self.offer_expires_at is None:
            return False
        return not self.waitlisted_at or self.waitlisted_at < self.offer_expires_at


def fits_teaching_time(
    starts_at: dt.datetime, ends_at: dt.datetime, minutes: int
) -> bool:
    """Return whether the teaching time fits between the two times."""
    return dt.timedelta(minutes=minutes) <= ends_at - starts_at
