"""A code that was asked for in a browser, as far as the browser may tell of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import MOST_TRIES
from companies.services.codes import LIFE


class AskedCode:
    """What the session keeps under this name: an id that says nothing, and tries.

    Tries and minutes are counted here, too, so that the page says the same of a code
    that was sent and of one that never was.
    """

    def __init__(self, request: HttpRequest, name: str) -> None:
        self.session, self.name = request.session, name

    @property
    def is_there(self) -> bool:
        return self.name in self.session

    @property
    def pk(self) -> UUID:
        return UUID(self.session[self.name]["code"])

    @property
    def kind(self) -> str:
        return self.session[self.name]["kind"]

    @property
    def over(self) -> str:
        """Why the code is not to be typed in any more; empty while it is."""
        asked = self.session[self.name]
        if asked["tries"] >= MOST_TRIES:
            return _("That was the fifth wrong code. Get a new one.")
        if timezone.now().timestamp() - asked["at"] > LIFE.total_seconds():
            return _("The code has ended: it works for ten minutes. Get a new one.")
        return ""

    def keep(self, pk: UUID, kind: str) -> None:
        now = int(timezone.now().timestamp())
        kept = {"code": str(pk), "kind": str(kind), "at": now, "tries": 0}
        self.session[self.name] = kept

    def count_wrong(self) -> str:
        """Return the sentence about a wrong code, and count it."""
        asked = self.session[self.name]
        self.session[self.name] = asked | {"tries": asked["tries"] + 1}
        if self.over:
            return self.over
        left = MOST_TRIES - asked["tries"] - 1
        return _(
            "The code is wrong, or another one was sent since. Tries left: %(left)d."
        ) % {"left": left}

    def forget(self) -> None:
        self.session.pop(self.name, None)
