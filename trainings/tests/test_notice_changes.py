"""Changed times beside other news: told once, and told though the rest is not."""

import pytest

from accounts.message_templates import faults_of, message_kinds, standard_words
from companies.tests.factories import ParticipantFactory
from trainings.enums import NoticeKind, NoticeLevel
from trainings.services.notices import choose_letters, tell
from trainings.tests.telling import (
    ANNA,
    after_the_pause,
    in_days,
    letters,
    make_seat,
    states,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

Kind = NoticeKind


@pytest.fixture
def anna():
    """Somebody who reads English."""
    anna = ParticipantFactory(email=ANNA)
    choose_letters(participant=anna, level=NoticeLevel.ALL, language="en")
    return anna


@pytest.fixture
def seat(anna):
    return make_seat(participant=anna)


def note(seat, kind, session=None):
    tell(enrolments=[seat], kind=kind, session=session)


ALL_TIMES = {
    Kind.INVITATION: {},
    Kind.CONFIRMED: {},
    Kind.OFFERED: {"confirmed_at": None, "offer_expires_at": in_days(2)},
}


def moved(seat):
    session = seat.occasion.sessions.get()
    session.starts_at, session.ends_at = in_days(11), in_days(12)
    session.save()
    note(seat, Kind.CHANGED, session=session)


@pytest.mark.parametrize(("kind", "values"), ALL_TIMES.items(), ids=ALL_TIMES)
def test_a_change_is_not_told_beside_news_that_tells_all_times(anna, kind, values):
    seat = make_seat(participant=anna, **values)
    note(seat, kind)
    moved(seat)

    assert after_the_pause() == 1
    assert states() == [(kind.value, "told"), ("changed", "replaced")]


def test_a_change_is_told_with_news_that_came_after_it(seat):
    moved(seat)
    note(seat, Kind.CONFIRMED)

    assert after_the_pause() == 1
    assert states() == [("changed", "told"), ("confirmed", "told")]


@pytest.mark.parametrize("level", ["answer", "changes"])
@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.CONFIRMED])
def test_a_change_is_told_though_the_news_before_it_is_not_wanted(anna, kind, level):
    choose_letters(participant=anna, level=level, language="en")
    seat = make_seat(participant=anna)
    note(seat, kind)
    moved(seat)

    assert after_the_pause() == 1
    assert states() == [(kind.value, "chosen"), ("changed", "told")]
    assert "Moved: " in letters()[0][1]


def test_a_change_is_told_though_the_offer_before_it_is_over(anna):
    seat = make_seat(participant=anna, confirmed_at=None)
    note(seat, Kind.OFFERED)
    moved(seat)

    assert after_the_pause() == 1
    assert states() == [("offered", "over"), ("changed", "told")]


@pytest.mark.parametrize("kind", ALL_TIMES)
def test_words_beside_which_no_change_is_told_name_the_sessions(kind):
    words = standard_words(kind, "en")
    text = words.text.replace("{sessions}", "")

    faults = faults_of(message_kinds()[kind], type(words)(words.subject, text))

    assert faults == [
        "The text needs {sessions}: when its sessions are, one to a line."
    ]
