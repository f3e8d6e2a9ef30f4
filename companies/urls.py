from django.urls import path

from companies import views

app_name = "companies"
urlpatterns = [
    path("", views.ParticipantListView.as_view(), name="participants"),
    path("new/", views.ParticipantAddView.as_view(), name="participant-new"),
    path("<str:ref>/", views.ParticipantView.as_view(), name="participant"),
    path(
        "<str:ref>/change/",
        views.ParticipantChangeView.as_view(),
        name="participant-change",
    ),
]
