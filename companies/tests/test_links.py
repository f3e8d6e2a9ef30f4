"""A participant's link: who may have one, what it opens, and when it ends."""

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.utils import timezone

from accounts.models import AuditEntry, OutboxMessage
from companies.models import PersonalLink
from companies.services import change_participant
from companies.services.links import (
    link_of,
    make_personal_link,
    next_letter_at,
    open_personal_link,
    revoke_personal_links,
    send_personal_link,
)
from companies.tests.factories import ParticipantFactory
from companies.tests.linking import (
    anna,
    hr,
    letters,
    token_in,
    wait_ten_minutes,
)
from core.errors import DomainError

__all__ = ["anna", "hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ADDRESS = "https://portal.example.org/me/%s/"


def clock(time):
    """Return the moment on a day in January, in Stockholm."""
    return dt.datetime.fromisoformat(f"2026-01-10T{time}+01:00")


def send(participant, actor, language="sv"):
    return send_personal_link(
        participant=participant,
        actor=actor,
        language=language,
        address_of=lambda token: ADDRESS % token,
    )


# Sending


def test_the_link_goes_to_the_persons_own_address_and_to_nobody_else(anna, hr):
    link = send(anna, hr.user)

    ((recipient, language, subject, text),) = letters()
    assert (recipient, language) == ("anna@example.org", "sv")
    token = token_in(text)
    assert link.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(link))
    assert link_of(token) == link
    assert "\n" not in subject


def test_the_letter_is_in_the_chosen_language(anna, hr):
    send(anna, hr.user, language="en")

    ((_to, language, subject, text),) = letters()
    assert language == "en"
    assert subject == "Your own page in Kompetenslyft"
    assert "Do not send it on." in text


def test_a_token_says_nothing_about_the_person(anna, hr):
    tokens = {make_personal_link(participant=anna, actor=None) for _ in range(20)}

    assert len(tokens) == 20
    for token in tokens:
        assert anna.ref not in token
        assert len(token.split(".")[0]) == 43  # 256 bits in base 64.


def test_a_link_lasts_as_long_as_the_setting_says(anna, hr, settings):
    settings.PERSONAL_LINK_DAYS = 7

    link = send(anna, hr.user)

    assert link.expires_at - link.made_at == dt.timedelta(days=7)


def test_sending_is_written_down_without_the_address(anna, hr):
    send(anna, hr.user)

    entry = AuditEntry.objects.get(action="companies.link_sent")
    assert entry.payload.actor == hr.user
    assert entry.payload.facts == {"language": "sv"}
    assert [mention.ref for mention in entry.mentions.all()] == [anna.ref]


def test_a_new_link_ends_the_old_one(anna, hr):
    first = make_personal_link(participant=anna, actor=hr.user)

    second = make_personal_link(participant=anna, actor=hr.user)

    assert link_of(first) is None
    assert link_of(second) is not None


def test_a_second_link_within_ten_minutes_is_refused(anna, hr):
    send(anna, hr.user)

    with pytest.raises(DomainError, match="has just been sent"):
        send(anna, hr.user)

    assert len(letters()) == 1
    assert PersonalLink.objects.valid().count() == 1


def test_revoking_does_not_shorten_the_ten_minutes(anna, hr):
    send(anna, hr.user)
    revoke_personal_links(participant=anna, actor=hr.user)

    with pytest.raises(DomainError, match="has just been sent"):
        send(anna, hr.user)


def test_a_link_that_nobody_was_sent_makes_nobody_wait(anna, hr):
    make_personal_link(participant=anna, actor=None)
    revoke_personal_links(participant=anna, actor=hr.user)

    send(anna, hr.user)

    assert len(letters()) == 1


def test_a_letter_that_was_cancelled_makes_nobody_wait(anna, hr):
    send(anna, hr.user)
    OutboxMessage.objects.update(cancelled_at=timezone.now())

    send(anna, hr.user)

    assert len(letters()) == 2


@pytest.mark.parametrize(
    ("sent", "now", "next_at"),
    [
        ("08:00:00", "08:09:59", "08:11"),
        ("08:00:59", "08:09:59", "08:11"),
        ("08:00:59", "08:10:58", "08:11"),
        ("08:00:59", "08:10:59", None),
    ],
)
def test_the_next_link_can_be_sent_at_the_minute_that_is_said(
    anna, hr, monkeypatch, sent, now, next_at
):
    send(anna, hr.user)
    OutboxMessage.objects.update(queued_at=clock(sent))
    monkeypatch.setattr(timezone, "now", lambda: clock(now))

    at = next_letter_at(anna)

    assert (at and f"{timezone.localtime(at):%H:%M}") == next_at


def test_after_ten_minutes_another_link_may_be_sent(anna, hr):
    send(anna, hr.user)
    wait_ten_minutes()

    send(anna, hr.user)

    assert len(letters()) == 2


