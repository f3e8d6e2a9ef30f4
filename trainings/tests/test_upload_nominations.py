"""Lists that nominate as well, and lists that are taken back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.models import Participant, person_key_of_number
from companies.models.upload import Stage
from core.errors import DomainError
from trainings.enums import NoticeKind
from trainings.models import Enrolment
from trainings.services import confirm_seats, withdraw
from trainings.tests.factories import EnrolmentFactory, OccasionFactory
from trainings.tests.uploading import GOOD, hr, page, press, read, save, shown
from trainings.uploads import take_back

__all__ = ["hr", "page"]
pytestmark = pytest.mark.django_db


def test_a_named_occasion_nominates_as_well(page, hr):
    occasion = OccasionFactory()
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = read(page, listed)
    assert occasion.ref in shown(page, batch)

    save(page, batch)

    (nomination,) = Enrolment.objects.all()
    assert (nomination.occasion, nomination.nominated_by) == (occasion, hr.user)
    assert "1 person is nominated" in shown(page, batch)
    assert "The list changes nothing" in shown(page, read(page, listed))


def test_an_occasion_that_closed_meanwhile_saves_nothing_and_can_be_tried_again(page):
    occasion = OccasionFactory()
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = read(page, listed)
    occasion.status = "planned"
    occasion.save()

    save(page, batch)
    assert (batch.stage, Participant.objects.count()) == (Stage.UNSAVED, 0)
    assert batch.failure in shown(page, batch)

    occasion.status = "open"
    occasion.save()
    assert save(page, batch).stage == Stage.SAVED


def test_a_second_place_is_refused_by_line_without_a_name(page):
    occasion = OccasionFactory()
    rows = f"7908199909,Eva,Alm,{occasion.ref}\n8507099805,Anna,Ek,{occasion.ref}\n"
    batch = read(page, "Personnummer,Förnamn,Efternamn,Tillfälle\n" + rows)
    EnrolmentFactory(
        occasion=occasion,
        participant__person_key=person_key_of_number("198507099805"),
    )

    save(page, batch)

    assert batch.stage == Stage.UNSAVED
    assert batch.failure.endswith(": 3. Take the occasion away from those lines.")
    assert "company" not in batch.failure
    assert Participant.objects.exclude(enrolments__occasion=occasion).count() == 0
    faulty = batch.rows.get(outcome="faulty")
    assert (faulty.line, faulty.errors[0][0]) == (3, "Kurstillfälle")
    html = shown(page, batch)
    assert "The person has a place on this occasion already" in html
    assert 'name="leave_out_faulty"' in html


def test_a_second_place_can_be_left_out_or_mended(page, hr):
    occasion = OccasionFactory()
    rows = f"7908199909,Eva,Alm,{occasion.ref}\n8507099805,Anna,Ek,{occasion.ref}\n"
    batch = read(page, "Personnummer,Förnamn,Efternamn,Tillfälle\n" + rows)
    EnrolmentFactory(
        occasion=occasion,
        participant__person_key=person_key_of_number("198507099805"),
    )
    save(page, batch)

    row = reverse("trainings:upload-row", args=[batch.pk, 3])
    response = page.post(row, {"occasion": ""})
    save(page, batch)

    assert response.status_code == 302
    assert batch.stage == Stage.SAVED
    own = Participant.objects.filter(company=hr.company)
    seats = {str(person): person.enrolments.count() for person in own}
    assert seats == {"Eva Alm": 1, "Anna Ek": 0}


def test_occasions_are_locked_in_one_order_whatever_their_refs(page):
    first = OccasionFactory(ref="occ-2026-9002")
    second = OccasionFactory(ref="occ-2026-9001")
    rows = f"7908199909,Eva,Alm,{second.ref}\n8507099805,Anna,Ek,{first.ref}\n"

    save(page, read(page, "Personnummer,Förnamn,Efternamn,Tillfälle\n" + rows))

    nominated = Enrolment.objects.order_by("pk").values_list("occasion", flat=True)
    assert list(nominated) == [first.pk, second.pk]


def test_a_list_is_taken_back_with_its_people_changes_and_nominations(page):
    save(page, read(page, GOOD))
    occasion = OccasionFactory()
    heading = "Personnummer,Förnamn,Efternamn,Tillfälle\n"
    rows = f"8507099805,Anna,Ek,{occasion.ref}\n7908199909,Eva,Alm,{occasion.ref}\n"
    batch = save(page, read(page, heading + rows))
    assert (Participant.objects.count(), Enrolment.objects.count()) == (2, 2)

    press(page, batch, "take-back")

    batch.refresh_from_db()
    assert batch.stage == Stage.TAKEN_BACK
    assert [str(person) for person in Participant.objects.all()] == ["Anna Berg"]
    assert (Enrolment.objects.count(), batch.rows.count()) == (0, 0)
    names = Participant.history.order_by("history_id").values_list("family_name")
    assert list(names) == [("Berg",), ("Ek",), ("Berg",)]


def test_a_list_is_taken_back_with_seats_that_it_took_and_the_line_moves_up(page):
    occasion = OccasionFactory(capacity=1)
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = save(page, read(page, listed))
    assert Enrolment.objects.get().confirmed_at is not None
    assert "Have a seat now: 1. Wait: 0." in shown(page, batch)
    in_line = EnrolmentFactory(occasion=occasion, confirmed_at=None)

    press(page, batch, "take-back")

    in_line.refresh_from_db()
    assert Enrolment.objects.get() == in_line
    assert in_line.has_open_offer


def test_a_list_is_not_taken_back_where_an_offer_rests_on_it(page, hr):
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = save(page, read(page, listed))
    withdraw(enrolment=occasion.enrolments.confirmed().get(), actor=None)

    with pytest.raises(DomainError):
        take_back(batch=batch, actor=hr.user)


def test_a_list_is_not_taken_back_when_somebody_was_told_of_the_seat(page, hr):
    occasion = OccasionFactory()
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = save(page, read(page, listed))
    seat = Enrolment.objects.get()
    seat.notices.create(kind=NoticeKind.REMINDER, told_at=timezone.now())

    with pytest.raises(DomainError, match="have gone on"):
        take_back(batch=batch, actor=hr.user)


def test_the_seats_of_a_list_go_by_its_lines(page):
    occasion = OccasionFactory(capacity=1)
    heading = "Personnummer,Förnamn,Efternamn,Tillfälle\n"
    rows = f"8507099805,Anna,Ö,{occasion.ref}\n7908199909,Eva,Alm,{occasion.ref}\n"

    save(page, read(page, heading + rows))

    seated = occasion.enrolments.confirmed().get()
    assert seated.participant.given_name == "Anna"


def test_a_list_is_not_taken_back_where_a_seat_rests_on_it(page, hr):
    occasion = OccasionFactory(course__needs_approval=True)
    listed = f"Personnummer,Förnamn,Efternamn,Tillfälle\n8507099805,A,B,{occasion.ref}"
    batch = save(page, read(page, listed))
    confirm_seats(
        occasion=occasion, enrolments=list(Enrolment.objects.all()), actor=hr.user
    )

    with pytest.raises(DomainError):
        take_back(batch=batch, actor=hr.user)

    assert (Participant.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_a_list_is_not_taken_back_over_a_later_change(page, hr):
    batch = save(page, read(page, GOOD))
    Participant.objects.update(job_title="Chef")

    with pytest.raises(DomainError, match="2"):
        take_back(batch=batch, actor=hr.user)

    assert Participant.objects.count() == 1


def test_a_list_is_not_taken_back_where_another_nomination_rests_on_it(page, hr):
    batch = save(page, read(page, GOOD))
    Enrolment.objects.create(
        occasion=OccasionFactory(),
        participant=Participant.objects.get(),
        nominated_at="2026-01-10T09:00Z",
    )

    with pytest.raises(DomainError, match="2"):
        take_back(batch=batch, actor=hr.user)

    assert Participant.objects.count() == 1
