"""Who signs in, and what they are to the programme."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from core.fields import name_field


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **values: Any):
        """Make a user; without a password the account cannot be signed in to."""
        user = self.model(email=self.normalize_email(email), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **values: Any):
        """Make a user who holds every right there is; for the operator."""
        return self.create_user(email, password, is_superuser=True, **values)

    def with_roles(self) -> models.QuerySet:
        """Annotate `holds_…` for each role: whether the user holds it today."""
        grants = RoleGrant.objects.active(timezone.localdate())
        held = {
            f"holds_{role}": Exists(grants.filter(user=OuterRef("pk"), role=role))
            for role in Role.values
        }
        return self.annotate(**held)

    def get_by_natural_key(self, email: str | None):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail address."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = name_field(_("name"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("added"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_in_any_case",
                violation_error_message=_("This e-mail address has an account."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, **options: Any) -> None:
        """Keep the address in small letters, as sign-in looks for it."""
        self.email = self.email.lower()
        super().save(**options)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles held today; asked of the database where `with_roles` did not."""
        known = {role: self.__dict__.get(f"holds_{role}") for role in Role.values}
        if None not in known.values():
            return frozenset(role for role, holds in known.items() if holds)
        grants = self.role_grants.active(timezone.localdate())
        return frozenset(grants.values_list("role", flat=True))

    @property
    def is_project_leader(self) -> bool:
        return self.is_superuser or Role.LEADER in self.roles

    @property
    def is_funder(self) -> bool:
        return Role.FUNDER in self.roles

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens; it is the project leaders' workplace."""
        return self.is_active and self.is_project_leader


class RoleGrantQuerySet(models.QuerySet):
    def active(self, day: dt.date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)


class RoleGrant(models.Model):
    """That a user is a project leader or a funder, from a day on."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="role_grants", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role)
    started_on = models.DateField(_("from"), default=timezone.localdate)
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                name="role_grant_once_at_a_time",
                fields=["user", "role"],
                condition=Q(ended_on=None),
                violation_error_message=_("The user has this role already."),
            ),
            models.CheckConstraint(
                name="role_grant_ends_on_or_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A role cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="role_grant_role_is_known", condition=Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
