"""What a participant is told of the own data, and asks to have corrected."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.enums import CorrectionField
from companies.models import CorrectionRequest
from companies.origins import known_facts
from companies.services import add_participant, change_participant
from companies.services.corrections import ask_for_correction
from companies.tests.factories import CompanyFactory, MembershipFactory
from core.history import CHANGED, write_history
from trainings.tests.factories import (
    ParticipantFactory,
)
from trainings.tests.own import PAGES, anna, open_page, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def facts(participant):
    return {fact.label: fact for fact in known_facts(participant)}


def test_each_value_tells_who_wrote_it_when(django_user_model):
    hr = MembershipFactory(user__name="Hanna HR").user
    leader = make_leader(name="Lea Ledare")
    person = add_participant(
        company=CompanyFactory(),
        actor=hr,
        number="198507099805",
        given_name="Anna",
        family_name="Berg",
    )
    change_participant(participant=person, actor=leader, job_title="Montör")
    change_participant(participant=person, actor=hr, mobile="+46701740635")
    person.refresh_from_db()

    found = facts(person)

    title, number = found["Job title"], found["Personal number"]
    assert (title.value, title.origin.who, title.origin.how) == (
        "Montör",
        leader,
        "written on the form",
    )
    assert (number.value, number.origin.who) == ("19850709-****", hr)
    assert found["Given name"].origin.who == hr
    assert found["E-mail address"].origin is None
    assert found["Mobile"].origin.at > title.origin.at


def test_a_value_from_a_list_or_a_package_says_so(anna):
    anna.job_title = "Svarvare"
    anna.save_without_historical_record()
    rows = type(anna).objects.filter(pk=anna.pk)
    hr = MembershipFactory().user
    write_history(rows, kind=CHANGED, reason="uploaded list", actor=hr)
    rows.update(mobile="+46701740635")
    write_history(rows, kind=CHANGED, reason="programme package")
    anna.refresh_from_db()

    found = facts(anna)

    title, mobile = found["Job title"].origin, found["Mobile"].origin
    assert (title.how, title.who) == ("from a list that was uploaded", hr)
    assert (mobile.how, mobile.who) == ("from a file with the whole programme", None)


def test_the_whole_number_is_on_no_page(client):
    person = add_participant(
        company=CompanyFactory(),
        actor=None,
        number="198507099805",
        given_name="Anna",
        family_name="Berg",
        email="anna@example.org",
    )
    open_page(client, person)

    texts = [client.get(reverse(name)).text for name in PAGES]

    assert "19850709-****" in texts[1]
    assert not any("9805" in text for text in texts)


def test_a_participant_asks_and_sees_the_answer(own_browser, anna):
    response = own_browser.post(
        reverse("own:correction-new"),
        {"field": "name", "text": "I am called Ana"},
        follow=True,
    )
    assert "Sent." in response.text
    correction = CorrectionRequest.objects.get()
    assert (correction.participant, correction.text) == (anna, "I am called Ana")

    CorrectionRequest.objects.update(
        declined_at=timezone.now(), answer="It is so in the register"
    )
    page = own_browser.get(reverse("own:correction", args=[correction.ref]))
    assert "I am called Ana" in page.text
    assert "It is so in the register" in page.text
    assert "left as it is" in own_browser.get(reverse("own:data")).text


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"field": "name", "text": ""}, "This field is required"),
        ({"field": "name", "text": "a\0b"}, "Null characters are not allowed"),
        ({"field": "name", "text": "x" * 5000}, "at most 1000 characters"),
        ({"field": "x", "text": "hello"}, "Select a valid choice"),
        ({"field": "number", "text": "It is 850709-9805"}, "personal number"),
        ({}, "This field is required"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(own_browser, posted, sentence):
    response = own_browser.post(reverse("own:correction-new"), posted)

    assert response.status_code == 200
    assert sentence in response.text
    assert not CorrectionRequest.objects.exists()


def test_a_posted_participant_or_answer_changes_nothing(own_browser, anna):
    bo = ParticipantFactory()
    own_browser.post(
        reverse("own:correction-new"),
        {
            "field": "other",
            "text": "hello",
            "participant": bo.pk,
            "answer": "yes",
            "corrected_at": "2026-01-01",
        },
    )

    correction = CorrectionRequest.objects.get()
    assert (correction.participant, correction.answer) == (anna, "")
    assert correction.is_open


def test_script_in_a_correction_is_text(own_browser, anna):
    correction = ask_for_correction(
        participant=anna, field=CorrectionField.OTHER, text="<script>alert(1)</script>"
    )

    text = own_browser.get(reverse("own:correction", args=[correction.ref])).text

    assert "&lt;script&gt;alert(1)" in text


def test_anothers_correction_is_not_found(own_browser):
    theirs = ask_for_correction(
        participant=ParticipantFactory(), field=CorrectionField.NAME, text="hello"
    )

    url = reverse("own:correction", args=[theirs.ref])

    assert own_browser.get(url).status_code == 404


def test_the_participant_fetches_a_copy_of_all(own_browser):
    assert reverse("privacy:own-copy") in own_browser.get(reverse("own:data")).text

    response = own_browser.post(reverse("privacy:own-copy"))

    assert response["Content-Type"] == "application/zip"
    assert b"".join(response).startswith(b"PK")
