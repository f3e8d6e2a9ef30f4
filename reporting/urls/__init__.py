from django.urls import path, register_converter

from core.converters import DayConverter
from reporting.views import periods

register_converter(DayConverter, "day")

app_name = "reporting"
urlpatterns = [
    path("", periods.PeriodListView.as_view(), name="periods"),
    path("<day:first>/<day:last>/", periods.PeriodView.as_view(), name="period"),
    path(
        "<day:first>/<day:last>/workbook/",
        periods.ExportNewView.as_view(),
        name="export-new",
    ),
    path("workbooks/<uuid:pk>/", periods.ExportView.as_view(), name="export"),
    path(
        "workbooks/<uuid:pk>/status/",
        periods.ExportStatusView.as_view(),
        name="export-status",
    ),
    path(
        "workbooks/<uuid:pk>/release/",
        periods.ExportReleaseView.as_view(),
        name="export-release",
    ),
    path(
        "workbooks/<uuid:pk>/download/",
        periods.ExportDownloadView.as_view(),
        name="export-download",
    ),
]
