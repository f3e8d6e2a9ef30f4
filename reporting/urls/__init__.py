from django.urls import include, path, register_converter

from core.converters import DayConverter
from reporting.views import periods, planner
from reporting.views.equal_treatment import CompanyEqualTreatmentView
from reporting.views.issued import DraftNewView
from reporting.views.parity import CompanyParityView
from reporting.views.verify import verify

register_converter(DayConverter, "day")

app_name = "reporting"
urlpatterns = [
    path("", periods.PeriodListView.as_view(), name="periods"),
    path("verify/", verify, name="verify"),
    path("issued/", include("reporting.urls.issued")),
    path(
        "<day:first>/<day:last>/report/",
        DraftNewView.as_view(),
        name="report-new",
    ),
    path("targets/", include("reporting.urls.targets")),
    path("state-aid/", include("reporting.urls.state_aid")),
    path("statistics/", include("reporting.urls.statistics")),
    path("<day:first>/<day:last>/", include("reporting.urls.equal_treatment")),
    path("seats/", planner.SeatPlannerView.as_view(), name="planner"),
    path("<day:first>/<day:last>/", include("reporting.urls.explained")),
    path("<day:first>/<day:last>/", include("reporting.urls.parity")),
    path(
        "companies/<str:org_number>/equal-treatment/",
        CompanyEqualTreatmentView.as_view(),
        name="company-equal-treatment",
    ),
    path(
        "companies/<str:org_number>/parity/",
        CompanyParityView.as_view(),
        name="company-parity",
    ),
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
        "workbooks/<uuid:pk>/download/",
        periods.ExportDownloadView.as_view(),
        name="export-download",
    ),
]
