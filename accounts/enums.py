from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a user is to the whole programme; a company's HR is a membership."""

    LEADER = "leader", _("Project leader")
    FUNDER = "funder", _("Funder")
