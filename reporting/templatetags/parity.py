"""Parity in words and as people write it; see `reporting.parity_wording`."""

from django import template

from reporting import parity_wording, wording

register = template.Library()

register.filter("unknown_in_words", parity_wording.unknown_in_words)


@register.filter
def binomial_p(row) -> str:
    return wording.probability(row.binomial_p, row.rounded_binomial_p)


@register.filter
def of_gender(counts, gender) -> int:
    """Show the number of one gender."""
    return counts[gender]
