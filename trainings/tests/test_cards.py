"""The accessibility card: kept, begun with the venue's last, shown to all who come."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory
from core.errors import DomainError
from tests.admin_pages import faults, filled, page, post
from trainings import services
from trainings.enums import Delivery, OccasionStatus, Provision
from trainings.models import AccessibilityCard
from trainings.selectors.planning import CARD, digest_of_card, suggested_card
from trainings.services.planning import PlanChangedError
from trainings.tests.factories import (
    AccessibilityCardFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderFactory,
    SessionFactory,
    at,
    make_supplier,
)
from trainings.tests.own import PAGE, anna, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED)


def values(**changes):
    said = AccessibilityCardFactory.build(occasion=None)
    return {name: getattr(said, name) for name in CARD} | changes


def save(occasion, actor, *, seen=None, **changes):
    return services.save_card(
        occasion=occasion, values=values(**changes), actor=actor, seen=seen
    )


# Kept


def test_a_card_is_kept_and_changed(planned):
    supplier = make_supplier(planned)

    save(planned, supplier)
    save(planned, supplier, captions=Provision.YES)

    card = AccessibilityCard.objects.get()
    assert (card.occasion, card.captions, card.remote) == (planned, "yes", "no")
    assert AuditEntry.objects.filter(action="trainings.card_saved").count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ask_by": dt.date(2026, 3, 2)}, "first session is on 2026-03-02"),
        ({"more": "Ring Anna 850709-9805"}, "personal number"),
        ({"remote": "maybe"}, "not a valid choice"),
        ({"contact": ""}, "cannot be blank"),
    ],
)
def test_a_card_that_says_what_cannot_be_is_refused(planned, leader, changes, sentence):
    SessionFactory(occasion=planned)

    with pytest.raises(DomainError, match=sentence):
        save(planned, leader, **changes)

    assert not AccessibilityCard.objects.exists()


def test_a_telephone_number_is_no_personal_number(planned, leader):
    save(planned, leader, contact="Kurskansliet, 0701234567")

    assert planned.accessibility.contact == "Kurskansliet, 0701234567"


def test_nobody_overwrites_a_card_that_was_saved_meanwhile(planned, leader):
    shown = digest_of_card(None)
    save(planned, leader, seen=shown)

    with pytest.raises(PlanChangedError):
        save(planned, leader, seen=shown, captions=Provision.YES)

    assert AccessibilityCard.objects.get().captions == Provision.ON_REQUEST


def test_once_open_the_leader_keeps_the_card_and_the_supplier_does_not(leader):
    card = AccessibilityCardFactory()
    supplier = make_supplier(card.occasion)

    with pytest.raises(DomainError, match="Ask the project leader"):
        save(card.occasion, supplier)
    save(card.occasion, leader, step_free=Provision.NO)

    card.refresh_from_db()
    assert card.step_free == Provision.NO


# The venue's last


def test_a_new_card_begins_with_the_last_of_the_same_place(planned):
    SessionFactory(occasion=planned)
    AccessibilityCardFactory(captions=Provision.NO)
    last = AccessibilityCardFactory(
        captions=Provision.YES,
        occasion__place="VÄSTERÅS",
        occasion__provider=planned.provider,
    )
    AccessibilityCardFactory(occasion__place="Sala")
    AccessibilityCardFactory(occasion__delivery=Delivery.REMOTE)

    begun = suggested_card(planned)

    assert begun.source == last.occasion.ref
    assert (begun.card.pk, begun.card.captions) == (None, Provision.YES)
    assert begun.card.contact == "kurs@example.org"
    assert begun.card.ask_by == dt.date(2026, 2, 16)  # A fortnight before 2 March.


@pytest.mark.parametrize("has_supplier", [True, False])
def test_nothing_is_taken_from_another_suppliers_card(planned, has_supplier):
    other = {} if has_supplier else {"occasion__provider": None}
    AccessibilityCardFactory(more="Fråga Kim i receptionen.", **other)
    if not has_supplier:
        planned.provider = None
        planned.save()

    assert suggested_card(planned) is None


def test_without_a_session_no_day_to_ask_by_is_suggested(planned):
    AccessibilityCardFactory(occasion__provider=planned.provider)

    begun = suggested_card(planned)

    assert (begun.card.language, begun.card.ask_by) == ("svenska", None)


def test_where_teaching_is_remote_the_suppliers_last_counts():
    provider = ProviderFactory()
    remote = {"occasion__delivery": Delivery.REMOTE, "occasion__place": ""}
    last = AccessibilityCardFactory(occasion__provider=provider, **remote)
    AccessibilityCardFactory(occasion__provider=provider)
    AccessibilityCardFactory(**remote)
    planned = OccasionFactory(
        provider=provider, delivery=Delivery.REMOTE, place="Västerås"
    )

    assert suggested_card(planned).source == last.occasion.ref


@pytest.mark.parametrize("delivery", [Delivery.ON_SITE, Delivery.REMOTE])
def test_without_place_and_supplier_nothing_is_suggested(delivery):
    AccessibilityCardFactory(
        occasion__place="", occasion__provider=None, occasion__delivery=delivery
    )
    planned = OccasionFactory(place="", provider=None, delivery=delivery)

    assert suggested_card(planned) is None


# Shown


@pytest.mark.parametrize(
    "reader",
    [
        lambda _occasion: make_leader(),
        lambda _occasion: MembershipFactory().user,
        make_supplier,
    ],
    ids=["leader", "HR", "supplier"],
)
def test_everybody_who_sees_an_open_occasion_reads_its_card(client, reader):
    card = AccessibilityCardFactory(more="Tyst rum finns.")
    client.force_login(reader(card.occasion))

    text = client.get(card.occasion.get_absolute_url()).text

    assert "Tyst rum finns." in text
    assert "Step-free access" in text
    assert "2026-02-16" in text


def test_an_occasion_without_a_card_is_shown(client, leader):
    client.force_login(leader)

    response = client.get(OccasionFactory().get_absolute_url())

    assert response.status_code == 200
    assert "Step-free access" not in response.text


def test_a_participant_reads_the_card_of_what_is_to_come(own_browser, anna):
    for day, more in (("2999-03-02", "Tyst rum finns."), ("2026-03-02", "Trappor.")):
        seat = EnrolmentFactory(participant=anna)
        SessionFactory(occasion=seat.occasion, starts_at=at(f"{day} 08:00"))
        AccessibilityCardFactory(occasion=seat.occasion, more=more)
    EnrolmentFactory(participant=anna)  # Has no card.

    text = own_browser.get(PAGE).text

    assert "Tyst rum finns." in text
    assert "Trappor." not in text


# In the admin


def test_a_leader_keeps_the_card_in_the_admin(client, leader):
    client.force_login(leader)
    session = SessionFactory()
    occasion = session.occasion
    AccessibilityCardFactory(occasion=occasion)

    late = {"accessibility-0-ask_by": "2026-03-02"}
    refused = post(client, occasion, **late)
    saved = post(client, occasion, **{"accessibility-0-ask_by": "2026-03-01"})

    sentence = "The first session is on 2026-03-02. Let people ask before that day."
    assert faults(refused) == {"ask_by": [sentence]}
    assert saved.status_code == 302
    assert AccessibilityCard.objects.get().ask_by == dt.date(2026, 3, 1)


def test_an_occasion_is_made_in_the_admin_with_its_card(client, leader):
    client.force_login(leader)
    like = OccasionFactory()
    add = reverse("admin:trainings_occasion_add")
    shown = client.get(add).context
    posted = filled(shown["adminform"].form)
    for inline in shown["inline_admin_formsets"]:
        posted |= filled(inline.formset.management_form)
    posted |= {
        "course": like.course_id,
        "capacity": "8",
        "delivery": Delivery.ON_SITE,
        "accessibility-TOTAL_FORMS": "1",
    }
    posted |= {f"accessibility-0-{name}": said for name, said in values().items()}

    response = client.post(add, posted)

    assert response.status_code == 302
    card = AccessibilityCard.objects.get()
    assert (card.occasion.capacity, card.language) == (8, "svenska")
    assert page(card.occasion)
