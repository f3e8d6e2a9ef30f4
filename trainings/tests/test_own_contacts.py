"""The participant's page of the own e-mail address and mobile, in the browser."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.tests.factories import UserFactory, make_leader
from companies.models import Participant, SignInCode
from companies.services.contacts import release_contact
from companies.services.links import send_personal_link
from companies.tests.coding import EMAIL, MOBILE, messages, newest_code, wrong
from companies.tests.linking import token_in
from trainings.own import pace
from trainings.tests.own import PAGE, anna, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CONTACTS = reverse("own:contacts")
CODE = reverse("own:contact-code")
NEW = "anna@home.example.org"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    cache.clear()
    monkeypatch.setattr(pace, "SECONDS", 0)


def new(kind="email"):
    return reverse("own:contact-new", args=[kind])


def remove(kind="email"):
    return reverse("own:contact-remove", args=[kind])


def enter(client, address=NEW, kind="email"):
    return client.post(new(kind), {"address": address})


def type_in(client, code, **options):
    return client.post(CODE, {"code": code}, **options)


def by_letter(client, anna):
    """Open the page by the link in a letter."""
    send_personal_link(
        participant=anna,
        actor=make_leader(name="Lena Leder"),
        language="en",
        address_of=lambda token: f"https://portal.example.org/me/{token}/",
    )
    (*_, text) = [text for _kind, _to, text in messages("personal_link")]
    return client.post(reverse("own:open", args=[token_in(text)]))


def test_the_page_shows_what_is_known_and_whose_it_is(own_browser):
    text = own_browser.get(CONTACTS).text

    assert "anna@example.org" in text
    assert "Not confirmed: HR can change it." in text
    assert "None." in text


def test_a_new_address_is_entered_and_confirmed_and_the_session_stays(client, anna):
    by_letter(client, anna)

    asked = enter(client)
    typed = type_in(client, newest_code(), follow=True)

    assert (asked.status_code, asked.url) == (302, CODE)
    assert "Confirmed. Only you can change it now." in typed.text
    assert NEW in typed.text
    assert "e-mail code" in typed.text
    assert client.get(PAGE).status_code == 200
    assert client.session["own.channel"] == "email"
    assert not anna.personal_links.valid().exists()


def test_a_confirmed_address_says_by_what_and_since_when(client, anna):
    by_letter(client, anna)

    text = client.get(CONTACTS).text

    assert "Confirmed by you: personal link" in " ".join(text.split())


def test_what_hr_wrote_is_confirmed_by_a_code(own_browser, anna):
    own_browser.post(reverse("own:contact-confirm", args=["email"]))

    type_in(own_browser, newest_code())

    assert Participant.objects.get().email_confirmed_at is not None
    assert own_browser.session["own.channel"] == "link"


def test_a_mobile_is_entered_as_people_write_it(own_browser):
    enter(own_browser, "070-174 06 35", "sms")
    type_in(own_browser, newest_code())

    person = Participant.objects.get()
    assert person.mobile == MOBILE
    assert person.mobile_confirmed_at is not None


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("email", "070-174 06 35", "Write an e-mail address"),
        ("sms", "anna@example.org", "Write a mobile"),
        ("sms", "08-123 456 78", "Write a mobile"),
    ],
)
def test_what_is_no_contact_of_that_kind_is_said_so(own_browser, kind, typed, sentence):
    response = enter(own_browser, typed, kind)

    assert response.status_code == 200
    assert sentence in response.text
    assert not messages()


def test_the_address_of_a_user_is_answered_as_any_other(own_browser, anna):
    UserFactory(email=NEW)

    asked = enter(own_browser)
    page = own_browser.get(CODE).text
    typed = type_in(own_browser, "123456").text

    assert asked.url == CODE
    assert "If the address may be used, a letter with six digits" in page
    assert "The code is wrong, or another one was sent since. Tries left: 4." in typed
    assert not messages()


def test_five_wrong_codes_end_it(own_browser):
    enter(own_browser)
    code = newest_code()

    texts = [type_in(own_browser, wrong(code)).text for _time in range(5)]

    assert "That was the fifth wrong code. Get a new one." in texts[4]
    type_in(own_browser, code)
    assert Participant.objects.get().email == "anna@example.org"


def test_who_has_asked_for_no_code_is_led_back(own_browser):
    assert own_browser.get(CODE).url == CONTACTS
    assert type_in(own_browser, "123456").url == CONTACTS


def test_a_second_address_within_a_minute_is_refused(own_browser):
    enter(own_browser)

    assert "Wait a minute" in enter(own_browser, "anna@work.example.org").text


@pytest.mark.parametrize("page", ["own:contact-new", "own:contact-remove"])
def test_another_kind_is_not_found(own_browser, page):
    assert own_browser.get(reverse(page, args=["fax"])).status_code == 404


def test_the_last_way_in_is_asked_about_once_more(own_browser, anna):
    asked = own_browser.get(remove())
    refused = own_browser.post(remove())
    done = own_browser.post(remove(), {"knows_last": "on"})

    assert "It is your last way to this page." in asked.text
    assert "Tick that you know it" in refused.text
    assert Participant.objects.get().email == ""
    assert done.url == reverse("own:sign-in")  # The link came by that address.
    assert own_browser.get(PAGE).status_code == 404


def test_removing_names_what_hr_has_entered_where_codes_go_then(client, anna):
    by_letter(client, anna)
    assert "have not confirmed it" not in client.get(remove()).text
    Participant.objects.update(mobile=MOBILE)

    asked = client.get(remove()).text

    assert f"HR has entered {MOBILE}, and you have not confirmed it." in asked
    assert "It is your last way" not in asked


def test_who_came_by_the_mobile_stays_when_the_address_goes(client, anna):
    anna.mobile = MOBILE
    anna.save()
    client.post(reverse("own:sign-in"), {"address": MOBILE})
    client.post(reverse("own:sign-in-code"), {"code": newest_code()})

    asked = client.get(remove())
    done = client.post(remove())

    assert "last way" not in asked.text
    assert done.url == CONTACTS
    assert Participant.objects.get().email == ""


def test_where_there_is_none_there_is_none_to_remove(own_browser):
    assert own_browser.get(remove("sms")).url == CONTACTS
    assert (
        own_browser.post(reverse("own:contact-confirm", args=["sms"])).status_code
        == 404
    )


def test_an_unconfirmed_contact_beside_a_confirmed_one_is_marked(client, anna):
    by_letter(client, anna)
    person = Participant.objects.get()
    person.mobile = MOBILE
    person.save()

    text = client.get(CONTACTS).text

    assert "Not confirmed: no code, link or news goes there." in text


def test_a_released_address_closes_the_page_at_once(client, anna):
    by_letter(client, anna)
    assert client.get(PAGE).status_code == 200

    release_contact(participant=anna, kind=EMAIL, reason="taken", actor=make_leader())

    assert client.get(PAGE).status_code == 404


def test_the_data_page_leads_to_the_contacts(own_browser):
    assert f'href="{CONTACTS}"' in own_browser.get(reverse("own:data")).text


def test_the_release_is_the_leaders_page_and_needs_a_reason(client, anna):
    by_letter(client, anna)
    client.force_login(make_leader())
    url = reverse("companies:contact-release", args=[anna.ref, "email"])

    asked = client.get(url)
    without = client.post(url)
    done = client.post(url, {"reason": "lost"})

    assert "HR may enter another one" in asked.text
    assert "Choose a reason." in without.text
    assert done.url == anna.get_absolute_url()
    assert Participant.objects.get().email_confirmed_at is None
    assert client.get(url).status_code == 404  # There is nothing to release now.


def test_the_copy_of_all_tells_of_codes_but_not_to_which_new_address(client, anna):
    by_letter(client, anna)
    enter(client)

    response = client.post(reverse("privacy:own-copy"))

    archive = ZipFile(BytesIO(response.getvalue()))
    content = "".join(archive.read(name).decode() for name in archive.namelist())
    assert NEW not in content
    assert '"codes": [' in content
    assert SignInCode.objects.count() == 1
