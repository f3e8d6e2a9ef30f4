from django.urls import path

from trainings import (
    feed_views,
    own_calendar_views,
    own_certificate_views,
    own_hour_views,
    own_letter_views,
    own_offer_views,
    own_request_views,
    own_views,
)

app_name = "own"
urlpatterns = [
    path("", own_views.TrainingView.as_view(), name="page"),
    path("data/", own_views.DataView.as_view(), name="data"),
    path("readers/", own_views.ReadersView.as_view(), name="readers"),
    path("about/", own_views.AboutView.as_view(), name="about"),
    path("correct/", own_views.CorrectionNewView.as_view(), name="correction-new"),
    path("correct/<str:ref>/", own_views.CorrectionView.as_view(), name="correction"),
    path("offers/<str:ref>/", own_offer_views.OwnOfferView.as_view(), name="offer"),
    path(
        "requests/new/", own_request_views.RequestNewView.as_view(), name="request-new"
    ),
    path(
        "requests/<str:ref>/", own_request_views.RequestView.as_view(), name="request"
    ),
    path(
        "requests/<str:ref>/take-back/",
        own_request_views.RequestWithdrawView.as_view(),
        name="request-withdraw",
    ),
    path("hours/", own_hour_views.HoursView.as_view(), name="hours"),
    path("hours/<str:month>/", own_hour_views.MonthView.as_view(), name="hours-month"),
    path(
        "hours/<str:enrolment>/<str:session>/dispute/",
        own_hour_views.DisputeNewView.as_view(),
        name="hours-dispute",
    ),
    path("calendar/", own_calendar_views.OwnCalendarView.as_view(), name="calendar"),
    path(
        "calendar/subscribe/",
        feed_views.OwnSubscribeView.as_view(),
        name="calendar-subscribe",
    ),
    path(
        "calendar/subscribe/end/",
        feed_views.OwnEndView.as_view(),
        name="calendar-end",
    ),
    path(
        "certificates/",
        own_certificate_views.OwnCertificatesView.as_view(),
        name="certificates",
    ),
    path(
        "certificates/<str:ref>/",
        own_certificate_views.OwnCertificateView.as_view(),
        name="certificate",
    ),
    path("letters/", own_letter_views.LettersView.as_view(), name="letters"),
    path("leave/", own_views.LeaveView.as_view(), name="leave"),
    path("<str:token>/", own_views.OpenView.as_view(), name="open"),
]
