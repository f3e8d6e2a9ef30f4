"""Calendars that a program reads at a secret address."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_funder, make_leader
from companies.models import CalendarFeed, Membership
from companies.services.feeds import end_feed, feeds_of, make_feed
from companies.tests.factories import (
    MembershipFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from trainings.enums import OccasionStatus
from trainings.tests.factories import (
    EnrolmentFactory,
    SessionFactory,
    make_supplier,
)
from trainings.tests.own import anna, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def address(token):
    return reverse("trainings:calendar-feed", args=[token])


def feed_for(owner, language="en"):
    return address(make_feed(owner=owner, language=language))


def in_days(days, hour=8):
    """Return a Swedish local time so many days from today."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour), STOCKHOLM)


def a_session(days=1, **more):
    starts = in_days(days)
    ends = starts + dt.timedelta(hours=4)
    return SessionFactory(starts_at=starts, ends_at=ends, **more)


def events(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def refs(client, url):
    """Return the refs of the sessions in a feed."""
    return [
        str(event["UID"]).split("@")[0].split(".")[0] for event in events(client, url)
    ]


def test_a_leader_reads_every_occasion_without_signing_in(client):
    session = a_session(occasion__place="Lärsalen")
    url = feed_for(make_leader())

    response = client.get(url)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    (event,) = events(client, url)
    assert event["DTSTART"].dt == session.starts_at
    assert event["DTEND"].dt == session.ends_at
    assert event["SUMMARY"] == f"Robotprogrammering ({session.occasion.ref})"
    assert event["LOCATION"] == "Lärsalen"
    assert event["URL"] == f"http://testserver/occasions/{session.occasion.ref}/"
    assert event["STATUS"] == "CONFIRMED"


def test_times_are_right_on_either_side_of_a_change_of_the_clock(client):
    ProgrammeFactory(ends_on=dt.date(2099, 12, 31))
    for day in (dt.date(2030, 3, 30), dt.date(2030, 4, 1)):
        starts = dt.datetime.combine(day, dt.time(8), STOCKHOLM)
        SessionFactory(starts_at=starts)

    starts = [event["DTSTART"].dt for event in events(client, feed_for(make_leader()))]

    assert [f"{one.astimezone(dt.UTC):%m-%d %H:%M}" for one in starts] == [
        "03-30 07:00",
        "04-01 06:00",
    ]
    assert [f"{one.astimezone(STOCKHOLM):%H:%M}" for one in starts] == ["08:00"] * 2


def test_a_feed_goes_from_ninety_days_back_to_the_end_of_the_programme(client):
    ProgrammeFactory(ends_on=timezone.localdate() + dt.timedelta(days=30))
    a_session(-91)
    first = a_session(-90)
    last = a_session(30)
    a_session(31)

    assert refs(client, feed_for(make_leader())) == [first.ref, last.ref]


def test_a_cancelled_occasion_is_cancelled_in_the_calendar(client):
    a_session(occasion__status=OccasionStatus.CANCELLED)

    (event,) = events(client, feed_for(make_leader()))

    assert event["STATUS"] == "CANCELLED"


def test_a_plan_says_that_it_is_one(client):
    session = a_session(occasion__status=OccasionStatus.PLANNED)

    (event,) = events(client, feed_for(make_leader()))

    title = f"Planned: Robotprogrammering ({session.occasion.ref})"
    assert event["SUMMARY"] == title


def test_a_change_makes_the_sequence_grow(client):
    session = a_session()
    url = feed_for(make_leader())
    (before,) = events(client, url)

    session.updated_at += dt.timedelta(minutes=7)
    type(session).objects.filter(pk=session.pk).update(
        starts_at=in_days(2), ends_at=in_days(2, 12), updated_at=session.updated_at
    )
    (after,) = events(client, url)

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] - before["SEQUENCE"] >= 6


def test_hr_and_suppliers_read_what_their_pages_show(client):
    hr = MembershipFactory()
    is_open = a_session()
    a_session(occasion__status=OccasionStatus.PLANNED)
    own = a_session(3, occasion__status=OccasionStatus.PLANNED)

    assert refs(client, feed_for(hr.user)) == [is_open.ref]
    assert refs(client, feed_for(make_supplier(own.occasion))) == [own.ref]


def test_the_rights_are_those_of_the_moment_of_reading(client):
    hr = MembershipFactory()
    a_session()
    url = feed_for(hr.user)
    assert len(refs(client, url)) == 1

    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.update(ended_on=yesterday)

    assert client.get(url).status_code == 404


def test_who_may_not_sign_in_any_more_has_no_feed(client):
    leader = make_leader()
    url = feed_for(leader)

    leader.is_active = False
    leader.save()

    assert client.get(url).status_code == 404


def test_a_role_without_a_calendar_has_no_feed(client):
    assert client.get(feed_for(make_funder())).status_code == 404


@pytest.mark.parametrize("token", ["x", "å" * 43, "A" * 43, "%00"])
def test_an_unknown_address_is_not_found(client, token):
    feed_for(make_leader())

    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_feed_takes_no_form(client):
    url = feed_for(make_leader())

    assert client.post(url).status_code in {403, 405}


def test_a_new_address_ends_the_one_before(client):
    leader = make_leader()
    old = feed_for(leader)
    new = feed_for(leader)

    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert feeds_of(leader).unrevoked().count() == 1


def test_an_ended_address_answers_nobody(client):
    leader = make_leader()
    url = feed_for(leader)

    end_feed(owner=leader)

    assert client.get(url).status_code == 404
    with pytest.raises(DomainError, match="no address to end"):
        end_feed(owner=leader)


def test_the_same_content_is_not_sent_twice(client):
    session = a_session()
    url = feed_for(make_leader())
    etag = client.get(url)["ETag"]

    again = client.get(url, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)

    course = session.occasion.course
    course.title = "Svetsning"
    course.save()
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200


def test_a_reading_leaves_its_day_once_and_no_entry(client, django_assert_num_queries):
    a_session()
    url = feed_for(make_leader())
    entries = AuditEntry.objects.count()
    client.get(url)

    assert CalendarFeed.objects.get().last_read_on == timezone.localdate()
    # The feed, its owner's role, twice the programme, the sessions.
    with django_assert_num_queries(5):
        client.get(url)
    assert AuditEntry.objects.count() == entries


def test_there_is_nobody_in_a_feed(client, anna):
    seat = EnrolmentFactory(participant=anna)
    a_session(occasion=seat.occasion)
    owners = [make_leader(), make_supplier(seat.occasion), anna]

    for owner in owners:
        text = client.get(feed_for(owner)).text
        assert "Robotprogrammering" in text
        assert "Berg" not in text
        assert anna.ref not in text
        assert anna.email not in text


def test_a_participant_reads_the_sessions_with_an_own_seat(client, anna):
    seat = EnrolmentFactory(participant=anna)
    own = a_session(occasion=seat.occasion)
    a_session()
    line = EnrolmentFactory(participant=anna, confirmed_at=None)
    a_session(occasion=line.occasion)

    url = feed_for(anna)

    (event,) = events(client, url)
    assert event["UID"] == f"{own.ref}.{seat.ref}@kompetenslyft"
    assert event["SUMMARY"] == "Robotprogrammering"
    assert event["URL"] == "http://testserver/me/"
