"""A month that is over, and people who were trained in it."""

import datetime as dt

from companies.enums import OwnChannel
from trainings.tests.factories import AttendanceFactory, SessionFactory, at

MARCH = dt.date(2026, 3, 1)
CERTIFIED = {
    "certified_at": at("2026-04-05 12:00"),
    "certified_channel": OwnChannel.LINK,
}


def sat(seat, day="2026-03-02", minutes=240, **facts):
    """Record a sitting of four hours, not certified."""
    session = SessionFactory(
        occasion=seat.occasion, starts_at=at(f"{day} 08:00"), minutes=240
    )
    return AttendanceFactory(enrolment=seat, session=session, minutes=minutes, **facts)


def certified(seat, day="2026-03-02", minutes=240, **facts):
    """Record a sitting that the participant has certified."""
    return sat(seat, day, minutes, **CERTIFIED | facts)
