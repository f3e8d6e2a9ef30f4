"""Figures in words and as people write them; see `reporting.wording`."""

from django import template

from reporting import wording
from reporting.rounding import shown_hours

register = template.Library()

register.filter("percent", wording.percent)
register.filter("points", wording.points)
register.filter("signed", wording.signed)
register.filter("verdict_in_words", wording.verdict_in_words)
register.filter("band_in_words", wording.band_in_words)
register.filter("to_mirror_in_words", wording.to_mirror_in_words)


@register.filter
def hours(minutes: int) -> str:
    """Show whole minutes as hours."""
    return wording.hours(shown_hours(minutes))


@register.filter
def p(figures) -> str:
    return wording.probability(figures.parity.p, figures.rounded.p)


@register.filter
def mirror_p(figures) -> str:
    return wording.probability(figures.parity.mirror_p, figures.rounded.mirror_p)
