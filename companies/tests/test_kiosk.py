"""The pages of a kiosk: a tablet, name and code, the choice, the own page, leaving."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory, make_leader
from companies.models import Kiosk, KioskCode
from companies.services.kiosks import end_kiosk
from companies.tests.factories import MembershipFactory, ParticipantFactory
from companies.tests.kiosk import (
    CHOOSE,
    OWN_CODE,
    SIGN_IN,
    WRONG,
    choose,
    code_of,
    give,
    give_chosen,
    kiosk_client,
    type_in,
)
from companies.tests.kiosk_desk import (
    LEAVE,
    PAGE,
    anna,
    annas_tablet,
    let_pass,
    no_counting,
    tablet,
)

__all__ = ["anna", "annas_tablet", "no_counting", "tablet"]
pytestmark = pytest.mark.django_db


def test_a_proof_of_somebody_who_has_gone_is_no_way_in_for_the_next_one(tablet):
    session = tablet.session
    session["own.proved"] = session["own.asked"] = "0"
    session.save()

    assert tablet.get(SIGN_IN).url == SIGN_IN

    assert tablet.get(SIGN_IN).status_code == 200
    assert not tablet.session.keys()


def test_the_next_one_begins_in_the_language_of_the_tablet(annas_tablet):
    name = settings.LANGUAGE_COOKIE_NAME
    for leave in (
        lambda: annas_tablet.post(LEAVE),
        lambda: annas_tablet.get(f"{SIGN_IN}?left=1"),
    ):
        annas_tablet.post(reverse("set-language"), {"language": "sv", "next": SIGN_IN})
        assert annas_tablet.cookies[name].value == "sv"
        leave()
        assert annas_tablet.cookies[name].value == ""


def test_who_chooses_a_language_before_signing_in_keeps_it(tablet, anna):
    give_chosen(anna)
    tablet.post(reverse("set-language"), {"language": "sv", "next": SIGN_IN})

    assert "Logga in" in tablet.get(SIGN_IN).text
    type_in(tablet, "Anna Berg", OWN_CODE)

    assert "Hej Anna" in tablet.get(PAGE).text


def test_after_twenty_wrong_codes_a_kiosk_takes_none_for_an_hour(tablet, anna):
    give_chosen(anna)
    for number in range(20):
        assert WRONG in type_in(tablet, f"Nils Ek {number}", "999999").text

    answer = type_in(tablet, "Anna Berg", OWN_CODE)

    assert answer.status_code == 429
    assert "Too many wrong codes have been typed here." in answer.text
    assert tablet.get(PAGE).url == SIGN_IN
    other = kiosk_client()
    assert type_in(other, "Anna Berg", OWN_CODE).url == PAGE


@pytest.mark.parametrize(
    "change",
    [
        {"opened_at": timezone.now() - dt.timedelta(days=366)},
        {"opened_by": UserFactory},
        {"opened_by": lambda: UserFactory(is_superuser=True, is_active=False)},
        {"opened_by": lambda: MembershipFactory(ended_on="2026-01-31").user},
    ],
)
def test_a_tablet_of_last_year_or_of_who_has_no_role_any_more_is_none(tablet, change):
    assert tablet.get(SIGN_IN).status_code == 200

    Kiosk.objects.update(
        **{name: one() if callable(one) else one for name, one in change.items()}
    )

    assert tablet.get(SIGN_IN).status_code == 404


def test_any_other_browser_is_told_that_it_is_no_kiosk(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for address in (SIGN_IN, CHOOSE):
        page = client.get(address)
        assert page.status_code == 404
        assert "This device is no kiosk" in page.text
        assert client.post(address, {}).status_code == 404


@pytest.mark.parametrize("cookie", ["x", "x:y:z", ""])
def test_a_cookie_that_the_portal_has_not_signed_makes_no_kiosk(client, cookie):
    client.cookies[settings.KIOSK_COOKIE_NAME] = cookie

    assert client.get(SIGN_IN).status_code == 404


def test_a_tablet_whose_kiosk_has_ended_is_none_and_forgets_it(tablet):
    assert tablet.get(SIGN_IN).status_code == 200
    end_kiosk(kiosk=Kiosk.objects.get(), actor=make_leader())

    page = tablet.get(SIGN_IN)

    assert page.status_code == 404
    assert page.cookies[settings.KIOSK_COOKIE_NAME].value == ""


def test_the_cookie_of_a_kiosk_is_read_by_no_script_and_no_other_site(tablet):
    cookie = tablet.cookies[settings.KIOSK_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        "Strict",
        "/",
    )
    assert Kiosk.objects.get().digest not in cookie.value


def test_with_a_given_code_the_page_opens_only_after_the_choice(tablet, anna):
    given = give(anna)

    assert type_in(tablet, "anna berg", given).url == CHOOSE
    assert tablet.get(PAGE).url == SIGN_IN  # Not yet.
    type_in(tablet, "anna berg", given)
    assert tablet.get(CHOOSE).status_code == 200
    assert choose(tablet).url == PAGE

    assert "Hello Anna" in tablet.get(PAGE).text
    assert code_of(anna).chosen_at
    assert Kiosk.objects.get().last_used_on == timezone.localdate()
    assert type_in(kiosk_client(), "anna berg", given).status_code == 200


def test_a_choice_that_is_refused_is_made_again_and_never_shown(tablet, anna):
    type_in(tablet, "Anna Berg", give(anna))

    different = choose(tablet, "271828", "271829")
    weak = choose(tablet, "123456")

    assert "The two codes are not the same." in different.text
    assert "271828" not in different.text
    assert "too easy to guess" in weak.text
    assert choose(tablet).url == PAGE


def test_the_choice_is_over_after_three_minutes(tablet, anna):
    type_in(tablet, "Anna Berg", give(anna))
    let_pass(181)

    assert choose(tablet).url == SIGN_IN
    assert code_of(anna).chosen_at is None


def test_nobody_chooses_without_having_typed_the_given_code(tablet, anna):
    give(anna)

    assert tablet.get(CHOOSE).url == SIGN_IN
    assert choose(tablet).url == SIGN_IN


def test_a_wrong_code_and_an_unknown_name_are_answered_alike(tablet, anna):
    give_chosen(anna)

    wrong = type_in(tablet, "Anna Berg", "999999")
    unknown = type_in(tablet, "Nils Ek", "999999")

    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert WRONG in wrong.text
    assert "999999" not in wrong.text
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_the_participant_sees_who_gave_the_code_and_what_was_shown(annas_tablet):
    page = annas_tablet.get(reverse("own:readers")).text

    assert "Codes for kiosks" in page
    assert "who saw: identity card" in page
    assert str(KioskCode.objects.get().issued_by) in page


def test_a_user_who_is_signed_in_at_a_kiosk_makes_room(tablet, anna):
    tablet.force_login(make_leader())
    give_chosen(anna)

    type_in(tablet, "Anna Berg", OWN_CODE)

    page = tablet.get(PAGE)
    assert "Hello Anna" in page.text
    assert not page.wsgi_request.user.is_authenticated


def test_no_address_and_no_log_line_has_a_name_or_a_code(tablet, anna, caplog):
    caplog.set_level("DEBUG")
    given = give(anna)

    responses = [
        type_in(tablet, "Anna Berg", "999999"),
        type_in(tablet, "Anna Berg", given),
        choose(tablet),
    ]

    told = caplog.text + "".join(getattr(one, "url", "") for one in responses)
    for secret in ("Berg", given, given.replace("-", ""), OWN_CODE, "999999"):
        assert secret not in told


def test_a_protected_identity_has_its_page_at_a_kiosk():
    hidden = ParticipantFactory(given_name="Anna", family_name="Berg", protected=True)
    leader = make_leader()
    leader.is_superuser = True
    leader.save()
    give(hidden, actor=leader)
    tablet = kiosk_client()

    assert type_in(tablet, "Anna Berg", "999999").status_code == 200
    given = give(hidden, actor=leader)
    type_in(tablet, "Anna Berg", given)
    choose(tablet)

    assert "Hello Anna" in tablet.get(PAGE).text


def test_a_code_given_long_ago_is_answered_as_a_wrong_one(tablet, anna):
    given = give(anna)
    code = code_of(anna)
    code.issued_at -= dt.timedelta(days=15)
    code.save()

    assert WRONG in type_in(tablet, "Anna Berg", given).text
