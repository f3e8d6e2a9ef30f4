"""Uploads of which only the checksum is wanted: nothing of them is ever kept.

A view has to choose the handler before anything reads the request's body.
"""

from __future__ import annotations

import hashlib
import io

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class HashedFile(UploadedFile):
    """What is left of an upload: its size, and its SHA-256 in hexadecimal digits."""

    def __init__(self, name: str, size: int, sha256: str) -> None:
        super().__init__(io.BytesIO(), name, size=size)
        self.sha256 = sha256


class HashingUploadHandler(FileUploadHandler):
    """Digests a file while it comes in, piece by piece."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> HashedFile:
        return HashedFile(self.file_name or "", file_size, self._digest.hexdigest())
