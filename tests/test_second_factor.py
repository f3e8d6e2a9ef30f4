"""The second factor: who must have one, and that there is no way round it."""

import datetime as dt
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.mfa import SESSION_KEY
from accounts.models import AuditEntry, OutboxMessage
from accounts.services import end_role, give_role, remove_second_factors
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory
from core.errors import DomainError
from tests.factors import SECRET, code_of, give_app, give_recovery_codes
from trainings.models import ProviderStaff
from trainings.tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db

# The library tells of a new app after its commit, in the same request.
really_commits = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse"
ENROL = "/accounts/2fa/required/"
APP = "/accounts/2fa/totp/activate/"
PROVE = "/accounts/2fa/reauthenticate/"
AGAIN = "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"


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


def sign_in(client, user, **extra):
    form = {"login": user.email, "password": PASSWORD} | extra
    return client.post(reverse("account_login"), form)


def enrol_app(client):
    """Add an authenticator app as a browser does; return its secret."""
    secret = client.get(APP).context["form"].secret
    response = client.post(APP, {"code": code_of(secret)})
    assert response.status_code == 302
    return secret


def acts():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


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


@really_commits
@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_nobody_is_led_elsewhere_after_enrolment(client, address):
    sign_in(client, make_leader())

    client.get(ENROL, {"next": address})
    enrol_app(client)

    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert 'href="/">I have saved them' in codes.text
    assert "evil" not in codes.text


@really_commits
def test_enrolling_shows_recovery_codes_and_opens_the_portal(client):
    leader = make_leader()
    sign_in(client, leader)
    client.get(client.get("/reports/").url)

    secret = enrol_app(client)

    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert codes.text.count("<li><code>") == 10
    assert 'href="/reports/">I have saved them' in codes.text
    assert client.get("/reports/").status_code == 200
    assert secret not in str(list(Authenticator.objects.values_list("data")))
    assert acts()[-1] == "accounts.second_factor_added"
    assert OutboxMessage.objects.get().kind == "totp_activated"


def test_a_wrong_code_enrols_nothing(client):
    sign_in(client, make_leader())
    client.get(APP)

    response = client.post(APP, {"code": "000000"})

    assert response.status_code == 200
    assert response.context["form"].errors["code"] == ["Incorrect code."]
    assert not Authenticator.objects.exists()


def test_codes_are_guessed_only_so_often(client):
    sign_in(client, make_leader())
    secret = client.get(APP).context["form"].secret
    for _ in range(5):
        client.post(APP, {"code": "000000"})

    client.post(APP, {"code": code_of(secret)})

    assert not Authenticator.objects.exists()


def test_signing_in_asks_for_the_code_and_then_no_more(client):
    leader = make_leader()
    give_app(leader)

    first = sign_in(client, leader, next="/reports/")
    assert first.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/reports/").url.startswith(reverse("account_login"))

    second = client.post(first.url, {"code": code_of(SECRET)})
    assert second.url == "/reports/"
    assert client.get("/reports/").status_code == 200
    assert AuditEntry.objects.latest("pk").content.facts == {
        "method": ["password", "totp"]
    }


def test_a_recovery_code_serves_once(client):
    leader = make_leader()
    give_app(leader)
    code = give_recovery_codes(leader)[0]

    client.post(sign_in(client, leader).url, {"code": code})
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))

    again = client.post(sign_in(client, leader).url, {"code": code})
    assert again.context["form"].errors["code"] == ["Incorrect code."]


def test_a_code_serves_once(client):
    leader = make_leader()
    give_app(leader)
    code = code_of(SECRET)
    client.post(sign_in(client, leader).url, {"code": code})
    client.post(reverse("account_logout"))

    client.post(sign_in(client, leader).url, {"code": code})

    assert client.get("/").status_code == 302


def test_codes_of_a_sign_in_are_guessed_only_so_often(client):
    leader = make_leader()
    give_app(leader)
    step = sign_in(client, leader).url
    for _ in range(5):
        client.post(step, {"code": "000000"})

    answer = client.post(step, {"code": code_of(SECRET)})

    assert "Too many failed tries" in answer.text
    assert acts().count("accounts.sign_in_failed") == 5


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


