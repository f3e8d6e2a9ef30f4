"""Text messages: queued as letters are, sent by a service or written as files."""

import datetime as dt
import logging
import os

import pytest
from django.core.checks import run_checks
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import LetterChannel, LetterState
from accounts.mail_files import files_before
from accounts.models import OutboxMessage
from accounts.services import cancel_letter, forget_letters_about, forget_old_letters
from accounts.services.outbox import MOST_TRIES, send
from accounts.sms import sms_is_on
from accounts.tests import texts
from accounts.tests.factories import make_leader
from accounts.tests.letters import after
from accounts.tests.texts import NUMBER, lend_words, post, service, texts_in
from core.errors import DomainError

pytestmark = pytest.mark.django_db
TOOK = []


def keep(text):
    TOOK.append(text)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SMS_URL = f"filesms://{tmp_path}/sms"
    lend_words(settings, tmp_path)
    return tmp_path / "sms"


@pytest.fixture
def elks(settings):
    with service() as server:
        settings.SMS_URL = server.url()
        settings.SMS_TIMEOUT = 0.5
        yield server


def again(message):
    send(after(message, dt.timedelta(minutes=1)).pk)
    message.refresh_from_db()
    return message


def test_a_text_message_is_a_file_where_no_service_is_set_and_then_forgotten(folder):
    message = post(language="en")
    assert (message.channel, message.state) == (LetterChannel.SMS, LetterState.WAITING)
    assert b"123" not in bytes(message.sealed)

    send(message.pk)

    head = f"To: {NUMBER}\nMessage-ID: <{message.pk}@sms>"
    assert texts_in(folder) == [[head, "Hello, Åsa & Co: 123 456"]]
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    message.refresh_from_db()
    assert (message.state, message.sealed) == (LetterState.SENT, None)


def test_the_language_of_a_text_message_is_the_readers(folder):
    with override("en"):
        message = post(language="sv")

    send(message.pk)

    assert texts_in(folder)[0][1] == "Hej! Åsa & Co: 123 456"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "0701740635",
        "+46 70 174 06 35",
        "+46701740635, +46701740636",
        "+46701740635\n",
        "+468123456",  # Stockholm: a telephone that stands on a table.
        "+4670",
        "anna@example.org",
    ],
)
def test_a_text_message_goes_to_one_mobile_and_to_nothing_else(number):
    with override("en"), pytest.raises(DomainError, match="needs a mobile number in"):
        post(number=number)

    assert not OutboxMessage.objects.exists()


def test_a_service_is_sent_a_form_under_the_senders_name(elks):
    message = post()

    send(message.pk)

    words = "Hej! Åsa & Co: 123 456"
    form = {"from": "Kompetens", "to": NUMBER, "message": words}
    assert elks.asked == [("/a1/sms", "portal:p@ss/word", form)]
    message.refresh_from_db()
    assert message.state == LetterState.SENT


def test_a_service_may_call_its_fields_otherwise_and_take_more(elks, settings):
    settings.SMS_URL = elks.url(
        "from=Kompetens&from_field=From&to_field=To&message_field=Body&dontlog=message"
    )

    send(post().pk)

    ((path, _login, form),) = elks.asked
    assert path == "/a1/sms"
    assert form == {
        "From": "Kompetens",
        "To": NUMBER,
        "Body": "Hej! Åsa & Co: 123 456",
        "dontlog": "message",
    }


def test_a_service_that_fails_is_asked_again_later(elks):
    elks.answers = [500]
    message = post()

    send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure) == (
        LetterState.AGAIN,
        "SmsRefusedError 500",
    )

    assert again(message).state == LetterState.SENT
    assert len(elks.asked) == 2


