from django.urls import include, path

from trainings import seat_views, views

app_name = "trainings"
urlpatterns = [
    path("uploads/", include("trainings.upload_urls")),
    path("occasions/", views.OccasionListView.as_view(), name="occasions"),
    path("occasions/<str:ref>/", views.OccasionView.as_view(), name="occasion"),
    path(
        "occasions/<str:ref>/nominate/", views.NominateView.as_view(), name="nominate"
    ),
    path("occasions/<str:ref>/confirm/", views.ConfirmView.as_view(), name="confirm"),
    path(
        "occasions/<str:ref>/attendance/",
        seat_views.AttendanceView.as_view(),
        name="attendance",
    ),
    path(
        "occasions/<str:ref>/seats/<str:enrolment>/",
        seat_views.SeatView.as_view(),
        name="seat",
    ),
    path(
        "occasions/<str:ref>/withdraw/<str:enrolment>/",
        views.WithdrawView.as_view(),
        name="withdraw",
    ),
    path(
        "occasions/<str:ref>/<str:step>/",
        views.StepView.as_view(),
        name="occasion-step",
    ),
]
