"""Uploads while they are read: plain files, in a folder that only the portal enters."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.sealed_files import UNNAMED_AFTER


def delete_left_uploads() -> int:
    """Delete uploads that a process has left which was killed; return how many.

    Nobody is still reading one that is older than any request.
    """
    oldest = (timezone.now() - UNNAMED_AFTER).timestamp()
    gone = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        # Another process may delete the same file just now.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone
