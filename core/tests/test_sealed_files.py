"""Files that are noise without the key in their row."""

import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from core import crypto, sealed_files
from core.crypto import UnreadableError
from core.sealed_files import PIECE_BYTES, delete_file, read_sealed, sealed_file

NAME = "sealed-files/one"


@pytest.fixture(autouse=True)
def _clean():
    yield
    delete_file(NAME)


def path():
    return Path(default_storage.path(NAME))


def sealed(*contents, about="one"):
    with sealed_file(NAME, about=about) as target:
        for content in contents:
            target.write(content)
    return target


def read(key, about="one"):
    return b"".join(read_sealed(NAME, key, about=about))


@pytest.mark.parametrize(
    "size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]
)
def test_what_is_written_is_read(size):
    content = os.urandom(size)

    assert read(sealed(content).key) == content


def test_nothing_of_it_stands_on_the_disk_and_nobody_else_reads_it():
    sealed(b"Anna Berg", b" and others")

    assert b"Anna" not in path().read_bytes()
    assert path().stat().st_mode & 0o777 == 0o600


def test_the_digest_is_that_of_the_content():
    # echo -n "Anna Berg" | sha256sum
    assert sealed(b"Anna", b" Berg").digest.hexdigest() == (
        "3dcbff280cbcfe20e741d48b60174c3039a7961d3ecb14b8b476c3e938e4ff1e"
    )


def test_the_same_content_is_never_the_same_file():
    first = sealed(b"Anna Berg").key
    before = path().read_bytes()
    path().unlink()
    second = sealed(b"Anna Berg").key

    assert path().read_bytes() != before
    with pytest.raises(UnreadableError):
        read(first)
    assert read(second) == b"Anna Berg"


def test_a_file_is_not_read_as_that_of_something_else():
    key = sealed(b"Anna Berg", about="one").key

    with pytest.raises(UnreadableError):
        read(key, about="two")


PIECE = PIECE_BYTES + 16


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: body[:-1],
        lambda body: body[:PIECE],
        lambda body: body[: 2 * PIECE],
        lambda body: body[PIECE : 2 * PIECE] + body[:PIECE] + body[2 * PIECE :],
        lambda body: body + body[2 * PIECE :],
        lambda body: bytes([body[0] ^ 1]) + body[1:],
        lambda _body: b"",
    ],
)
def test_a_file_that_was_changed_is_not_read(forge):
    key = sealed(os.urandom(2 * PIECE_BYTES + 5)).key
    path().write_bytes(forge(path().read_bytes()))

    with pytest.raises(UnreadableError):
        read(key)


def test_a_file_that_is_gone_is_not_read():
    key = sealed(b"Anna Berg").key
    path().unlink()

    with pytest.raises(UnreadableError):
        read(key)


def test_what_breaks_in_the_middle_leaves_no_file():
    def write():
        with sealed_file(NAME, about="one") as target:
            target.write(b"Anna Berg")
            raise KeyError

    with pytest.raises(KeyError):
        write()

    assert not path().exists()


def test_two_never_write_to_one_file():
    sealed(b"Anna Berg")

    with pytest.raises(FileExistsError):
        sealed(b"Bo Ek")

    assert path().exists()


def test_a_file_is_written_in_pieces(monkeypatch):
    """However much is written, little of it is held."""
    most = 0
    put = sealed_files.SealedWriter._put

    def measured(writer, piece, *, is_last):
        nonlocal most
        most = max(most, len(writer._waiting))
        put(writer, piece, is_last=is_last)

    monkeypatch.setattr(sealed_files.SealedWriter, "_put", measured)
    sealed(*[bytes(100_000)] * 100)

    assert most < PIECE_BYTES + 100_000


def test_its_key_is_sealed_under_the_newest_key_of_all():
    key = sealed(b"Anna Berg").key

    assert crypto.key_of(key) == crypto.newest_key()
