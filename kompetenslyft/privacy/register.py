"""Who was erased, kept beside the database: a backup of it does not know.

A file of refs, which say nothing of who it was. It only grows, and each line is on
the disk before the database says the same: `begun` before the erasure is committed,
`erased` after. A crash between the two leaves a ref that is judged again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError

BEGUN, ERASED = "begun", "erased"
_PARTS_OF_A_LINE = 3


def note_begun(refs: Iterable[str]) -> None:
    """Write down that these are about to be erased.

    Raises DomainError where the file cannot be written: then nobody is erased.
    """
    try:
        _append(refs, BEGUN)
    except OSError as error:
        raise DomainError(
            _("Nobody was erased: the list of the erased cannot be written (%(why)s).")
            % {"why": error.strerror}
        ) from error


def note_erased(refs: Iterable[str]) -> None:
    """Write down that these have been erased."""
    _append(refs, ERASED)


def noted() -> dict[str, bool]:
    """Return every ref of the file, and whether its erasure is known to be done."""
    try:
        text = _path().read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    found: dict[str, bool] = {}
    for line in text.splitlines():
        parts = line.split(" ")
        # A line that a crash tore apart names nobody for sure.
        if len(parts) == _PARTS_OF_A_LINE and parts[2] in {BEGUN, ERASED}:
            found[parts[1]] = found.get(parts[1], False) or parts[2] == ERASED
    return found


def _append(refs: Iterable[str], word: str) -> None:
    now = timezone.now().isoformat(timespec="seconds")
    lines = "".join(f"{now} {ref} {word}\n" for ref in sorted(refs))
    if not lines:
        return
    path = _path()
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            file.write(b"\n")  # After what a crash tore apart.
        file.write(lines.encode())
        file.flush()
        os.fsync(descriptor)
    if is_new:
        _keep_name(path)


def _keep_name(path: Path) -> None:
    """Let the folder, too, remember a new file through a crash."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _path() -> Path:
    return settings.ERASED_PEOPLE_FILE
