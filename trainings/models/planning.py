"""How an occasion is planned: for which needs, agreed by whom, accessible how."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import known
from core.models import TimeStampedModel
from trainings.enums import Provision, Side
from trainings.models.course import Need
from trainings.models.occasion import Occasion


class PlannedNeed(TimeStampedModel):
    """That an occasion is meant for so many people of a need."""

    need = models.ForeignKey(
        Need, models.PROTECT, related_name="planned", verbose_name=_("need")
    )
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        related_name="planned_needs",
        verbose_name=_("occasion"),
    )
    headcount = models.PositiveIntegerField(_("how many"))

    class Meta:
        ordering = ["occasion", "need"]
        verbose_name = _("planned need")
        verbose_name_plural = _("planned needs")
        constraints = [
            models.UniqueConstraint(
                name="planned_need_once_per_occasion",
                fields=["need", "occasion"],
                violation_error_message=_("The need is planned here already."),
            ),
            models.CheckConstraint(
                name="planned_need_is_for_somebody",
                condition=Q(headcount__gte=1),
                violation_error_message=_("A need is for at least one person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion.ref}, {self.need}"


class PlanComment(models.Model):
    """What project leader and supplier write to each other about a plan."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="plan_comments")
    text = models.TextField(_("comment"), max_length=2000)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name = _("comment on a plan")
        verbose_name_plural = _("comments on plans")

    def __str__(self) -> str:
        return f"{self.occasion.ref}, {self.written_at:%Y-%m-%d}"


class PlanAgreement(models.Model):
    """That one side agreed to the plan as it stood: `digest` is that of the plan."""

    occasion = models.ForeignKey(
        Occasion, models.CASCADE, related_name="plan_agreements"
    )
    side = models.CharField(_("side"), max_length=8, choices=Side)
    digest = models.CharField(max_length=64, editable=False)
    agreed_at = models.DateTimeField(_("agreed"), default=timezone.now)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["agreed_at", "pk"]
        verbose_name = _("agreement to a plan")
        verbose_name_plural = _("agreements to plans")
        constraints = [
            models.UniqueConstraint(
                name="plan_agreed_once_by_a_side",
                fields=["occasion", "side", "digest"],
                violation_error_message=_("This side has agreed to the plan."),
            ),
            models.CheckConstraint(
                name="plan_agreement_side_is_known", condition=known("side", Side)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion.ref}, {self.get_side_display()}"


def _provision(label) -> models.CharField:
    return models.CharField(label, max_length=10, choices=Provision)


class AccessibilityCard(TimeStampedModel):
    """What is accessible at an occasion, and whom to ask by when for more."""

    occasion = models.OneToOneField(
        Occasion, models.CASCADE, related_name="accessibility"
    )
    step_free = _provision(_("step-free access"))
    hearing_loop = _provision(_("hearing loop"))
    captions = _provision(_("captions"))
    material_in_advance = _provision(_("material in advance"))
    remote = _provision(_("remote participation"))
    language = models.CharField(_("language of the teaching"), max_length=60)
    breaks = models.CharField(_("breaks"), max_length=200)
    more = models.TextField(_("more to know"), max_length=1000, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=200)
    ask_by = models.DateField(_("ask for adaptations by"))

    class Meta:
        verbose_name = _("accessibility card")
        verbose_name_plural = _("accessibility cards")
        constraints = [
            models.CheckConstraint(
                name=f"accessibility_{field}_is_known",
                condition=known(field, Provision),
            )
            for field in (
                "step_free",
                "hearing_loop",
                "captions",
                "material_in_advance",
                "remote",
            )
        ]

    def __str__(self) -> str:
        return self.occasion.ref
