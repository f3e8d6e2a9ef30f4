from django.urls import include, path

from trainings import (
    accommodation_views,
    certificate_views,
    certification_views,
    dispute_views,
    nominate_views,
    offer_views,
    quota_views,
    seat_views,
    sheet_views,
    step_views,
    substitute_views,
    views,
)

app_name = "trainings"
urlpatterns = [
    path("uploads/", include("trainings.upload_urls")),
    path("needs/", include("trainings.need_urls")),
    path(
        "accommodations/",
        accommodation_views.AccommodationListView.as_view(),
        name="accommodations",
    ),
    path(
        "accommodations/<str:ref>/",
        accommodation_views.AccommodationView.as_view(),
        name="accommodation",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/need/",
        accommodation_views.AccommodationNewView.as_view(),
        name="accommodation-new",
    ),
    path(
        "occasions/<str:ref>/certificates/",
        certificate_views.OccasionCertificatesView.as_view(),
        name="certificates",
    ),
    path("disputes/", dispute_views.DisputeListView.as_view(), name="disputes"),
    path("disputes/<str:ref>/", dispute_views.DisputeView.as_view(), name="dispute"),
    path(
        "certifications/",
        certification_views.CertificationsView.as_view(),
        name="certifications",
    ),
    path(
        "certifications/verify/",
        certification_views.CertificationsVerifyView.as_view(),
        name="certifications-verify",
    ),
    path("calendar/", include("trainings.calendar_urls")),
    path("occasions/", views.OccasionListView.as_view(), name="occasions"),
    path("occasions/<str:ref>/", views.OccasionView.as_view(), name="occasion"),
    path(
        "occasions/<str:ref>/nominate/",
        nominate_views.NominateView.as_view(),
        name="nominate",
    ),
    path(
        "occasions/<str:ref>/confirm/",
        nominate_views.ConfirmView.as_view(),
        name="confirm",
    ),
    path(
        "occasions/<str:ref>/quotas/", quota_views.QuotasView.as_view(), name="quotas"
    ),
    path(
        "occasions/<str:ref>/offer/<str:enrolment>/",
        offer_views.OfferView.as_view(),
        name="offer",
    ),
    path(
        "occasions/<str:ref>/substitute/<str:enrolment>/",
        substitute_views.SubstituteView.as_view(),
        name="substitute",
    ),
    path(
        "occasions/<str:ref>/attendance/",
        seat_views.AttendanceView.as_view(),
        name="attendance",
    ),
    path(
        "occasions/<str:ref>/attendance/file/",
        sheet_views.AttendanceFileView.as_view(),
        name="attendance-file",
    ),
    path(
        "occasions/<str:ref>/sessions/<str:session>/sheet/",
        sheet_views.SheetView.as_view(),
        name="sheet",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/",
        seat_views.SeatView.as_view(),
        name="seat",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/correct/<str:session>/",
        dispute_views.CorrectView.as_view(),
        name="correct-time",
    ),
    path(
        "occasions/<str:ref>/withdraw/<str:enrolment>/",
        nominate_views.WithdrawView.as_view(),
        name="withdraw",
    ),
    path("occasions/<str:ref>/", include("trainings.plan_urls")),
    path(
        "occasions/<str:ref>/<str:step>/",
        step_views.StepView.as_view(),
        name="occasion-step",
    ),
]
