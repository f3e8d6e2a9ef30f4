"""How exact figures are shown: rounded once, half away from zero.

Every face of a figure (page, workbook, JSON) rounds here and nowhere else.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

# Of what is below it four decimals say nothing: it is told in words.
TINY = 0.0001
# Above the error of a computed probability, far below what four places can tell.
_PROBABILITY_ERROR = Fraction(1, 10**11)


def rounded(value: Fraction | int, places: int) -> Decimal:
    """Return the value with so many decimals; zero is never negative."""
    scaled = abs(Fraction(value)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def shown_share(share: Fraction | None) -> Decimal | None:
    """Return a share of 0 to 1 with four decimals."""
    return None if share is None else rounded(share, 4)


def shown_gap(gap: Fraction | None) -> Decimal | None:
    """Return a difference of shares in percentage points with one decimal."""
    return None if gap is None else rounded(gap * 100, 1)


def shown_probability(p: float | None) -> Decimal | None:
    """Return a probability with four decimals; a tie in all but name goes up."""
    if p is None:
        return None
    return min(Decimal(1), rounded(Fraction(p) * (1 + _PROBABILITY_ERROR), 4))


def shown_hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals."""
    return rounded(Fraction(minutes, 60), 2)


def shown_days(days: Fraction | None) -> Decimal | None:
    """Return days with one decimal."""
    return None if days is None else rounded(days, 1)
