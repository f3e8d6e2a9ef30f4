"""How the secret address of a calendar is made, shown once, and ended."""

import datetime as dt
import logging
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.models import CalendarFeed
from companies.services.feeds import end_feed, feed_of, feeds_of, make_feed
from companies.services.links import revoke_personal_links
from companies.services.merging import merge_participants, undo_merge
from companies.tests.factories import (
    ParticipantFactory,
)
from core.errors import DomainError
from core.logs import PlaceFormatter
from trainings.tests.factories import (
    OccasionFactory,
    SessionFactory,
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


@pytest.mark.parametrize(
    "change",
    [
        {"protected": True},
        {"restricted_at": "2026-03-02T08:00Z"},
        {"erased_at": "2026-03-02T08:00Z"},
    ],
)
def test_who_is_protected_restricted_or_erased_has_no_feed(client, anna, change):
    url = feed_for(anna)
    type(anna).objects.filter(pk=anna.pk).update(**change)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("anna@example.org", "annan@example.org", 404),
        ("anna@example.org", "", 404),
        ("", "anna@example.org", 200),
    ],
)
def test_a_new_mail_address_ends_the_feed_as_it_does_the_link(
    client, before, after, status
):
    person = ParticipantFactory(email=before)
    url = feed_for(person)

    person.email = after
    person.save()

    assert client.get(url).status_code == status


def test_revoking_the_links_ends_the_calendar_too(client, anna):
    url = feed_for(anna)

    revoke_personal_links(participant=anna, actor=make_leader())

    assert client.get(url).status_code == 404


def test_a_merge_ends_the_calendars_of_both_rows(client, anna):
    leader = make_leader()
    kept = ParticipantFactory(company=anna.company)
    url, of_kept = feed_for(anna), feed_for(kept)

    merge = merge_participants(
        kept=kept, absorbed=anna, taken=frozenset(), actor=leader
    )
    undo_merge(merge=merge, actor=leader)

    assert client.get(url).status_code == 404
    assert client.get(of_kept).status_code == 404


def test_a_participant_without_a_page_gets_no_address(anna):
    anna.protected = True

    with pytest.raises(DomainError, match="protected identity"):
        make_feed(owner=anna, language="sv")


def test_a_feed_has_exactly_one_owner(anna):
    leader = make_leader()
    for owners in ({}, {"user": leader, "participant": anna}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarFeed.objects.create(digest="0" * 64, language="sv", **owners)


def test_nobody_has_two_addresses_at_a_time(anna):
    for owner in ({"user": make_leader()}, {"participant": anna}):
        CalendarFeed.objects.create(digest=f"{owner}"[:64], language="sv", **owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarFeed.objects.create(digest="1" * 64, language="sv", **owner)


def test_only_a_digest_is_kept():
    token = make_feed(owner=make_leader(), language="sv")

    feed = CalendarFeed.objects.get()
    assert len(token) == 43
    assert token not in str(vars(feed))
    assert feed_of(token) == feed


def test_making_and_ending_leave_a_trace_without_the_secret(anna):
    leader = make_leader()
    token = make_feed(owner=leader, language="sv")
    end_feed(owner=leader)
    make_feed(owner=anna, language="sv")

    of_anna, ended, made = AuditEntry.objects.order_by("-pk")[:3]
    assert [made.action, ended.action, of_anna.action] == [
        "companies.feed_made",
        "companies.feed_ended",
        "companies.feed_made",
    ]
    assert (made.payload.actor, of_anna.payload.actor) == (leader, None)
    assert of_anna.payload.facts == {"by": "participant"}
    assert people_of(of_anna) == [anna.ref]
    assert token not in str(made.payload.facts)


def test_the_log_has_no_secret():
    path = address("A1b2-_" * 7 + "x")
    line = f"GET {path} 404 and ?next={path.replace('/', '%2F')}"
    record = logging.LogRecord("x", logging.INFO, "", 0, line, None, None)

    said = PlaceFormatter("%(message)s").format(record)

    assert said == "GET /calendar/… 404 and ?next=%2F…"


def test_the_address_is_shown_once(client):
    leader = make_leader()
    client.force_login(leader)
    page = reverse("trainings:calendar-subscribe")

    first = client.get(page).text
    made = client.post(page).text
    again = client.get(page).text

    (shown,) = re.findall(r'value="(http://testserver/calendar/[^"]+\.ics)"', made)
    assert client.get(shown).status_code == 200
    assert "You have no address yet." in first
    assert ".ics" not in first
    assert ".ics" not in again
    assert "Make a new address" in again


def test_an_address_is_ended_on_the_page(client):
    leader = make_leader()
    client.force_login(leader)
    make_feed(owner=leader, language="sv")
    end = reverse("trainings:calendar-end")

    assert "The address is ended." in client.post(end, follow=True).text
    assert "no address to end" in client.post(end, follow=True).text


def test_a_participant_makes_and_ends_an_own_address(own_browser, anna):
    page = reverse("own:calendar-subscribe")

    made = own_browser.post(page).text
    ended = own_browser.post(reverse("own:calendar-end"), follow=True).text

    assert len(re.findall(r"http://testserver/calendar/[^\"]+\.ics", made)) == 1
    assert "You have no address yet." in ended
    assert feeds_of(anna).unrevoked().count() == 0


def test_a_restricted_person_reads_why_there_is_no_address(own_browser, anna):
    type(anna).objects.update(restricted_at=timezone.now())

    text = own_browser.post(reverse("own:calendar-subscribe"), follow=True).text

    assert "restricted" in text
    assert not CalendarFeed.objects.exists()


def test_a_feed_speaks_the_language_in_which_it_was_made(client):
    a_session(occasion__delivery="remote", occasion__place="")
    leader = make_leader()

    (event,) = events(client, feed_for(leader, "sv"))
    assert event["LOCATION"] == "På distans"
    (event,) = events(client, feed_for(leader, "en"))
    assert event["LOCATION"] == "Remote"


def test_an_occasion_without_sessions_is_no_entry(client):
    OccasionFactory()

    assert refs(client, feed_for(make_leader())) == []
