"""The first project leader of a portal."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import RoleGrant, User
from core.errors import DomainError


@transaction.atomic
def make_leader(*, email: str) -> User:
    """Return the user of that address as a project leader, made if there is none.

    Done by an operator at the machine; a new account has no password yet.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        sentence = _("%(address)s is not an e-mail address.") % {"address": email}
        raise DomainError(sentence) from error
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email)
    elif not user.is_active:
        raise DomainError(_("This account is closed. Open it in the admin first."))
    held_today = RoleGrant.objects.active(timezone.localdate())
    if not held_today.filter(user=user, role=Role.LEADER).exists():
        user.role_grants.create(role=Role.LEADER)
    record(None, "accounts.made_leader", user)
    return user
