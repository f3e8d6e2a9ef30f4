from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts.enums import PageName
from accounts.page_views import CookiesView, EditView, PageView

app_name = "pages"

urlpatterns = [
    path(
        "accessibility/",
        login_not_required(PageView.as_view(name=PageName.ACCESSIBILITY)),
        name="accessibility",
    ),
    path(
        "privacy/",
        login_not_required(PageView.as_view(name=PageName.PRIVACY)),
        name="privacy",
    ),
    path("cookies/", login_not_required(CookiesView.as_view()), name="cookies"),
    path("<str:name>/edit/<str:language>/", EditView.as_view(), name="edit"),
]
