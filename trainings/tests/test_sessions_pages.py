"""Sessions added, moved and removed in the browser: each fault is a sentence."""

import pytest

from accounts.tests.factories import make_leader
from trainings import services
from trainings.enums import OccasionStatus
from trainings.tests.browsing import page
from trainings.tests.factories import (
    AttendanceFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

RULE = {
    "first_on": "2026-03-02",
    "every": "1",
    "how_often": "2",
    "starts": "08:00",
    "ends": "12:00",
    "minutes": "210",
}


@pytest.fixture
def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED)


@pytest.fixture
def browser(client, planned):
    client.force_login(make_supplier(planned))
    return client


def times(occasion):
    return [str(one) for one in services.sessions.taken_times(occasion)]


def test_sessions_are_added_by_rule(browser, planned):
    response = browser.post(page("plan-sessions", planned), RULE)

    assert response.url == page("plan", planned)
    assert times(planned) == ["2026-03-02 08:00–12:00", "2026-03-09 08:00–12:00"]


def test_sessions_are_added_from_a_list(browser, planned):
    wanted = RULE | {"first_on": "", "how_often": "", "every": ""}

    browser.post(
        page("plan-sessions", planned),
        wanted | {"days": "2026-03-02\r\n2026-03-05\r\n", "starts": "08.00"},
    )

    assert times(planned) == ["2026-03-02 08:00–12:00", "2026-03-05 08:00–12:00"]


def test_every_fault_of_a_list_is_told_in_one_answer(browser, planned):
    SessionFactory(occasion=planned, starts_at=at("2026-03-02 08:00"))
    wanted = {"starts": "02:30", "ends": "12:00", "minutes": "210"}
    days = "2026-03-02\n2026-03-29\n2 mars\n2026-03-30\n2026-03-30"

    response = browser.post(page("plan-sessions", planned), wanted | {"days": days})

    assert response.context["form"].errors == {
        "days": [
            "Line 3: A date such as 2026-03-02 is wanted.",
            "Line 2, 2026-03-29: The clock skips this time: summer time begins.",
            "Line 1, 2026-03-02: overlaps the session 2026-03-02 08:00–12:30.",
            "Line 5, 2026-03-30: overlaps the session 2026-03-30 02:30–12:00.",
        ]
    }
    assert planned.sessions.count() == 1


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"first_on": ""}, {"first_on"}),
        ({"first_on": "2 mars"}, {"first_on"}),
        ({"first_on": "0001-01-01"}, {"first_on"}),
        ({"first_on": "9999-12-31"}, {"first_on"}),
        ({"days": "2026-03-02"}, {"days"}),
        ({"how_often": ""}, {"how_often"}),
        ({"how_often": "101"}, {"how_often"}),
        ({"last_on": "2026-03-09"}, {"how_often"}),
        ({"how_often": "", "last_on": "2026-03-01"}, {"last_on"}),
        ({"how_often": "", "last_on": "9999-12-31"}, {"first_on"}),
        ({"every": "0"}, {"every"}),
        ({"every": "27"}, {"every"}),
        ({"starts": "25:00"}, {"starts"}),
        ({"ends": "08:00"}, {"ends"}),
        ({"minutes": "241"}, {"first_on"}),
        ({"minutes": "0"}, {"minutes"}),
        ({"minutes": ""}, {"minutes"}),
        ({"first_on": "", "days": "2026-03-02\n" * 101}, {"days"}),
        ({"first_on": "", "days": "x" * 5_001}, {"days"}),
    ],
)
def test_sessions_that_are_wrong_are_a_sentence(browser, planned, wrong, fields):
    response = browser.post(page("plan-sessions", planned), RULE | wrong)

    assert response.status_code == 200
    assert set(response.context["form"].errors) == fields
    assert not planned.sessions.exists()


def test_a_session_is_moved_and_removed(browser, planned):
    session = SessionFactory(occasion=planned)
    url = page("plan-session", planned, session.ref)
    shown = browser.get(url).context["form"]
    assert [str(shown[name].value()) for name in ("day", "starts", "ends")] == [
        "2026-03-02",
        "08:00:00",
        "12:30:00",
    ]

    browser.post(url, RULE | {"day": "2026-03-03"})
    assert times(planned) == ["2026-03-03 08:00–12:00"]
    response = browser.post(url, {"remove": "1"}, follow=True)

    assert "The session is removed." in response.text
    assert not planned.sessions.exists()
    assert browser.get(url).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "2026-03-29", "starts": "02:30"}, "day"),
        ({"day": "3 mars"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"minutes": "241"}, "minutes"),
        ({"ends": "07:00"}, "ends"),
        ({"day": "2026-03-09"}, "__all__"),
    ],
)
def test_a_move_that_is_wrong_is_a_sentence(browser, planned, wrong, field):
    session = SessionFactory(occasion=planned)
    SessionFactory(occasion=planned, starts_at=at("2026-03-09 08:00"))

    response = browser.post(
        page("plan-session", planned, session.ref),
        RULE | {"day": "2026-03-03"} | wrong,
    )

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]


def test_a_session_of_another_occasion_is_not_found(browser, planned):
    own = SessionFactory(occasion=planned)
    other = SessionFactory()

    assert browser.get(page("plan-session", planned, own.ref)).status_code == 200
    for url in (
        page("plan-session", planned, other.ref),
        page("plan-session", other.occasion, other.ref),
    ):
        assert browser.post(url, {"remove": "1"}).status_code == 404


def test_a_session_with_time_on_it_stays_and_says_why(client):
    session = AttendanceFactory().session
    client.force_login(make_leader())
    url = page("plan-session", session.occasion, session.ref)

    response = client.post(url, {"remove": "1"}, follow=True)

    assert "Time is recorded at this session, so it stays." in response.text
