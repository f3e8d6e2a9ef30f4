"""Signing in by a code, in the browser: what helps, and what tells nothing."""

import datetime as dt
import re
import time

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from companies.models import SignInCode
from companies.tests.coding import (
    MOBILE,
    let_go_by,
    messages,
    newest_code,
    wrong,
)
from companies.tests.factories import ParticipantFactory
from trainings.own import pace
from trainings.tests.own import PAGE, anna

__all__ = ["anna"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ASK = reverse("own:sign-in")
TYPE = reverse("own:sign-in-code")
CHOOSE = reverse("own:sign-in-company")
OTHERS = "somebody@else.example.org"


@pytest.fixture(autouse=True)
def no_limits_yet(monkeypatch):
    cache.clear()
    monkeypatch.setattr(pace, "SECONDS", 0)


def ask(client, address="anna@example.org"):
    return client.post(ASK, {"address": address})


def type_in(client, code):
    return client.post(TYPE, {"code": code})


def text_of(response):
    """Return the page without what differs from one answer to the next."""
    page = response.text.partition("<main")[2]
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)


def browser():
    client = Client()
    client.cookies["language"] = "en"
    return client


# The way in


def test_who_has_no_page_open_is_offered_a_code(client):
    response = client.get(PAGE)

    assert response.status_code == 404
    assert f'href="{ASK}"' in response.text
    assert "Sign in with a code" in response.text


@pytest.mark.parametrize(
    ("address", "channel"),
    [("anna@example.org", "email"), ("070-174 06 35", "sms")],
)
def test_a_code_opens_the_page(client, anna, address, channel):
    anna.mobile = MOBILE
    anna.save()

    asked = ask(client, address)
    opened = type_in(client, newest_code())

    assert (asked.status_code, asked.url) == (302, TYPE)
    assert (opened.status_code, opened.url) == (302, PAGE)
    assert "Hello Anna" in client.get(PAGE).text
    assert client.session["own.channel"] == channel


@pytest.mark.parametrize("form", ["{a} {b}", " {a}-{b} ", "{a}\u00a0{b}", "{a}{b}\n"])
def test_a_code_is_taken_however_it_was_pasted(client, anna, form):
    ask(client)
    code = newest_code()

    response = type_in(client, form.format(a=code[:3], b=code[3:]))

    assert response.url == PAGE


def test_the_forms_help_telephones(client, anna):
    asking = client.get(ASK).text
    ask(client)
    typing = client.get(TYPE).text

    assert 'autocomplete="username"' in asking
    assert 'autocomplete="one-time-code"' in typing
    assert 'inputmode="numeric"' in typing


def test_a_user_who_opens_a_page_is_signed_out(client, anna):
    client.force_login(UserFactory())
    ask(client)

    type_in(client, newest_code())

    assert "_auth_user_id" not in client.session
    assert client.get(PAGE).status_code == 200


def test_what_is_no_address_is_said_so(client):
    response = ask(client, "anna(at)example.org")

    assert response.status_code == 200
    assert "Write an e-mail address, such as anna@example.org, or a mobile" in (
        response.text
    )


def test_without_text_messages_only_mail_is_asked_for(client, settings):
    settings.SMS_URL = settings.SMS_SENDER = ""

    assert "mobile" not in text_of(client.get(ASK))
    assert "Write an e-mail address, such as" in ask(client, MOBILE).text


