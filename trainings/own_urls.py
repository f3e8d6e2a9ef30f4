from django.urls import path

from trainings import own_views

app_name = "own"
urlpatterns = [
    path("", own_views.TrainingView.as_view(), name="page"),
    path("data/", own_views.DataView.as_view(), name="data"),
    path("readers/", own_views.ReadersView.as_view(), name="readers"),
    path("about/", own_views.AboutView.as_view(), name="about"),
    path("correct/", own_views.CorrectionNewView.as_view(), name="correction-new"),
    path("correct/<str:ref>/", own_views.CorrectionView.as_view(), name="correction"),
    path("leave/", own_views.LeaveView.as_view(), name="leave"),
    path("<str:token>/", own_views.OpenView.as_view(), name="open"),
]
