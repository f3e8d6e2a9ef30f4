"""HR enters the first contact, and can neither read nor certify for its staff.

As a browser does it: the form of a person, the link, the code, the hours.
"""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import make_leader
from companies.enums import ContactKind
from companies.models import KioskCode, Participant
from companies.services.contacts import confirm_contact, send_contact_code
from companies.services.kiosk_codes import REST, sign_in_at_kiosk
from companies.services.merging import merge_participants, undo_merge
from companies.services.restriction import lift_restriction, restrict_person
from companies.tests.coding import (
    MOBILE,
    OTHER_MOBILE,
    let_go_by,
    messages,
    newest_code,
)
from companies.tests.factories import MembershipFactory, ParticipantFactory
from companies.tests.kiosk import give, give_chosen, pass_time
from companies.tests.linking import token_in
from trainings.models import Attendance
from trainings.own import pace
from trainings.tests.factories import AttendanceFactory, EnrolmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OWN, HRS = "anna@example.org", "hr@foretag.example.org"
PAGE = reverse("own:page")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    cache.clear()
    monkeypatch.setattr(pace, "SECONDS", 0)


@pytest.fixture
def hr():
    return MembershipFactory(user__email=HRS)


@pytest.fixture
def office(client, hr):
    """The browser that HR is signed in to."""
    client.force_login(hr.user)
    return client


@pytest.fixture
def anna(hr):
    """Somebody with an hour to certify, whom HR has entered."""
    person = ParticipantFactory(company=hr.company, email=OWN)
    seat = EnrolmentFactory(participant=person)
    AttendanceFactory(enrolment=seat)
    return person


def enter(office, person, **contacts):
    """Let HR write contacts into the form of a person."""
    values = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "no_number_reason": person.no_number_reason,
        "gender": person.gender,
        "email": person.email,
        "mobile": person.mobile,
    }
    url = reverse("companies:participant-change", args=[person.ref])
    return office.post(url, values | contacts)


def comes_in(address):
    """Ask for a code as anybody may, and type in what came; return the browser."""
    cache.clear()
    OutboxMessage.objects.all().delete()
    stranger = Client()
    stranger.post(reverse("own:sign-in"), {"address": address})
    code = newest_code() if messages("sign_in_code") else "123456"
    stranger.post(reverse("own:sign-in-code"), {"code": code})
    return stranger


def is_in(browser):
    return browser.get(PAGE).status_code == 200


def send_link(office, person):
    office.post(reverse("companies:link-send", args=[person.ref]))
    return [text for _kind, _to, text in messages("personal_link")]


def certify(browser):
    """Certify as the page of the month offers it."""
    row = Attendance.objects.get()
    month = f"{row.session.starts_at:%Y-%m}"
    return browser.post(
        reverse("own:hours-month", args=[month]),
        {"times": f"{row.pk}:{row.minutes}", "text": "1-en"},
    )


def is_certified():
    return Attendance.objects.exclude(certified_at=None).exists()


def test_the_person_comes_in_by_a_code_and_certifies_by_that_channel(anna):
    browser = comes_in(OWN)

    certify(browser)

    assert Attendance.objects.get().certified_channel == "email"


@pytest.mark.parametrize("address", [HRS, "HR@foretag.example.org"])
def test_hr_gets_nothing_at_the_own_address(office, anna, address):
    enter(office, anna, email=address)
    assert Participant.objects.get().email == address

    assert send_link(office, anna) == []
    browser = comes_in(address)

    assert not messages()
    assert not is_in(browser)
    assert certify(browser).status_code == 404
    assert not is_certified()


def test_hr_gets_nothing_under_a_label_of_the_own_mailbox(office, anna):
    enter(office, anna, email="hr+anna@foretag.example.org")

    assert send_link(office, anna) == []
    assert not is_in(comes_in("hr+anna@foretag.example.org"))
    assert not messages()


def test_hr_gets_nothing_at_the_address_of_another_participant(office, anna, hr):
    """Be it somebody whom HR has made up."""
    ParticipantFactory(company=hr.company, email="straw@example.org")
    enter(office, anna, email="straw@example.org")

    assert send_link(office, anna) == []
    assert not is_in(comes_in("straw@example.org"))
    assert not messages()


def test_what_the_person_has_confirmed_hr_does_not_change(office, anna):
    comes_in(OWN)

    enter(office, anna, email="home@example.org")

    assert Participant.objects.get().email == OWN
    assert not is_in(comes_in("home@example.org"))
    assert not messages()


def test_beside_a_confirmed_address_no_mobile_of_hrs_is_a_way_in(office, anna):
    comes_in(OWN)

    enter(office, anna, mobile=OTHER_MOBILE)

    assert Participant.objects.get().mobile == OTHER_MOBILE
    assert not is_in(comes_in(OTHER_MOBILE))
    assert not messages()


def test_beside_a_confirmed_mobile_no_address_of_hrs_gets_a_link(office, anna):
    enter(office, anna, email="", mobile=MOBILE)
    assert is_in(comes_in(MOBILE))

    enter(office, Participant.objects.get(), email="home@example.org")

    assert send_link(office, anna) == []
    assert not is_in(comes_in("home@example.org"))


