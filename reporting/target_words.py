"""Targets in words and as people write numbers."""

from __future__ import annotations

from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.enums import TargetFigure
from reporting.figures.targets import Aim, Progress
from reporting.models.targets import WHOLE
from reporting.rounding import rounded, shown_gap, shown_hours, shown_share
from reporting.wording import MINUS, hours, percent, points

_MINUTES_OF_AN_HOUR = 60


def amount(figure: TargetFigure, value: Fraction | int | None) -> str:
    """Return persons, hours or percent; nothing for none. Rounded once, here."""
    if value is None:
        return ""
    if figure.is_share:
        return percent(shown_share(Fraction(value) / WHOLE))
    if figure == TargetFigure.HOURS:
        return hours(rounded(Fraction(value) / _MINUTES_OF_AN_HOUR, 2))
    return number_format(rounded(value, 0), decimal_pos=0, force_grouping=True)


def difference(progress: Progress) -> str:
    """Return what is missing or above, with its sign; of shares in points."""
    value = progress.difference
    if value is None:
        return ""
    if progress.aim.figure.is_share:
        gap = shown_gap(value / WHOLE)
        return _("%(points)s points") % {"points": points(gap)}
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return sign + amount(progress.aim.figure, abs(value))


def assumption(progress: Progress) -> str:
    """Return in one sentence what the forecast rests on, or why there is none."""
    aim = progress.aim
    if progress.elapsed == 0:
        return _("The period has not begun, so there is nothing to go by yet.")
    if progress.is_over:
        return _("The period is over: this is the outcome.")
    if progress.is_too_early:
        return ngettext(
            "Too early to tell: a forecast is made when %(least)d day has passed.",
            "Too early to tell: a forecast is made when %(least)d days have passed.",
            progress.least_days,
        ) % {"least": progress.least_days}
    if progress.actual is None:
        return _("There is nothing to take a share of yet.")
    if aim.figure.is_share:
        return _("Holds if the share stays as it is now until %(day)s.") % {
            "day": aim.ends_on.isoformat()
        }
    return _(
        "Holds if it goes on at the pace so far, evenly by days: %(elapsed)d of "
        "%(days)d days have passed."
    ) % {"elapsed": progress.elapsed, "days": aim.days}


def state(progress: Progress) -> str:
    """Return whether the target is reached, will be, or will be missed."""
    aim, actual = progress.aim, progress.actual
    if actual is None:
        return _("no figure") if progress.is_over else _("cannot be told yet")
    is_reached = actual >= aim.value
    # A share may sink again, and is on the way until the period is over.
    if progress.is_over or (is_reached and not aim.figure.is_share):
        return _("reached") if is_reached else _("missed")
    return _of_forecast(progress)


def _of_forecast(progress: Progress) -> str:
    if progress.forecast is None:
        return _("cannot be told yet")
    if progress.is_behind:
        return _("behind")
    if progress.forecast < progress.aim.value:
        return _("just below, within the margin")
    return _("on the way")


def whose(aim: Aim) -> str:
    return aim.company.name if aim.company else _("The whole programme")


def entered(figure: TargetFigure, value: int) -> str:
    """Return a value as the form takes it: persons, hours or percent, no grouping."""
    if figure == TargetFigure.HOURS:
        return number_format(shown_hours(value), decimal_pos=2, force_grouping=False)
    if figure.is_share:
        return number_format(rounded(Fraction(value, 10), 1), decimal_pos=1)
    return str(value)
