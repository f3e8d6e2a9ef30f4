"""Secrets for tests about keys; those of the environment are left out."""

import base64

import pytest

ONE, TWO, THREE = (
    base64.b64encode(letter * 32).decode() for letter in (b"a", b"b", b"c")
)


def take(settings, secret, following=""):
    """Let this process have these secrets, as if it were started with them."""
    settings.PERSON_KEY_SECRET, settings.PERSON_KEY_SECRET_NEXT = secret, following


@pytest.fixture
def secrets(settings):
    """Lend the settings, of a process that was started with the first secret."""
    settings.KEYS_FOLDER = None
    settings.NUMBER_KEYS = {"1": ONE}
    take(settings, ONE)
    return settings
