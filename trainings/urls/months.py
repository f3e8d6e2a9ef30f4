"""Addresses below /months/, in the namespace `trainings`."""

from django.urls import path

from trainings.views import parcels as views

urlpatterns = [
    path("", views.MonthView.as_view(), name="months"),
    path("parcels/", views.ParcelNewView.as_view(), name="parcel-new"),
    path("parcels/<uuid:pk>/", views.ParcelView.as_view(), name="parcel"),
    path(
        "parcels/<uuid:pk>/status/",
        views.ParcelStatusView.as_view(),
        name="parcel-status",
    ),
    path(
        "parcels/<uuid:pk>/file/",
        views.ParcelDownloadView.as_view(),
        name="parcel-download",
    ),
]
