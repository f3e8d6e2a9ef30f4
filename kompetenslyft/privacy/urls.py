from django.urls import path

from kompetenslyft.privacy import views

app_name = "privacy"
urlpatterns = [
    path("people/<str:ref>/rights/", views.PersonView.as_view(), name="person"),
    path("people/<str:ref>/rights/erase/", views.EraseView.as_view(), name="erase"),
    path(
        "people/<str:ref>/rights/restrict/",
        views.RestrictView.as_view(),
        name="restrict",
    ),
    path("people/<str:ref>/rights/lift/", views.LiftView.as_view(), name="lift"),
    path(
        "people/<str:ref>/rights/copy/",
        views.AccessCopyView.as_view(),
        name="access-copy",
    ),
    path("me/copy/", views.OwnCopyView.as_view(), name="own-copy"),
]
