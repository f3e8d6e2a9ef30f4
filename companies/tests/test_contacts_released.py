"""A project leader releases a contact that a person has confirmed and lost."""

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.models import Participant, SignInCode
from companies.services import change_participant
from companies.services.contacts import (
    confirm_contact,
    release_contact,
    send_contact_code,
)
from companies.services.links import link_of, open_personal_link
from companies.tests.coding import (
    EMAIL,
    MOBILE,
    SMS,
    ask,
    let_go_by,
    messages,
    newest_code,
    sign_in,
)
from companies.tests.factories import ParticipantFactory
from companies.tests.linking import anna, hr, link_by_letter
from core.errors import DomainError

__all__ = ["anna", "hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = "anna@home.example.org"


def release(anna, kind=EMAIL, reason="lost"):
    release_contact(participant=anna, kind=kind, reason=reason, actor=make_leader())


def contacts(person):
    person = Participant.objects.get(pk=person.pk)
    return person.email, person.email_confirmed_at


def test_a_released_contact_goes_and_all_ways_in_end(anna, hr):
    token = link_by_letter(anna, hr)
    open_personal_link(token=token)
    sign_in("anna@example.org")

    release(anna)

    assert contacts(anna) == ("", None)
    assert link_of(token) is None
    assert not SignInCode.objects.valid().exists()
    entry = AuditEntry.objects.get(action="companies.contact_released")
    assert entry.payload.facts == {"kind": "email", "basis": "lost"}
    change_participant(participant=anna, actor=hr.user, email=NEW)
    assert Participant.objects.get().email == NEW


def test_a_released_address_is_no_way_in_any_more(anna):
    pk = ask("anna@example.org")
    sign_in("anna@example.org")
    let_go_by(minutes=1)
    release(anna)

    ask("anna@example.org")

    assert not messages("sign_in_code")
    assert not SignInCode.objects.usable().filter(pk=pk).exists()
    assert contacts(anna) == ("", None)


def test_a_released_address_goes_from_the_rows_where_it_is_confirmed(anna):
    elsewhere, other, unlike = (
        ParticipantFactory(email=email, person_key=key)
        for email, key in [
            ("Anna@example.org", anna.person_key),
            (NEW, anna.person_key),
            ("bo@example.org", ParticipantFactory().person_key),
        ]
    )
    sign_in("anna@example.org")
    sign_in(NEW)
    sign_in("bo@example.org")

    release(anna, reason="taken")

    assert contacts(anna) == contacts(elsewhere) == ("", None)
    assert contacts(other)[1]
    assert contacts(unlike)[1]
    released = AuditEntry.objects.filter(action="companies.contact_released")
    assert {entry.mentions.get().ref for entry in released} == {
        anna.ref,
        elsewhere.ref,
    }
    told = [to for _kind, to, _text in messages("contact_changed")]
    assert told == ["anna@example.org"]


def test_a_code_that_waits_confirms_nothing_released(anna):
    sign_in("anna@example.org")
    pk = send_contact_code(participant=anna, kind=EMAIL, address=NEW, language="en")

    release(anna)

    digits = newest_code() if messages("contact_code") else "000000"
    assert not confirm_contact(participant=anna, pk=pk, digits=digits, language="en")


def test_the_letter_says_why_and_each_reason_is_another(anna):
    texts = set()
    for reason in ("lost", "taken", "not_own"):
        anna.email = "anna@example.org"
        anna.save()
        sign_in("anna@example.org")
        let_go_by(hours=1)
        release(anna, reason=reason)
        (*_, (_kind, to, text)) = messages("contact_changed")
        assert to == "anna@example.org"
        texts.add(text)

    assert len(texts) == 3


def test_a_released_mobile_is_told_by_an_sms(anna):
    anna.mobile = MOBILE
    anna.save()
    sign_in(MOBILE, SMS)

    release(anna, SMS)

    ((_kind, to, text),) = messages("contact_changed")
    assert to == MOBILE
    assert len(text) <= 160


def test_what_nobody_confirmed_is_not_released(anna):
    with pytest.raises(DomainError, match="has not confirmed"):
        release(anna)
