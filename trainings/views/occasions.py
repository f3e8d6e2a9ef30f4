"""Occasions: what is offered, who comes, who was there."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from accounts.models import User
from core.paging import paginate
from trainings.enums import OccasionStatus
from trainings.portal import OccasionMixin, OccasionReaderMixin, record_roster
from trainings.selectors import (
    gives_seats,
    nominations_to_seat,
    occasions_for,
    offers_to_answer,
    order_of_the_line,
    places,
    planned_for,
    roster,
    seat_balance,
    unrecorded_sessions,
    with_duties,
)
from trainings.selectors.planning import undecided_occasions
from trainings.views.steps import life_of


class Todo(NamedTuple):
    """Something that waits for the user, at the occasions of some rows."""

    title: str
    rows: Callable[[User], QuerySet]


WAITING = {
    "attendance": Todo(
        gettext_lazy("Sessions with no attendance"), unrecorded_sessions
    ),
    "seats": Todo(gettext_lazy("People who wait for approval"), nominations_to_seat),
    "offers": Todo(gettext_lazy("Seats offered to your people"), offers_to_answer),
    "decision": Todo(
        gettext_lazy("Go or no-go to decide"),
        lambda user: undecided_occasions(user).annotate(occasion=F("pk")),
    ),
}


class OccasionListView(OccasionReaderMixin, TemplateView):
    """Open occasions for HR; own ones for suppliers, every one for project leaders."""

    template_name = "trainings/occasion_list.html"

    def get(self, request, *args, **kwargs):
        user = request.user
        shows_all = user.is_project_leader or self.is_only_supplier
        self.todo = WAITING.get(request.GET.get("todo", ""))
        default = "" if shows_all or self.todo else OccasionStatus.OPEN
        self.status = request.GET.get("status", default)
        rows = occasions_for(user).select_related("course", "provider")
        if self.is_only_supplier:
            rows = with_duties(rows, user)
        if self.status in OccasionStatus.values:
            rows = rows.filter(status=self.status)
        if self.todo:
            waiting = self.todo.rows(user).order_by().values("occasion")
            rows = rows.filter(pk__in=waiting)
        # What is to come begins with the nearest, what has been with the latest.
        is_to_come = self.status in {OccasionStatus.PLANNED, OccasionStatus.OPEN}
        self.page = paginate(
            rows, request.GET, order=["starts_at"], descending=not is_to_come
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            page=self.page,
            status=self.status,
            statuses=OccasionStatus.choices,
            todo=self.todo.title if self.todo else "",
            **context,
        )


class OccasionView(OccasionReaderMixin, OccasionMixin, TemplateView):
    """What is taught, where and when; and who of the reader's people comes.

    The staff of its supplier see instead who has a seat, and what to arrange.
    """

    template_name = "trainings/occasion.html"

    def get_context_data(self, **context):
        user = self.request.user
        people = [] if self.is_only_supplier else places(self.occasion, user)
        rows = roster(self.occasion, user) if self.occasion.is_run_by_user else []
        self._record_reading([*people, *(row.place for row in rows)], rows)
        return super().get_context_data(
            sessions=self.occasion.sessions.all(),
            balance=seat_balance(self.occasion, timezone.localdate()),
            planned_for=planned_for(self.occasion, user),
            places=people,
            roster=rows,
            gives_seats=user.is_project_leader
            and gives_seats(self.occasion)
            and any(place.waits and not place.has_offer for place in people),
            order_of_line=order_of_the_line()
            if any(place.waits for place in people)
            else "",
            **life_of(self.occasion, user),
            **context,
        )

    def _record_reading(self, shown, rows):
        notes = sum(1 for row in rows for need in row.needs if need.note)
        record_roster(self.request.user, self.occasion, shown, notes=notes or None)
