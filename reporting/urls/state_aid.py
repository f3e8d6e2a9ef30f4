from django.urls import path

from reporting.views import own_declarations, state_aid

urlpatterns = [
    path("", state_aid.StateAidView.as_view(), name="state-aid"),
    path(
        "awards/<str:kind>/", state_aid.AwardsFileView.as_view(), name="aid-awards-file"
    ),
    path("groups/new/", state_aid.GroupNewView.as_view(), name="aid-group-new"),
    path("groups/<str:ref>/", state_aid.GroupView.as_view(), name="aid-group"),
    path(
        "groups/<str:ref>/change/",
        state_aid.GroupChangeView.as_view(),
        name="aid-group-change",
    ),
    path(
        "groups/<str:ref>/awards/new/",
        state_aid.AwardNewView.as_view(),
        name="aid-award-new",
    ),
    path(
        "groups/<str:ref>/awards/<str:award>/revoke/",
        state_aid.AwardRevokeView.as_view(),
        name="aid-award-revoke",
    ),
    path(
        "groups/<str:ref>/declarations/new/",
        state_aid.DeclarationNewView.as_view(),
        name="aid-declaration-new",
    ),
    path(
        "groups/<str:ref>/declarations/<str:declaration>/",
        state_aid.DeclarationFileView.as_view(),
        name="aid-declaration-file",
    ),
    path(
        "groups/<str:ref>/declarations/<str:declaration>/remove/",
        state_aid.DeclarationRemoveView.as_view(),
        name="aid-declaration-remove",
    ),
    path(
        "declarations/",
        own_declarations.DeclarationsView.as_view(),
        name="aid-declarations",
    ),
    path(
        "declarations/<str:ref>/",
        own_declarations.DeclarationView.as_view(),
        name="aid-declaration",
    ),
]
