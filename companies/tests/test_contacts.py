"""A participant's own contacts: who changes them, and who is told."""

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from companies.contacts import is_somebody_elses, mailbox_of
from companies.enums import OwnChannel
from companies.models import Participant, SignInCode
from companies.services.contacts import (
    confirm_contact,
    remove_contact,
    send_contact_code,
)
from companies.services.links import (
    link_of,
    make_personal_link,
    open_personal_link,
    why_no_letter,
)
from companies.tests.coding import (
    EMAIL,
    MOBILE,
    OTHER_MOBILE,
    SMS,
    let_go_by,
    messages,
    newest_code,
    sign_in,
    wrong,
)
from companies.tests.factories import ParticipantFactory
from companies.tests.linking import hr, link_by_letter
from core.crypto import decrypt
from core.errors import DomainError

__all__ = ["hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = "anna@home.example.org"


@pytest.fixture
def anna(hr):
    return ParticipantFactory(
        company=hr.company, email="anna@example.org", mobile=MOBILE
    )


def send(anna, address=NEW, kind=EMAIL):
    return send_contact_code(
        participant=anna, kind=kind, address=address, language="en"
    )


def confirm(anna, pk, digits):
    return confirm_contact(participant=anna, pk=pk, digits=digits, language="en")


def take(anna, address=NEW, kind=EMAIL):
    """Let Anna enter an address and type the code that came there."""
    return confirm(anna, send(anna, address, kind), newest_code())


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Anna@Example.org", "anna@example.org"),
        ("anna+kurs@example.org", "anna@example.org"),
        ("anna.berg@example.org", "anna.berg@example.org"),
        ("+46@example.org", "+46@example.org"),
        ("anna@SÖDER.example", "anna@xn--sder-5qa.example"),
        ("anna@xn--sder-5qa.example", "anna@xn--sder-5qa.example"),
        ("anna@ｅxample.org", "anna@example.org"),
        ("An.Na+x@googlemail.com", "anna@gmail.com"),
    ],
)
def test_a_mailbox_is_the_same_however_it_is_written(address, mailbox):
    assert mailbox_of(address) == mailbox


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("anna@example.org", "Anna+kurs@example.org", True),
        ("anna@söder.example", "anna@xn--sder-5qa.example", True),
        ("anna@xn--sder-5qa.example", "anna+x@söder.example", True),
        ("annaberg@gmail.com", "Anna.Berg+x@googlemail.com", True),
        ("an.na@gmail.com", "anna.b@gmail.com", False),
        ("a.nna@example.org", "anna@example.org", False),
        ("anna@example.org", "annab@example.org", False),
    ],
)
def test_another_way_to_write_a_mailbox_is_somebody_elses(anna, one, other, is_same):
    ParticipantFactory(email=other)

    assert is_somebody_elses(anna, EMAIL, one) == is_same


# The link in a letter


def test_a_link_that_came_by_letter_confirms_the_address(anna, hr):
    token = link_by_letter(anna, hr)

    open_personal_link(token=token)

    person = Participant.objects.get()
    assert person.email_confirmed_at is not None
    entry = AuditEntry.objects.get(action="companies.contact_confirmed")
    assert entry.payload.facts["channel"] == OwnChannel.LINK


def test_a_link_that_a_command_made_confirms_nothing(anna):
    token = make_personal_link(participant=anna, actor=None)

    assert open_personal_link(token=token)

    assert Participant.objects.get().email_confirmed_at is None


def test_a_link_to_what_is_somebody_elses_by_now_confirms_nothing(anna, hr):
    token = link_by_letter(anna, hr)
    UserFactory(email="anna@example.org")

    assert open_personal_link(token=token)

    assert Participant.objects.get(pk=anna.pk).email_confirmed_at is None


def test_a_link_to_an_unconfirmed_address_ends_when_the_mobile_is_confirmed(anna, hr):
    token = link_by_letter(anna, hr)
    Participant.objects.update(mobile_confirmed_at=timezone.now())

    assert link_of(token) is None
    assert "confirmed another way" in why_no_letter(Participant.objects.get())


# A new address


def test_a_new_address_counts_once_its_code_is_typed_in(anna):
    pk = send(anna)

    assert messages()[-1][:2] == ("contact_code", NEW)
    assert Participant.objects.get().email == "anna@example.org"
    assert confirm(anna, pk, newest_code())
    person = Participant.objects.get()
    assert person.email == NEW
    assert person.email_confirmed_at is not None


def test_the_new_address_is_sealed_until_then_and_forgotten_after(anna):
    pk = send(anna)
    kept = bytes(SignInCode.objects.get(pk=pk).new_address)

    assert NEW.encode() not in kept
    assert decrypt(kept) == NEW
    confirm(anna, pk, newest_code())
    assert SignInCode.objects.get(pk=pk).new_address is None


