"""Addresses below /uploads/, in the namespace `trainings`."""

from django.urls import path

from trainings.views import uploads as views

urlpatterns = [
    path("", views.UploadListView.as_view(), name="uploads"),
    path("new/", views.UploadNewView.as_view(), name="upload-new"),
    path("template/", views.UploadTemplateView.as_view(), name="upload-template"),
    path("<uuid:pk>/", views.UploadView.as_view(), name="upload"),
    path("<uuid:pk>/status/", views.UploadStatusView.as_view(), name="upload-status"),
    path(
        "<uuid:pk>/rows/<int:line>/", views.UploadRowView.as_view(), name="upload-row"
    ),
    path("<uuid:pk>/errors/", views.UploadErrorsView.as_view(), name="upload-errors"),
    path(
        "<uuid:pk>/confirm/", views.UploadConfirmView.as_view(), name="upload-confirm"
    ),
    path(
        "<uuid:pk>/discard/", views.UploadDiscardView.as_view(), name="upload-discard"
    ),
    path(
        "<uuid:pk>/take-back/",
        views.UploadTakeBackView.as_view(),
        name="upload-take-back",
    ),
]
