from django.urls import path

from companies import (
    contact_views,
    correction_views,
    duplicate_views,
    kiosk_views,
    link_views,
    views,
)

app_name = "companies"
urlpatterns = [
    path("", views.ParticipantListView.as_view(), name="participants"),
    path("new/", views.ParticipantAddView.as_view(), name="participant-new"),
    path("duplicates/", duplicate_views.DuplicatesView.as_view(), name="duplicates"),
    path(
        "duplicates/<str:first>/<str:second>/",
        duplicate_views.MergeView.as_view(),
        name="merge",
    ),
    path(
        "duplicates/<str:first>/<str:second>/different/",
        duplicate_views.NotADuplicateView.as_view(),
        name="not-a-duplicate",
    ),
    path(
        "merges/<int:pk>/undo/",
        duplicate_views.MergeUndoView.as_view(),
        name="merge-undo",
    ),
    path(
        "corrections/",
        correction_views.CorrectionListView.as_view(),
        name="corrections",
    ),
    path(
        "corrections/<str:ref>/",
        correction_views.CorrectionView.as_view(),
        name="correction",
    ),
    path("<str:ref>/", views.ParticipantView.as_view(), name="participant"),
    path("<str:ref>/link/", link_views.LinkSendView.as_view(), name="link-send"),
    path(
        "<str:ref>/link/revoke/",
        link_views.LinkRevokeView.as_view(),
        name="link-revoke",
    ),
    path(
        "<str:ref>/contacts/<str:kind>/release/",
        contact_views.ReleaseView.as_view(),
        name="contact-release",
    ),
    path(
        "<str:ref>/kiosk-code/",
        kiosk_views.LeaderGivesCodeView.as_view(),
        name="kiosk-code",
    ),
    path(
        "<str:ref>/change/",
        views.ParticipantChangeView.as_view(),
        name="participant-change",
    ),
]
