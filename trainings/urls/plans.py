"""What hangs on the address of one occasion: its plan, its copy, go or no-go."""

from django.urls import path

from trainings.views import plans, steps

urlpatterns = [
    path("plan/", plans.PlanView.as_view(), name="plan"),
    path("plan/change/", plans.PlanChangeView.as_view(), name="plan-change"),
    path("plan/card/", plans.CardView.as_view(), name="plan-card"),
    path("plan/comment/", plans.CommentView.as_view(), name="plan-comment"),
    path("plan/agree/", plans.AgreeView.as_view(), name="plan-agree"),
    path("plan/sessions/", plans.SessionsView.as_view(), name="plan-sessions"),
    path(
        "plan/sessions/<str:session>/",
        plans.SessionView.as_view(),
        name="plan-session",
    ),
    path("copy/", plans.CopyView.as_view(), name="occasion-copy"),
    path("go/", steps.GoView.as_view(), name="occasion-go"),
]
