"""What HR can and cannot do with the contacts of its staff."""

import pytest
from django.utils import timezone

from accounts.models import OutboxMessage
from companies.models import Participant, SignInCode
from companies.services import change_participant
from companies.tests.coding import OTHER_MOBILE, ask, messages, sign_in
from companies.tests.linking import anna, hr, link_by_letter
from core.errors import DomainError

__all__ = ["anna", "hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = "anna@home.example.org"


def test_hr_does_not_change_what_the_person_confirmed(anna, hr):
    sign_in("anna@example.org")
    today = f"{timezone.localdate():%Y-%m-%d}"

    for email in (NEW, ""):
        with pytest.raises(DomainError, match=f"confirmed this e-mail.*{today}"):
            change_participant(participant=anna, actor=hr.user, email=email)

    change_participant(
        participant=anna, actor=hr.user, email="anna@example.org", job_title="Smed"
    )
    person = Participant.objects.get()
    assert (person.email, person.job_title) == ("anna@example.org", "Smed")


def test_hr_changes_what_is_not_confirmed_and_the_old_address_is_told(anna, hr):
    link_by_letter(anna, hr)

    change_participant(participant=anna, actor=hr.user, email=NEW)

    ((kind, to, text),) = messages()
    assert (kind, to) == ("contact_changed", "anna@example.org")
    assert "företaget som hade skrivit in adressen" in text


def test_an_address_that_was_never_written_to_is_told_nothing(anna, hr):
    change_participant(participant=anna, actor=hr.user, email=NEW)

    assert not OutboxMessage.objects.exists()


def test_an_open_code_ends_when_hr_changes_the_address(anna, hr):
    ask("anna@example.org")

    change_participant(participant=anna, actor=hr.user, email=NEW)

    assert not SignInCode.objects.usable().exists()
    assert not messages("sign_in_code")


def test_a_new_mobile_cancels_no_letter(anna, hr):
    link_by_letter(anna, hr)

    change_participant(participant=anna, actor=hr.user, mobile=OTHER_MOBILE)

    assert [kind for kind, _to, _text in messages()] == ["personal_link"]
