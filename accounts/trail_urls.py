from django.urls import path

from accounts.trail_views import TrailView, VerifyView

app_name = "trail"

urlpatterns = [
    path("", TrailView.as_view(), name="entries"),
    path("verify/", VerifyView.as_view(), name="verify"),
]
