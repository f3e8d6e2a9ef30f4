"""What a role may do in the admin."""

from django.contrib.auth.backends import ModelBackend

NAMED_RIGHTS = {"companies.view_protected_identities"}


class RoleBackend(ModelBackend):
    """Project leaders hold every right but the named ones, which are granted singly."""

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        if not user_obj.is_active:
            return False
        if perm not in NAMED_RIGHTS and user_obj.is_staff:
            return True
        return super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj, app_label) -> bool:
        return user_obj.is_staff or super().has_module_perms(user_obj, app_label)
