"""The queue of the default mode: a folder of messages, one file each.

A mended form of kombu's filesystem transport. As shipped it can hand out a file
that is still being written, copies instead of renaming when the temporary folder
lies on another disk, stops at a file it cannot read, and forgets the order of
messages at a restart. A message that a worker had taken when it was killed is
gone; the sweep over the job rows makes that good (`core.jobs`).
"""

import fcntl
import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection
from kombu.transport import filesystem, virtual

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Messages appear and are taken by one rename each: whole, and by one worker."""

    # kombu's two base classes name the second argument differently.
    def _put(  # type: ignore[override]
        self, queue: str, message: dict[str, Any], **_: Any
    ) -> None:
        name = f"{time.time_ns():020}-{uuid.uuid4().hex}.{queue}.msg"
        _write_whole(self._folder / name, message)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for file in self._messages(queue):
            taken = file.with_name(f".{file.name}.taken")
            try:
                file.rename(taken)
            except FileNotFoundError:
                continue  # Another worker was faster.
            message = _read_message(taken)
            if message is not None:
                taken.unlink()
                return message
            logger.error("A message that cannot be read was set aside: %s", file.name)
            broken = self._folder / "broken"
            broken.mkdir(exist_ok=True, mode=0o700)
            taken.rename(broken / file.name)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._messages(queue))

    def _purge(self, queue: str) -> int:
        count = 0
        for file in self._messages(queue):
            with suppress(FileNotFoundError):
                file.unlink()
                count += 1
        return count

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        """Return which queues the exchange feeds."""
        try:
            table = json.loads(self._exchange_file(exchange).read_text())
        except (FileNotFoundError, ValueError):
            return []
        return [filesystem.exchange_queue_t(*binding) for binding in table]

    def _queue_bind(
        self, exchange: str, routing_key: str, pattern: str, queue: str
    ) -> None:
        binding = _binding(routing_key, pattern, queue)
        with self._changed_table(exchange) as table:
            if binding not in table:
                table.insert(0, binding)

    def _delete(
        self,
        queue: str,
        exchange: str,
        routing_key: str,
        pattern: str,
        *_: Any,
        **__: Any,
    ) -> None:
        self._purge(queue)
        binding = _binding(routing_key, pattern, queue)
        with self._changed_table(exchange) as table:
            if binding in table:
                table.remove(binding)

    @contextmanager
    def _changed_table(
        self, exchange: str
    ) -> Iterator[list[filesystem.exchange_queue_t]]:
        """Lend the table to one process at a time, and write it whole if it changed."""
        file = self._exchange_file(exchange)
        self.control_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.control_folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            before = list(table)
            yield table
            if table != before:
                _write_whole(file, table)

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def _messages(self, queue: str) -> list[Path]:
        """List the queue's messages, the oldest first."""
        ending = f".{queue}.msg"
        names = sorted(
            name
            for name in os.listdir(self._folder)  # noqa: PTH208 - No object per file.
            if name.endswith(ending) and name.partition(".")[2] == ending[1:]
        )
        return [self._folder / name for name in names]


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client: Connection, **options: Any) -> None:
        super().__init__(client, **options)
        # What was declared stands in the control folder, not in this process.
        self.state = virtual.BrokerState()


def _binding(routing_key: str, pattern: str, queue: str) -> filesystem.exchange_queue_t:
    return filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")


def _write_whole(file: Path, content: object) -> None:
    """Let the file appear under its name only when all of it is there."""
    draft = file.with_name(f".{uuid.uuid4().hex}.draft")
    draft.write_text(json.dumps(content))
    draft.replace(file)


def _read_message(file: Path) -> dict[str, Any] | None:
    """Return the message, or None if the file holds none."""
    try:
        message = json.loads(file.read_text())
        return message if message["properties"]["delivery_tag"] else None
    except (OSError, ValueError, LookupError, TypeError):
        return None
