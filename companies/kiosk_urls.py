from django.urls import path

from companies import kiosk_views

app_name = "kiosk"
urlpatterns = [
    path("", kiosk_views.SignInView.as_view(), name="sign-in"),
    path("code/", kiosk_views.ChooseView.as_view(), name="choose"),
]
