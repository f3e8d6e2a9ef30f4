from django.urls import path

from reporting.views import completeness, figure_files, why

urlpatterns = [
    path("why/", why.WhyIndexView.as_view(), name="why-index"),
    path("why/<slug:table>/", why.WhyTableView.as_view(), name="why-table"),
    path("why/<slug:table>/<str:figure>/", why.WhyView.as_view(), name="why"),
    path(
        "tables/<slug:table>.<str:file_format>",
        figure_files.FigureFileView.as_view(),
        name="figure-file",
    ),
    path("completeness/", completeness.CompletenessView.as_view(), name="completeness"),
]
