"""How the admin shows rows that only services change."""


class ReadOnlyMixin:
    """Rows to look at: a service, a page or a package changes them."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class KeepRowsMixin:
    """Rows that figures rest on: changed, never deleted."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
