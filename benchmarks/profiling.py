"""Where the time of a work goes, function by function."""

from __future__ import annotations

import cProfile
import io
import pstats
from collections.abc import Callable
from typing import Any

LINES = 18


def profile_of(work: Callable[[], Any]) -> str:
    """Run the work; return its functions, those that took longest themselves first."""
    profile = cProfile.Profile()
    profile.runcall(work)
    text = io.StringIO()
    statistics = pstats.Stats(profile, stream=text).sort_stats("tottime")
    statistics.print_stats(LINES)
    return text.getvalue()
