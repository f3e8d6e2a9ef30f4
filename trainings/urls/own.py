from django.urls import path

from trainings.views import feeds
from trainings.views.own import (
    calendar,
    certificates,
    contacts,
    evaluations,
    hours,
    letters,
    offers,
    requests,
    sign_in,
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
    path(
        "evaluate/<str:ref>/",
        evaluations.EvaluateView.as_view(),
        name="evaluate",
    ),
    path("contacts/", contacts.ContactsView.as_view(), name="contacts"),
    path("contacts/code/", contacts.CodeView.as_view(), name="contact-code"),
    path("contacts/<str:kind>/", contacts.NewView.as_view(), name="contact-new"),
    path(
        "contacts/<str:kind>/confirm/",
        contacts.ConfirmView.as_view(),
        name="contact-confirm",
    ),
    path(
        "contacts/<str:kind>/remove/",
        contacts.RemoveView.as_view(),
        name="contact-remove",
    ),
    path("letters/", letters.LettersView.as_view(), name="letters"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.SignInCodeView.as_view(), name="sign-in-code"),
    path(
        "sign-in/company/",
        sign_in.SignInCompanyView.as_view(),
        name="sign-in-company",
    ),
    path("leave/", trainings.LeaveView.as_view(), name="leave"),
    path("<str:token>/", trainings.OpenView.as_view(), name="open"),
]
