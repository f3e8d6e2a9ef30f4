"""Who a signed-in user is, and what a role may do in the admin."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User

NAMED_RIGHTS = {"companies.view_protected_identities"}


class RoleBackend(AuthenticationBackend):
    """Sign-in by e-mail; project leaders hold every right but the named ones.

    Named rights are granted singly. A user comes with today's roles, in one query.
    """

    def get_user(self, user_id) -> User | None:
        user = User.objects.with_roles().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        if not user_obj.is_active:
            return False
        if perm not in NAMED_RIGHTS and user_obj.is_staff:
            return True
        return super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj, app_label) -> bool:
        return user_obj.is_staff or super().has_module_perms(user_obj, app_label)
