"""Message catalogues: the compiled file follows the written one by itself."""

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def compile_catalogues(locale: Path = LOCALE) -> list[Path]:
    """Compile every catalogue that is newer than its compiled file; return those.

    Fuzzy entries are left out. The new file replaces the old one at once, so a
    portal that is starting beside this one never reads half of it.
    """
    return [
        _compile(source)
        for source in sorted(locale.glob("*/LC_MESSAGES/*.po"))
        if _is_stale(source, source.with_suffix(".mo"))
    ]


def _is_stale(source: Path, compiled: Path) -> bool:
    if not compiled.exists():
        return True
    return source.stat().st_mtime_ns > compiled.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    compiled = source.with_suffix(".mo")
    draft = compiled.with_name(f".{compiled.name}.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(compiled)
    return compiled
