"""What every answer tells the browser to refuse: frames, scripts, guessing, caches."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.clients import ProvedClient
from accounts.tests.factories import make_leader
from tests.security.addresses import addresses
from tests.security.rows import Rows
from trainings.tests.factories import EnrolmentFactory

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": {"'none'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
    "form-action": {"'self'"},
    "img-src": {"'self'", "data:"},
}
ALWAYS = {
    "X-Frame-Options": {"DENY"},
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "strict-origin"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}


def policy_of(response):
    parts = response.headers.get("Content-Security-Policy", "").split(";")
    named = (part.split() for part in parts if part.strip())
    return {name: set(sources) for name, *sources in named}


def lacks(response):
    """Name what an answer does not say, or says too weakly."""
    headers, policy = response.headers, policy_of(response)
    wrong = [name for name, values in ALWAYS.items() if headers.get(name) not in values]
    wrong += [name for name, sources in POLICY.items() if policy.get(name) != sources]
    for name in ("script-src", "style-src"):
        allowed = policy.get(name, {"missing"}) - {"'self'"}
        if any(not source.startswith("'nonce-") for source in allowed):
            wrong.append(name)
    if "Access-Control-Allow-Origin" in headers:
        wrong.append("Access-Control-Allow-Origin")
    if headers.get("Content-Type", "").startswith("text/") and (
        "charset=" not in headers["Content-Type"]
    ):
        wrong.append("Content-Type")
    return wrong


def faults(client, paths, method="get"):
    answers = ((path, getattr(client, method)(path)) for path in paths)
    told = {path: lacks(answer) for path, answer in answers}
    return {path: wrong for path, wrong in told.items() if wrong}


PATHS = [path for path, _pattern in addresses()]


def test_every_answer_to_a_stranger_is_guarded():
    assert faults(Client(), PATHS) == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_answer_to_a_leader_is_guarded_the_admin_too(method):
    client = ProvedClient()
    client.force_login(make_leader())
    paths = [path for path in PATHS if path != reverse("account_logout")]

    assert faults(client, paths, method) == {}


def test_pages_with_rows_are_guarded(client):
    rows = Rows()
    client.force_login(rows.leader)
    occasion = rows.occasion.ref
    pages = [
        rows.person.get_absolute_url(),
        reverse("trainings:occasion", args=[occasion]),
        reverse("admin:companies_company_change", args=[rows.company.pk]),
        reverse("admin:companies_participant_history", args=[rows.person.pk]),
    ]

    answers = [client.get(page) for page in pages]

    assert [answer.status_code for answer in answers] == [200] * len(pages)
    assert [lacks(answer) for answer in answers] == [[]] * len(pages)


def test_error_pages_are_guarded(client, monkeypatch):
    client.force_login(make_leader())
    strict = ProvedClient(enforce_csrf_checks=True)
    not_found = client.get("/no-such-page/")
    forbidden = strict.post("/")
    not_allowed = client.put("/about/privacy/")
    wrong_host = client.get("/", headers={"host": "evil.example"})

    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("kompetenslyft.home.HomeView.get_context_data", break_down)
    client.raise_request_exception = False
    broken = client.get("/")

    answers = [not_found, forbidden, not_allowed, broken]
    assert [answer.status_code for answer in answers] == [404, 403, 405, 500]
    assert [lacks(answer) for answer in answers] == [[]] * 4
    assert (wrong_host.status_code, lacks(wrong_host)) == (400, [])


def test_files_of_the_pages_are_guarded(client):
    response = client.get("/static/css/portal.css")
    b"".join(response)

    assert (response.status_code, lacks(response)) == (200, [])


def test_a_nonce_is_used_once(client):
    first, second = (
        policy_of(client.get(reverse("account_login")))["script-src"] for _ in range(2)
    )

    assert first != second or first == {"'self'"}


def test_no_page_has_a_script_or_style_of_its_own(client):
    rows = Rows()
    client.force_login(rows.leader)
    pages = [
        "/",
        rows.person.get_absolute_url(),
        reverse("trainings:occasion", args=[rows.occasion.ref]),
        reverse("trainings:attendance", args=[rows.occasion.ref]),
        reverse("pages:accessibility"),
        reverse("pages:edit", args=["privacy", "sv"]),
        reverse("account_login"),
    ]

    for page in pages:
        html = client.get(page).content.decode()
        assert "<style" not in html, page
        assert " style=" not in html, page
        assert " onclick=" not in html, page
        assert "javascript:" not in html, page
        for script in html.split("<script")[1:]:
            assert " src=" in script.partition(">")[0], page


def test_what_a_signed_in_user_saw_is_kept_by_no_cache(client):
    client.force_login(make_leader())
    person = EnrolmentFactory().participant

    kept = {
        path: answer.headers.get("Cache-Control", "")
        for path in [*PATHS, person.get_absolute_url()]
        if path != reverse("account_logout")
        for answer in [client.get(path)]
        if "no-store" not in answer.headers.get("Cache-Control", "")
        and answer.wsgi_request.user.is_authenticated
    }

    # Catalogues of the admin's own words hold nothing about anybody.
    assert set(kept) <= {"/admin/jsi18n/"}


def test_scripts_of_other_sites_read_nothing(client):
    client.force_login(make_leader())

    for path in ("/", "/reports/", "/health/"):
        answer = client.get(path, headers={"origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers
