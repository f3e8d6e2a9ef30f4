from django.urls import path

from reporting.views import targets

urlpatterns = [
    path("", targets.TargetsView.as_view(), name="targets"),
    path("new/", targets.TargetNewView.as_view(), name="target-new"),
    path("<str:ref>/", targets.TargetChangeView.as_view(), name="target-change"),
    path("<str:ref>/remove/", targets.TargetRemoveView.as_view(), name="target-remove"),
]
