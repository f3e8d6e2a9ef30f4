"""A code to sign in by: to whom it goes, how often, and what it opens."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import UserFactory
from companies.models import Participant, SignInCode
from companies.services import change_participant
from companies.services.codes import redeem_code
from companies.services.links import make_personal_link, revoke_personal_links
from companies.services.restriction import restrict_person
from companies.tests.coding import (
    EMAIL,
    MOBILE,
    SMS,
    ask,
    let_go_by,
    messages,
    newest_code,
    sign_in,
    wrong,
)
from companies.tests.factories import ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def anna():
    return ParticipantFactory(email="anna@example.org", mobile=MOBILE)


def sent_to(address, kind=EMAIL):
    """Ask for a code; return to whom one went."""
    OutboxMessage.objects.all().delete()
    SignInCode.objects.all().delete()
    pk = ask(address, kind)
    assert isinstance(pk, uuid.UUID)
    return [to for _kind, to, _text in messages()]


# To whom


def test_a_code_goes_to_the_address_whatever_its_case(anna):
    assert sent_to("Anna@Example.org") == ["anna@example.org"]
    assert sent_to(MOBILE, SMS) == [MOBILE]


def test_an_unknown_address_gets_nothing_and_its_id_is_one_of_no_code(anna):
    pk = ask("nobody@example.org")

    assert not OutboxMessage.objects.exists()
    assert not SignInCode.objects.filter(pk=pk).exists()
    assert redeem_code(pk=pk, digits="123456") is None


@pytest.mark.parametrize(
    "address", ["anna@example.org", "ANNA@example.org", "anna+bo@example.org"]
)
def test_a_mailbox_that_another_person_has_too_gets_nothing(anna, address):
    ParticipantFactory(email=address)

    assert sent_to("anna@example.org") == []
    assert sent_to(address) == []


@pytest.mark.parametrize("address", ["anna@example.org", "Anna+kurs@example.org"])
def test_the_mailbox_of_a_user_gets_nothing(anna, address):
    UserFactory(email="anna@example.org")
    Participant.objects.update(email=address)

    assert sent_to(address) == []


def test_what_a_person_has_confirmed_nobody_shuts_out(anna):
    sign_in("anna@example.org")
    ParticipantFactory(email="anna@example.org")
    ParticipantFactory(email="Anna+x@example.org")

    assert sent_to("anna@example.org") == ["anna@example.org"]
    assert sent_to("anna+x@example.org") == []


def test_a_confirmed_mobile_nobody_shuts_out(anna):
    sign_in(MOBILE, SMS)
    ParticipantFactory(mobile=MOBILE)

    assert sent_to(MOBILE, SMS) == [MOBILE]


def test_what_is_confirmed_is_a_users_all_the_same(anna):
    sign_in("anna@example.org")
    UserFactory(email="anna@example.org")

    assert sent_to("anna@example.org") == []


def test_what_two_have_confirmed_gets_nothing(anna):
    now = timezone.now()
    ParticipantFactory(email="anna@example.org", email_confirmed_at=now)
    Participant.objects.update(email_confirmed_at=now)

    assert sent_to("anna@example.org") == []


def test_an_address_that_begins_alike_is_another_mailbox(anna):
    ParticipantFactory(email="anna.b@example.org")
    UserFactory(email="anna-b@example.org")

    assert sent_to("anna@example.org") == ["anna@example.org"]


def test_a_mobile_that_another_person_has_too_gets_nothing(anna):
    ParticipantFactory(mobile=MOBILE)

    assert sent_to(MOBILE, SMS) == []
    assert sent_to("anna@example.org") == ["anna@example.org"]


def test_beside_a_confirmed_contact_another_gets_nothing(anna):
    sign_in("anna@example.org")

    assert sent_to(MOBILE, SMS) == []


def test_where_no_text_messages_are_sent_no_mobile_gets_one(anna, settings):
    settings.SMS_URL = settings.SMS_SENDER = ""

    assert sent_to(MOBILE, SMS) == []


@pytest.mark.parametrize(
    "closed",
    [{"protected": True}, {"restricted_at": timezone.now()}],
    ids=["protected", "restricted"],
)
def test_closed_people_get_nothing(anna, closed):
    Participant.objects.update(**closed)

    assert sent_to("anna@example.org") == []
    assert sent_to(MOBILE, SMS) == []


def test_a_row_that_was_merged_gets_nothing(anna):
    kept = ParticipantFactory(company=anna.company)
    Participant.objects.filter(pk=anna.pk).update(merged_into=kept)

    assert sent_to("anna@example.org") == []


# What it says


def test_the_message_has_neither_name_nor_company(anna):
    ask("anna@example.org")
    ask(MOBILE, SMS)

    texts = [text for _kind, _to, text in messages()]
    assert len(texts) == 2
    for text in texts:
        assert anna.company.name not in text
        assert anna.given_name not in text
        assert anna.ref not in text


@pytest.mark.parametrize(
    ("url", "last_line"),
    [
        ("", ""),
        ("https://portal.example.org:8443/", "@portal.example.org #"),
    ],
)
def test_an_sms_is_one_and_names_the_site_where_that_is_known(
    anna, settings, url, last_line
):
    settings.PORTAL_URL = url

    ask(MOBILE, SMS)

    ((_kind, _to, text),) = messages()
    assert len(text) <= 160
    code = newest_code()
    assert text.startswith(f"{code} ")
    assert text.splitlines()[-1] == (f"{last_line}{code}" if url else text)


def test_only_a_keyed_digest_is_kept(anna):
    pk = ask("anna@example.org")

    kept = SignInCode.objects.get(pk=pk)
    assert len(bytes(kept.digest)) == 32
    assert newest_code() not in str(vars(kept))


def test_sending_is_written_down_without_address_or_code(anna):
    ask("anna@example.org")

    entry = AuditEntry.objects.get(action="companies.code_sent")
    assert entry.payload.actor is None
    assert entry.payload.facts == {"by": "stranger", "kind": "email"}
    assert [mention.ref for mention in entry.mentions.all()] == [anna.ref]


# Typing it in


def test_the_right_code_confirms_the_address_and_works_once(anna):
    pk = ask("anna@example.org")
    digits = newest_code()

    code = redeem_code(pk=pk, digits=digits)

    anna.refresh_from_db()
    assert anna.email_confirmed_at is not None
    assert anna.mobile_confirmed_at is None
    assert SignInCode.objects.valid().get() == code
    assert redeem_code(pk=pk, digits=digits) is None


def test_who_signs_in_again_confirmed_it_the_first_time(anna):
    sign_in("anna@example.org")
    first = Participant.objects.get().email_confirmed_at
    let_go_by(minutes=1)

    sign_in("anna@example.org")

    assert Participant.objects.get().email_confirmed_at == first
    confirmed = AuditEntry.objects.filter(action="companies.contact_confirmed")
    assert confirmed.get().payload.facts == {
        "by": "participant",
        "kind": "email",
        "channel": "email",
    }


def test_an_sms_code_confirms_the_mobile(anna):
    sign_in(MOBILE, SMS)

    anna.refresh_from_db()
    assert anna.mobile_confirmed_at is not None
    assert anna.email_confirmed_at is None


def test_the_fifth_wrong_try_ends_it(anna):
    pk = ask("anna@example.org")
    digits = newest_code()
    for _time in range(4):
        assert redeem_code(pk=pk, digits=wrong(digits)) is None

    assert SignInCode.objects.usable().exists()
    assert redeem_code(pk=pk, digits=wrong(digits)) is None

    assert redeem_code(pk=pk, digits=digits) is None
    assert not Participant.objects.exclude(email_confirmed_at=None).exists()
    actions = AuditEntry.objects.filter(action__startswith="companies.code")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "companies.code_sent",
        *["companies.code_failed"] * 4,
        "companies.code_spent",
    ]


def test_after_ten_minutes_it_is_over(anna):
    pk = ask("anna@example.org")
    digits = newest_code()
    let_go_by(minutes=10)

    assert redeem_code(pk=pk, digits=digits) is None
    assert Participant.objects.get().email_confirmed_at is None


def test_the_digits_of_one_code_open_no_other(anna):
    other = ParticipantFactory(email="bo@example.org")
    ask("anna@example.org")
    digits = newest_code()
    pk = ask("bo@example.org")

    assert other.sign_in_codes.get().pk == pk
    assert digits == newest_code() or redeem_code(pk=pk, digits=digits) is None


def test_an_address_that_was_changed_meanwhile_is_not_proved(anna):
    pk = ask("anna@example.org")
    digits = newest_code()
    change_participant(participant=anna, actor=None, email="other@example.org")

    assert redeem_code(pk=pk, digits=digits) is None
    assert Participant.objects.get().email_confirmed_at is None


def test_an_address_that_is_shared_meanwhile_is_not_proved(anna):
    pk = ask("anna@example.org")
    digits = newest_code()
    ParticipantFactory(email="anna@example.org")

    assert redeem_code(pk=pk, digits=digits) is None
    assert not SignInCode.objects.exclude(used_at=None).exists()


def test_who_is_restricted_meanwhile_does_not_come_in(anna):
    pk = ask("anna@example.org")
    digits = newest_code()
    restrict_person(participant=anna, basis="contested", actor=UserFactory())

    assert redeem_code(pk=pk, digits=digits) is None


# What ends what it opened


@pytest.mark.parametrize(
    "change",
    [
        {"email": "other@example.org", "email_confirmed_at": None},
        {"protected": True},
        {"erased_at": timezone.now()},
    ],
)
def test_what_a_code_opened_ends_with_address_and_page(anna, change):
    sign_in("anna@example.org")
    assert SignInCode.objects.valid().exists()

    person = Participant.objects.get()
    for name, value in change.items():
        setattr(person, name, value)
    person.save()

    assert not SignInCode.objects.valid().exists()


def test_another_mobile_does_not_end_what_came_by_mail(anna):
    sign_in("anna@example.org")

    change_participant(participant=anna, actor=None, mobile="")

    assert SignInCode.objects.valid().exists()


def test_revoking_ends_codes_too(anna):
    sign_in("anna@example.org")

    revoke_personal_links(participant=anna, actor=UserFactory())

    assert not SignInCode.objects.valid().exists()
    assert SignInCode.objects.exclude(ended_at=None).count() == 1


def test_a_link_that_a_command_made_is_not_ended_by_a_code(anna):
    make_personal_link(participant=anna, actor=None)

    sign_in(MOBILE, SMS)

    assert anna.personal_links.valid().count() == 1
