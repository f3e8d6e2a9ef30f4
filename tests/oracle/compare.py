"""Say where two JSON objects differ, path by path."""

from __future__ import annotations

from collections.abc import Iterator


def differences(ours: object, theirs: object, path: str = "") -> Iterator[str]:
    """Yield one line for each value that differs, named by its path.

    Numbers are compared as they stand, and whether a key is there counts; 1 and 1.0
    are the same number, but true is not 1. Lists are compared place by place.
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            if key not in ours:
                yield f"{path}/{key}: missing, expected {theirs[key]!r}"
            elif key not in theirs:
                yield f"{path}/{key}: unexpected {ours[key]!r}"
            else:
                yield from differences(ours[key], theirs[key], f"{path}/{key}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield f"{path}: {len(ours)} entries, expected {len(theirs)}"
        for place, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(mine, other, f"{path}/{place}")
    elif ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
        yield f"{path}: {ours!r}, expected {theirs!r}"
