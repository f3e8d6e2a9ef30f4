"""A supplier makes a tablet a kiosk and gives a code; its owner certifies there."""

import datetime as dt

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.clients import ProvedClient
from accounts.tests.factories import UserFactory, make_leader
from companies.models import Kiosk, KioskCode, Participant
from companies.tests.factories import MembershipFactory
from companies.tests.kiosk import (
    OWN_CODE,
    SIGN_IN,
    choose,
    give_chosen,
    kiosk_client,
    shown_code,
    type_in,
)
from trainings.certifying import NEWEST_TEXT, stamp_of
from trainings.enums import OccasionStatus
from trainings.tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    EnrolmentFactory,
    SessionFactory,
    make_supplier,
)

pytestmark = pytest.mark.django_db

KIOSKS = reverse("trainings:kiosks")
SEEN = {"proof": "driving_licence", "seen": "on"}
MARCH = reverse("own:hours-month", args=["2026-03"])


@pytest.fixture
def seat():
    """A seat on an occasion that meets today."""
    seat = EnrolmentFactory(
        participant__given_name="Anna", participant__family_name="Berg"
    )
    SessionFactory(occasion=seat.occasion, starts_at=timezone.now())
    return seat


@pytest.fixture
def supplier(seat):
    return make_supplier(seat.occasion)


