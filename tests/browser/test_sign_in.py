"""Signing in with each kind of factor, and every page of it, in a real browser.

All under the strict content security policy: a breach of it is an error in the
console, and a check of a page hears that.
"""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from csp.constants import SELF
from django.conf import settings as portal_settings
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.oidc import uid_of
from accounts.tests.factories import UserFactory, make_leader
from companies.tests.factories import ParticipantFactory
from kompetenslyft.oidc import origins_of
from tests.browser.windows import LANGUAGES, WIDTHS, check_page
from tests.factors import SECRET, code_of, give_app, give_recovery_codes
from tests.identity_provider import app_of, identity_provider

pytestmark = pytest.mark.browser

PASSWORD = "correct horse"
ANNA = "anna@example.org"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def provider_url():
    with identity_provider() as url:
        yield url


@pytest.fixture
def provider(provider_url, settings):
    """A portal that knows the provider, as OIDC_APPS would make it."""
    apps = [app_of(provider_url)]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}
    }
    directives = portal_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": directives | {"form-action": [SELF, *origins_of(apps)]}
    }
    return apps[0]


def give_key(window):
    """Plug in an authenticator whose owner always agrees."""
    devtools = window.page.context.new_cdp_session(window.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def sign_in_by_form(window, address=ANNA, password=PASSWORD):
    window.go("/accounts/login/")
    window.page.fill("[name=login]", address)
    window.page.fill("[name=password]", password)
    window.page.press("[name=password]", "Enter")
    window.page.wait_for_load_state()


def sign_in_at_provider(window, person):
    """Go to the provider and say there who one is."""
    # Its page fetches a style from far away, which would fail some time later.
    far_away = re.compile(r"https://")
    window.page.route(far_away, lambda style: style.fulfill(body=""))
    window.go("/accounts/login/")
    press(window, "Sign in with BankID")
    choice = window.page.get_by_role("button", name=person, exact=True)
    choice.wait_for()
    assert window.troubles == []
    choice.click()


def press(window, name):
    window.page.get_by_role("button", name=name).click()


def sign_out(window):
    window.page.locator(".user-menu summary").click()
    press(window, "Sign out")
    window.page.wait_for_url("**/accounts/login/**")


def is_at(window, path):
    def matches(url):
        parts = urlsplit(url)
        return url == f"{parts.scheme}://{parts.netloc}{path}"

    window.page.wait_for_url(matches)
    return window.troubles == []


def test_a_leader_enrols_a_passkey_and_signs_in_with_it_alone(open_window):
    make_leader(email=ANNA)
    window = open_window("en")
    give_key(window)

    sign_in_by_form(window)
    window.page.get_by_role("link", name="A passkey").click()
    window.page.fill("[name=name]", "My telephone")
    press(window, "Add the passkey")
    assert is_at(window, "/accounts/2fa/recovery-codes/")
    window.page.get_by_role("link", name="I have saved them").click()
    assert is_at(window, "/")

    sign_out(window)
    press(window, "Sign in with a passkey")
    assert is_at(window, "/")
    window.go("/admin/")
    assert is_at(window, "/admin/")


def test_a_passkey_is_the_second_factor_after_a_password_too(open_window):
    make_leader(email=ANNA)
    window = open_window("en")
    give_key(window)
    sign_in_by_form(window)
    window.page.get_by_role("link", name="A passkey").click()
    press(window, "Add the passkey")
    window.page.get_by_role("link", name="I have saved them").click()
    sign_out(window)

    sign_in_by_form(window)
    assert is_at(window, "/accounts/2fa/authenticate/")
    press(window, "Use a passkey")

    assert is_at(window, "/")


def test_a_passkey_that_is_not_there_is_told_on_the_page(open_window):
    window = open_window("en")
    window.go("/accounts/login/")
    # As when the reader turns away; without a screen nobody could.
    window.page.evaluate(
        "void (navigator.credentials.get = () => Promise.reject(new Error('none')))"
    )

    press(window, "Sign in with a passkey")

    trouble = window.page.get_by_role("alert")
    assert trouble.inner_text().startswith("The passkey could not be used.")
    assert window.troubles == []


def test_a_passkey_that_was_removed_is_refused_and_written_down(open_window):
    leader = make_leader(email=ANNA)
    window = open_window("en")
    give_key(window)
    sign_in_by_form(window)
    window.page.get_by_role("link", name="A passkey").click()
    press(window, "Add the passkey")
    window.page.get_by_role("link", name="I have saved them").click()
    sign_out(window)
    leader.authenticator_set.all().delete()

    press(window, "Sign in with a passkey")

    window.page.get_by_text("Incorrect code.").wait_for()
    assert is_at(window, "/accounts/login/")
    failed = AuditEntry.objects.get(action="accounts.sign_in_failed").payload
    assert (failed.actor, failed.facts) == (leader, {"method": ["webauthn"]})


@pytest.mark.parametrize("script", [True, False])
def test_a_leader_enrols_an_app_and_signs_in_with_its_code(open_window, script):
    make_leader(email=ANNA)
    window = open_window("en", script=script)
    page = window.page

    window.go("/reports/")
    page.fill("[name=login]", ANNA)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.get_by_role("link", name="An authenticator app in the telephone").click()
    secret = page.locator(".secret").inner_text()
    assert page.locator(".qr").bounding_box()["width"] > 150
    page.fill("[name=code]", code_of(secret))
    press(window, "Add the app")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have saved them").click()
    assert is_at(window, "/reports/")

    sign_out(window)
    sign_in_by_form(window)
    page.fill("[name=code]", "000000")
    press(window, "Sign in")
    assert "Incorrect code." in page.locator("main").inner_text()
    page.fill("[name=code]", code_of(secret))
    press(window, "Sign in")

    assert is_at(window, "/")


def test_hr_signs_in_through_a_provider(open_window, provider):
    UserFactory(email=ANNA, name="Anna Ek")
    window = open_window("en")

    sign_in_at_provider(window, "verified")

    assert is_at(window, "/")
    assert window.page.locator(".user-name").inner_text() == "Anna Ek"


def test_whoever_has_no_account_is_told_so(open_window, provider):
    window = open_window("en")

    sign_in_at_provider(window, "stranger")

    window.page.get_by_role("heading", name="No account here").wait_for()
    check_page(window)


def test_whoever_comes_as_another_identity_is_told_so(open_window, provider):
    anna = UserFactory(email=ANNA)
    first = uid_of("bankid", "verified")
    SocialAccount.objects.create(user=anna, provider="bankid", uid=first)
    window = open_window("en")

    sign_in_at_provider(window, "second")

    refusal = "The account belongs to another identity"
    window.page.get_by_role("heading", name=refusal).wait_for()
    check_widths(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_that_takes_only_forms_says_so(open_window, sign_in, language):
    window = open_window(language)
    sign_in(window, make_leader())
    address = reverse("privacy:access-copy", args=[ParticipantFactory().ref])

    assert window.go(address).status == 405

    check_widths(window)


def test_without_its_origin_the_policy_stops_the_way_to_a_provider(
    open_window, provider, settings
):
    """What makes the two tests above mean something."""
    settings.CONTENT_SECURITY_POLICY = portal_settings.CONTENT_SECURITY_POLICY | {
        "DIRECTIVES": settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        | {"form-action": [SELF]}
    }
    window = open_window("en")

    window.go("/accounts/login/")
    press(window, "Sign in with BankID")
    window.page.wait_for_timeout(1000)

    assert "form-action" in window.troubles[0]


def bare(user):
    """A password alone."""


def equipped(user):
    """An app, recovery codes and an identity."""
    give_app(user)
    give_recovery_codes(user)
    SocialAccount.objects.create(user=user, provider="bankid", uid="nameless")


PAGES = {
    bare: [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "usersessions_list",
        "socialaccount_connections",
        "account_change_password",
        "account_reauthenticate",
    ],
    equipped: [
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "socialaccount_connections",
    ],
}
STRANGER = ["account_login", "account_signup", "socialaccount_login_cancelled"]


def check_widths(window):
    check_page(window)
    window.resize(WIDTHS[1])
    check_page(window)
    window.resize(WIDTHS[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prepare", PAGES)
def test_every_page_of_ones_security(open_window, provider, prepare, language):
    user = UserFactory(email=ANNA)
    prepare(user)
    window = open_window(language)
    sign_in_by_form(window)
    if prepare is equipped:
        window.page.fill("[name=code]", code_of(SECRET))
        window.page.press("[name=code]", "Enter")
    assert is_at(window, "/")

    for name in PAGES[prepare]:
        assert window.go(reverse(name)).status == 200
        assert window.page.url.endswith(reverse(name))
        check_widths(window)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STRANGER)
def test_every_page_on_the_way_in(open_window, provider, name, language):
    window = open_window(language)

    window.go(reverse(name))

    check_widths(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_of_a_sign_in(open_window, language):
    user = make_leader(email=ANNA)
    window = open_window(language)

    sign_in_by_form(window)
    assert is_at(window, "/accounts/2fa/required/?next=/")
    check_widths(window)
    give_app(user)
    window.go("/")
    assert is_at(window, "/accounts/2fa/reauthenticate/?next=/")
    check_widths(window)
    window.page.context.clear_cookies(name=portal_settings.SESSION_COOKIE_NAME)
    sign_in_by_form(window)
    assert is_at(window, "/accounts/2fa/authenticate/")
    check_widths(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_one_passkey(open_window, language):
    leader = make_leader(email=ANNA)
    window = open_window(language)
    give_key(window)
    sign_in_by_form(window)
    window.go(reverse("mfa_add_webauthn"))
    window.page.locator("#mfa_webauthn_add").click()
    assert is_at(window, "/accounts/2fa/recovery-codes/")
    key = leader.authenticator_set.get(type=Authenticator.Type.WEBAUTHN)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        window.go(reverse(name, args=[key.pk]))
        check_widths(window)
    window.go(reverse("mfa_list_webauthn"))
    check_widths(window)
    window.go(reverse("mfa_reauthenticate_webauthn"))
    check_widths(window)
