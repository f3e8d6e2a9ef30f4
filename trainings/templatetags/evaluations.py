"""What the own page shows of evaluations."""

from django import template
from django.utils import timezone

from trainings.selectors.evaluations import own_evaluations

register = template.Library()


@register.inclusion_tag("own/_evaluations.html")
def evaluations_of(participant) -> dict[str, object]:
    """Show a participant the trainings that may be evaluated now."""
    return {"evaluations": own_evaluations(participant, now=timezone.now())}
