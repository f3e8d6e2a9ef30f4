from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What the figures prove of one group: evidence, never size."""

    NO_BASELINE = "no_baseline", _("no workforce baseline")
    NONE_TRAINED = "none_trained", _("nobody trained")
    BASELINE_TOO_SMALL = "baseline_too_small", _("baseline too small")
    ONE_GENDER = "one_gender", _("workforce of one gender")
    MIRRORS = "mirrors", _("mirrors the workforce")
    SKEWED = "skewed", _("established skew")
    LEANS = "leans", _("sign of skew")
    TOO_FEW = "too_few", _("too few to tell")
    INCONCLUSIVE = "inconclusive", _("neither shown nor ruled out")


class Direction(models.TextChoices):
    """Whether women are fewer than, more than, or exactly as many as expected."""

    UNDER = "under", _("fewer women than expected")
    OVER = "over", _("more women than expected")
    EVEN = "even", _("as many women as expected")
