"""State aid in words, with money as people write it; see `reporting.aid_words`."""

from decimal import Decimal

from django import template

from reporting import aid_words
from reporting.models.aid_rates import CENTS

register = template.Library()

register.filter("kronor", aid_words.kronor)
register.filter("cents", aid_words.euros)
register.filter("room_in_words", aid_words.room_in_words)
register.filter("freer_in_words", aid_words.freer_in_words)


@register.filter
def euros(amount: Decimal) -> str:
    return aid_words.euros(int(amount * CENTS))
