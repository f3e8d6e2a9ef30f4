"""Signing in and out, and one's own security. Nobody opens an account alone.

Written out, because what the library offers beside is not wanted here: users change
neither their address nor how it is confirmed.
"""

from allauth.account import views
from allauth.socialaccount import views as social_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from accounts.views import identities, identity_callback, identity_login

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path(
        "signup/",
        login_not_required(
            TemplateView.as_view(template_name="account/signup_closed.html")
        ),
        name="account_signup",
    ),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("identity/", identities, name="socialaccount_connections"),
    path(
        "identity/cancelled/",
        social_views.login_cancelled,
        name="socialaccount_login_cancelled",
    ),
    path("oidc/<slug:provider_id>/login/", identity_login, name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        identity_callback,
        name="openid_connect_callback",
    ),
]
