"""Stops a worker in the middle of its work; included by `tests.workers`."""

import functools
import os
import time
from importlib import import_module

from django.conf import settings


def set_trap(place: str, call: int) -> None:
    """Stop just before the given call of `module:attribute.path`, once."""
    module, _colon, path = place.partition(":")
    owner = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, name)
    calls = 0

    @functools.wraps(original)
    def trapped(*args, **options):
        nonlocal calls
        calls += 1
        if calls == call:
            (settings.VAR / "trap").touch()
            time.sleep(600)
        return original(*args, **options)

    setattr(owner, name, trapped)


if os.environ.get("TRAP"):
    set_trap(os.environ["TRAP"], int(os.environ["TRAP_AT"]))
