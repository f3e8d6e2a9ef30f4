"""Kiosks, and people who need a code for one; rows are made the real way."""

from django.utils import timezone

from accounts.models import User
from companies.models import Kiosk
from companies.services.kiosks import note_use, open_kiosk
from tests.browser.training_stages import a_seat_with_all
from trainings.models import Occasion
from trainings.tests.factories import EnrolmentFactory, SessionFactory


def a_kiosk(user: User) -> None:
    open_kiosk(place="Matsalen, hus 3", actor=user)
    note_use(Kiosk.objects.get())


def a_seat_of_theirs(user: User) -> tuple[str, str]:
    occasion, seat = a_seat_with_all(user)
    SessionFactory(
        occasion=Occasion.objects.get(ref=occasion), starts_at=timezone.now()
    )
    return (occasion, seat)


def a_person(user: User) -> tuple[str]:
    return (EnrolmentFactory().participant.ref,)