def test_a_link_that_hr_has_got_ends_when_the_person_confirms_another_way(office, anna):
    enter(office, anna, email="home@example.org", mobile=MOBILE)
    (text,) = send_link(office, Participant.objects.get())
    link = reverse("own:open", args=[token_in(text)])
    assert is_in(comes_in(MOBILE))

    late = Client()
    answer = late.post(link)

    assert answer.status_code == 404
    assert not is_in(late)
    assert not is_certified()


def test_hr_does_not_merge_a_row_of_its_own_over_a_confirmed_one(office, anna, hr):
    comes_in(OWN)
    straw = ParticipantFactory(
        company=hr.company,
        email="home@example.org",
        given_name=anna.given_name,
        family_name=anna.family_name,
    )
    assert is_in(comes_in("home@example.org"))
    url = reverse("companies:merge", args=[straw.ref, anna.ref])

    answer = office.post(url, {})

    assert "In both rows the person has confirmed how to be reached" in answer.text
    assert Participant.objects.get(pk=anna.pk).merged_into is None
    assert certify(comes_in("home@example.org")).status_code != 302
    assert not is_certified()


@pytest.mark.parametrize("ended_by", ["nobody", "wrong tries", "a restriction"])
def test_beside_a_code_for_kiosks_no_address_of_hrs_is_a_way_in(office, anna, ended_by):
    code = give_chosen(anna)
    if ended_by == "wrong tries":
        spend(code)
    if ended_by == "a restriction":
        restrict_person(participant=anna, basis="claims", actor=make_leader())
        lift_restriction(participant=anna, actor=make_leader())

    enter(office, anna, email="home@example.org", mobile=OTHER_MOBILE)

    assert send_link(office, anna) == []
    assert not is_in(comes_in("home@example.org"))
    assert not is_in(comes_in(OTHER_MOBILE))
    assert not messages()
    assert not is_certified()


def test_a_link_that_hr_has_got_ends_when_the_person_chooses_a_code(office, anna):
    enter(office, anna, email="home@example.org")
    (text,) = send_link(office, Participant.objects.get())

    give_chosen(anna)

    late = Client()
    answer = late.post(reverse("own:open", args=[token_in(text)]))
    assert answer.status_code == 404
    assert not is_in(late)


def test_who_came_by_a_code_at_a_kiosk_confirms_an_address_and_uses_it(anna):
    give_chosen(anna)
    assert not is_in(comes_in(OWN))

    code = send_contact_code(
        participant=anna, kind=ContactKind.EMAIL, address=OWN, language="en"
    )
    assert confirm_contact(
        participant=anna, pk=code, digits=newest_code(), language="en"
    )
    let_go_by(minutes=2)

    assert is_in(comes_in(OWN))


def namesake_of(anna, **values):
    return ParticipantFactory(
        company=anna.company,
        given_name=anna.given_name,
        family_name=anna.family_name,
        **values,
    )


def test_hr_does_not_merge_a_row_of_its_own_over_one_with_a_code(office, anna):
    give_chosen(anna)
    straw = namesake_of(anna, email="home@example.org")
    assert is_in(comes_in("home@example.org"))

    answer = office.post(reverse("companies:merge", args=[straw.ref, anna.ref]), {})

    assert "or chosen a code for kiosks" in answer.text
    assert Participant.objects.get(pk=anna.pk).merged_into is None


def test_a_chosen_code_goes_with_the_row_into_which_hr_merges(office, anna, hr):
    """So that an address of the other row is no way in to what was the person's."""
    enter(office, anna, email="home@example.org")
    anna.refresh_from_db()
    late = namesake_of(anna)
    code = give_chosen(late)
    given_to_nobody = give(anna)
    assert given_to_nobody

    merge = merge_participants(
        kept=anna, absorbed=late, taken=frozenset(), actor=hr.user
    )

    code.refresh_from_db()
    assert code.participant == anna
    assert list(KioskCode.objects.valid()) == [code]
    assert not is_in(comes_in("home@example.org"))
    undo_merge(merge=merge, actor=make_leader())
    code.refresh_from_db()
    assert code.participant == late


def spend(code):
    """Type wrong codes until the code has ended."""
    for _try in range(10):
        pass_time(code, REST)
        sign_in_at_kiosk(name=code.participant.full_name, code="999999")
    code.refresh_from_db()
    assert code.ended_at


def test_what_hr_may_do_first_the_person_sees(office, anna):
    """HR may enter a mailbox of its own for who never came in: that is not hidden."""
    enter(office, anna, email="home@example.org", mobile=MOBILE)
    assert is_in(comes_in("home@example.org"))

    person = Participant.objects.get()
    told = [(one.action, one.payload.facts) for one in _trail_of(person)]

    assert person.email_confirmed_at is not None
    assert (
        "companies.code_opened",
        {"by": "participant", "kind": "email"},
    ) in told


def _trail_of(person):
    return AuditEntry.objects.filter(mentions__ref=person.ref)
