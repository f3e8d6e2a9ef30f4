"""Every address of the portal. Closed to strangers unless marked otherwise here."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from companies.workforce_views import WorkforceView
from kompetenslyft.health import health
from kompetenslyft.home import HomeView
from kompetenslyft.invitation_views import (
    AcceptView,
    InviteView,
    RevokeView,
    SendAgainView,
)
from kompetenslyft.rights_views import EndView, RightsView
from kompetenslyft.second_factor import EnrolView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("accounts/2fa/required/", EnrolView.as_view(), name="second-factor"),
    path("accounts/", include("accounts.urls")),
    path("audit/", include("accounts.trail_urls")),
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
    ),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("language/", login_not_required(set_language), name="set-language"),
    path("about/", include("accounts.page_urls")),
    path("rights/", RightsView.as_view(), name="rights"),
    path("rights/invite/<str:role>/", InviteView.as_view(), name="invite"),
    path("rights/end/<str:kind>/<int:pk>/", EndView.as_view(), name="right-end"),
    path(
        "rights/invitations/<str:ref>/again/",
        SendAgainView.as_view(),
        name="invitation-again",
    ),
    path(
        "rights/invitations/<str:ref>/revoke/",
        RevokeView.as_view(),
        name="invitation-revoke",
    ),
    path("invitations/<str:token>/", AcceptView.as_view(), name="invitation"),
    path("people/", include("companies.urls")),
    path("kiosk/", include("companies.kiosk_urls")),
    path("workforce/", WorkforceView.as_view(), name="workforce"),
    path("", include("kompetenslyft.privacy.urls")),  # Below /people/ and /me/.
    path("me/", include("trainings.urls.own")),
    path("", include("trainings.urls")),  # Below /occasions/ and /uploads/.
    path("certificates/", include("trainings.urls.certificates")),
    path("lists/", include("reporting.urls.lists")),
    path("reports/", include("reporting.urls")),
]

handler500 = "kompetenslyft.busy.tell_what_went_wrong"
