"""One letter of all the news of a person: what it says, to whom, and to whom not."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import MessageTemplate, OutboxMessage
from accounts.tests.factories import make_leader
from companies.tests.factories import ParticipantFactory
from trainings.enums import NoticeKind, NoticeLevel, OccasionStatus
from trainings.models import Notice
from trainings.services import cancel_occasion
from trainings.services.notice_letters import tell_all, tell_person
from trainings.services.notices import choose_letters, tell
from trainings.tests.factories import (
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
)
from trainings.tests.telling import (
    ANNA,
    after_the_pause,
    entries_of,
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
    anna = ParticipantFactory(email=ANNA, given_name="Anna", family_name="Berg")
    choose_letters(participant=anna, level=NoticeLevel.ALL, language="en")
    return anna


@pytest.fixture
def seat(anna):
    return make_seat(participant=anna)


def note(seat, *kinds, **values):
    for kind in kinds:
        tell(enrolments=[seat], kind=kind, **values)


def test_nothing_is_told_before_the_pause_is_over(seat):
    note(seat, Kind.CONFIRMED)

    assert tell_all() == 0
    assert after_the_pause() == 1
    assert states() == [("confirmed", "told")]


def test_an_offer_is_told_at_once_with_what_waits(anna, settings):
    ends = in_days(1)
    seat = make_seat(
        participant=anna,
        confirmed_at=None,
        offered_at=timezone.now() - dt.timedelta(minutes=1),
        offer_expires_at=ends,
    )
    other = make_seat(participant=anna)
    note(other, Kind.CONFIRMED)
    note(seat, Kind.OFFERED)

    assert tell_all() == 1
    ((subject, text, _html, _files),) = letters()
    assert subject == "News about your training"
    assert f"{timezone.localtime(ends):%H:%M}" in text
    assert text.index("You are offered a place") < text.index("You have a place")


def test_a_letter_names_the_course_the_times_and_nobody(seat):
    note(seat, Kind.CONFIRMED)
    after_the_pause()

    ((subject, text, html, _files),) = letters()
    begins = timezone.localtime(in_days(10))
    assert subject == "You have a place on Robotprogrammering"
    assert f"{begins:%A} {begins.day} {begins:%B %Y}, 08:00–12:30" in text
    assert "Where: Västerås" in text
    assert "Open it by the personal link" in text
    for personal in ("Anna", "Berg", ANNA, "1985"):
        assert personal not in subject + text + html
    letter = OutboxMessage.objects.get()
    assert (letter.kind, letter.recipient) == ("news_confirmed", ANNA)
    assert letter.person_ref == seat.participant.ref
    assert Notice.objects.get().letter == letter.pk


def test_the_calendar_file_of_a_seat(seat):
    SessionFactory(occasion=seat.occasion, starts_at=in_days(17))
    note(seat, Kind.CONFIRMED)
    after_the_pause()

    entries = entries_of(letters()[0])
    assert [entry["DTSTART"].dt for entry in entries] == [in_days(10), in_days(17)]
    assert {str(entry["STATUS"]) for entry in entries} == {"CONFIRMED"}
    assert {str(entry["SUMMARY"]) for entry in entries} == {"Robotprogrammering"}
    assert str(entries[0]["UID"]).endswith(f".{seat.ref}@kompetenslyft")


def test_the_address_of_the_page_stands_in_the_letter_where_it_is_known(seat, settings):
    settings.PORTAL_URL = "https://portal.example.org/"
    note(seat, Kind.CONFIRMED)
    after_the_pause()

    assert "https://portal.example.org/me/" in letters()[0][1]
    (entry,) = entries_of(letters()[0])
    assert str(entry["URL"]) == "https://portal.example.org/me/"


def test_a_moved_session_is_told_with_before_and_after(seat):
    session = seat.occasion.sessions.get()
    session.starts_at, session.ends_at = (
        in_days(11),
        in_days(11) + dt.timedelta(hours=2),
    )
    session.save()
    note(seat, Kind.CHANGED, session=session)
    after_the_pause()

    text = letters()[0][1]
    was, now = timezone.localtime(in_days(10)), timezone.localtime(in_days(11))
    assert (
        f"Moved: {was:%A} {was.day} {was:%B %Y}, 08:00–12:30 → "
        f"{now:%A} {now.day} {now:%B %Y}, 08:00–10:00"
    ) in text
    (entry,) = entries_of(letters()[0])
    assert entry["DTSTART"].dt == in_days(11)
    # Two versions of the session, one of the seat, one of the occasion.
    assert entry["SEQUENCE"] == 4


def test_a_removed_session_is_cancelled_in_the_calendar(seat):
    session = SessionFactory(occasion=seat.occasion, starts_at=in_days(17))
    ref = session.ref
    session.delete()
    note(seat, Kind.CHANGED, session=session)
    after_the_pause()

    gone = timezone.localtime(in_days(17))
    assert f"Taken away: {gone:%A} {gone.day}" in letters()[0][1]
    (entry,) = entries_of(letters()[0])
    assert str(entry["STATUS"]) == "CANCELLED"
    assert str(entry["UID"]).startswith(f"{ref}.")


def test_a_session_moved_and_moved_back_is_no_news(seat):
    session = seat.occasion.sessions.get()
    for day in (11, 10):
        session.starts_at = in_days(day)
        session.ends_at = in_days(day) + dt.timedelta(hours=4.5)
        session.save()
        note(seat, Kind.CHANGED, session=session)

    assert after_the_pause() == 0
    assert states() == [("changed", "over")]


def test_who_waits_has_no_entry_in_the_calendar(anna):
    seat = make_seat(participant=anna, confirmed_at=None)
    session = SessionFactory(occasion=seat.occasion, starts_at=in_days(17))
    note(seat, Kind.CHANGED, session=session)
    after_the_pause()

    assert letters()[0][3] == []


def test_a_cancelled_occasion_is_told_with_its_reason(seat):
    leader = make_leader()
    cancel_occasion(occasion=seat.occasion, actor=leader, reason="Läraren är sjuk.")
    note(seat, Kind.CANCELLED)
    after_the_pause()

    ((subject, text, _html, _files),) = letters()
    assert subject == "Robotprogrammering is cancelled"
    assert "Why: Läraren är sjuk." in text
    (entry,) = entries_of(letters()[0])
    assert str(entry["STATUS"]) == "CANCELLED"


def test_one_letter_of_everything_with_each_session_once(anna):
    seats = [
        make_seat(
            participant=anna,
            occasion=OccasionFactory(course=CourseFactory(title=title)),
        )
        for title in ("Robotar", "Svets")
    ]
    for seat in seats:
        note(seat, Kind.INVITATION, Kind.CONFIRMED)

    assert after_the_pause() == 1
    ((subject, text, html, _files),) = letters()
    assert subject == "News about your training"
    assert [
        text.count(f"You have a place on {one}\n") for one in ("Robotar", "Svets")
    ] == [
        1,
        1,
    ]
    assert html.count("<h2>") == 4
    assert len(entries_of(letters()[0])) == 2
    assert OutboxMessage.objects.get().kind == "news"


def test_what_there_is_of_one_seat_stands_together_the_most_urgent_first(anna):
    waits = make_seat(
        participant=anna,
        confirmed_at=None,
        occasion=OccasionFactory(course=CourseFactory(title="Svets")),
    )
    seated = make_seat(participant=anna)
    note(waits, Kind.WAITING)
    note(seated, Kind.CONFIRMED, Kind.INVITATION)
    after_the_pause()

    text = letters()[0][1]
    headings = [
        "You are put forward for Robotprogrammering\n",
        "You have a place on Robotprogrammering\n",
        "You are in the waiting line for Svets\n",
    ]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)


def test_hours_of_one_month_are_one_part_whatever_the_courses(anna):
    for title, minutes in (("Robotar", 240), ("Svets", 100)):
        seat = make_seat(
            participant=anna,
            occasion=OccasionFactory(course=CourseFactory(title=title)),
        )
        session = SessionFactory(occasion=seat.occasion)  # In March 2026.
        AttendanceFactory(enrolment=seat, session=session, minutes=minutes)
        note(seat, Kind.CERTIFY, occurrence="2026-03")
    after_the_pause()

    ((subject, text, _html, _files),) = letters()
    assert subject == "Certify your hours of March 2026"
    assert "Hours: 5.67" in text  # 340 minutes, rounded as on the own page.
    assert "Training: Robotar, Svets" in text


def test_the_letter_is_in_the_language_of_the_person():
    seat = make_seat()
    note(seat, Kind.CONFIRMED)
    after_the_pause()

    assert letters()[0][0] == "Du har en plats på Robotprogrammering"
    assert OutboxMessage.objects.get().language == "sv"


def test_the_words_are_those_that_a_leader_wrote(seat):
    MessageTemplate.objects.create(
        kind="confirmed", language="en", subject="Welcome", text="{course}: {sessions}"
    )
    note(seat, Kind.CONFIRMED)
    after_the_pause()

    assert letters()[0][0] == "Welcome"


@pytest.mark.parametrize(
    ("changes", "fate"),
    [
        ({"email": ""}, "no_address"),
        ({"protected": True}, "protected"),
        ({"restricted_at": timezone.now()}, "restricted"),
        ({"erased_at": timezone.now()}, "gone"),
        ({"email": "hr@example.org"}, "shared"),
    ],
)
def test_to_whom_nothing_is_sent(changes, fate):
    make_leader(email="hr@example.org")
    seat = make_seat()
    type(seat.participant).objects.filter(pk=seat.participant.pk).update(**changes)
    note(seat, Kind.CONFIRMED)

    assert after_the_pause() == 0
    assert states() == [("confirmed", fate)]
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("all", ["confirmed", "withdrawn", "certify", "changed"]),
        ("answer", ["withdrawn", "certify", "changed"]),
        ("changes", ["withdrawn", "changed"]),
    ],
)
def test_the_person_gets_no_more_letters_than_chosen(anna, level, told):
    choose_letters(participant=anna, level=level, language="en")
    confirmed, changed = make_seat(participant=anna), make_seat(participant=anna)
    note(confirmed, Kind.CONFIRMED)
    gone = make_seat(participant=anna, withdrawn_at=timezone.now())
    note(gone, Kind.WITHDRAWN)
    session = SessionFactory(occasion=changed.occasion)
    AttendanceFactory(enrolment=changed, session=session)
    note(changed, Kind.CERTIFY, occurrence="2026-03")
    note(changed, Kind.CHANGED, session=session)

    assert after_the_pause() == 1
    fates = states()
    assert [kind for kind, fate in fates if fate == "told"] == told
    assert {fate for _kind, fate in fates} <= {"told", "chosen"}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.INVITATION, {"withdrawn_at": timezone.now()}),
        (Kind.CONFIRMED, {"withdrawn_at": timezone.now()}),
        (Kind.WAITING, {}),
        (Kind.OFFERED, {}),
        (Kind.WITHDRAWN, {}),
        (Kind.CANCELLED, {}),
        (Kind.CERTIFY, {}),
        (Kind.ABSENT, {}),
    ],
)
def test_what_is_not_so_any_more_is_not_told(seat, kind, changes):
    occurrence = "2026-03" if kind == Kind.CERTIFY else ""
    note(seat, kind, occurrence=occurrence)
    type(seat).objects.filter(pk=seat.pk).update(**changes)

    assert after_the_pause() == 0
    assert states() == [(kind.value, "over")]


def test_an_offer_that_ran_out_is_not_told(anna):
    seat = make_seat(
        participant=anna,
        confirmed_at=None,
        offered_at=timezone.now() - dt.timedelta(hours=2),
        offer_expires_at=timezone.now() - dt.timedelta(hours=1),
    )
    note(seat, Kind.OFFERED)

    assert tell_all() == 0
    assert states() == [("offered", "over")]


def test_nothing_but_the_cancelling_is_told_of_an_occasion_that_is_over(seat):
    note(seat, Kind.CONFIRMED)
    seat.occasion.status = OccasionStatus.CANCELLED
    seat.occasion.save()

    assert after_the_pause() == 0
    assert states() == [("confirmed", "over")]


def test_one_person_whose_letter_fails_keeps_nobody_elses(seat, monkeypatch):
    other = make_seat(participant=ParticipantFactory(email="bo@example.org"))
    type(seat.participant).objects.filter(pk=seat.participant.pk).update(
        email="no address"
    )
    note(seat, Kind.CONFIRMED)
    note(other, Kind.CONFIRMED)

    assert after_the_pause() == 1
    assert states() == [("confirmed", "no_address"), ("confirmed", "told")]


def test_the_queries_do_not_grow_with_the_sessions(anna, django_assert_max_num_queries):
    seat = make_seat(participant=anna)
    for day in range(20, 60):
        SessionFactory(occasion=seat.occasion, starts_at=in_days(day))
    note(seat, Kind.CONFIRMED)
    Notice.objects.update(made_at=timezone.now() - dt.timedelta(minutes=11))

    with django_assert_max_num_queries(30):
        assert tell_person(anna.pk) is True


def test_seats_of_others_stay_out_of_a_letter(seat):
    stranger = EnrolmentFactory(occasion=seat.occasion)
    tell(enrolments=[seat, stranger], kind=Kind.CONFIRMED)
    after_the_pause()

    assert len(letters()) == 1
    assert len(entries_of(letters()[0])) == 1
