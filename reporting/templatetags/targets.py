"""Targets in words and as people write them; see `reporting.target_words`."""

from django import template

from reporting import target_words
from reporting.figures.targets import Progress

register = template.Library()

register.filter("difference", target_words.difference)
register.filter("assumption", target_words.assumption)
register.filter("state", target_words.state)
register.filter("whose", target_words.whose)


@register.filter
def target(progress: Progress) -> str:
    return target_words.amount(progress.aim.figure, progress.aim.value)


@register.filter
def actual(progress: Progress) -> str:
    return target_words.amount(progress.aim.figure, progress.actual)


@register.filter
def forecast(progress: Progress) -> str:
    return target_words.amount(progress.aim.figure, progress.forecast)
