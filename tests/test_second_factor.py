"""The second factor: who must have one, and that there is no way round it."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.mfa import SESSION_KEY
from accounts.services import end_role, give_role
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory
from tests.factors import (
    APP,
    ENROL,
    PASSWORD,
    PROVE,
    SECRET,
    code_of,
    give_app,
    give_recovery_codes,
    sign_in,
)
from trainings.models import ProviderStaff
from trainings.tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings):
    """A browser whose sessions have proved nothing, with no tries counted."""
    cache.clear()
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def make_superuser():
    return UserFactory(is_superuser=True)


def make_supplier(**dates):
    user = UserFactory()
    ProviderStaff.objects.create(user=user, provider=ProviderFactory(), **dates)
    return user


def make_hr():
    return MembershipFactory().user


NEED_ONE = [make_leader, make_superuser, make_funder, make_supplier]


@pytest.mark.parametrize("make", NEED_ONE)
def test_whoever_has_none_is_led_to_enrol_and_back(client, make):
    sign_in(client, make())

    response = client.get("/reports/?x=1")

    assert response.status_code == 302
    assert response.url == f"{ENROL}?next=/reports/%3Fx%3D1"


@pytest.mark.parametrize("make", [UserFactory, make_hr])
def test_others_need_none(client, make):
    sign_in(client, make())

    assert client.get("/").status_code == 200


def test_hr_needs_one_where_the_setting_says_so(client, settings):
    settings.HR_SECOND_FACTOR = True
    sign_in(client, make_hr())

    assert client.get("/").url == f"{ENROL}?next=/"


def test_the_setting_does_not_concern_who_was_hr_once(client, settings):
    settings.HR_SECOND_FACTOR = True
    sign_in(client, MembershipFactory(ended_on=dt.date(2026, 1, 31)).user)

    assert client.get("/").status_code == 200


def test_a_former_supplier_needs_none(client):
    days = {"started_on": dt.date(2025, 1, 1), "ended_on": dt.date(2025, 12, 31)}
    sign_in(client, make_supplier(**days))

    assert client.get("/").status_code == 200


CLOSED = [
    "/",
    "/people/",
    "/occasions/",
    "/reports/",
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/jsi18n/",
    "/admin/logout/",
    "/admin/no-such-page/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/recovery-codes/download/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/password/set/",
]


@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete", "options"])
@pytest.mark.parametrize("address", CLOSED)
def test_every_page_leads_to_enrolment_by_every_method(client, address, method):
    sign_in(client, make_leader())

    response = getattr(client, method)(address)

    assert response.status_code == 302
    assert response.url.split("?")[0] == ENROL


OPEN = [
    ENROL,
    APP,
    "/accounts/2fa/webauthn/add/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/health/",
    "/about/cookies/",
]


@pytest.mark.parametrize("address", OPEN)
def test_what_enrolment_needs_and_what_strangers_see_stays_open(client, address):
    sign_in(client, make_leader())

    assert client.get(address).status_code == 200


def header_of(page):
    return page.text.partition("<header")[2].partition("</header>")[0]


LINKS = re.compile(r'(?:href|action)="([^"]+)"')


@pytest.mark.parametrize("address", [*OPEN[:4], "/about/cookies/", "/no-such-page/"])
def test_the_header_offers_nothing_that_would_lead_back(client, address):
    sign_in(client, make_leader())

    header = header_of(client.get(address))

    assert LINKS.findall(header) == ["/", "/language/", "/accounts/logout/"]
    assert "The menu is shown when you have used a second factor." in header


def test_the_header_is_as_narrow_for_who_must_prove_a_factor_again(client):
    leader = make_leader()
    give_app(leader)
    client.force_login(leader)

    header = header_of(client.get(PROVE))

    assert LINKS.findall(header) == ["/", "/language/", "/accounts/logout/"]


def test_the_menu_is_back_after_the_second_factor_and_for_who_needs_none(client):
    leader = make_leader()
    give_app(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})
    other = Client()
    other.force_login(make_hr())

    for browser, link in ((client, "/reports/"), (other, "/people/")):
        header = header_of(browser.get("/about/cookies/"))
        assert {link, "/accounts/2fa/"} <= set(LINKS.findall(header))
        assert "second factor" not in header


def test_the_language_can_be_chosen_before(client):
    sign_in(client, make_leader())

    form = {"language": "sv", "next": ENROL}
    assert client.post(reverse("set-language"), form).url == ENROL
    assert '<html lang="sv">' in client.get(ENROL).text


def test_signing_out_stays_possible(client):
    sign_in(client, make_leader())

    client.post(reverse("account_logout"))

    assert client.get("/").url == f"{reverse('account_login')}?next=/"


def test_a_form_leads_to_enrolment_and_changes_nothing(client):
    leader = make_leader()
    sign_in(client, leader)
    form = {"email": "new@example.org", "name": "New", "usable_password": "false"}

    response = client.post(reverse("admin:accounts_user_add"), form)

    assert response.url == ENROL
    assert type(leader).objects.count() == 1


def test_a_fragment_leads_the_whole_page_away(client):
    sign_in(client, make_leader())
    current = {"HX-Request": "true", "HX-Current-URL": "http://testserver/reports/"}

    response = client.get("/reports/", headers=current)

    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"{ENROL}?next=/reports/"
    assert response.content == b""


def test_an_older_session_must_prove_the_factor_that_was_enrolled_since(client):
    leader = make_leader()
    client.force_login(leader)
    give_app(leader)

    response = client.get("/admin/")
    assert response.url == f"{PROVE}?next=/admin/"

    proved = client.post(response.url, {"code": code_of(SECRET), "next": "/admin/"})
    assert proved.url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [ENROL, APP, "/accounts/2fa/webauthn/add/", "/accounts/reauthenticate/", "/"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_without_proof_cannot_add_a_factor_of_its_own(
    client, address, method
):
    leader = make_leader()
    give_app(leader)
    client.force_login(leader)

    response = getattr(client, method)(address, {"password": PASSWORD})

    assert response.url.split("?")[0] == PROVE
    assert Authenticator.objects.count() == 1


def test_the_password_is_not_offered_in_its_place(client):
    leader = make_leader()
    give_app(leader)
    client.force_login(leader)

    page = client.get(PROVE).text

    assert "Use your password" not in page


def test_who_has_only_a_passkey_is_led_to_it_and_may_use_a_recovery_code(client):
    leader = make_leader()
    Authenticator.objects.create(
        user=leader, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}
    )
    give_recovery_codes(leader)
    client.force_login(leader)

    assert client.get("/").url == "/accounts/2fa/webauthn/reauthenticate/?next=/"
    assert client.get(PROVE).status_code == 200


def test_what_one_user_proved_is_not_proved_for_another(client):
    client.force_login(make_leader())
    session = client.session
    session[SESSION_KEY] = str(make_leader().pk)
    session.save()

    assert client.get("/").url == f"{ENROL}?next=/"


def test_a_role_given_in_the_middle_of_a_session_counts_at_once(client):
    user = UserFactory()
    client.force_login(user)
    assert client.get("/").status_code == 200

    grant = give_role(user=user, role="funder", actor=None)
    assert client.get("/").url == f"{ENROL}?next=/"

    end_role(grant=grant, actor=user)
    assert client.get("/").status_code == 200


def test_a_session_that_has_proved_costs_no_query_more(
    client, django_assert_num_queries
):
    leader = make_leader()
    give_app(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})

    with django_assert_num_queries(2):  # The session, and the user with roles.
        assert client.get("/admin/jsi18n/").status_code == 200
