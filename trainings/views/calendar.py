"""Sessions by month, for leaders, HR and suppliers."""

from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from trainings.calendar import (
    choices_for,
    month_of,
    of_month,
    span_of,
    this_month,
    visible_sessions,
    weeks_of,
    with_counts,
    within,
)
from trainings.portal import OccasionReaderMixin

MONTH, LIST = "month", "list"


class MonthMixin:
    """A page of one month's sessions: `sessions()` has those of the reader.

    What the address asks for and does not exist is left out, and a word says so.
    """

    default_view = MONTH

    @cached_property
    def today(self):
        return timezone.localdate()

    @cached_property
    def month(self):
        asked = month_of(self.request.GET.get("month", ""))
        return asked or this_month(self.today)

    def get_context_data(self, **context):
        sessions = list(within(self.sessions(), *span_of(self.month)))
        return super().get_context_data(
            month=self.month,
            is_mistyped=self._is_mistyped(),
            view=self._view(),
            default_view=self.default_view,
            month_view_url=self._address(view=MONTH),
            list_view_url=self._address(view=LIST),
            weeks=weeks_of(self.month, sessions, today=self.today),
            sessions=of_month(self.month, sessions),
            today=self.today,
            previous_url=self._month_url(self.month.previous),
            next_url=self._month_url(self.month.next),
            today_url=self._month_url(this_month(self.today)),
            **context,
        )

    def kept(self):
        """Return what every link of the page hands on."""
        return {}

    def _view(self):
        asked = self.request.GET.get("view")
        return asked if asked in {MONTH, LIST} else self.default_view

    def _is_mistyped(self):
        asked = self.request.GET.get("month", "").strip()
        return bool(asked) and month_of(asked) is None

    def _month_url(self, month):
        return self._address(month=str(month)) if month else ""

    def _address(self, **changed):
        shown = {"month": str(self.month), "view": self._view()} | self.kept()
        return f"?{urlencode(shown | changed)}"


class CalendarView(OccasionReaderMixin, MonthMixin, TemplateView):
    """The sessions of all occasions that the user may see. It names nobody."""

    template_name = "trainings/calendar.html"

    @cached_property
    def choices(self):
        return choices_for(self.request.user)

    @cached_property
    def company(self):
        wanted = self.request.GET.get("company")
        return next((c for c in self.companies if c.org_number == wanted), None)

    @cached_property
    def theme(self):
        asked = self.request.GET.get("theme", "")
        return asked if asked in self.choices.themes else ""

    @cached_property
    def provider(self):
        asked = self.request.GET.get("provider", "")
        return asked if asked in dict(self.choices.providers) else ""

    def sessions(self):
        rows = visible_sessions(self.request.user, company=self.company)
        if self.theme:
            rows = rows.filter(occasion__course__theme=self.theme)
        if self.provider:
            rows = rows.filter(occasion__provider__ref=self.provider)
        return with_counts(rows, self.request.user, company=self.company)

    def kept(self):
        company = self.company.org_number if self.company else ""
        asked = {"theme": self.theme, "provider": self.provider, "company": company}
        return {name: value for name, value in asked.items() if value}

    def get_context_data(self, **context):
        is_leader = self.request.user.is_project_leader
        return super().get_context_data(
            choices=self.choices,
            chosen_company=self.company,
            theme=self.theme,
            provider=self.provider,
            kept=self.kept(),
            shows_seats=True,
            shows_own=bool(self.company or (self.companies and not is_leader)),
            **context,
        )
