"""A provider of OpenID Connect, as a process of its own on this machine."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

LOGIN = reverse("openid_connect_login", args=["bankid"])
PATIENCE = 30  # Seconds until it answers.
PEOPLE = {
    "verified": {"email": "anna@example.org", "email_verified": True},
    "claimed": {"email": "anna@example.org", "email_verified": False},
    "spelled": {"email": "anna@example.org", "email_verified": "false"},
    "closed": {"email": "closed@example.org", "email_verified": True},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
    "second": {"email": "anna@example.org", "email_verified": True},
    "198507099805": {"email": "anna@example.org", "email_verified": True},
    "nameless": {"personal_number": "198507099805"},
}


@contextmanager
def identity_provider() -> Iterator[str]:
    """Run one that knows PEOPLE; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    users = [
        f"--user-claims={json.dumps({'sub': name} | claims)}"
        for name, claims in PEOPLE.items()
    ]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock"]
    process = subprocess.Popen(
        [*command, f"--port={port}", *users],
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def app_of(url: str, **settings: object) -> dict[str, object]:
    """Return what an operator would write in OIDC_APPS for it."""
    return {
        "provider_id": "bankid",
        "name": "BankID",
        "client_id": "portal",
        "secret": "provider secret",
        "settings": {"server_url": url} | settings,
    }


def sign_in_as(client: Client, person: str, **form: str) -> HttpResponse:
    """Go to the provider, say who one is there, and come back; return the answer."""
    return client.get(come_back_as(client, person, **form))


def come_back_as(client: Client, person: str, **form: str) -> str:
    """Go to the provider, say who one is there; return where it leads back to."""
    there = client.post(LOGIN, form)
    assert there.status_code == 302, there.text
    said = {"sub": person}
    back = requests.post(there.url, said, allow_redirects=False, timeout=10)
    return back.headers["Location"].removeprefix("http://testserver")


def give_claims(url: str, person: str, **claims: object) -> None:
    """Have the provider say other things of somebody from now on."""
    requests.put(f"{url}/users/{person}", json=claims, timeout=10).raise_for_status()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            requests.get(f"{url}/.well-known/openid-configuration", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