def test_a_service_that_says_nothing_is_asked_again_later(elks):
    elks.silent_for = 1.0
    message = post()

    send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure) == (LetterState.AGAIN, "ReadTimeout")

    elks.silent_for = 0
    assert again(message).state == LetterState.SENT


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_service_that_leads_elsewhere_is_not_followed(elks, code):
    elks.answers = [code]
    message = post()

    send(message.pk)

    message.refresh_from_db()
    assert message.failure == f"SmsRefusedError {code}"
    assert [path for path, _login, _form in elks.asked] == ["/a1/sms"]


def test_no_log_line_holds_number_words_password_or_answer(elks, caplog):
    elks.answers = [500]
    caplog.set_level(logging.DEBUG)

    send(post().pk)
    elks.shutdown()
    elks.server_close()
    send(post().pk)

    assert "was not sent" in caplog.text
    for secret in ("70174", "123 456", "ss/word", "ss%2Fword", "secret answer"):
        assert secret not in caplog.text
    failures = set(OutboxMessage.objects.values_list("failure", flat=True))
    assert failures == {"SmsRefusedError 500", "ConnectionError"}


def test_the_seventh_failure_is_the_last(elks):
    elks.answers = [500] * MOST_TRIES
    message = post()

    for _try in range(MOST_TRIES):
        again(message)

    assert message.state == LetterState.GIVEN_UP
    assert len(elks.asked) == 7


def test_another_way_may_be_plugged_in(settings, folder):
    settings.SMS_URL, settings.SMS_SENDER = "", f"{__name__}.keep"
    TOOK.clear()
    message = post()

    send(message.pk)

    (text,) = TOOK
    assert (text.id, text.number) == (message.pk, NUMBER)
    assert text.words == "Hej! Åsa & Co: 123 456"
    assert not folder.exists()


def test_without_a_service_the_portal_sends_no_text_messages(settings):
    assert sms_is_on()
    assert not run_checks(tags=["sms"], include_deployment_checks=True)

    settings.SMS_URL = ""

    assert not sms_is_on()
    with override("en"), pytest.raises(DomainError, match="sends no text messages"):
        post()
    (told,) = run_checks(tags=["sms"], include_deployment_checks=True)
    assert told.id == "accounts.I001"
    assert not told.is_serious()


def test_a_cancelled_text_message_is_not_sent_and_forgotten(folder):
    message = post()

    cancel_letter(message=message, actor=make_leader())
    send(message.pk)

    message.refresh_from_db()
    assert (message.state, message.sealed) == (LetterState.CANCELLED, None)
    assert texts_in(folder) == []


def test_old_text_messages_lose_their_number():
    message = post()
    send(message.pk)
    now = timezone.now()
    OutboxMessage.objects.update(queued_at=now - dt.timedelta(days=100))

    assert forget_old_letters(before=now - dt.timedelta(days=90)) == 1

    message.refresh_from_db()
    assert message.recipient == ""


def test_the_files_of_an_erased_person_go_and_others_stay(
    folder, django_capture_on_commit_callbacks
):
    theirs, others = post(person_ref="p-1"), post(person_ref="p-2")
    send(theirs.pk)
    send(others.pk)

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_letters_about(["p-1"]) == 1

    ((head, _words),) = texts_in(folder)
    assert f"<{others.pk}@sms>" in head


def test_old_files_of_text_messages_are_found_for_deleting(folder):
    send(post().pk)
    send(post().pk)
    old = min(folder.iterdir())
    os.utime(old, (0, 0))

    assert files_before(timezone.now() - dt.timedelta(days=30)) == [old]


def test_the_admin_tells_by_what_a_message_goes_and_where_files_lie(
    client, settings, folder
):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(make_leader())
    address = reverse("admin:accounts_outboxmessage_changelist")
    post()

    page = client.get(address, {"channel__exact": "sms"}).content.decode()
    assert f"<code>{folder}</code>" in page
    assert NUMBER in page
    assert '<td class="field-channel">SMS</td>' in page

    settings.SMS_URL = "https://portal:hemligt@api.example.org/sms?from=Me"
    page = client.get(address).content.decode()
    assert "They are written to this folder" not in page
    assert "hemligt" not in page
    assert texts.KIND in page
