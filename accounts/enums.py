from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a user is to the whole programme; a company's HR is a membership."""

    LEADER = "leader", _("Project leader")
    FUNDER = "funder", _("Funder")


class InvitedRole(models.TextChoices):
    """What an invitation makes of whoever accepts it."""

    LEADER = "leader", _("Project leader")
    FUNDER = "funder", _("Funder")
    HR = "hr", _("Company HR")
    SUPPLIER = "supplier", _("Supplier")


class PageName(models.TextChoices):
    """The pages that a project leader writes."""

    ACCESSIBILITY = "accessibility", _("Accessibility statement")
    PRIVACY = "privacy", _("How personal data are handled")
    COOKIES = "cookies", _("About the cookies")


class PageLanguage(models.TextChoices):
    SWEDISH = "sv", _("Swedish")
    EASY_SWEDISH = "sv-easy", _("easy Swedish")
    ENGLISH = "en", _("English")


class LetterChannel(models.TextChoices):
    """By what a message of the outbox goes."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class LetterState(models.TextChoices):
    """Where a letter of the outbox stands, told from its times."""

    WAITING = "waiting", _("waits")
    SENDING = "sending", _("is being sent")
    AGAIN = "again", _("waits for another try")
    SENT = "sent", _("sent")
    GIVEN_UP = "given_up", _("given up")
    CANCELLED = "cancelled", _("was cancelled")
