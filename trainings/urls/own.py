from django.urls import path

from trainings.views import feeds
from trainings.views.own import (
    calendar,
    certificates,
    hours,
    letters,
    offers,
    requests,
    trainings,
)

app_name = "own"
urlpatterns = [
    path("", trainings.TrainingView.as_view(), name="page"),
    path("data/", trainings.DataView.as_view(), name="data"),
    path("readers/", trainings.ReadersView.as_view(), name="readers"),
    path("about/", trainings.AboutView.as_view(), name="about"),
    path("correct/", trainings.CorrectionNewView.as_view(), name="correction-new"),
    path("correct/<str:ref>/", trainings.CorrectionView.as_view(), name="correction"),
    path("offers/<str:ref>/", offers.OwnOfferView.as_view(), name="offer"),
    path("requests/new/", requests.RequestNewView.as_view(), name="request-new"),
    path("requests/<str:ref>/", requests.RequestView.as_view(), name="request"),
    path(
        "requests/<str:ref>/take-back/",
        requests.RequestWithdrawView.as_view(),
        name="request-withdraw",
    ),
    path("hours/", hours.HoursView.as_view(), name="hours"),
    path("hours/<str:month>/", hours.MonthView.as_view(), name="hours-month"),
    path(
        "hours/<str:enrolment>/<str:session>/dispute/",
        hours.DisputeNewView.as_view(),
        name="hours-dispute",
    ),
    path("calendar/", calendar.OwnCalendarView.as_view(), name="calendar"),
    path(
        "calendar/subscribe/",
        feeds.OwnSubscribeView.as_view(),
        name="calendar-subscribe",
    ),
    path(
        "calendar/subscribe/end/",
        feeds.OwnEndView.as_view(),
        name="calendar-end",
    ),
    path(
        "certificates/",
        certificates.OwnCertificatesView.as_view(),
        name="certificates",
    ),
    path(
        "certificates/<str:ref>/",
        certificates.OwnCertificateView.as_view(),
        name="certificate",
    ),
    path("letters/", letters.LettersView.as_view(), name="letters"),
    path("leave/", trainings.LeaveView.as_view(), name="leave"),
    path("<str:token>/", trainings.OpenView.as_view(), name="open"),
]
