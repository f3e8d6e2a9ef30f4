"""Every address of the portal. Closed to strangers unless marked otherwise here."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from django.views.i18n import set_language

from kompetenslyft.health import health
from kompetenslyft.home import HomeView

# The admin has no sign-in of its own: the portal's, with its limits, is the only one.
admin.site.login = login_not_required(  # type: ignore[method-assign]
    secure_admin_login(admin.site.login)
)

COOKIES = {
    "session": settings.SESSION_COOKIE_NAME,
    "csrf": settings.CSRF_COOKIE_NAME,
    "language": settings.LANGUAGE_COOKIE_NAME,
}

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("accounts/", include("allauth.account.urls")),
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
    ),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("language/", login_not_required(set_language), name="set-language"),
    path(
        "about/cookies/",
        login_not_required(
            TemplateView.as_view(
                template_name="cookies.html", extra_context={"cookies": COOKIES}
            )
        ),
        name="cookies",
    ),
    path("people/", include("companies.urls")),
    path("", include("trainings.urls")),  # Below /occasions/ and /uploads/.
    path("reports/", include("reporting.urls")),
]
