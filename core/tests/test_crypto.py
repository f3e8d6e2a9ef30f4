import base64

import pytest
from cryptography.exceptions import InvalidTag

from core import crypto

OLD_KEY = base64.b64encode(b"o" * 32).decode()
NEW_KEY = base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def _fresh_keys():
    crypto._cipher.cache_clear()
    yield
    crypto._cipher.cache_clear()


def test_a_number_comes_back_and_is_not_in_the_ciphertext():
    secret = crypto.encrypt("198507099805")

    assert crypto.decrypt(secret) == "198507099805"
    assert b"198507099805" not in secret


def test_the_same_text_never_looks_the_same():
    assert crypto.encrypt("198507099805") != crypto.encrypt("198507099805")


def test_a_new_key_encrypts_while_the_old_one_still_reads(settings):
    settings.NUMBER_KEYS = {"1": OLD_KEY}
    before = crypto.encrypt("198507099805")

    settings.NUMBER_KEYS = {"1": OLD_KEY, "2": NEW_KEY}
    after = crypto.encrypt("198507099805")

    assert before.startswith(b"1:")
    assert after.startswith(b"2:")
    assert crypto.decrypt(before) == crypto.decrypt(after) == "198507099805"


def test_a_changed_ciphertext_is_refused():
    secret = bytearray(crypto.encrypt("198507099805"))
    secret[-1] ^= 1

    with pytest.raises(InvalidTag):
        crypto.decrypt(bytes(secret))


def test_a_ciphertext_is_bound_to_the_name_of_its_key(settings):
    settings.NUMBER_KEYS = {"1": OLD_KEY, "2": OLD_KEY}
    secret = crypto.encrypt("198507099805")

    with pytest.raises(InvalidTag):
        crypto.decrypt(b"1:" + secret.removeprefix(b"2:"))


def test_hashes_of_two_purposes_never_meet():
    person = crypto.keyed_hash("198507099805", purpose="person")

    assert len(person) == 32
    assert person == crypto.keyed_hash("198507099805", purpose="person")
    assert person != crypto.keyed_hash("198507099805", purpose="participant")