@really_commits
def test_enrolling_ends_the_other_sessions(client):
    leader = make_leader()
    stolen = Client()
    sign_in(stolen, leader)
    sign_in(client, leader)

    enrol_app(client)

    assert stolen.get("/").url == f"{reverse('account_login')}?next=/"
    assert client.get("/").status_code == 200
    assert UserSession.objects.filter(user=leader).count() == 1


def test_removing_the_last_factor_leads_back_to_enrolment(client):
    leader = make_leader()
    give_app(leader)
    give_recovery_codes(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})
    other = Client()
    other.force_login(leader)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert client.get("/").url == f"{ENROL}?next=/"
    assert acts()[-1] == "accounts.second_factor_removed"


def test_who_has_lost_every_factor_is_helped_to_enrol_anew(client):
    leader = make_leader()
    give_app(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})

    remove_second_factors(user=leader, actor=make_leader())

    assert client.get("/").url == f"{reverse('account_login')}?next=/"
    sign_in(client, leader)
    assert client.get("/").url == f"{ENROL}?next=/"
    with override("en"), pytest.raises(DomainError, match="no second factor"):
        remove_second_factors(user=leader, actor=None)


@pytest.fixture
def admin(client):
    """A leader's browser, second factor proved."""
    leader = make_leader()
    give_app(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})
    return client


def remove_in_admin(client, user):
    form = {"action": "remove_second_factors", "_selected_action": [user.pk]}
    return client.post(reverse("admin:accounts_user_changelist"), form, follow=True)


def test_a_leader_helps_in_the_admin(admin):
    supplier = make_supplier()
    give_app(supplier)

    page = remove_in_admin(admin, supplier).text

    assert not Authenticator.objects.filter(user=supplier).exists()
    assert "adds a new second factor at the next sign-in" in page
    assert "no second factor" in remove_in_admin(admin, supplier).text


def test_a_leader_does_not_open_the_account_of_who_holds_more_rights(admin):
    operator = make_superuser()
    give_app(operator)

    page = remove_in_admin(admin, operator).text

    assert Authenticator.objects.filter(user=operator).exists()
    assert "holds a named right" in page


def test_an_operator_helps_from_the_shell(capsys):
    leader = make_leader(email="leda@example.org")
    give_app(leader)

    with override("en"):
        call_command("reset_second_factor", "Leda@example.org")
        assert not Authenticator.objects.exists()
        assert capsys.readouterr().out == (
            "Second factors of Leda@example.org were removed.\n"
        )
        with pytest.raises(CommandError, match="no second factor"):
            call_command("reset_second_factor", "leda@example.org")
        with pytest.raises(CommandError, match="No account"):
            call_command("reset_second_factor", "nobody@example.org")


@pytest.mark.parametrize("name", ["mfa_remove_webauthn", "mfa_edit_webauthn"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_passkey_of_somebody_else_is_not_found(client, name, method):
    sign_in(client, UserFactory())
    theirs = Authenticator.objects.create(
        user=UserFactory(), type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}
    )

    answer = getattr(client, method)(reverse(name, args=[theirs.pk]), {"name": "Mine"})

    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.data == {"name": "Key"}


def test_a_while_after_sign_in_the_password_is_asked_for_again(client):
    sign_in(client, UserFactory())
    assert client.get(APP).status_code == 200

    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time() - 301
    session.save()

    assert client.get(APP).url == AGAIN


def test_secrets_lie_encrypted_and_are_read_beside_a_newer_key(client, settings):
    leader = make_leader()
    app = give_app(leader)
    codes = give_recovery_codes(leader)
    settings.NUMBER_KEYS = settings.NUMBER_KEYS | {"newer": "A" * 43 + "="}

    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})

    assert SECRET not in app.data["secret"]
    assert client.get("/").status_code == 200
    assert codes[0] in client.get(reverse("mfa_view_recovery_codes")).text
