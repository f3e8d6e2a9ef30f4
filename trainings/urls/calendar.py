"""The calendar, and what programs read of it; a part of trainings/urls.py."""

from django.urls import path

from trainings.views import calendar, feeds

urlpatterns = [
    path("", calendar.CalendarView.as_view(), name="calendar"),
    path("subscribe/", feeds.SubscribeView.as_view(), name="calendar-subscribe"),
    path("subscribe/end/", feeds.EndView.as_view(), name="calendar-end"),
    path("<str:token>.ics", feeds.FeedView.as_view(), name="calendar-feed"),
]
