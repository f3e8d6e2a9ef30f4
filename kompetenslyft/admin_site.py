"""The project leaders' workplace; to others who are signed in it is not there."""

from functools import update_wrapper

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe


class PortalAdminSite(AdminSite):
    """The admin without a sign-in of its own: the portal's, with its limits, is it."""

    def admin_view(self, view, cacheable=False):  # noqa: FBT002 - Django's signature.
        opened = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            self._find_nothing_for_others(request)
            return opened(request, *args, **kwargs)

        return update_wrapper(guarded, opened)

    @method_decorator([login_not_required, require_safe])
    def login(self, request, extra_context=None):
        self._find_nothing_for_others(request)
        return secure_admin_login(super().login)(request, extra_context)

    def _find_nothing_for_others(self, request):
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
