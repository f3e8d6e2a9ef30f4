"""A cache on disk that several processes of one machine share."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache


class SharedFileCache(FileBasedCache):
    """Django's cache of files, whose `add` is one step for every process.

    Sign-in limits rest on it: whoever adds the lock of a counter may count. As
    Django ships it, two processes could both believe that they added it.
    """

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,  # type: ignore[assignment]
        version: int | None = None,
    ) -> bool:
        with self._one_at_a_time():
            return super().add(key, value, timeout, version)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        self._createdir()  # type: ignore[attr-defined]
        folder = Path(self._dir)  # type: ignore[attr-defined]
        with (folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
