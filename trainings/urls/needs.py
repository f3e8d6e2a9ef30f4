"""Under `needs/`, in the namespace of trainings."""

from django.urls import path

from trainings.views import needs

urlpatterns = [
    path("", needs.NeedsView.as_view(), name="needs"),
    path("list/", needs.NeedListView.as_view(), name="need-list"),
    path("new/", needs.NeedAddView.as_view(), name="need-new"),
    path("plan/", needs.NeedPlanView.as_view(), name="need-plan"),
    path("<str:ref>/", needs.NeedView.as_view(), name="need"),
    path("<str:ref>/change/", needs.NeedChangeView.as_view(), name="need-change"),
    path(
        "<str:ref>/withdraw/",
        needs.NeedWithdrawView.as_view(),
        name="need-withdraw",
    ),
    path(
        "<str:ref>/planned/<str:occasion>/remove/",
        needs.NeedUnplanView.as_view(),
        name="need-unplan",
    ),
]
