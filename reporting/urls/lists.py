from django.urls import path

from reporting.views import lists

app_name = "lists"
urlpatterns = [
    path("", lists.ListsView.as_view(), name="lists"),
    path("files/<uuid:pk>/", lists.ExportView.as_view(), name="export"),
    path(
        "files/<uuid:pk>/status/",
        lists.ExportStatusView.as_view(),
        name="export-status",
    ),
    path(
        "files/<uuid:pk>/download/",
        lists.ExportDownloadView.as_view(),
        name="export-download",
    ),
    path("kept/<int:pk>/", lists.ChoiceView.as_view(), name="choice"),
    path("kept/<int:pk>/file/", lists.ChoiceUseView.as_view(), name="choice-use"),
    path(
        "kept/<int:pk>/remove/", lists.ChoiceForgetView.as_view(), name="choice-forget"
    ),
    path("<slug:list_id>/", lists.ListView.as_view(), name="list"),
    path("<slug:list_id>/keep/", lists.ChoiceNewView.as_view(), name="choice-new"),
]
