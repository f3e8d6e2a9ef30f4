"""What was written down for somebody by mistake is taken back by who wrote it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import MembershipFactory
from core.errors import DomainError
from trainings import services
from trainings.models import Accommodation, AccommodationNote
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    make_supplier,
)
from trainings.tests.own import PAGE, anna, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def page(asked):
    return reverse("trainings:accommodation-withdraw", args=[asked.ref])


def seat_page(asked):
    seat = asked.enrolment
    return reverse("trainings:seat", args=[seat.occasion.ref, seat.ref])


def hr_of(asked):
    return MembershipFactory(company=asked.enrolment.participant.company).user


def supplier_of(asked):
    return make_supplier(asked.enrolment.occasion)


def state_of(asked):
    return Accommodation.objects.get(pk=asked.pk).state


WRITERS = {"hr": hr_of, "supplier": supplier_of}
OTHERS = {
    "hr": [supplier_of, lambda _asked: MembershipFactory().user],
    "supplier": [hr_of, lambda _asked: make_supplier()],
    "participant": [hr_of, supplier_of],
    "": [hr_of, supplier_of],
}


@pytest.mark.parametrize("side", WRITERS)
def test_who_wrote_it_down_takes_it_back(client, side):
    asked = AccommodationFactory(asked_by=side)
    AccommodationNoteFactory(accommodation=asked)
    client.force_login(WRITERS[side](asked))

    assert page(asked) in client.get(seat_page(asked)).text
    shown = client.get(page(asked)).text
    response = client.post(page(asked), follow=True)

    assert "Take back: captions?" in shown
    assert "Taken back. The person sees that, too." in response.text
    assert state_of(asked) == Accommodation.WITHDRAWN
    assert not AccommodationNote.objects.exists()
    entry = AuditEntry.objects.get(action="trainings.accommodation_withdrawn")
    assert people_of(entry) == [asked.person_ref]
    assert str(entry.payload.actor.pk) == client.session["_auth_user_id"]
    assert client.get(page(asked)).status_code == 404


@pytest.mark.parametrize("side", OTHERS)
def test_nobody_else_does(client, side):
    asked = AccommodationFactory(asked_by=side)

    for make in [*OTHERS[side], lambda _asked: make_leader()]:
        client.force_login(make(asked))
        assert page(asked) not in client.get(seat_page(asked)).text
        assert client.get(page(asked)).status_code == 404
        assert client.post(page(asked)).status_code == 404

    assert state_of(asked) == Accommodation.WAITS


@pytest.mark.parametrize("answered", ["arranged_at", "declined_at"])
def test_what_is_answered_stays_for_the_person_to_take_back(client, answered):
    asked = AccommodationFactory(asked_by="hr", **{answered: timezone.now()})
    hr = hr_of(asked)
    client.force_login(hr)

    assert client.post(page(asked)).status_code == 404
    with pytest.raises(DomainError, match="It has an answer by now"):
        services.withdraw_request(accommodation=asked, actor=hr)


def test_nothing_is_taken_back_of_somebody_restricted():
    asked = AccommodationFactory(
        asked_by="hr", enrolment__participant__restricted_at=timezone.now()
    )

    with pytest.raises(DomainError, match="kept and not used"):
        services.withdraw_request(accommodation=asked, actor=hr_of(asked))


def test_the_participant_sees_that_it_was_taken_back(own_browser, anna):
    asked = AccommodationFactory(enrolment__participant=anna, asked_by="hr")
    own = AccommodationFactory(enrolment__participant=anna, asked_by="hr")
    services.withdraw_request(accommodation=own, actor=None)
    before = own_browser.get(PAGE).text

    services.withdraw_request(accommodation=asked, actor=hr_of(asked))

    after = own_browser.get(PAGE).text
    told = "Your company had written this down for you, and has taken it back."
    assert (before.count(told), after.count(told)) == (0, 1)
    assert after.count("withdrawn") == before.count("withdrawn") + 1