def test_the_old_address_is_told_since_when_and_what_to_do(anna):
    take(anna)

    kind, to, text = messages()[-1]
    assert (kind, to) == ("contact_changed", "anna@example.org")
    assert f"{timezone.localdate():%Y-%m-%d}" in text
    assert "tell HR at your company or the project office at once" in text
    for secret in (NEW, "Anna", anna.family_name, anna.ref, anna.company.name):
        assert secret not in text


def test_the_old_mobile_is_told_by_an_sms(anna):
    take(anna, OTHER_MOBILE, SMS)

    kind, to, text = messages()[-1]
    assert (kind, to) == ("contact_changed", MOBILE)
    assert len(text) <= 160


def test_what_tells_the_first_old_address_goes_though_the_next_change_follows(anna):
    take(anna)
    let_go_by(minutes=1)
    take(Participant.objects.get(), "anna@work.example.org")

    told = [to for _kind, to, _text in messages("contact_changed")]
    assert told == ["anna@example.org", NEW]


def test_confirming_the_address_that_is_there_tells_nobody(anna):
    take(anna, "anna@example.org")

    assert Participant.objects.get().email_confirmed_at is not None
    assert not messages("contact_changed")


def test_a_new_address_ends_links_and_codes_to_the_old_one(anna, hr):
    token = link_by_letter(anna, hr)
    Participant.objects.update(mobile="")
    sign_in("anna@example.org")
    assert link_of(token)

    take(Participant.objects.get())

    assert link_of(token) is None
    assert SignInCode.objects.valid().count() == 1  # That which confirmed the new.


def test_what_waits_for_the_old_address_is_cancelled(anna, hr):
    link_by_letter(anna, hr)

    take(anna)

    assert not messages("personal_link")


@pytest.mark.parametrize("whose", ["participant", "user"])
def test_an_address_of_somebody_else_looks_as_if_a_code_was_sent(anna, whose):
    make = ParticipantFactory if whose == "participant" else UserFactory
    make(email=NEW)

    pk = send(anna)

    assert not messages()
    assert not any(confirm(anna, pk, f"{n:06}") for n in range(4))
    with pytest.raises(DomainError, match="has just been asked for"):
        send(anna)
    assert Participant.objects.get(pk=anna.pk).email == "anna@example.org"


def test_the_trail_does_not_tell_whether_an_address_is_somebody_elses(anna):
    UserFactory(email=NEW)
    send(anna)
    let_go_by(minutes=1)
    send(anna, "anna@work.example.org")

    entries = AuditEntry.objects.filter(action__startswith="companies.")
    told = [(entry.action, entry.payload.facts) for entry in entries]
    assert told[0] == told[1]
    assert len(told) == 2


def test_an_address_that_became_somebody_elses_meanwhile_is_not_taken(anna):
    pk = send(anna)
    UserFactory(email=NEW)

    assert confirm(anna, pk, newest_code()) is None
    assert Participant.objects.get().email == "anna@example.org"


def test_a_second_code_within_a_minute_is_refused(anna):
    send(anna)

    with pytest.raises(DomainError, match="Wait a minute"):
        send(anna, "anna@work.example.org")


def test_what_is_confirmed_already_is_said_so(anna):
    sign_in("anna@example.org")

    with pytest.raises(DomainError, match="confirmed this already"):
        send(Participant.objects.get(), "anna@example.org")


def test_five_wrong_codes_end_it(anna):
    pk = send(anna)
    digits = newest_code()

    for _time in range(5):
        assert confirm(anna, pk, wrong(digits)) is None

    assert confirm(anna, pk, digits) is None


def test_the_code_of_another_participant_confirms_nothing(anna):
    pk = send(anna)
    other = ParticipantFactory()

    assert confirm(other, pk, newest_code()) is None
    assert Participant.objects.get(pk=other.pk).email == ""


def test_a_code_to_confirm_by_opens_no_page_before_it_is_typed_in(anna):
    send(anna)

    assert not SignInCode.objects.valid().exists()


def test_under_protected_identity_nothing_is_sent(anna):
    Participant.objects.update(protected=True)

    with pytest.raises(DomainError, match="protected identity"):
        send(anna)


# Removing


def test_removing_tells_the_address_and_ends_its_codes(anna):
    sign_in("anna@example.org")
    take(Participant.objects.get(), MOBILE, SMS)

    remove_contact(participant=anna, kind=EMAIL, knows_last=False, language="en")

    person = Participant.objects.get()
    assert (person.email, person.email_confirmed_at) == ("", None)
    assert [to for _kind, to, _text in messages("contact_changed")] == [
        "anna@example.org"
    ]
    assert [code.kind for code in SignInCode.objects.valid()] == ["sms"]


def test_the_last_way_in_is_removed_by_who_knows_it(anna):
    anna.mobile = ""
    anna.save()
    sign_in("anna@example.org")
    options = {"participant": anna, "kind": EMAIL, "language": "en"}

    with pytest.raises(DomainError, match="last way"):
        remove_contact(knows_last=False, **options)
    assert Participant.objects.get().email
    remove_contact(knows_last=True, **options)

    assert Participant.objects.get().email == ""
