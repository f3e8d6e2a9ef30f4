"""News are noted once, and newer ones take the place of older ones."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.services.merging import merge_participants
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from trainings.enums import NoticeKind, NoticeLevel
from trainings.models import Notice, NoticeChoice, Session
from trainings.services.notices import choose_letters, tell
from trainings.tests.factories import EnrolmentFactory, SessionFactory, at
from trainings.tests.telling import after_the_pause, in_days, make_seat, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

Kind = NoticeKind


def note(seat, *kinds, **values):
    return [tell(enrolments=[seat], kind=kind, **values) for kind in kinds]


def test_the_same_news_twice_is_noted_once():
    seat = make_seat()

    assert note(seat, Kind.CONFIRMED, Kind.CONFIRMED) == [1, 0]
    assert states() == [("confirmed", "untold")]


def test_told_news_is_not_noted_again():
    seat = make_seat()
    note(seat, Kind.CONFIRMED)
    after_the_pause()

    assert note(seat, Kind.CONFIRMED) == [0]
    assert states() == [("confirmed", "told")]


def test_a_second_offer_is_news():
    seat = make_seat(confirmed_at=None, offered_at=at("2026-01-12 09:00"))
    first = note(seat, Kind.OFFERED)
    seat.offered_at = at("2026-01-15 09:00")

    assert [first, note(seat, Kind.OFFERED)] == [[1], [1]]


def test_everybody_is_told_whatever_their_number():
    occasion = EnrolmentFactory().occasion
    seats = [EnrolmentFactory(occasion=occasion) for _one in range(3)]

    assert tell(enrolments=seats, kind=Kind.INVITATION) == 3
    assert tell(enrolments=[], kind=Kind.INVITATION) == 0


@pytest.mark.parametrize(
    ("earlier", "later", "fates"),
    [
        ([Kind.WAITING], Kind.CONFIRMED, ["replaced", "untold"]),
        ([Kind.OFFERED], Kind.CONFIRMED, ["replaced", "untold"]),
        ([Kind.WAITING], Kind.OFFERED, ["replaced", "untold"]),
        ([Kind.OFFERED], Kind.WAITING, ["replaced", "untold"]),
        ([Kind.INVITATION], Kind.CONFIRMED, ["untold", "untold"]),
        ([Kind.CONFIRMED], Kind.CANCELLED, ["replaced", "untold"]),
        ([Kind.CONFIRMED], Kind.WITHDRAWN, ["replaced", "untold"]),
        ([Kind.WITHDRAWN], Kind.CANCELLED, ["replaced", "untold"]),
        ([Kind.CERTIFY], Kind.CANCELLED, ["untold", "untold"]),
        # Nobody has heard of it, so nobody need hear that it is over.
        ([Kind.INVITATION], Kind.WITHDRAWN, ["replaced"]),
        ([Kind.INVITATION, Kind.CONFIRMED], Kind.CANCELLED, ["replaced", "replaced"]),
    ],
)
def test_what_later_news_makes_of_earlier_ones(earlier, later, fates):
    seat = make_seat()
    note(seat, *earlier, later)

    assert [fate for _kind, fate in states()] == fates


def test_who_was_told_of_the_nomination_is_told_of_its_end():
    seat = make_seat()
    note(seat, Kind.INVITATION)
    after_the_pause()
    note(seat, Kind.CANCELLED)

    assert states() == [("invitation", "told"), ("cancelled", "untold")]


def test_a_moved_session_is_noted_with_when_it_was():
    seat = make_seat()
    session = seat.occasion.sessions.get()
    was = session.starts_at, session.ends_at
    _move(session, days=1)
    note(seat, Kind.CHANGED, session=session)
    _move(session, days=1)
    note(seat, Kind.CHANGED, session=session)

    notice = Notice.objects.get()  # Of both, for the first is untold.
    assert (notice.was_starts_at, notice.was_ends_at) == was
    assert notice.session_ref == session.ref


def test_a_session_moved_after_the_last_change_was_told_is_news_again():
    seat = make_seat()
    session = seat.occasion.sessions.get()
    for _time in range(2):
        _move(session, days=1)
        note(seat, Kind.CHANGED, session=session)
        after_the_pause()

    assert states() == [("changed", "told"), ("changed", "told")]


def test_a_removed_session_is_noted_with_when_it_was():
    seat = make_seat()
    session = SessionFactory(occasion=seat.occasion, starts_at=in_days(11))
    session.delete()
    note(seat, Kind.CHANGED, session=session)

    notice = Notice.objects.get()
    assert (notice.was_starts_at, notice.session_ref) == (in_days(11), session.ref)


def test_a_new_session_has_no_time_before():
    seat = make_seat()
    session = SessionFactory(occasion=seat.occasion, starts_at=in_days(11))
    note(seat, Kind.CHANGED, session=session)

    assert Notice.objects.get().was_starts_at is None


def test_news_go_with_the_transaction_that_brought_them():
    seat = make_seat()
    with transaction.atomic():
        note(seat, Kind.CONFIRMED)
        transaction.set_rollback(True)

    assert states() == []


def test_at_is_when_the_news_were_made():
    seat = make_seat()
    note(seat, Kind.CONFIRMED, at=at("2026-01-12 09:00"))

    assert Notice.objects.get().made_at == at("2026-01-12 09:00")


def test_the_newest_choice_of_letters_counts_and_is_recorded():
    anna = ParticipantFactory()
    choose_letters(participant=anna, level=NoticeLevel.CHANGES, language="sv")
    choose_letters(participant=anna, level=NoticeLevel.ANSWER, language="en")

    newest = anna.notice_choices.first()
    assert (newest.level, newest.language) == ("answer", "en")
    entry = AuditEntry.objects.filter(action="trainings.letters_chosen").first()
    assert entry.content.facts == {
        "by": "participant",
        "level": "answer",
        "language": "en",
    }
    assert people_of(entry) == [anna.ref]


def test_the_same_choice_again_changes_nothing():
    anna = ParticipantFactory()
    for _time in range(2):
        choose_letters(participant=anna, level=NoticeLevel.ANSWER, language="en")

    assert NoticeChoice.objects.count() == 1
    assert AuditEntry.objects.filter(action="trainings.letters_chosen").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"level": "some"}, {"language": "de"}, {"language": ""}]
)
def test_an_unknown_choice_is_refused(wrong):
    values = {"level": "all", "language": "sv"} | wrong

    with pytest.raises(DomainError, match="Choose one of the answers"):
        choose_letters(participant=ParticipantFactory(), **values)

    assert not NoticeChoice.objects.exists()


def test_two_rows_that_both_chose_can_be_merged():
    kept = ParticipantFactory()
    other = ParticipantFactory(
        company=kept.company, encrypted_number=None, no_number_reason="saknas"
    )
    for one in (kept, other):
        choose_letters(participant=one, level=NoticeLevel.ANSWER, language="sv")

    merge_participants(
        kept=kept, absorbed=other, taken=frozenset(), actor=make_leader()
    )

    assert kept.notice_choices.count() == 2


def _move(session, *, days):
    row = Session.objects.get(pk=session.pk)
    row.starts_at += dt.timedelta(days=days)
    row.ends_at += dt.timedelta(days=days)
    row.save()
    session.refresh_from_db()
    assert session.starts_at > timezone.now()
