"""What pages below this app show of a participant, without knowing of participants."""

from django import template

from companies.kiosk import kiosk_of, shown_for
from companies.models import Kiosk, Participant
from companies.own import participant_of

register = template.Library()
_ASKED = "_own_participant"


@register.simple_tag(takes_context=True)
def own_participant(context: template.Context) -> Participant | None:
    """Return whose own page is open in this browser, or None; asked once a request."""
    request = context["request"]
    if not hasattr(request, _ASKED):
        setattr(request, _ASKED, participant_of(request))
    return getattr(request, _ASKED)


@register.simple_tag(takes_context=True)
def this_kiosk(context: template.Context) -> Kiosk | None:
    """Return the kiosk that this browser is, or None."""
    return kiosk_of(context["request"])


@register.simple_tag(takes_context=True)
def kiosk_minutes(context: template.Context) -> int:
    """Return for how many minutes a kiosk shows this page while nobody acts."""
    return int(shown_for(context["request"]).total_seconds()) // 60
