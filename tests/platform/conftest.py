import threading
from contextlib import contextmanager

import pytest
from django.db import connections

from core.locks import held_lock


@pytest.fixture
def lock_elsewhere():
    """Hold a lock as another worker would: on a connection of its own."""

    @contextmanager
    def hold(name):
        taken, enough = threading.Event(), threading.Event()

        def keep():
            with held_lock(name) as held:
                assert held
                taken.set()
                enough.wait(timeout=30)
            connections.close_all()

        holder = threading.Thread(target=keep)
        holder.start()
        assert taken.wait(timeout=30)
        try:
            yield
        finally:
            enough.set()
            holder.join()

    return hold
