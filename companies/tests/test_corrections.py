"""What participants ask to have corrected, and who answers."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.enums import CorrectionField
from companies.identity import holds_a_number
from companies.models import CorrectionRequest
from companies.services.corrections import (
    ask_for_correction,
    close_as_corrected,
    decline_correction,
)
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.crypto import decrypt
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = reverse("companies:corrections")


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def anna(hr):
    return ParticipantFactory(company=hr.company, email="anna@example.org")


@pytest.fixture
def correction(anna):
    return ask(anna)


def ask(person, text="I am called Ana, with one n."):
    return ask_for_correction(participant=person, field=CorrectionField.NAME, text=text)


# Asking


def test_what_is_asked_lies_sealed_and_is_written_down_without_its_words(anna):
    correction = ask(anna)

    assert b"Ana" not in bytes(correction.sealed)
    assert correction.text == "I am called Ana, with one n."
    entry = AuditEntry.objects.get(action="companies.correction_asked")
    assert entry.payload.facts == {"by": "participant", "field": "name"}
    assert entry.payload.subject_ref == correction.ref
    assert [mention.ref for mention in entry.mentions.all()] == [anna.ref]


def test_at_most_ten_wait_at_a_time(anna, hr):
    waiting = [ask(anna) for _ in range(10)]

    with pytest.raises(DomainError, match="10 corrections wait"):
        ask(anna)
    close_as_corrected(correction=waiting[0], actor=hr.user)

    assert ask(anna).is_open


@pytest.mark.parametrize(
    "text",
    [
        "My number is 850709-9805.",
        "850709 9805",
        "8507099805",
        "198507099805",
        "19850709-9805",
        "19850709 9805",
        "850709+9805",
        "850709-1234",  # A slip of the pen is somebody's number all the same.
        "19850709–0000",
        "701063-2391",  # A coordination number, of the tax agency's own example.
        "(8507099805)",
    ],
)
def test_a_text_with_a_personal_number_is_refused(anna, text):
    with pytest.raises(DomainError, match="seems to hold a personal number"):
        ask(anna, text)

    assert not CorrectionRequest.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "My mobile is 070-174 06 35, not 070-174 06 36.",
        "0701740635",
        "+46701740635",
        "I was there on 2026-03-02, 08:00 to 12:30.",
        "Occasion occ-2026-0042, 12,5 hours",
        "999156-1680",  # The organisation number of a company.
        "12345678901234567890",
        "",
    ],
)
def test_dates_times_and_telephones_are_no_personal_numbers(text):
    assert not holds_a_number(text)


# Answering


def test_a_correction_is_answered_and_a_letter_says_only_that(correction, hr):
    close_as_corrected(correction=correction, actor=hr.user, answer="Done, thank you.")

    correction.refresh_from_db()
    assert correction.corrected_at is not None
    assert (correction.answer, correction.answered_by) == ("Done, thank you.", hr.user)
    message = OutboxMessage.objects.get()
    assert message.recipient == "anna@example.org"
    words = str(json.loads(decrypt(bytes(message.sealed))))
    assert "thank you" not in words
    assert "Ana" not in words
    assert AuditEntry.objects.filter(action="companies.correction_corrected").exists()


def test_declining_needs_a_reason(correction, hr):
    with pytest.raises(DomainError, match="Say why"):
        decline_correction(correction=correction, actor=hr.user, answer="  ")
    decline_correction(correction=correction, actor=hr.user, answer="It says so.")

    correction.refresh_from_db()
    assert correction.declined_at is not None
    assert AuditEntry.objects.filter(action="companies.correction_declined").exists()


def test_an_answer_is_given_once(correction, hr):
    close_as_corrected(correction=correction, actor=hr.user)

    with pytest.raises(DomainError, match="answered this already"):
        decline_correction(correction=correction, actor=hr.user, answer="No.")

    correction.refresh_from_db()
    assert correction.declined_at is None
    assert OutboxMessage.objects.count() == 1


def test_an_answer_holds_no_personal_number(correction, hr):
    with pytest.raises(DomainError, match="seems to hold a personal number"):
        close_as_corrected(
            correction=correction, actor=hr.user, answer="Now 850709-9805."
        )

    correction.refresh_from_db()
    assert correction.is_open


def test_who_may_get_no_letter_is_answered_without_one(hr):
    person = ParticipantFactory(company=hr.company, protected=True, email="p@e.org")

    close_as_corrected(correction=ask(person), actor=hr.user)

    assert not OutboxMessage.objects.exists()


# The pages


def test_hr_sees_own_peoples_and_nobody_elses(client, hr, correction):
    ask(ParticipantFactory(family_name="Deras"))
    client.force_login(hr.user)

    text = client.get(LIST).text

    assert reverse("companies:correction", args=[correction.ref]) in text
    assert "Deras" not in text
    entry = AuditEntry.objects.get(action="companies.corrections_listed")
    refs = [mention.ref for mention in entry.mentions.all()]
    assert refs == [correction.participant.ref]


def test_answered_ones_are_on_a_list_of_their_own(client, hr, correction, anna):
    close_as_corrected(correction=correction, actor=hr.user)
    later = ask(anna)
    client.force_login(hr.user)

    waiting = client.get(LIST).context["page"].rows
    answered = client.get(LIST, {"show": "answered"}).context["page"].rows

    assert list(waiting) == [later]
    assert list(answered) == [correction]


def test_hr_reads_and_answers_on_the_page(client, hr, correction):
    client.force_login(hr.user)
    url = correction.get_absolute_url()

    page = client.get(url)
    response = client.post(url, {"answer": "Done.", "corrected": ""}, follow=True)

    assert "I am called Ana, with one n." in page.text
    assert "The participant sees the answer now." in response.text
    correction.refresh_from_db()
    assert correction.answered_by == hr.user
    assert AuditEntry.objects.filter(action="companies.correction_read").count() == 1


def test_declining_without_a_reason_keeps_the_page(client, hr, correction):
    client.force_login(hr.user)

    response = client.post(correction.get_absolute_url(), {"answer": "", "decline": ""})

    assert "Say why nothing is changed." in response.text
    correction.refresh_from_db()
    assert correction.is_open


def test_the_second_of_two_tabs_is_told_so(client, hr, correction):
    client.force_login(hr.user)
    url = correction.get_absolute_url()
    client.post(url, {"answer": "Done.", "corrected": ""})

    response = client.post(url, {"answer": "No.", "decline": ""})

    assert "Somebody has answered this already." in response.text
    correction.refresh_from_db()
    assert (correction.answer, correction.declined_at) == ("Done.", None)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("a\0b", "Null characters are not allowed."),
        ("x" * 5000, "at most 500 characters"),
        ("850709-9805", "seems to hold a personal number"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_a_sentence(
    client, hr, correction, answer, sentence
):
    client.force_login(hr.user)

    response = client.post(
        correction.get_absolute_url(), {"answer": answer, "corrected": ""}
    )

    assert response.status_code == 200
    assert sentence in response.text
    correction.refresh_from_db()
    assert correction.is_open


def test_what_somebody_wrote_is_shown_as_text(client, hr, anna):
    correction = ask(anna, "<script>alert(1)</script>")
    client.force_login(hr.user)

    text = client.get(correction.get_absolute_url()).text

    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("make", [UserFactory, make_funder])
def test_others_find_no_corrections(client, correction, make):
    client.force_login(make())

    assert client.get(LIST).status_code == 404
    assert client.get(correction.get_absolute_url()).status_code == 404


def test_another_companys_hr_neither_reads_nor_answers(client, correction):
    client.force_login(MembershipFactory().user)
    url = correction.get_absolute_url()

    assert client.get(url).status_code == 404
    assert client.post(url, {"answer": "x", "corrected": ""}).status_code == 404
    correction.refresh_from_db()
    assert correction.is_open


def test_a_protected_persons_correction_needs_the_named_right(client, hr):
    correction = ask(ParticipantFactory(company=hr.company, protected=True))
    leader = make_leader()
    client.force_login(leader)

    without = client.get(correction.get_absolute_url()).status_code
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    with_right = client.get(correction.get_absolute_url()).status_code

    assert (without, with_right) == (404, 200)


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_costs_the_same_for_one_and_for_forty(
    client, hr, count, django_assert_max_num_queries
):
    for _ in range(count):
        ask(ParticipantFactory(company=hr.company))
    client.force_login(hr.user)
    client.get(LIST)

    # Session, user, memberships, navigation; rows and count; four of the audit entry.
    with django_assert_max_num_queries(12):
        client.get(LIST)
