from django.urls import path

from trainings.views import certificates as views

app_name = "certificates"
urlpatterns = [
    path("", views.VerifyView.as_view(), name="verify"),
    path("<str:code>/", views.VerifiedView.as_view(), name="verified"),
    path("files/<str:ref>/", views.CertificateView.as_view(), name="pdf"),
]
