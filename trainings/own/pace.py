"""One pace for answers that must not tell by the clock what was found."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 0.4  # Longer than a letter takes to write and to queue.


@contextmanager
def even_pace() -> Iterator[None]:
    """Take as long as SECONDS for what is done within, however soon it is done."""
    end = time.monotonic() + SECONDS
    yield
    time.sleep(max(0.0, end - time.monotonic()))
