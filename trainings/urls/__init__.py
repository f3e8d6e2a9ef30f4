from django.urls import include, path

from trainings.views import (
    accommodations,
    certificates,
    certifications,
    disputes,
    evaluations,
    kiosk_codes,
    kiosks,
    nominate,
    occasions,
    offers,
    quotas,
    scans,
    seats,
    sheets,
    steps,
    substitutes,
)

app_name = "trainings"
urlpatterns = [
    path("uploads/", include("trainings.urls.uploads")),
    path("needs/", include("trainings.urls.needs")),
    path(
        "accommodations/",
        accommodations.AccommodationListView.as_view(),
        name="accommodations",
    ),
    path(
        "accommodations/<str:ref>/",
        accommodations.AccommodationView.as_view(),
        name="accommodation",
    ),
    path(
        "accommodations/<str:ref>/withdraw/",
        accommodations.AccommodationWithdrawView.as_view(),
        name="accommodation-withdraw",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/need/",
        accommodations.AccommodationNewView.as_view(),
        name="accommodation-new",
    ),
    path(
        "occasions/<str:ref>/certificates/",
        certificates.OccasionCertificatesView.as_view(),
        name="certificates",
    ),
    path("disputes/", disputes.DisputeListView.as_view(), name="disputes"),
    path("disputes/<str:ref>/", disputes.DisputeView.as_view(), name="dispute"),
    path(
        "certifications/",
        certifications.CertificationsView.as_view(),
        name="certifications",
    ),
    path(
        "certifications/verify/",
        certifications.CertificationsVerifyView.as_view(),
        name="certifications-verify",
    ),
    path("months/", include("trainings.urls.months")),
    path("evaluations/", evaluations.EvaluationListView.as_view(), name="evaluations"),
    path(
        "evaluations/groups/",
        evaluations.GroupEvaluationView.as_view(),
        name="evaluation-groups",
    ),
    path(
        "evaluations/courses/<path:code>/",
        evaluations.CourseEvaluationView.as_view(),
        name="evaluation-course",
    ),
    path(
        "occasions/<str:ref>/evaluation/",
        evaluations.OccasionEvaluationView.as_view(),
        name="evaluation",
    ),
    path("kiosks/", kiosks.KiosksView.as_view(), name="kiosks"),
    path(
        "kiosks/<str:ref>/end/",
        kiosks.KioskEndView.as_view(),
        name="kiosk-end",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/kiosk-code/",
        kiosk_codes.SupplierGivesCodeView.as_view(),
        name="kiosk-code",
    ),
    path("calendar/", include("trainings.urls.calendar")),
    path("occasions/", occasions.OccasionListView.as_view(), name="occasions"),
    path("occasions/<str:ref>/", occasions.OccasionView.as_view(), name="occasion"),
    path(
        "occasions/<str:ref>/nominate/",
        nominate.NominateView.as_view(),
        name="nominate",
    ),
    path(
        "occasions/<str:ref>/confirm/",
        nominate.ConfirmView.as_view(),
        name="confirm",
    ),
    path("occasions/<str:ref>/quotas/", quotas.QuotasView.as_view(), name="quotas"),
    path(
        "occasions/<str:ref>/offer/<str:enrolment>/",
        offers.OfferView.as_view(),
        name="offer",
    ),
    path(
        "occasions/<str:ref>/substitute/<str:enrolment>/",
        substitutes.SubstituteView.as_view(),
        name="substitute",
    ),
    path(
        "occasions/<str:ref>/attendance/",
        seats.AttendanceView.as_view(),
        name="attendance",
    ),
    path(
        "occasions/<str:ref>/attendance/file/",
        sheets.AttendanceFileView.as_view(),
        name="attendance-file",
    ),
    path(
        "occasions/<str:ref>/sessions/<str:session>/sheet/",
        sheets.SheetView.as_view(),
        name="sheet",
    ),
    path(
        "occasions/<str:ref>/sessions/<str:session>/scans/",
        scans.ScansView.as_view(),
        name="scans",
    ),
    path(
        "occasions/<str:ref>/sessions/<str:session>/scans/<str:scan>/",
        scans.ScanView.as_view(),
        name="scan",
    ),
    path(
        "occasions/<str:ref>/sessions/<str:session>/scans/<str:scan>/file/",
        scans.ScanFileView.as_view(),
        name="scan-file",
    ),
    path(
        "occasions/<str:ref>/sessions/<str:session>/scans/<str:scan>/remove/",
        scans.ScanRemoveView.as_view(),
        name="scan-remove",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/",
        seats.SeatView.as_view(),
        name="seat",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/correct/<str:session>/",
        disputes.CorrectView.as_view(),
        name="correct-time",
    ),
    path(
        "occasions/<str:ref>/withdraw/<str:enrolment>/",
        nominate.WithdrawView.as_view(),
        name="withdraw",
    ),
    path("occasions/<str:ref>/", include("trainings.urls.plans")),
    path(
        "occasions/<str:ref>/<str:step>/",
        steps.StepView.as_view(),
        name="occasion-step",
    ),
]
