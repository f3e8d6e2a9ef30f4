"""Under `needs/`, in the namespace of trainings."""

from django.urls import path

from trainings import need_views

urlpatterns = [
    path("", need_views.NeedsView.as_view(), name="needs"),
    path("list/", need_views.NeedListView.as_view(), name="need-list"),
    path("new/", need_views.NeedAddView.as_view(), name="need-new"),
    path("plan/", need_views.NeedPlanView.as_view(), name="need-plan"),
    path("<str:ref>/", need_views.NeedView.as_view(), name="need"),
    path("<str:ref>/change/", need_views.NeedChangeView.as_view(), name="need-change"),
    path(
        "<str:ref>/withdraw/",
        need_views.NeedWithdrawView.as_view(),
        name="need-withdraw",
    ),
    path(
        "<str:ref>/planned/<str:occasion>/remove/",
        need_views.NeedUnplanView.as_view(),
        name="need-unplan",
    ),
]
