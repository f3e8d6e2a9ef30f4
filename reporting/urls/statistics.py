"""Addresses below /reports/statistics/, in the namespace `reporting`."""

from django.urls import path, register_converter

from core.converters import MonthConverter
from reporting.views import statistics as views

register_converter(MonthConverter, "month")

urlpatterns = [
    path("", views.StatisticsView.as_view(), name="statistics"),
    path("columns/", views.ColumnsView.as_view(), name="statistics-columns"),
    path(
        "corrections/",
        views.CorrectionsNewView.as_view(),
        name="statistics-corrections-new",
    ),
    path(
        "packages/<uuid:pk>/",
        views.StatisticsPackageView.as_view(),
        name="statistics-package",
    ),
    path(
        "packages/<uuid:pk>/status/",
        views.StatisticsStatusView.as_view(),
        name="statistics-status",
    ),
    path(
        "packages/<uuid:pk>/sent/",
        views.StatisticsSentView.as_view(),
        name="statistics-sent",
    ),
    path(
        "packages/<uuid:pk>/download/",
        views.StatisticsDownloadView.as_view(),
        name="statistics-download",
    ),
    path(
        "packages/<uuid:pk>/download/<int:place>/",
        views.StatisticsDownloadView.as_view(),
        name="statistics-file",
    ),
    path(
        "<month:month>/", views.StatisticsMonthView.as_view(), name="statistics-month"
    ),
    path(
        "<month:month>/file/",
        views.StatisticsNewView.as_view(),
        name="statistics-new",
    ),
]
