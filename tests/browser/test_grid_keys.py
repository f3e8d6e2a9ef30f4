"""The attendance grid by the keyboard, and a sheet's codes without JavaScript."""

import pytest
from django.urls import reverse

from accounts.tests.factories import make_leader
from trainings.models import Attendance
from trainings.sheets import code_of
from trainings.tests.factories import EnrolmentFactory, SessionFactory, at

pytestmark = pytest.mark.browser


@pytest.fixture
def seats(portal):
    """Two people by three sessions that have begun."""
    first = EnrolmentFactory(participant__family_name="A")
    second = EnrolmentFactory(occasion=first.occasion, participant__family_name="B")
    for number in range(1, 4):
        SessionFactory(
            ref=f"s-{number}",
            occasion=first.occasion,
            starts_at=at(f"2026-03-0{number + 1} 08:00"),
        )
    return [first, second]


def name(seat, number):
    return f"{seat.ref}:s-{number}"


def test_keys_move_between_people_and_sessions(open_window, sign_in, seats):
    upper, lower = sorted(seats, key=lambda one: one.participant.company.name)
    window = open_window()
    sign_in(window, make_leader())
    window.go(reverse("trainings:attendance", args=[upper.occasion.ref]))
    page = window.page
    page.locator(f"[name='{name(upper, 1)}']").focus()

    walk = [
        ("ArrowRight", name(upper, 2)),
        ("ArrowDown", name(lower, 2)),
        ("End", name(lower, 3)),
        ("ArrowRight", name(lower, 3)),
        ("Home", name(lower, 1)),
        ("ArrowUp", name(upper, 1)),
        ("ArrowLeft", name(upper, 1)),
        ("Enter", name(lower, 1)),
    ]
    for key, cell in walk:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.name") == cell, key


def test_codes_from_paper_are_filled_in_looked_at_and_saved(
    open_window, sign_in, seats
):
    seat = seats[0]
    session = seat.occasion.sessions.get(ref="s-2")
    window = open_window(script=False)
    sign_in(window, make_leader())
    window.go(reverse("trainings:attendance", args=[seat.occasion.ref]))
    page = window.page

    page.locator("#id_codes").fill(f"{code_of(seat, session)} 200")
    page.locator("[name=read_codes]").click()
    assert page.locator(f"[name='{name(seat, 2)}']").input_value() == "200"
    assert not Attendance.objects.exists()
    page.locator("form[data-grid] .buttons button").click()

    assert [row.minutes for row in Attendance.objects.all()] == [200]
