"""Accounts of the invented programme, with passwords of this installation only."""

import os
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleGrant, User
from companies.models import Company, Membership
from trainings.models import Provider, ProviderStaff

LOGINS_FILE = "demo-logins.txt"
SECOND_FACTOR = (
    "Projektledare, finansiär och leverantör lägger till en andra faktor (en app eller "
    "en nyckel) vid den första inloggningen."
)


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    email: str
    password: str

    def __str__(self) -> str:
        return f"{self.role:<40} {self.email:<28} {self.password}"


def add_leader() -> tuple[User, Login]:
    login = _login("Projektledare", "projektledare@example.org")
    return _user(login, Role.LEADER), login


def add_others() -> list[Login]:
    """Make the funder, and staff of every supplier and company.

    One HR officer serves two companies.
    """
    funder = _login("Finansiär (ESF)", "finansiar@example.org")
    _user(funder, Role.FUNDER)
    logins = [funder]
    for serial, provider in enumerate(Provider.objects.order_by("ref"), start=1):
        login = _login(
            f"Leverantör, {provider.name}", f"leverantor{serial}@example.org"
        )
        today = timezone.localdate()
        ProviderStaff.objects.create(
            provider=provider, user=_user(login), started_on=today
        )
        logins.append(login)
    for serial, company in enumerate(Company.objects.order_by("org_number"), start=1):
        login = _login(f"HR, {company.name}", f"hr{serial}@example.org")
        user = _user(login)
        _make_hr(user, company)
        logins.append(login)
    _make_hr(user, Company.objects.order_by("org_number").first())
    return logins


def keep_logins(logins: list[Login]) -> None:
    """Write how to sign in to a file that only this machine's user can read."""
    path = settings.VAR / LOGINS_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{line}\n" for line in [*logins, SECOND_FACTOR])


def _login(role: str, email: str) -> Login:
    return Login(role, email, secrets.token_urlsafe(9))


def _user(login: Login, role: str = "") -> User:
    user = User.objects.create_user(login.email, login.password, name=login.role)
    if role:
        RoleGrant.objects.create(user=user, role=role, started_on=timezone.localdate())
    return user


def _make_hr(user: User, company: Company) -> None:
    Membership.objects.create(
        user=user, company=company, started_on=timezone.localdate()
    )
