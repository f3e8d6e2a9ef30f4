"""Files of the storage that are sealed while they are written, and read in pieces.

Each has a key of its own, which `core.crypto` encrypts into a column of the row that
names the file: whoever rotates the keys reseals that column, and without it the file is
noise, wherever a copy of it lies.

A file is pieces of AES-256-GCM ciphertext. The nonce of a piece is its number, and
whether it is the last; so pieces that changed places, or an end that was cut off, are
not read for the file that was written.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils import timezone

from core.crypto import UnreadableError, decrypt, encrypt

PIECE_BYTES = 1 << 20
_TAG_BYTES = 16
_NUMBER_BYTES = 11
# A file is there before its row names it: nobody is still writing one that is older.
UNNAMED_AFTER = dt.timedelta(hours=1)


class SealedWriter:
    """Takes what is to be written; `key` is kept in the row, or the file is lost.

    `digest` is the SHA-256 of what was written, before it is sealed.
    """

    def __init__(self, target: BinaryIO, *, about: str) -> None:
        key = AESGCM.generate_key(bit_length=256)
        self.digest = hashlib.sha256()
        self.key = encrypt(base64.b64encode(key).decode())
        self._cipher = AESGCM(key)
        self._about = about.encode()
        self._target = target
        self._number = 0
        self._waiting = bytearray()

    def write(self, content: bytes, /) -> int:
        self._waiting += content
        self.digest.update(content)
        # The last piece is told by who has nothing more to write, so one stays back.
        while len(self._waiting) > PIECE_BYTES:
            self._put(bytes(self._waiting[:PIECE_BYTES]), is_last=False)
            del self._waiting[:PIECE_BYTES]
        return len(content)

    def flush(self) -> None:
        """Do nothing: a piece is written when it is full."""

    def close(self) -> None:
        """Write the last piece, and see it on the disk."""
        self._put(bytes(self._waiting), is_last=True)
        self._target.flush()
        os.fsync(self._target.fileno())

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._about))
        self._number += 1


@contextmanager
def sealed_file(name: str, *, about: str) -> Iterator[SealedWriter]:
    """Write a new file of the storage; it is gone again if the block raises.

    `about` says what the file is of; it is not read as the file of anything else.
    """
    path = Path(default_storage.path(name))
    folder = settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS
    path.parent.mkdir(parents=True, exist_ok=True, mode=folder)
    own_eyes = settings.FILE_UPLOAD_PERMISSIONS
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, own_eyes)
    try:
        with os.fdopen(descriptor, "wb") as target:
            writer = SealedWriter(target, about=about)
            yield writer
            writer.close()
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def read_sealed(name: str, key: bytes, *, about: str) -> Iterator[bytes]:
    """Yield what a file holds, piece by piece.

    Raises UnreadableError, at the first piece or at a later one, where the file is gone
    or is not as it was written.
    """
    cipher = AESGCM(base64.b64decode(decrypt(key)))
    try:
        with default_storage.open(name) as source:
            piece = source.read(PIECE_BYTES + _TAG_BYTES)
            number = 0
            while True:
                following = source.read(PIECE_BYTES + _TAG_BYTES)
                nonce = _nonce(number, is_last=not following)
                yield cipher.decrypt(nonce, piece, about.encode())
                if not following:
                    return
                piece, number = following, number + 1
    except (FileNotFoundError, InvalidTag) as error:
        raise UnreadableError from error


def delete_file(name: str) -> None:
    """Delete a file of the storage; one that is gone is as good as deleted."""
    with suppress(FileNotFoundError):
        default_storage.delete(name)


def delete_unnamed(model: type[Model], *, field: str = "file") -> int:
    """Delete the files of a folder that no row names; return how many.

    They are left where a process was killed before its row was saved, or after the row
    gave the file up.
    """
    folder = str(model._meta.get_field(field).upload_to).rstrip("/")  # type: ignore[union-attr]
    if not default_storage.exists(folder):
        return 0
    oldest = timezone.now() - UNNAMED_AFTER
    gone = 0
    for name in default_storage.listdir(folder)[1]:
        path = f"{folder}/{name}"
        if model._base_manager.filter(**{field: path}).exists():
            continue
        # Another process may delete the same file just now.
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)
                gone += 1
    return gone


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + bytes([is_last])
