import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core.tests.walls import refused
from networks.models import NetworkMember
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkFactory,
    NetworkMemberFactory,
)
from trainings.tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (NetworkMemberFactory, {"left_on": dt.date(2025, 10, 31)}),
        (MeetingFactory, {"ends_at": at("2026-02-03 13:00")}),
        (MeetingFactory, {"minutes": 0}),
    ],
)
def test_a_row_that_cannot_be_is_refused(make, values):
    assert refused(make, **values)


def test_a_member_may_leave_and_come_back_another_day():
    first = NetworkMemberFactory(left_on=dt.date(2025, 12, 31))
    same = {"network": first.network, "participant": first.participant}

    assert refused(NetworkMemberFactory, **same)
    assert not refused(NetworkMemberFactory, **same, joined_on=dt.date(2026, 1, 1))


def test_a_meeting_is_recorded_once_for_each():
    first = MeetingAttendanceFactory()

    assert refused(
        MeetingAttendanceFactory, meeting=first.meeting, participant=first.participant
    )


def test_the_last_day_is_inside():
    member = NetworkMemberFactory(left_on=dt.date(2026, 2, 28))

    assert list(NetworkMember.objects.on(dt.date(2026, 2, 28))) == [member]
    assert not NetworkMember.objects.on(dt.date(2026, 3, 1)).exists()
    assert not NetworkMember.objects.on(dt.date(2025, 10, 31)).exists()


def test_minutes_fit_between_the_times():
    meeting = MeetingFactory.build(network=NetworkFactory(), minutes=121)

    with pytest.raises(ValidationError, match="minutes"):
        meeting.full_clean()


def test_nobody_is_longer_at_a_meeting_than_it_lasts():
    attendance = MeetingAttendanceFactory()
    attendance.minutes = 121

    with pytest.raises(ValidationError, match="minutes"):
        attendance.full_clean()
