"""The calendar, and what programs read of it; a part of trainings/urls.py."""

from django.urls import path

from trainings import calendar_views, feed_views

urlpatterns = [
    path("", calendar_views.CalendarView.as_view(), name="calendar"),
    path("subscribe/", feed_views.SubscribeView.as_view(), name="calendar-subscribe"),
    path("subscribe/end/", feed_views.EndView.as_view(), name="calendar-end"),
    path("<str:token>.ics", feed_views.FeedView.as_view(), name="calendar-feed"),
]
