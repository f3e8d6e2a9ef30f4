"""Digests, leaves and heads, against the same sums done by hand."""

import hashlib
import hmac

import pytest

from core.chain import (
    START,
    canonical,
    commit,
    commit_mention,
    head_of,
    leaf_of,
    new_salt,
)

SALT = bytes(range(32))
DIGEST = bytes([7]) * 32


def test_the_canonical_form_does_not_know_in_which_order_it_was_written():
    written = canonical({"b": [1, "å"], "a": {"d": None, "c": True}})

    assert written == '{"a":{"c":true,"d":null},"b":[1,"å"]}'.encode()


def test_a_digest_is_keyed_by_its_salt_and_stands_for_all_of_the_content():
    whole = b'kompetenslyft/entry/1\0{"facts":{"rows":3}}'
    digest = commit(SALT, {"facts": {"rows": 3}})

    assert digest == hmac.new(SALT, whole, hashlib.sha256).digest()
    assert commit(SALT, {"facts": {"rows": 4}}) != digest
    assert commit(bytes(32), {"facts": {"rows": 3}}) != digest


def test_the_digest_of_a_person_is_not_that_of_an_entry():
    whole = b"kompetenslyft/mention/1\0p-00000001"

    assert commit_mention(SALT, "p-00000001") == (
        hmac.new(SALT, whole, hashlib.sha256).digest()
    )


def test_a_leaf_is_over_every_id_kind_and_digest():
    whole = b"kompetenslyft/leaf/1\0"
    whole += (5).to_bytes(8, "big") + b"\x00\x04read" + DIGEST
    whole += (9).to_bytes(8, "big") + b"\x00\x06listed" + DIGEST

    leaf = leaf_of([(5, "read", DIGEST), (9, "listed", DIGEST)])

    assert leaf == hashlib.sha256(whole).digest()


@pytest.mark.parametrize(
    "others",
    [
        [(5, "read", DIGEST)],
        [(9, "listed", DIGEST), (5, "read", DIGEST)],
        [(5, "rea", DIGEST), (9, "listed", DIGEST)],
        [(5, "read", DIGEST), (10, "listed", DIGEST)],
        [(5, "read", bytes(32)), (9, "listed", DIGEST)],
    ],
)
def test_a_leaf_of_anything_else_is_another(others):
    assert leaf_of(others) != leaf_of([(5, "read", DIGEST), (9, "listed", DIGEST)])


def test_a_head_stands_on_the_head_before_and_on_all_of_its_seal():
    at = "2026-03-02T08:00:00+00:00"
    whole = b"kompetenslyft/head/1\0" + START + (1).to_bytes(8, "big")
    whole += (2).to_bytes(8, "big") + at.encode() + DIGEST
    head = head_of(START, seal=1, made_at=at, size=2, leaf=DIGEST)

    assert head == hashlib.sha256(whole).digest()
    others = [
        head_of(DIGEST, seal=1, made_at=at, size=2, leaf=DIGEST),
        head_of(START, seal=2, made_at=at, size=2, leaf=DIGEST),
        head_of(START, seal=1, made_at=at, size=3, leaf=DIGEST),
        head_of(START, seal=1, made_at=at.replace("8", "9"), size=2, leaf=DIGEST),
        head_of(START, seal=1, made_at=at, size=2, leaf=bytes(32)),
    ]
    assert head not in others


def test_no_salt_comes_twice():
    assert len({new_salt() for _ in range(100)}) == 100
    assert {len(new_salt()), len(new_salt(16))} == {32, 16}
