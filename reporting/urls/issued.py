"""Addresses below /reports/issued/, in the namespace `reporting`."""

from django.urls import path

from reporting.views import issued as views
from reporting.views import reading_room
from reporting.views.issued_steps import StepView

urlpatterns = [
    path("", views.ReportListView.as_view(), name="reports"),
    path("<str:ref>/", views.ReportView.as_view(), name="report"),
    path("<str:ref>/status/", views.ReportStatusView.as_view(), name="report-status"),
    path(
        "<str:ref>/changes/", views.ReportChangesView.as_view(), name="report-changes"
    ),
    path("<str:ref>/steps/<str:step>/", StepView.as_view(), name="report-step"),
    path(
        "<str:ref>/files/<str:audience>/<str:kind>/",
        views.ReportFileView.as_view(),
        name="report-file",
    ),
    path(
        "<str:ref>/questions/",
        reading_room.QuestionNewView.as_view(),
        name="report-question-new",
    ),
    path(
        "<str:ref>/questions/<str:question>/",
        reading_room.QuestionView.as_view(),
        name="report-question",
    ),
    path(
        "<str:ref>/samples/",
        reading_room.SampleNewView.as_view(),
        name="report-sample-new",
    ),
    path(
        "<str:ref>/samples/<str:sample>/",
        reading_room.SampleView.as_view(),
        name="report-sample",
    ),
    path(
        "<str:ref>/samples/<str:sample>/release/",
        reading_room.SampleReleaseView.as_view(),
        name="report-sample-release",
    ),
]
