"""A whole grid is saved in one request, at the same cost as a single cell."""

import json

import pytest
from django.db import connection

from trainings.models import Attendance, Occasion
from trainings.tests.browsing import leader, leader_browser, page
from trainings.tests.factories import EnrolmentFactory, OccasionFactory, SessionFactory

__all__ = ["leader", "leader_browser"]
pytestmark = pytest.mark.django_db

PEOPLE, SESSIONS = 30, 10
# SQLite takes a thousand values at a time, so 300 rows come in some statements more.
MORE_ON_SQLITE = 16


def grid_of(people: int, sessions: int) -> tuple[Occasion, dict[str, str]]:
    """Return an occasion, and its whole grid as a page posts it, filled in."""
    occasion = OccasionFactory(capacity=people)
    taught = SessionFactory.create_batch(sessions, occasion=occasion)
    seats = EnrolmentFactory.create_batch(people, occasion=occasion)
    return occasion, {f"{seat.ref}:{s.ref}": "200" for seat in seats for s in taught}


def changed(posted, minutes):
    seen = {name: int(value) for name, value in posted.items()}
    return dict.fromkeys(posted, minutes) | {"seen": json.dumps(seen)}


def test_thirty_people_by_ten_sessions_cost_what_a_cell_costs(
    leader_browser, django_assert_max_num_queries
):
    def cost(occasion, posted):
        with django_assert_max_num_queries(60) as queries:
            response = leader_browser.post(page("attendance", occasion), posted)
        assert response.status_code == 302
        return len(queries)

    spare = MORE_ON_SQLITE if connection.vendor == "sqlite" else 0
    cell, filled = grid_of(1, 1), grid_of(PEOPLE, SESSIONS)
    cost(*grid_of(1, 1))

    assert cost(*filled) <= cost(*cell) + spare
    rows = Attendance.objects.filter(session__occasion=filled[0], minutes=200)
    assert rows.count() == 300
    again = [(occasion, changed(posted, "180")) for occasion, posted in (filled, cell)]
    assert cost(*again[0]) <= cost(*again[1]) + spare
    assert Attendance.objects.filter(minutes=180).count() == 301
    assert Attendance.history.filter(session__occasion=filled[0]).count() == 600
