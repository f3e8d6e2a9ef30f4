import base64

import pytest

from core import crypto
from core.keys import add_number_key

OLD_KEY = base64.b64encode(b"o" * 32).decode()
NEW_KEY = base64.b64encode(b"n" * 32).decode()


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


def test_a_key_made_since_the_start_is_read_from_its_folder(settings, tmp_path):
    settings.NUMBER_KEYS, settings.KEYS_FOLDER = {"1": OLD_KEY}, tmp_path
    (tmp_path / "number-key").write_text(OLD_KEY)
    key_id = add_number_key(tmp_path)

    secret = crypto.encrypt("198507099805", key_id=key_id)

    assert secret.startswith(b"2:")
    assert crypto.decrypt(secret) == "198507099805"
    assert crypto.encrypt("198507099805").startswith(b"1:")


def test_a_changed_ciphertext_is_refused():
    secret = bytearray(crypto.encrypt("198507099805"))
    secret[-1] ^= 1

    with pytest.raises(crypto.UnreadableError):
        crypto.decrypt(bytes(secret))


@pytest.mark.parametrize(
    "secret",
    [b"", b"no colon", b"1:", b"1:cut off", b"9:its key is missing", b"\xff:x"],
)
def test_what_is_no_ciphertext_is_refused(secret, settings):
    settings.NUMBER_KEYS = {"1": OLD_KEY}

    with pytest.raises(crypto.UnreadableError):
        crypto.decrypt(secret)


def test_a_ciphertext_is_bound_to_the_name_of_its_key(settings):
    settings.NUMBER_KEYS = {"1": OLD_KEY, "2": OLD_KEY}
    secret = crypto.encrypt("198507099805")

    with pytest.raises(crypto.UnreadableError):
        crypto.decrypt(b"1:" + secret.removeprefix(b"2:"))


def test_hashes_of_two_domains_or_two_secrets_never_meet():
    number = crypto.keyed_hash("198507099805", secret=b"one", domain="pnr")

    assert len(number) == 32
    assert number == crypto.keyed_hash("198507099805", secret=b"one", domain="pnr")
    assert number != crypto.keyed_hash("198507099805", secret=b"one", domain="ref")
    assert number != crypto.keyed_hash("198507099805", secret=b"two", domain="pnr")


def test_the_hash_is_hmac_over_domain_nul_and_text():
    digest = crypto.keyed_hash("198507099805", secret=b"Jefe", domain="pnr")

    # printf 'pnr\\000%s' 198507099805 | openssl dgst -sha256 -hmac Jefe
    assert digest.hex() == (
        "25fed3ae6a845e4998d749985697e2c7e60a0aba7944e32e4d384baea61ac239"
    )
