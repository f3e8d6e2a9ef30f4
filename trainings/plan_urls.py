"""What hangs on the address of one occasion: its plan, its copy, go or no-go."""

from django.urls import path

from trainings import plan_views, step_views

urlpatterns = [
    path("plan/", plan_views.PlanView.as_view(), name="plan"),
    path("plan/change/", plan_views.PlanChangeView.as_view(), name="plan-change"),
    path("plan/card/", plan_views.CardView.as_view(), name="plan-card"),
    path("plan/comment/", plan_views.CommentView.as_view(), name="plan-comment"),
    path("plan/agree/", plan_views.AgreeView.as_view(), name="plan-agree"),
    path("plan/sessions/", plan_views.SessionsView.as_view(), name="plan-sessions"),
    path(
        "plan/sessions/<str:session>/",
        plan_views.SessionView.as_view(),
        name="plan-session",
    ),
    path("copy/", plan_views.CopyView.as_view(), name="occasion-copy"),
    path("go/", step_views.GoView.as_view(), name="occasion-go"),
]
