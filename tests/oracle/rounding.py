"""Exact numbers as the figures show them: rounded once, half away from zero."""

from __future__ import annotations

from fractions import Fraction


def rounded(value: Fraction | None, places: int) -> float | None:
    """Round an exact fraction half away from zero; zero is never negative."""
    if value is None:
        return None
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return float(Fraction(-whole if value < 0 else whole, 10**places))


def hours(minutes: int) -> str:
    """Minutes as hours with two decimals, half away from zero."""
    hundredths = (2 * minutes * 100 + 60) // 120
    return f"{hundredths // 100}.{hundredths % 100:02}"
