"""What pages below this app show of trainings, without knowing of them."""

from django import template

from trainings.selectors import seats_of_person

register = template.Library()


@register.inclusion_tag("trainings/_seats_of_person.html")
def seats_of(participant) -> dict[str, object]:
    """Show the occasions that a participant is or was on, with hours."""
    return {"seats": seats_of_person(participant)}
