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


class CertificationChannel(models.TextChoices):
    """How a participant certified: empty where a package brought the time only."""

    LINK = "link", _("personal link")
    SMS = "sms", _("SMS code")
    EMAIL = "email", _("e-mail code")
    KIOSK = "kiosk", _("kiosk")


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
