"""Below a period's address."""

from django.urls import path

from reporting.views import parity

urlpatterns = [
    path("parity/", parity.ParityView.as_view(), name="parity"),
    path("parity/chart/", parity.ControlChartView.as_view(), name="parity-chart"),
]
