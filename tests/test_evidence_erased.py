"""Documents of evidence go with the people on them, with time, and come into copies."""

import datetime as dt
from io import BytesIO
from zipfile import ZipFile

import pytest

from accounts.tests.factories import make_leader
from companies.services.restriction import restrict_person
from kompetenslyft.privacy.access_copy import write_access_copy
from kompetenslyft.privacy.erasure import consequences
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.privacy.retention import erase_expired
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkMemberFactory,
)
from reporting.tests.attending import attend
from reporting.tests.evidence import first_quarter, make_evidence
from tests.erasing import erase, over, own_register
from trainings.tests.factories import EnrolmentFactory, SessionFactory, at

__all__ = ["over", "own_register"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PLACE = "Archive 2026/17, box 4"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT / "evidence"


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def period():
    return first_quarter()


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    def done(act, *arguments):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*arguments)

    return done


def is_gone(entry):
    entry.refresh_from_db()
    return not entry.file and entry.sealed_key is None


def session_on(day):
    return SessionFactory(starts_at=at(f"{day} 08:00"))


@pytest.mark.usefixtures("over")
def test_a_document_with_people_goes_with_the_first_of_the_period_who_is_erased(
    period, leader, folder, commit
):
    inside = EnrolmentFactory(occasion=session_on("2026-03-31").occasion)
    outside = EnrolmentFactory(occasion=session_on("2026-04-01").occasion)
    shows = make_evidence(period, leader, shows_people=True, place=PLACE)
    plain = make_evidence(period, leader, content=b"a policy")

    assert consequences(outside.participant).goes[Kind.DOCUMENTS] == 0
    assert consequences(inside.participant).goes[Kind.DOCUMENTS] == 1
    commit(erase, outside.participant)
    assert not is_gone(shows)
    commit(erase, inside.participant)

    assert (is_gone(shows), is_gone(plain)) == (True, False)
    assert (shows.removed_at, shows.place) == (None, PLACE)
    assert shows.forgotten_at
    assert len(list(folder.glob("*"))) == 1


@pytest.mark.usefixtures("over")
@pytest.mark.parametrize("figure", ["indicators", "indicators_incomplete"])
def test_evidence_of_a_figure_so_far_goes_with_whoever_came_before(
    period, leader, commit, figure
):
    before = attend(start="2025-12-31 08:00").enrolment
    after = attend(start="2026-04-01 08:00").enrolment
    absent = attend(start="2025-12-31 08:00", minutes=0).enrolment
    so_far = make_evidence(period, leader, table=figure, shows_people=True)
    of_days = make_evidence(period, leader, content=b"a list", shows_people=True)

    commit(erase, after.participant)
    commit(erase, absent.participant)
    assert not is_gone(so_far)
    commit(erase, before.participant)

    assert (is_gone(so_far), is_gone(of_days)) == (True, False)


def _member(**days):
    return NetworkMemberFactory(**days).participant


def _guest(starts_at):
    starts_at = at(starts_at)
    ends_at = starts_at + dt.timedelta(hours=2)
    meeting = MeetingFactory(starts_at=starts_at, ends_at=ends_at)
    return MeetingAttendanceFactory(meeting=meeting).participant


JANUARY, APRIL = dt.date(2026, 1, 1), dt.date(2026, 4, 1)
NEW_YEARS_EVE, END_OF_MARCH = dt.date(2025, 12, 31), dt.date(2026, 3, 31)


@pytest.mark.usefixtures("over")
@pytest.mark.parametrize(
    ("somebody", "is_on_it"),
    [
        (lambda: _member(left_on=JANUARY), True),
        (lambda: _member(left_on=NEW_YEARS_EVE), False),
        (lambda: _member(joined_on=END_OF_MARCH), True),
        (lambda: _member(joined_on=APRIL), False),
        (lambda: _guest("2026-03-31 20:00"), True),
        (lambda: _guest("2026-04-01 08:00"), False),
    ],
)
def test_evidence_goes_with_members_and_guests_of_networks(
    period, leader, commit, somebody, is_on_it
):
    participant = somebody()
    shows = make_evidence(period, leader, table="networks", shows_people=True)

    assert consequences(participant).goes[Kind.DOCUMENTS] == int(is_on_it)
    commit(erase, participant)

    assert is_gone(shows) == is_on_it


@pytest.mark.usefixtures("over")
def test_once_nobody_is_kept_no_document_with_people_is(period, leader, commit):
    shows = make_evidence(period, leader, shows_people=True)
    plain = make_evidence(period, leader, content=b"a policy")

    assert erase_expired(simulate=True).counts[Kind.DOCUMENTS] == 1
    assert not is_gone(shows)
    assert commit(erase_expired).counts[Kind.DOCUMENTS] == 1

    assert (is_gone(shows), is_gone(plain)) == (True, False)


@pytest.mark.usefixtures("over")
def test_somebody_whose_data_are_restricted_keeps_the_document(period, leader, commit):
    seat = EnrolmentFactory(occasion=session_on("2026-03-02").occasion)
    shows = make_evidence(period, leader, shows_people=True)
    restrict_person(participant=seat.participant, basis="claims", actor=leader)

    commit(erase_expired)

    assert not is_gone(shows)


@pytest.mark.usefixtures("over")
def test_a_restricted_member_keeps_the_documents_of_the_networks_period(
    period, leader, commit
):
    member = NetworkMemberFactory().participant
    shows = make_evidence(period, leader, table="networks", shows_people=True)
    restrict_person(participant=member, basis="claims", actor=leader)

    commit(erase_expired)

    assert not is_gone(shows)


def test_a_copy_says_that_a_document_is_kept_and_shows_nobody_else(period, leader):
    inside = EnrolmentFactory(occasion=session_on("2026-01-01").occasion)
    outside = EnrolmentFactory(occasion=session_on("2025-12-31").occasion)
    entry = make_evidence(period, leader, shows_people=True)

    told = [_copy_of(seat.participant) for seat in (inside, outside)]

    assert ["2026-01-01 – 2026-03-31" in text for text in told] == [True, False]
    assert entry.ref not in told[0]
    assert entry.what not in told[0]


def _copy_of(participant):
    copy = BytesIO()
    write_access_copy(participant, copy, for_participant=True)
    archive = ZipFile(copy)
    return "".join(archive.read(name).decode() for name in archive.namelist())
