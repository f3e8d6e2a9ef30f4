"""Co-financing and state aid in words, with money as people write it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reporting.de_minimis import Room
from reporting.models.aid_rates import CENTS

_OF_A_HUNDREDTH = Decimal("0.01")


def euros(cents: int) -> str:
    """Return cents as euros with two decimals."""
    return _("%(amount)s euros") % {"amount": _money(Decimal(cents) / CENTS)}


def kronor(amount: Decimal | None) -> str:
    """Return kronor with two decimals; nothing for none."""
    if amount is None:
        return ""
    return _("SEK %(amount)s") % {"amount": _money(amount)}


def room_in_words(room: Room) -> str:
    """Return what is left on the day, and of which ceiling."""
    day = room.day.isoformat()
    if room.ceiling is None:
        return _(
            "No rule of de minimis aid is entered for %(day)s, so nobody can tell what "
            "is left. Enter it in the administration."
        ) % {"day": day}
    return _("On %(day)s %(left)s is left of %(ceiling)s, by %(regulation)s.") % {
        "day": day,
        "left": euros(room.left),
        "ceiling": euros(room.ceiling.cents),
        "regulation": room.ceiling.name,
    }


def freer_in_words(room: Room, freer: Room | None) -> str:
    """Return when more is left than in a room, and how much it is then."""
    if room.ceiling is None:
        return ""
    if freer is None:
        return _("No day is known on which more is free.")
    return _("More is free from %(day)s: %(left)s.") % {
        "day": freer.day.isoformat(),
        "left": euros(freer.left),
    }


def _money(amount: Decimal) -> str:
    exact = amount.quantize(_OF_A_HUNDREDTH)
    return number_format(exact, decimal_pos=2, force_grouping=True)
