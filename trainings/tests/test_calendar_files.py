"""Calendar files: what stands in them, octet by octet where it matters."""

import datetime as dt
from zoneinfo import ZoneInfo

from icalendar import Calendar

from trainings.calendar.files import Event, calendar_of, uid_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def event(**changes):
    values = {
        "uid": uid_of("s-1", "e-1"),
        "starts_at": dt.datetime(2026, 3, 2, 8, 0, tzinfo=STOCKHOLM),
        "ends_at": dt.datetime(2026, 3, 2, 12, 30, tzinfo=STOCKHOLM),
        "title": "Robotar",
        "place": "Västerås",
        "url": "https://portal.example.org/me/",
        "sequence": 3,
        "is_cancelled": False,
        "changed_at": dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC),
    }
    return Event(**values | changes)


def test_a_session_octet_by_octet():
    assert calendar_of([event()]).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kompetenslyft//Kompetenslyft//SV",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "SUMMARY:Robotar",
        "DTSTART:20260302T070000Z",
        "DTEND:20260302T113000Z",
        "DTSTAMP:20260102T030405Z",
        "UID:s-1.e-1@kompetenslyft",
        "SEQUENCE:3",
        "LAST-MODIFIED:20260102T030405Z",
        "LOCATION:Västerås",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://portal.example.org/me/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_summer_time_is_an_hour_further_from_utc():
    after = dt.datetime(2026, 3, 30, 8, 0, tzinfo=STOCKHOLM)
    text = calendar_of([event(starts_at=after, ends_at=after)]).decode()

    assert "DTSTART:20260330T060000Z" in text


def test_a_cancelled_session_says_so_and_takes_no_time():
    text = calendar_of([event(is_cancelled=True)]).decode()

    assert "STATUS:CANCELLED" in text
    assert "TRANSP:TRANSPARENT" in text


def test_events_stand_by_time_and_the_same_gives_the_same():
    early = dt.datetime(2026, 2, 1, 8, 0, tzinfo=STOCKHOLM)
    first = event(uid=uid_of("s-0"), starts_at=early)
    events = [event(), first]

    assert calendar_of(events) == calendar_of(reversed(events))
    entries = Calendar.from_ical(calendar_of(events)).walk("VEVENT")
    assert [str(one["UID"]) for one in entries] == [
        "s-0@kompetenslyft",
        "s-1.e-1@kompetenslyft",
    ]


def test_what_somebody_typed_begins_no_line_of_its_own():
    text = calendar_of([event(title="A; b, c\r\nATTENDEE:mailto:x\x00\x07")]).decode()

    assert "SUMMARY:A\\; b\\, c ATTENDEE:mailto:x\r\n" in text
    assert "\r\nATTENDEE" not in text


def test_long_lines_are_folded_between_characters():
    raw = calendar_of([event(title="Åäö" * 60)])

    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    (entry,) = Calendar.from_ical(raw).walk("VEVENT")
    assert str(entry["SUMMARY"]) == "Åäö" * 60


def test_an_empty_place_and_address_are_left_out():
    text = calendar_of([event(place="", url="")]).decode()

    assert "LOCATION" not in text
    assert "URL" not in text


def test_a_feed_has_a_name_and_says_how_often_to_look():
    text = calendar_of([], name="Min utbildning", refresh=dt.timedelta(hours=12))

    assert "NAME:Min utbildning" in text.decode()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in text.decode()
