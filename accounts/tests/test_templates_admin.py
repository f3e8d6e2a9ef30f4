"""A project leader writes the words of a message in the admin, and looks at them."""

import pytest
from django.urls import reverse

from accounts.message_templates import standard_words
from accounts.models import MessageTemplate
from accounts.tests.factories import make_leader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = reverse("admin:accounts_messagetemplate_changelist")
PAGE = reverse("admin:accounts_messagetemplate_words", args=["offered", "en"])
GOOD = {
    "subject": "A place on {course}",
    "text": "Yes <b>or</b> no to {course} by {deadline}?\n\n{sessions}",
    "seen": "",
}


@pytest.fixture
def leader(client):
    leader = make_leader(email="leda@example.org")
    client.force_login(leader)
    return leader


def text_of(response):
    return response.content.decode()


def written():
    return MessageTemplate.objects.values_list("kind", "language", "subject").first()


def test_the_list_shows_every_message_in_both_languages(client, leader):
    client.post(PAGE, GOOD | {"save": "1"})
    page = text_of(client.get(LIST))

    assert page.count("standard words") == 12 * 2 - 1 + 1  # In the help text, too.
    assert "The offer of a place, English" in page
    assert "leda@example.org" in page


def test_the_page_lists_the_placeholders_in_words(client, leader):
    page = text_of(client.get(PAGE))

    assert "<code>{deadline}</code>" in page
    assert "Until when the offer stands" in page
    assert "must be in the text" in page
    assert "{reason}" not in page


def test_words_are_shown_as_a_letter_before_they_are_saved(client, leader):
    page = text_of(client.post(PAGE, GOOD | {"preview": "1"}))

    assert "It is not saved yet" in page
    assert "A place on Robot programming" in page
    assert (
        "Yes &lt;b&gt;or&lt;/b&gt; no to Robot programming by "
        "Friday 20 February 2026, 16:00?"
    ) in page
    assert written() is None


def test_words_are_saved_and_shown_as_a_letter(client, leader):
    response = client.post(PAGE, GOOD | {"save": "1"}, follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert "Letters that are written from now on say this" in text_of(response)
    assert "A place on Robot programming" in text_of(response)
    assert written() == ("offered", "en", "A place on {course}")


@pytest.mark.parametrize("button", ["save", "preview"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": ""}, "Write a subject"),
        ({"text": "{course}"}, "The text needs {deadline}: until when the offer"),
        ({"text": "{course} {deadline}"}, "The text needs {sessions}: when its"),
        ({"text": "{course} {deadline} {x}"}, "This message knows no {x}"),
        ({"text": "{course} {deadline} {"}, "A brace stands alone"),
        ({"subject": "x" * 151}, "at most 150 characters"),
        ({"text": "a\x00{deadline}"}, "Null characters are not allowed"),
        ({"seen": "2026-99-99T00:00"}, "Open the page once more"),
        ({"seen": "x"}, "Open the page once more"),
    ],
)
def test_wrong_words_are_refused_with_a_sentence(
    client, leader, button, changes, sentence
):
    response = client.post(PAGE, GOOD | changes | {button: "1"})

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert written() is None


def test_an_empty_form_is_refused(client, leader):
    response = client.post(PAGE, {})

    assert response.status_code == 200
    assert "Write a subject" in text_of(response)


def test_somebody_elses_words_are_shown_and_not_overwritten(client, leader):
    client.post(PAGE, GOOD | {"save": "1"})
    mine = GOOD | {"subject": "Mine", "save": "1"}
    page = client.post(PAGE, mine)

    assert "leda@example.org saved this message at" in text_of(page)
    assert "What is saved now" in text_of(page)
    assert written() == ("offered", "en", "A place on {course}")
    seen = page.context["form"]["seen"].value()
    client.post(PAGE, mine | {"seen": seen})
    assert written() == ("offered", "en", "Mine")


def test_back_to_the_standard_words(client, leader):
    client.post(PAGE, GOOD | {"save": "1"})
    seen = client.get(PAGE).context["form"]["seen"].value()
    response = client.post(PAGE, GOOD | {"seen": seen, "restore": "1"}, follow=True)

    assert "The standard words are in force again" in text_of(response)
    assert written() is None
    assert "went back to the standard words" in text_of(response)
    form = client.get(PAGE).context["form"]
    assert form["subject"].value() == standard_words("offered", "en").subject


def test_restoring_what_is_standard_is_refused(client, leader):
    response = client.post(PAGE, GOOD | {"restore": "1"})

    assert "in force already" in text_of(response)


def test_an_earlier_text_begins_in_the_form(client, leader):
    client.post(PAGE, GOOD | {"save": "1"})
    version = MessageTemplate.history.get().history_id
    seen = client.get(PAGE).context["form"]["seen"].value()
    client.post(PAGE, GOOD | {"subject": "Newer", "seen": seen, "save": "1"})

    form = client.get(PAGE, {"version": version}).context["form"]
    assert form["subject"].value() == "A place on {course}"
    form = client.get(PAGE, {"version": "standard"}).context["form"]
    assert form["subject"].value() == standard_words("offered", "en").subject


@pytest.mark.parametrize("version", ["0", "9" * 30, "x", "-1", "²"])
def test_an_earlier_text_that_is_not_there_is_not_found(client, leader, version):
    assert client.get(PAGE, {"version": version}).status_code == 404


@pytest.mark.parametrize("place", ["unknown/en", "offered/de", "../en"])
def test_an_unknown_message_is_not_found(client, leader, place):
    assert client.get(f"{LIST}words/{place}/").status_code == 404


def test_the_row_of_a_message_opens_its_page(client, leader):
    client.post(PAGE, GOOD | {"save": "1"})
    row = MessageTemplate.objects.get()
    address = reverse("admin:accounts_messagetemplate_change", args=[row.pk])

    assert "A place on Robot programming" in text_of(client.get(address))


def test_to_others_it_is_not_there(client):
    client.force_login(make_leader())
    client.logout()

    assert client.get(PAGE).status_code == 302
