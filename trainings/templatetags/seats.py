"""What pages below this app show of trainings, without knowing of them."""

from django import template

from trainings.own.offers import own_places
from trainings.selectors import order_of_the_line, seats_of_person

register = template.Library()


@register.inclusion_tag("trainings/_seats_of_person.html")
def seats_of(participant) -> dict[str, object]:
    """Show the occasions that a participant is or was on, with hours."""
    return {"seats": seats_of_person(participant)}


@register.inclusion_tag("own/_offers.html")
def offers_of(participant) -> dict[str, object]:
    """Show a participant the own places in line, with what can be answered."""
    return {"places": own_places(participant), "order": order_of_the_line()}
