"""What stands beside the tables of parity, in sentences for the portal's pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.enums import Signal
from reporting.figures.control_chart import ControlChart
from reporting.figures.parity_tables import ParityRow
from reporting.parity.simpson import SimpsonCheck
from reporting.wording import points


def assumption() -> str:
    """Return what every p rests on."""
    return _(
        "p assumes that people are picked one by one from those who were employed on "
        "the date of the headcount, each at most once. Where whole teams are sent "
        "together, uneven outcomes come more often than p says."
    )


def binomial_assumption() -> str:
    """Return when and why a second p stands beside the first."""
    return _(
        "Where more than a fifth of a workforce has taken part, and its headcount is "
        "over twelve months older than the period's end, people have come and gone "
        "since. A binomial p stands beside p there: as if each person were picked anew "
        "from a workforce with the same share of women."
    )


def unknown_in_words(row: ParityRow) -> str:
    """Return what those of unknown gender could change; nothing where nobody is."""
    unknown = row.figures.persons.unknown
    if not unknown:
        return ""
    if not row.could_change:
        return ngettext(
            "%(count)d is left out of the share. Whatever the gender, the verdict "
            "stands.",
            "%(count)d are left out of the share. Whatever their gender, the verdict "
            "stands.",
            unknown,
        ) % {"count": unknown}
    return ngettext(
        "%(count)d is left out of the share. Depending on the gender, the verdict "
        "could be: %(verdicts)s.",
        "%(count)d are left out of the share. Depending on their gender, the verdict "
        "could be: %(verdicts)s.",
        unknown,
    ) % {
        "count": unknown,
        "verdicts": ", ".join(str(verdict.label) for verdict in row.could_change),
    }


def simpson_in_words(check: SimpsonCheck, names: Mapping[str, str]) -> list[str]:
    """Return what the whole hides of its parts, in one sentence or several.

    `names` are what people call the parts.
    """
    gap, within, mix = map(points, check.rounded_gaps)
    numbers = {"gap": gap, "within": within, "mix": mix}
    sentences = []
    if check.reversal:
        sentences.append(
            _(
                "The whole and its parts point in opposite directions: the gap is "
                "%(gap)s percentage points, but %(within)s within the parts. Do not "
                "tell the whole without the parts."
            )
            % numbers
        )
    if check.mix:
        sentences.append(
            _(
                "Most of the gap of %(gap)s percentage points comes from which parts "
                "people came from (%(mix)s), less from who was picked within them "
                "(%(within)s)."
            )
            % numbers
        )
    if check.masked:
        told = ", ".join(names.get(name, name) for name in check.telling)
        sentences.append(
            _(
                "The whole looks even, with a gap of %(gap)s percentage points, but a "
                "part does not: %(parts)s."
            )
            % {**numbers, "parts": told}
        )
    return sentences or [_("The whole tells the same story as its parts.")]


def signal_in_words(chart: ControlChart) -> str:
    """Return what the chart says of the latest month, and what it does not."""
    last = chart.last
    if last is None or last.limits is None:
        return _("Nobody can be compared yet, so the chart has no limits.")
    if last.signal is Signal.ALARM:
        return _(
            "Alarm: chance alone gives so few or so many women less often than about "
            "once in 370 times. It does not tell why. Look at what changed when the "
            "line left the limits."
        )
    if last.signal is Signal.WATCH:
        return _(
            "Watch: the latest two months in which somebody was new who can be "
            "compared both lie outside what chance gives nineteen times in twenty. It "
            "is a reason to follow the next month, and no alarm."
        )
    return _(
        "No alarm: so many women are within what chance may give. It does not mean "
        "that training mirrors the workforce."
    )


def lateness_in_words(chart: ControlChart) -> str:
    """Return how late the chart would tell that no woman is ever trained."""
    if chart.lacks_baseline:
        return _(
            "The companies of those who were new in the latest twelve months have no "
            "workforce baseline, so nobody can tell how late the alarm would sound."
        )
    if not chart.pace:
        return _(
            "Nobody of known gender was new in the latest twelve months, so the chart "
            "would tell nothing new at the present pace."
        )
    pace = number_format(chart.rounded_pace, decimal_pos=1)
    if chart.lateness is None:
        return _(
            "At the present pace of %(pace)s new people a month the chart would never "
            "tell, not even if no woman at all were trained: the women are too few, or "
            "the workforce too small. No alarm is no proof."
        ) % {"pace": pace}
    months, persons = chart.lateness.months, chart.lateness.persons
    return ngettext(
        "At the present pace of %(pace)s new people a month the alarm would sound "
        "after %(months)d month, when %(persons)d had been trained and not one of them "
        "a woman. A smaller skew is told later, or never.",
        "At the present pace of %(pace)s new people a month the alarm would sound "
        "after %(months)d months, when %(persons)d had been trained and not one of "
        "them a woman. A smaller skew is told later, or never.",
        months,
    ) % {"pace": pace, "months": months, "persons": persons}
