"""The link on the person's page: sent, ended, and waited for."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import UserFactory, make_leader
from companies.models import PersonalLink
from companies.services.links import link_of, make_personal_link
from companies.tests.factories import MembershipFactory, ParticipantFactory
from companies.tests.linking import (
    anna,
    hr,
    letters,
    token_in,
    wait_ten_minutes,
)

__all__ = ["anna", "hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_hr_sends_and_revokes_on_the_persons_page(client, anna, hr):
    client.force_login(hr.user)

    sent = client.post(
        reverse("companies:link-send", args=[anna.ref]),
        {"language": "en"},
        follow=True,
    )
    ((_to, language, _subject, text),) = letters()
    token = token_in(text)
    assert "on its way" in sent.text
    assert "Revoke the link" in sent.text
    assert language == "en"
    assert token not in sent.text
    assert f"http://testserver{reverse('own:open', args=[token])}" in text

    revoked = client.post(
        reverse("companies:link-revoke", args=[anna.ref]), follow=True
    )
    assert "The link is revoked." in revoked.text
    assert "does not open the page any more" in revoked.text
    assert link_of(token) is None


def test_who_has_just_sent_sees_when_the_next_can_go_and_no_button(client, anna, hr):
    client.force_login(hr.user)
    client.post(reverse("companies:link-send", args=[anna.ref]))
    sent_at = timezone.localtime(OutboxMessage.objects.get().queued_at)
    next_at = sent_at + dt.timedelta(minutes=11)
    sentence = f"The next one can be sent at {next_at:%H:%M}."

    waiting = client.get(anna.get_absolute_url()).text
    client.post(reverse("companies:link-revoke", args=[anna.ref]))
    revoked = client.get(anna.get_absolute_url()).text
    wait_ten_minutes()
    later = client.get(anna.get_absolute_url()).text

    for page in (waiting, revoked):
        assert sentence in page
        assert "Send a new link" not in page
    assert "can be sent at" not in later
    assert "Send a new link" in later


def test_a_leader_sends_too_and_a_language_that_is_none_becomes_swedish(client, anna):
    client.force_login(make_leader())

    client.post(
        reverse("companies:link-send", args=[anna.ref]), {"language": "<script>"}
    )

    assert [language for _to, language, _subject, _text in letters()] == ["sv"]


def test_a_refusal_is_a_sentence_and_leaves_a_trace(client, anna, hr):
    ParticipantFactory(email=anna.email)
    client.force_login(hr.user)

    response = client.post(reverse("companies:link-send", args=[anna.ref]), follow=True)

    assert "Somebody else in the portal uses this e-mail address" in response.text
    entry = AuditEntry.objects.get(action="companies.link_sending_refused")
    assert [mention.ref for mention in entry.mentions.all()] == [anna.ref]


@pytest.mark.parametrize("name", ["companies:link-send", "companies:link-revoke"])
def test_another_companys_person_is_not_found(client, anna, name):
    client.force_login(MembershipFactory().user)
    make_personal_link(participant=anna, actor=None)

    response = client.post(reverse(name, args=[anna.ref]), {"language": "sv"})

    assert response.status_code == 404
    assert PersonalLink.objects.valid().count() == 1
    assert not letters()


def test_a_link_is_neither_sent_nor_revoked_by_looking(client, anna, hr):
    client.force_login(hr.user)

    for name in ("companies:link-send", "companies:link-revoke"):
        assert client.get(reverse(name, args=[anna.ref])).status_code == 405


def test_who_holds_no_role_sends_nothing(client, anna):
    client.force_login(UserFactory())

    response = client.post(reverse("companies:link-send", args=[anna.ref]))

    assert response.status_code == 404
