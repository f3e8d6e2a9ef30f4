"""Letters and text messages that are files, where no server is set: how they go.

Each is a file of its own, named by when it was written. It says in `Message-ID` which
letter of the outbox it is.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from uuid import UUID

from accounts.letters import mail_folder
from accounts.sms import text_folder
from core.logs import place_of

logger = logging.getLogger(__name__)


def files_before(moment: dt.datetime) -> list[Path]:
    """Return the letters that were last written to before then; none on a server."""
    return [path for path in _files() if path.stat().st_mtime < moment.timestamp()]


def delete_files_of(letters: Collection[UUID]) -> int:
    """Delete the files of these letters of the outbox; return how many went."""
    ids = [f"<{letter}@".encode() for letter in letters]
    if not ids:
        return 0
    return delete_files(path for path in _files() if _holds(path, ids))


def delete_files(files: Iterable[Path]) -> int:
    """Delete files; return how many went. One that cannot be is told in the log."""
    return sum(1 for path in list(files) if _delete(path))


def _files() -> Iterator[Path]:
    for folder, names in ((mail_folder(), "*.log"), (text_folder(), "*.sms.txt")):
        if folder:
            found = Path(folder).glob(names)
            yield from sorted(path for path in found if path.is_file())


def _holds(path: Path, ids: Collection[bytes]) -> bool:
    content = path.read_bytes()
    return any(one in content for one in ids)


def _delete(path: Path) -> bool:
    try:
        path.unlink()
    except OSError as error:
        logger.warning("A letter's file was not deleted: %s", place_of(error))
        return False
    return True
