"""What is taught, by whom, and what the companies need."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Company
from companies.models.programme import is_org_number
from companies.scoping import CompanyScopedQuerySet
from core.constraints import four_digits, known
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.refs import random_ref
from trainings.enums import CourseLevel, Principle, ProviderKind
from trainings.scoping import ProviderScopedQuerySet


def need_ref() -> str:
    return random_ref("need")


def provider_ref() -> str:
    return random_ref("prov")


class ProviderQuerySet(ProviderScopedQuerySet):
    provider_path = "pk"


class Provider(TimeStampedModel):
    """A training supplier: procured, or part of public education."""

    ref = ref_field(default=provider_ref)
    org_number = models.CharField(
        _("organisation number"), max_length=11, validators=[is_org_number]
    )
    name = name_field(_("name"))
    kind = models.CharField(_("kind"), max_length=18, choices=ProviderKind)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("training provider")
        verbose_name_plural = _("training providers")
        constraints = [
            models.CheckConstraint(
                name="provider_kind_is_known", condition=known("kind", ProviderKind)
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProviderStaff(TimeStampedModel):
    """That a user works for a training supplier, from a day to a last day."""

    provider = models.ForeignKey(
        Provider,
        models.CASCADE,
        related_name="staff",
        verbose_name=_("training provider"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="provider_staff",
        verbose_name=_("user"),
    )
    started_on = models.DateField(_("from"), default=timezone.localdate)
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["provider", "user"]
        verbose_name = _("supplier's staff")
        verbose_name_plural = _("supplier's staff")
        constraints = [
            models.UniqueConstraint(
                name="provider_staff_once_at_a_time",
                fields=["provider", "user"],
                condition=Q(ended_on=None),
                violation_error_message=_("The user works for this supplier already."),
            ),
            models.CheckConstraint(
                name="provider_staff_ends_on_or_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A role cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.provider}"


class Course(TimeStampedModel):
    """What is taught. `required_percent` of the minutes completes it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = name_field(_("title"))
    theme = models.CharField(_("theme"), max_length=60, db_index=True)
    level = models.CharField(_("level"), max_length=8, choices=CourseLevel)
    minutes = models.PositiveIntegerField(_("teaching time, minutes"))
    required_percent = models.PositiveSmallIntegerField(
        _("required share, percent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    covers_accessibility = models.BooleanField(_("covers accessibility"), default=False)
    covers_equal_treatment = models.BooleanField(
        _("covers equal treatment"), default=False
    )
    covers_gender_equality = models.BooleanField(
        _("covers gender equality"), default=False
    )
    seqf_level = models.PositiveSmallIntegerField(
        _("SeQF level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
    )

    content = models.TextField(_("content"), blank=True)
    goals = models.TextField(_("goals"), blank=True)
    prerequisites = models.TextField(_("prerequisites"), blank=True)
    public_course = models.CharField(
        _("course or programme of public education"),
        max_length=200,
        blank=True,
        help_text=_("Which course or national programme it corresponds to, if any."),
    )
    public_course_code = models.CharField(
        _("its code in public education"), max_length=40, blank=True
    )
    needs_approval = models.BooleanField(
        _("the project leader approves each seat"), default=False
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                name="course_level_is_known", condition=known("level", CourseLevel)
            ),
            models.CheckConstraint(
                name="course_required_percent_is_1_to_100",
                condition=Q(required_percent__gte=1, required_percent__lte=100),
                violation_error_message=_("The required share is 1 to 100 percent."),
            ),
            models.CheckConstraint(
                name="course_seqf_level_is_1_to_8",
                condition=Q(seqf_level=None) | Q(seqf_level__gte=1, seqf_level__lte=8),
                violation_error_message=_("A SeQF level is 1 to 8."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref(self) -> str:
        return self.code

    @property
    def principles(self) -> list[Principle]:
        """Which horizontal principles the course covers, in a package's order."""
        return [p for p in Principle if getattr(self, f"covers_{p.value}")]


class NeedQuerySet(CompanyScopedQuerySet):
    def current(self) -> Self:
        """Needs that the company still has."""
        return self.filter(withdrawn_at=None)


class Need(TimeStampedModel):
    """What a company needs its people to learn, whether or not it can be met."""

    ref = ref_field(default=need_ref)
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="needs", verbose_name=_("company")
    )
    theme = models.CharField(_("theme"), max_length=60)
    role_code = models.CharField(
        _("role code (SSYK)"), max_length=4, blank=True, validators=[four_digits]
    )
    headcount = models.PositiveIntegerField(_("how many"))
    priority = models.PositiveSmallIntegerField(_("priority, 1 is highest"))
    wanted_by = models.DateField(_("wanted by"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    history = HistoricalRecords()
    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "wanted_by"]
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.CheckConstraint(
                name="need_is_for_somebody",
                condition=Q(headcount__gte=1),
                violation_error_message=_("A need is for at least one person."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.company}, {self.theme}"
