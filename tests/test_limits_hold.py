"""The limits of sign-in, over two real web processes that share nothing but a disk.

Or, where the tests run with it, a Redis.
"""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests
from django.conf import global_settings
from django.core.cache import cache

from accounts.tests.factories import UserFactory
from tests.workers import ROOT, environment_of_the_portal

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ANSWERS_WITHIN = 60  # Seconds.


@contextmanager
def web_process() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", address, "--log-level", "error"],
        cwd=ROOT,
        env=environment_of_the_portal(),
    )
    try:
        _wait_for(f"http://{address}/health/")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < deadline:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def sign_in(portal: str, password: str) -> str:
    """Try once; return the page that answers, or the address that it leads to."""
    browser = requests.Session()
    browser.cookies.set("language", "en")
    page = browser.get(f"{portal}/accounts/login/", timeout=30).text
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {
        "login": "anna@example.org",
        "password": password,
        "csrfmiddlewaretoken": token,
    }
    answer = browser.post(
        f"{portal}/accounts/login/", form, allow_redirects=False, timeout=30
    )
    return answer.headers.get("Location") or answer.text


def test_tries_at_one_process_count_at_the_other(settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # As the portal has.
    cache.clear()
    UserFactory(email="anna@example.org")

    with web_process() as one, web_process() as other:
        assert sign_in(one, "correct horse") == "/"
        with ThreadPoolExecutor(max_workers=6) as crowd:
            portals = [one, other] * 6
            answers = list(crowd.map(lambda portal: sign_in(portal, "guess"), portals))
        answers += [sign_in(one, "guess"), sign_in(other, "guess")]
        with_the_right_one = [sign_in(one, "correct horse")]
        with_the_right_one += [sign_in(other, "correct horse")]

    let_through = sum("The e-mail address or the password" in page for page in answers)
    assert let_through <= 5
    assert all("Too many failed tries" in page for page in with_the_right_one)
