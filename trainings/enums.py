from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderKind(models.TextChoices):
    PROCURED = "procured", _("procured")
    UNIVERSITY = "university", _("university")
    VOCATIONAL_COLLEGE = "vocational_college", _("vocational college")
    ADULT_EDUCATION = "adult_education", _("municipal adult education")


class CourseLevel(models.TextChoices):
    BASIC = "basic", _("basic")
    ADVANCED = "advanced", _("advanced")


class Principle(models.TextChoices):
    """The horizontal principles of the fund, in the order of a package."""

    ACCESSIBILITY = "accessibility", _("accessibility")
    EQUAL_TREATMENT = "equal_treatment", _("equal treatment")
    GENDER_EQUALITY = "gender_equality", _("gender equality")


class Delivery(models.TextChoices):
    ON_SITE = "on_site", _("on site")
    REMOTE = "remote", _("remote")
    BLENDED = "blended", _("blended")


class OccasionStatus(models.TextChoices):
    """The life of a course occasion, up to one of two endings."""

    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    ONGOING = "ongoing", _("ongoing")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")

    def may_become(self, status: OccasionStatus) -> bool:
        match self:
            case OccasionStatus.PLANNED:
                return status in {OccasionStatus.OPEN, OccasionStatus.CANCELLED}
            case OccasionStatus.OPEN:
                return status in {OccasionStatus.ONGOING, OccasionStatus.CANCELLED}
            case OccasionStatus.ONGOING:
                return status in {OccasionStatus.COMPLETED, OccasionStatus.CANCELLED}
            case _:
                return False


class WithdrawalReason(models.TextChoices):
    """Why a seat was given back; nobody is asked for health."""

    PREVENTED = "prevented", _("cannot come")
    WORK = "work", _("work does not allow it")
    LEFT = "left", _("has left the company")
    MISTAKE = "mistake", _("nominated by mistake")
    OTHER = "other", _("another reason")


class Side(models.TextChoices):
    """Who plans an occasion together."""

    LEADER = "leader", _("project leader")
    SUPPLIER = "supplier", _("training supplier")


class Provision(models.TextChoices):
    """Whether something that makes an occasion accessible is there."""

    YES = "yes", _("yes")
    ON_REQUEST = "on_request", _("on request")
    NO = "no", _("no")


class AskedBy(models.TextChoices):
    """Who wrote a request down; empty where a package brought it."""

    PARTICIPANT = "participant", _("the participant")
    HR = "hr", _("the company, as the participant said")
    SUPPLIER = "supplier", _("the supplier, as the participant said")


class CertificateKind(models.TextChoices):
    COURSE = "course", _("completed course")
    MONTH = "month", _("attendance in a month")


class AccommodationKind(models.TextChoices):
    """A functional need, never a diagnosis."""

    CAPTIONS = "captions", _("captions")
    STEP_FREE = "step_free", _("step-free access")
    HEARING_LOOP = "hearing_loop", _("hearing loop")
    LARGE_PRINT = "large_print", _("large print")
    PLAIN_LANGUAGE = "plain_language", _("plain language")
    SIGN_LANGUAGE = "sign_language", _("sign language")
    REMOTE = "remote", _("remote participation")
    EXTRA_BREAKS = "extra_breaks", _("extra breaks")
    OTHER = "other", _("other")


class AccommodationOutcome(models.TextChoices):
    """Whether the adaptation worked, as the participant saw it."""

    MET = "met", _("met")
    PARTLY = "partly", _("partly met")
    NOT = "not", _("not met")


class QuestionKind(models.TextChoices):
    SCALE = "scale", _("scale from 1 to 5")
    TEXT = "text", _("free text")


class AgeGroup(models.TextChoices):
    """Age on the first day of training, in the groups of the fund's indicators."""

    UNDER_30 = "under_30", _("under 30")
    FROM_30 = "30_54", _("30 to 54")
    FROM_55 = "55_over", _("55 and over")
    UNKNOWN = "unknown", _("unknown")

    @classmethod
    def of(cls, years: int | None) -> AgeGroup:
        """Return the group of an age in whole years; None is unknown."""
        if years is None:
            return cls.UNKNOWN
        if years < 30:
            return cls.UNDER_30
        return cls.FROM_30 if years < 55 else cls.FROM_55


class NoticeKind(models.TextChoices):
    """What a participant is told about the own training."""

    INVITATION = "invitation", _("invitation to a training")
    CONFIRMED = "confirmed", _("a place on a training")
    WAITING = "waiting", _("a place in the waiting line")
    OFFERED = "offered", _("the offer of a place")
    CHANGED = "changed", _("changed times")
    CANCELLED = "cancelled", _("a cancelled training")
    WITHDRAWN = "withdrawn", _("a place that was taken back")
    REMINDER = "reminder", _("a reminder before the training")
    CERTIFY = "certify", _("hours to certify")
    ABSENT = "absent", _("recorded as absent")
    CERTIFICATE = "certificate", _("a new certificate")


class NoticeLevel(models.TextChoices):
    """Of which news a participant wants letters; the own page shows all."""

    ALL = "all", _("All news about my training")
    ANSWER = "answer", _("Only what needs my answer, and changes of time or place")
    CHANGES = "changes", _("Only changes of time or place")


class NoticeDropped(models.TextChoices):
    """Why no letter told a piece of news."""

    REPLACED = "replaced", _("newer news took its place")
    OVER = "over", _("it was over before it was told")
    CHOSEN = "chosen", _("the participant has chosen to get fewer letters")
    NO_ADDRESS = "no_address", _("there is no e-mail address")
    SHARED = "shared", _("somebody else uses the e-mail address, too")
    PROTECTED = "protected", _("nothing is sent under a protected identity")
    RESTRICTED = "restricted", _("the person's data are restricted")
    GONE = "gone", _("the row is no person's any more")
