"""What happened at the sessions, and what was arranged so that it could."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from companies.enums import OwnChannel
from core.constraints import in_order, known
from core.fields import ref_field
from core.models import TimeStampedModel
from core.refs import random_ref
from trainings.enums import (
    AccommodationKind,
    AccommodationOutcome,
    AskedBy,
)
from trainings.models.occasion import Enrolment, Session
from trainings.scoping import SeatScopedQuerySet


def accommodation_ref() -> str:
    return random_ref("a")


UNDISPUTED = Q(disputed_at=None) | Q(dispute_closed_at__isnull=False)
CERTIFIED = Q(certified_at__isnull=False) & UNDISPUTED


class AttendanceQuerySet(SeatScopedQuerySet):
    company_path = "enrolment__participant__company"
    provider_path = "enrolment__occasion__provider"

    def certified(self) -> Self:
        """Rows that the participant certified, without an open dispute."""
        return self.filter(CERTIFIED)


class Attendance(TimeStampedModel):
    """Minutes of one enrolment at one session: recorded, then certified.

    Services see to it that the seat is confirmed, the session has begun, and the
    minutes are at most the session's.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        models.PROTECT,
        related_name="attendance",
        verbose_name=_("enrolment"),
    )
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="attendance", verbose_name=_("session")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    certified_at = models.DateTimeField(_("certified"), null=True, blank=True)
    certified_channel = models.CharField(
        _("certified by"), max_length=5, choices=OwnChannel, blank=True
    )
    disputed_at = models.DateTimeField(_("disputed"), null=True, blank=True)
    dispute_closed_at = models.DateTimeField(_("dispute closed"), null=True, blank=True)

    history = HistoricalRecords()
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["session", "enrolment"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(
                name="attendance_once_per_session",
                fields=["enrolment", "session"],
                violation_error_message=_("This session is recorded already."),
            ),
            models.CheckConstraint(
                name="attendance_times_are_in_order",
                condition=in_order("recorded_at", "certified_at")
                & in_order("recorded_at", "disputed_at")
                & in_order("disputed_at", "dispute_closed_at"),
                violation_error_message=_("The times of the steps are not in order."),
            ),
            models.CheckConstraint(
                name="attendance_closes_only_a_dispute",
                condition=Q(dispute_closed_at=None) | ~Q(disputed_at=None),
                violation_error_message=_("There is no dispute to close."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}, {self.session_id}"

    @property
    def is_disputed(self) -> bool:
        """Whether a dispute of it has no answer yet."""
        return self.disputed_at is not None and self.dispute_closed_at is None

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.enrolment.participant.ref


class AccommodationQuerySet(SeatScopedQuerySet):
    company_path = "enrolment__participant__company"
    provider_path = "enrolment__occasion__provider"

    def owned_by(self, user: User) -> Self:
        """Return what the user's own companies asked for.

        What participants asked for themselves is not for their employer.
        """
        return super().owned_by(user).filter(asked_by=AskedBy.HR)

    def unanswered(self) -> Self:
        return self.filter(arranged_at=None, declined_at=None, withdrawn_at=None)


class Accommodation(TimeStampedModel):
    """A functional need to arrange for a seat, and how it went."""

    WAITS, ARRANGED, DECLINED = "waits", "arranged", "declined"
    WITHDRAWN = "withdrawn"

    ref = ref_field(default=accommodation_ref)
    enrolment = models.ForeignKey(
        Enrolment,
        models.PROTECT,
        related_name="accommodations",
        verbose_name=_("enrolment"),
    )
    kind = models.CharField(_("kind"), max_length=14, choices=AccommodationKind)
    asked_by = models.CharField(
        _("asked by"), max_length=11, choices=AskedBy, blank=True
    )
    requested_at = models.DateTimeField(_("requested"))
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    escalated_at = models.DateTimeField(_("escalated"), null=True, editable=False)
    arranged_at = models.DateTimeField(_("arranged"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    outcome = models.CharField(
        _("outcome"), max_length=6, choices=AccommodationOutcome, blank=True
    )
    outcome_at = models.DateTimeField(_("outcome told"), null=True, editable=False)

    history = HistoricalRecords()
    objects = AccommodationQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        constraints = [
            models.CheckConstraint(
                name="accommodation_kind_is_known",
                condition=known("kind", AccommodationKind),
            ),
            models.CheckConstraint(
                name="accommodation_asked_by_is_known",
                condition=known("asked_by", AskedBy, empty=True),
            ),
            models.CheckConstraint(
                name="accommodation_outcome_is_known",
                condition=known("outcome", AccommodationOutcome, empty=True),
            ),
            models.CheckConstraint(
                name="accommodation_has_one_answer",
                condition=Q(arranged_at=None) | Q(declined_at=None),
                violation_error_message=_("It is arranged or declined, not both."),
            ),
            models.CheckConstraint(
                name="accommodation_times_are_in_order",
                condition=in_order("requested_at", "arranged_at")
                & in_order("requested_at", "declined_at")
                & in_order("requested_at", "withdrawn_at"),
                violation_error_message=_("The times of the steps are not in order."),
            ),
            models.CheckConstraint(
                name="accommodation_outcome_of_an_arranged_one",
                condition=Q(outcome="") | ~Q(arranged_at=None),
                violation_error_message=_("Only what was arranged has an outcome."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:accommodation", args=[self.ref])

    @property
    def state(self) -> str:
        """Return what became of the request: one of the names in capitals above."""
        if self.withdrawn_at:
            return self.WITHDRAWN
        if self.declined_at:
            return self.DECLINED
        return self.ARRANGED if self.arranged_at else self.WAITS

    @property
    def in_words(self) -> str:
        """In a word what became of the request."""
        match self.state:
            case self.WITHDRAWN:
                return gettext("withdrawn")
            case self.DECLINED:
                return gettext("declined")
            case self.ARRANGED:
                return gettext("arranged")
            case _:
                return gettext("waits for an answer")

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.enrolment.participant.ref


class AccommodationNote(TimeStampedModel):
    """What was added in words; erased some weeks after the occasion.

    `text` is the participant's, `answer` the supplier's: how it is arranged, or why
    it is declined. Both are seen by these two and by nobody else.
    """

    accommodation = models.OneToOneField(
        Accommodation, models.CASCADE, related_name="note"
    )
    text = models.TextField(_("note"), max_length=1000, blank=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("accommodation note")
        verbose_name_plural = _("accommodation notes")

    def __str__(self) -> str:
        return str(self.accommodation)

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.accommodation.enrolment.participant.ref
