"""A participant's own sessions by month."""

from django.views.generic import TemplateView

from trainings.calendar import own_sessions
from trainings.views.calendar import LIST, MonthMixin
from trainings.views.own.trainings import OwnMixin


class OwnCalendarView(OwnMixin, MonthMixin, TemplateView):
    """Sessions that the participant has a seat at, as a list unless asked otherwise."""

    template_name = "own/calendar.html"
    default_view = LIST

    def sessions(self):
        return own_sessions(self.participant)