def browser_of(user):
    client = ProvedClient(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def giving(seat):
    return reverse("trainings:kiosk-code", args=[seat.occasion.ref, seat.ref])


def end(client, kiosk):
    return client.post(reverse("trainings:kiosk-end", args=[kiosk.ref]))


# Kiosks


@pytest.mark.parametrize("role", ["leader", "hr", "supplier"])
def test_leader_hr_and_supplier_make_a_tablet_a_kiosk_and_are_signed_out(
    role, supplier
):
    users = {
        "leader": make_leader,
        "hr": lambda: MembershipFactory().user,
        "supplier": lambda: supplier,
    }
    tablet = browser_of(users[role]())

    answer = tablet.post(KIOSKS, {"place": "Matsalen"})

    assert answer.url == SIGN_IN
    assert SESSION_KEY not in tablet.session
    assert "Sign in with your name and your code." in tablet.get(SIGN_IN).text
    kiosk = Kiosk.objects.get()
    assert kiosk.place == "Matsalen"
    entry = AuditEntry.objects.get(action="companies.kiosk_opened")
    assert entry.payload.subject_ref == kiosk.ref


def test_a_kiosk_without_a_place_is_asked_for_it(supplier):
    assert browser_of(supplier).post(KIOSKS, {}).status_code == 200

    assert not Kiosk.objects.exists()


def test_the_cookie_of_a_kiosk_is_bound_to_https_where_sessions_are(supplier, settings):
    settings.SESSION_COOKIE_SECURE = True
    settings.KIOSK_COOKIE_NAME = "__Host-kiosk"

    answer = browser_of(supplier).post(KIOSKS, {"place": "Matsalen"})

    cookie = answer.cookies["__Host-kiosk"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_making_a_kiosk_anew_ends_what_the_tablet_was(supplier):
    tablet = browser_of(supplier)
    tablet.post(KIOSKS, {"place": "Matsalen"})
    tablet.force_login(supplier)
    tablet.post(KIOSKS, {"place": "Verkstaden"})

    assert [kiosk.place for kiosk in Kiosk.objects.open()] == ["Verkstaden"]


def test_each_sees_and_ends_the_own_kiosks_and_a_leader_all(supplier, seat):
    kiosk_client(actor=supplier)
    kiosk_client(actor=make_supplier(seat.occasion))
    own, other = Kiosk.objects.order_by("pk")
    browser = browser_of(supplier)

    assert list(browser.get(KIOSKS).context["kiosks"]) == [own]
    assert end(browser, other).status_code == 404
    assert end(browser, own).url == KIOSKS
    assert end(browser_of(make_leader()), other).url == KIOSKS

    assert not Kiosk.objects.open().exists()
    end(browser, own)
    assert "has ended already" in browser.get(KIOSKS).text


# Codes


def test_a_supplier_gives_a_code_at_the_session_and_its_owner_certifies(seat, supplier):
    time = AttendanceFactory(enrolment=seat)
    tablet = browser_of(supplier)
    tablet.post(KIOSKS, {"place": "Kurslokalen"})
    staff = browser_of(supplier)
    page = staff.get(reverse("trainings:seat", args=[seat.occasion.ref, seat.ref]))
    assert giving(seat) in page.text
    assert "What did the person show?" in staff.get(giving(seat)).text
    given = staff.post(giving(seat), SEEN)

    type_in(tablet, "berg anna", shown_code(given))
    choose(tablet)
    month = tablet.get(MARCH)
    assert "4.00 hours" in month.text
    certified = tablet.post(
        MARCH,
        {"text": stamp_of(NEWEST_TEXT, "en"), "times": f"{time.pk}:{time.minutes}"},
    )

    assert certified.url == MARCH
    time.refresh_from_db()
    assert time.certified_at
    entry = AuditEntry.objects.get(action="trainings.hours_certified")
    assert entry.payload.facts["channel"] == "kiosk"
    assert tablet.post(reverse("own:leave")).url == SIGN_IN
    assert tablet.get(MARCH).url == SIGN_IN


def test_a_code_is_shown_once_and_kept_by_no_cache(seat, supplier):
    staff = browser_of(supplier)

    given = staff.post(giving(seat), SEEN)

    assert given.headers["Cache-Control"] == "private, no-store"
    assert "Anna Berg" in given.text
    assert f"http://testserver{SIGN_IN}" in given.text
    assert shown_code(given) not in staff.get(giving(seat)).text
    assert shown_code(given) not in _session_of(staff)
    entry = AuditEntry.objects.get(action="companies.kiosk_code_issued")
    assert entry.payload.facts == {
        "proof": "driving_licence",
        "occasion": seat.occasion.ref,
    }


def _session_of(client):
    return str(dict(client.session.items()))


@pytest.mark.parametrize("form", [{}, {"seen": "on"}, {"proof": "passport"}])
def test_no_code_is_given_before_the_identity_was_seen(seat, supplier, form):
    assert browser_of(supplier).post(giving(seat), form).status_code == 200

    assert not KioskCode.objects.exists()


@pytest.mark.parametrize(
    "state",
    [
        {"confirmed_at": None},
        {"declined_at": timezone.now()},
        {"withdrawn_at": timezone.now(), "withdrawal_reason": "other"},
        {"occasion__status": OccasionStatus.COMPLETED},
        {"occasion__status": OccasionStatus.CANCELLED},
        {"participant__protected": True},
        {"participant__restricted_at": timezone.now()},
    ],
)
def test_without_a_seat_that_is_held_or_a_name_that_is_seen_none_is_given(state):
    seat = EnrolmentFactory(**state)
    staff = browser_of(make_supplier(seat.occasion))

    assert staff.get(giving(seat)).status_code == 404
    assert staff.post(giving(seat), SEEN).status_code == 404

    page = staff.get(reverse("trainings:seat", args=[seat.occasion.ref, seat.ref]))
    assert giving(seat) not in page.text


@pytest.mark.parametrize("hours", [-25, 25])
def test_a_supplier_gives_no_code_long_before_or_after_a_session(seat, supplier, hours):
    seat.occasion.sessions.update(
        starts_at=timezone.now() + dt.timedelta(hours=hours),
        ends_at=timezone.now() + dt.timedelta(hours=hours + 5),
    )

    assert browser_of(supplier).post(giving(seat), SEEN).status_code == 404


def test_a_supplier_takes_over_no_page_of_who_has_confirmed_a_contact(seat, supplier):
    Participant.objects.update(
        email="anna@example.org", email_confirmed_at=timezone.now()
    )

    answer = browser_of(supplier).post(giving(seat), SEEN)

    assert "The person has confirmed an address or a mobile" in answer.text
    assert not KioskCode.objects.exists()


def test_nobody_else_gives_a_code_at_a_session(seat, supplier):
    hr = MembershipFactory(company=seat.participant.company).user
    former = make_supplier(seat.occasion, ended_on="2026-01-31")

    for user in (hr, make_supplier(), former, make_leader(), UserFactory()):
        assert browser_of(user).post(giving(seat), SEEN).status_code == 404

    assert not KioskCode.objects.exists()


def test_staff_who_is_hr_of_the_person_gives_no_code(seat, supplier):
    MembershipFactory(company=seat.participant.company, user=supplier)
    staff = browser_of(supplier)

    assert "HR gives no codes" in staff.get(giving(seat)).text
    assert "HR gives no codes" in staff.post(giving(seat), SEEN).text


def test_a_leader_gives_a_code_from_the_page_of_the_person(seat):
    leader = browser_of(make_leader())
    address = reverse("companies:kiosk-code", args=[seat.participant.ref])
    assert address in leader.get(seat.participant.get_absolute_url()).text

    given = shown_code(leader.post(address, SEEN))

    tablet = kiosk_client()
    assert type_in(tablet, "Anna Berg", given).url == reverse("kiosk:choose")


def test_hr_has_no_way_to_a_code(seat):
    hr = browser_of(MembershipFactory(company=seat.participant.company).user)
    address = reverse("companies:kiosk-code", args=[seat.participant.ref])

    assert address not in hr.get(seat.participant.get_absolute_url()).text
    assert hr.post(address, SEEN).status_code == 404


def test_a_protected_identity_gets_a_code_from_a_leader_with_the_right():
    seat = EnrolmentFactory(participant__protected=True)
    address = reverse("companies:kiosk-code", args=[seat.participant.ref])

    assert browser_of(make_leader()).post(address, SEEN).status_code == 404
    given = browser_of(UserFactory(is_superuser=True)).post(address, SEEN)

    assert shown_code(given)


def test_no_certificate_is_fetched_at_a_kiosk(seat):
    certificate = CertificateFactory(enrolment=seat)
    give_chosen(seat.participant)
    tablet = kiosk_client()
    type_in(tablet, "Anna Berg", OWN_CODE)

    page = tablet.get(reverse("own:certificate", args=[certificate.ref]))

    assert page.status_code == 404
    assert "Not at a kiosk" in page.text