@pytest.mark.parametrize("page", [TYPE, CHOOSE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_not_asked_is_led_to_asking(client, page, method):
    response = getattr(client, method)(page)

    assert (response.status_code, response.url) == (302, ASK)


# What goes wrong


def test_a_wrong_code_says_how_many_tries_are_left_and_the_fifth_ends_it(client, anna):
    ask(client)
    code = newest_code()

    texts = [type_in(client, wrong(code)).text for _time in range(5)]

    for left, text in zip((4, 3, 2, 1), texts, strict=False):
        assert f"Tries left: {left}." in text
    assert "That was the fifth wrong code. Get a new one." in texts[4]
    assert f'href="{ASK}"' in texts[4]
    assert type_in(client, code).status_code == 200
    assert client.get(PAGE).status_code == 404


def test_a_code_that_is_late_says_so(client, anna):
    ask(client)
    code = newest_code()
    let_go_by(minutes=11)
    session = client.session
    session["own.asked"] |= {"at": session["own.asked"]["at"] - 11 * 60}
    session.save()

    response = type_in(client, code)

    assert "The code has ended: it works for ten minutes. Get a new one." in (
        response.text
    )
    assert client.get(PAGE).status_code == 404


def test_what_is_no_code_costs_no_try(client, anna):
    ask(client)

    response = type_in(client, "12345")

    assert "The code has six digits" in response.text
    assert SignInCode.objects.get().tries == 0
    assert client.session["own.asked"]["tries"] == 0


def test_a_second_code_for_an_address_within_a_minute_is_refused(client, anna):
    ask(client)

    response = ask(client, "ANNA@example.org")

    assert response.status_code == 429
    assert "A code has just been asked for. Wait a minute" in response.text
    assert len(messages()) == 1


def limits(action, rates):
    return django_settings.ACCOUNT_RATE_LIMITS | {action: rates}


def test_a_stranger_does_not_shut_out_who_asks_from_elsewhere(client, anna):
    for _time in range(6):
        client.post(ASK, {"address": "anna@example.org"}, REMOTE_ADDR="192.0.2.1")
        assert len(messages()) == 1  # From there one a minute.

    owner = browser()
    asked = owner.post(ASK, {"address": "anna@example.org"}, REMOTE_ADDR="198.51.100.7")

    assert (asked.status_code, asked.url) == (302, TYPE)
    assert len(messages()) == 2
    assert type_in(owner, newest_code()).url == PAGE


def test_an_address_that_many_clients_ask_for_rests(anna, settings):
    settings.ACCOUNT_RATE_LIMITS = limits("own_code_address", "2/h/key")

    answers = [
        browser().post(ASK, {"address": address}, REMOTE_ADDR=f"192.0.2.{n}")
        for address in ("anna@example.org", OTHERS)
        for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 429] * 2
    assert "to this address. Wait an hour." in answers[2].text


def test_a_client_that_asks_for_many_is_refused(client, anna, settings):
    settings.ACCOUNT_RATE_LIMITS = limits("own_code_asked", "3/m/ip")

    answers = [ask(client, f"p{n}@example.org").status_code for n in range(4)]

    assert answers == [302, 302, 302, 429]


def test_a_client_that_tries_many_is_refused(client, anna, settings):
    settings.ACCOUNT_RATE_LIMITS = limits("own_code_typed", "2/m/ip")
    ask(client)

    answers = [type_in(client, "000000").status_code for _time in range(3)]

    assert answers == [200, 200, 429]


# What a stranger learns


@pytest.mark.parametrize(
    "why", ["unknown", "shared", "user", "protected", "restricted"]
)
def test_an_address_that_gets_no_code_is_answered_as_one_that_does(anna, why):
    unlike = {
        "unknown": lambda: None,
        "shared": lambda: ParticipantFactory.create_batch(2, email=OTHERS),
        "user": lambda: (UserFactory(email=OTHERS), ParticipantFactory(email=OTHERS)),
        "protected": lambda: ParticipantFactory(email=OTHERS, protected=True),
        "restricted": lambda: ParticipantFactory(
            email=OTHERS, restricted_at=timezone.now()
        ),
    }
    unlike[why]()
    known, other = browser(), browser()

    answers = [
        (ask(known), ask(other, OTHERS)),
        (known.get(TYPE), other.get(TYPE)),
        *[
            (type_in(known, wrong(newest_code())), type_in(other, "123456"))
            for _time in range(5)
        ],
        (ask(known), ask(other, OTHERS)),
    ]

    for one, two in answers:
        assert one.status_code == two.status_code
        assert one.headers.get("Location") == two.headers.get("Location")
        shown = text_of(two).replace("123456", wrong(newest_code()))
        shown = shown.replace(OTHERS, "anna@example.org")
        assert text_of(one) == shown
    assert [to for _kind, to, _text in messages()] == ["anna@example.org"]


def test_no_answer_comes_sooner_than_a_letter_is_written(client, anna, monkeypatch):
    monkeypatch.setattr(pace, "SECONDS", 0.4)
    took = []

    for address in ("anna@example.org", OTHERS):
        begun = time.monotonic()
        ask(client, address)
        took.append(time.monotonic() - begun)

    assert min(took) >= 0.4


def test_nothing_personal_stands_in_an_address_or_the_session(client, anna):
    asked = ask(client)

    assert "anna" not in asked.url
    kept = str(dict(client.session))
    assert "anna" not in kept
    assert newest_code() not in kept


# Two companies


@pytest.fixture
def elsewhere(anna):
    """Anna's row at another company, with the same address."""
    return ParticipantFactory(
        email="anna@example.org", person_key=anna.person_key, given_name="Ana"
    )


def test_who_is_entered_twice_chooses_a_company(client, anna, elsewhere):
    stranger = ParticipantFactory()
    ask(client)

    typed = type_in(client, newest_code())
    choices = client.get(CHOOSE).text
    refused = client.post(CHOOSE, {"row": stranger.ref})
    opened = client.post(CHOOSE, {"row": elsewhere.ref})

    assert typed.url == CHOOSE
    assert anna.company.name in choices
    assert elsewhere.company.name in choices
    assert stranger.company.name not in choices
    assert refused.status_code == 200
    assert opened.url == PAGE
    assert "Hello Ana" in client.get(PAGE).text


def test_before_choosing_no_page_is_open(client, anna, elsewhere):
    ask(client)
    type_in(client, newest_code())

    assert client.get(PAGE).status_code == 404


def test_the_choice_lasts_ten_minutes(client, anna, elsewhere):
    ask(client)
    type_in(client, newest_code())
    SignInCode.objects.update(used_at=timezone.now() - dt.timedelta(minutes=11))

    assert client.get(CHOOSE).url == ASK


# Afterwards


def test_the_own_page_tells_when_it_was_opened_and_by_what(client, anna):
    ask(client)
    type_in(client, newest_code())

    text = client.get(reverse("own:readers")).text

    opened = text.partition("When this page was opened")[2].partition("Links to")[0]
    assert "E-mail code" in opened
    assert f"{timezone.localdate():%Y-%m-%d}" in opened


def test_what_was_tried_is_in_the_trail(client, anna):
    ask(client)
    type_in(client, wrong(newest_code()))
    type_in(client, newest_code())

    told = AuditEntry.objects.filter(mentions__ref=anna.ref).order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "companies.code_sent",
        "companies.code_failed",
        "companies.contact_confirmed",
        "companies.code_opened",
    ]
