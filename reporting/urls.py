from django.urls import path, register_converter

from core.converters import DayConverter
from reporting import views

register_converter(DayConverter, "day")

app_name = "reporting"
urlpatterns = [
    path("", views.PeriodListView.as_view(), name="periods"),
    path("<day:first>/<day:last>/", views.PeriodView.as_view(), name="period"),
    path(
        "<day:first>/<day:last>/workbook/",
        views.ExportNewView.as_view(),
        name="export-new",
    ),
    path("workbooks/<uuid:pk>/", views.ExportView.as_view(), name="export"),
    path(
        "workbooks/<uuid:pk>/status/",
        views.ExportStatusView.as_view(),
        name="export-status",
    ),
    path(
        "workbooks/<uuid:pk>/release/",
        views.ExportReleaseView.as_view(),
        name="export-release",
    ),
    path(
        "workbooks/<uuid:pk>/download/",
        views.ExportDownloadView.as_view(),
        name="export-download",
    ),
]
