"""How few seats an occasion may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from trainings.models.occasion import Occasion


def why_too_few_seats(occasion: Occasion) -> str:
    """Return why the occasion needs more seats than it has by now, or nothing.

    Somebody holds them, or it is planned for so many people of needs: without a seat
    behind it a need would look met.
    """
    taken = occasion.enrolments.holding().count()
    if occasion.capacity < taken:
        return _("More seats than that are taken or offered: %(taken)d.") % {
            "taken": taken
        }
    needs = occasion.planned_needs.filter(need__withdrawn_at=None)
    people = needs.aggregate(all=Sum("headcount"))["all"] or 0
    if occasion.capacity < people and not occasion.is_over:
        return _(
            "It is planned for %(people)d people of the companies' needs, and would "
            "have %(seats)d seats. Take needs off it first."
        ) % {"people": people, "seats": occasion.capacity}
    return ""