def test_without_an_address_nothing_is_sent(hr):
    person = ParticipantFactory(company=hr.company)

    with pytest.raises(DomainError, match="There is no e-mail address"):
        send(person, hr.user)

    assert not PersonalLink.objects.exists()


def test_an_address_of_two_people_is_refused_at_any_company(anna, hr):
    ParticipantFactory(email="Anna@Example.org")

    with pytest.raises(DomainError, match="Somebody else in the portal"):
        send(anna, hr.user)


def test_one_person_at_two_companies_may_have_one_address(anna, hr):
    ParticipantFactory(email=anna.email, person_key=anna.person_key)

    assert send(anna, hr.user)


def test_an_address_that_only_differs_in_case_is_the_same(anna, hr):
    ParticipantFactory(company=hr.company, email="ANNA@EXAMPLE.ORG")

    with pytest.raises(DomainError, match="Somebody else in the portal"):
        send(anna, hr.user)


def test_an_address_of_a_portal_user_is_refused(hr):
    person = ParticipantFactory(company=hr.company, email=hr.user.email.upper())

    with pytest.raises(DomainError, match="Somebody else in the portal"):
        send(person, hr.user)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"protected": True}, "protected identity"),
        ({"restricted_at": timezone.now()}, "restricted"),
        ({"erased_at": timezone.now()}, "no person's any more"),
    ],
)
def test_some_people_are_sent_nothing(hr, state, reason):
    person = ParticipantFactory(company=hr.company, email="x@example.org", **state)

    with pytest.raises(DomainError, match=reason):
        send(person, hr.user)

    assert not letters()


def test_a_row_that_was_merged_is_sent_nothing(anna, hr):
    absorbed = ParticipantFactory(
        company=hr.company, email="b@example.org", merged_into=anna
    )

    with pytest.raises(DomainError, match="no person's any more"):
        send(absorbed, hr.user)


def test_an_address_with_line_breaks_never_reaches_a_person():
    person = ParticipantFactory.build(email="a@example.org\nBcc: b@example.org")

    with pytest.raises(ValidationError):
        person.clean_fields(exclude=["person_key", "company"])


# Opening


def test_opening_is_written_down_as_the_participants_own_act(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)

    link = open_personal_link(token=token)

    assert link.opened_at is not None
    entry = AuditEntry.objects.get(action="companies.link_opened")
    assert entry.payload.actor is None
    assert entry.payload.facts == {"by": "participant"}


def test_a_link_opens_again_until_it_ends(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)

    assert open_personal_link(token=token) == open_personal_link(token=token)


def test_an_expired_link_opens_nothing(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)
    PersonalLink.objects.update(expires_at=timezone.now())

    assert open_personal_link(token=token) is None
    assert not AuditEntry.objects.filter(action="companies.link_opened").exists()


def test_a_revoked_link_opens_nothing(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)
    revoke_personal_links(participant=anna, actor=hr.user)

    assert open_personal_link(token=token) is None


def test_revoking_twice_is_a_sentence(anna, hr):
    make_personal_link(participant=anna, actor=hr.user)
    revoke_personal_links(participant=anna, actor=hr.user)

    with pytest.raises(DomainError, match="no link to revoke"):
        revoke_personal_links(participant=anna, actor=hr.user)


def test_a_token_that_was_changed_opens_nothing(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)
    last = "A" if token[-1] != "A" else "B"

    for changed in (token[:-1] + last, token[1:], f"{token}x", token.split(".")[0], ""):
        assert link_of(changed) is None, changed


def test_the_signature_counts_even_where_the_database_knows_the_token(anna, hr):
    make_personal_link(participant=anna, actor=hr.user)
    forged = Signer(salt="another.purpose", sep=".").sign("x" * 43)
    digest = hashlib.sha256(forged.encode()).hexdigest()
    PersonalLink.objects.update(digest=digest)

    assert link_of(forged) is None


@pytest.mark.parametrize(
    "state", [{"protected": True}, {"erased_at": timezone.now()}, {"email": ""}]
)
def test_a_link_ends_with_what_becomes_of_the_person(anna, hr, state):
    token = make_personal_link(participant=anna, actor=hr.user)
    for name, value in state.items():
        setattr(anna, name, value)
    anna.save()

    assert link_of(token) is None


def test_a_link_ends_when_its_row_is_merged_into_another(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)
    anna.merged_into = ParticipantFactory(company=hr.company)
    anna.save()

    assert link_of(token) is None


def test_a_new_address_ends_links_that_went_to_the_old_one(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)

    change_participant(participant=anna, actor=hr.user, email="new@example.org")

    assert link_of(token) is None
    assert link_of(make_personal_link(participant=anna, actor=hr.user)) is not None


def test_a_change_of_something_else_ends_no_link(anna, hr):
    token = make_personal_link(participant=anna, actor=hr.user)

    change_participant(participant=anna, actor=hr.user, job_title="Montör")

    assert link_of(token) is not None
