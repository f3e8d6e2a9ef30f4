"""A participant's session: begun by a link or a code, ended by time or with it.

The session holds which link or code it was begun with, so that ending that ends it at
the next request. Who is signed in as a user is no participant in the same browser. On
a tablet that others use, too, it is short, and nothing that would stay there is given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from companies.enums import OwnChannel
from companies.kiosk import KIOSK_IDLE, give_time_to_write, kiosk_of
from companies.models import KioskCode, Participant, PersonalLink, SignInCode

IDLE = dt.timedelta(hours=2)
LONGEST = dt.timedelta(hours=8)
KIOSK_LONGEST = dt.timedelta(minutes=30)
Way = PersonalLink | SignInCode | KioskCode
_WAY, _CHANNEL, _BEGUN, _SEEN = "own.way", "own.channel", "own.begun", "own.seen"
_SEEN_AGAIN = 60  # Seconds: within them no request writes the session anew.
_WAYS: Mapping[OwnChannel, Any] = {
    OwnChannel.LINK: PersonalLink,
    OwnChannel.EMAIL: SignInCode,
    OwnChannel.SMS: SignInCode,
    OwnChannel.KIOSK: KioskCode,
}


def begin_session(request: HttpRequest, way: Way, channel: OwnChannel) -> None:
    """Make the browser the participant's, whoever it was before."""
    end_session(request)
    now = int(timezone.now().timestamp())
    request.session.update(
        {_WAY: str(way.pk), _CHANNEL: channel.value, _BEGUN: now, _SEEN: now}
    )
    request.session.set_expiry(0)  # The cookie goes when the browser is closed.
    rotate_token(request)


def go_on_by(request: HttpRequest, way: Way, channel: OwnChannel) -> None:
    """Let the session rest on this way in, where that which began it has just ended.

    It lasts no longer for that.
    """
    if _way_of_session(request) is None:
        request.session.update({_WAY: str(way.pk), _CHANNEL: channel.value})


def end_session(request: HttpRequest) -> None:
    """Forget who the browser was, user or participant, under a new session key."""
    if request.user.is_authenticated:
        logout(request)
    else:
        request.session.flush()


def channel_of(request: HttpRequest) -> OwnChannel:
    """Return by what the participant of this browser came. Asked only where one is."""
    return OwnChannel(request.session[_CHANNEL])


def participant_of(request: HttpRequest) -> Participant | None:
    """Return whose page this browser may show, or None.

    A session that has come to its end is ended here.
    """
    session = request.session
    if _WAY not in session:
        return None
    if request.user.is_authenticated:
        del session[_WAY]  # A user signed in since: the participant has left.
        return None
    way = _way_of_session(request)
    if way is None:
        end_session(request)
        return None
    now = int(timezone.now().timestamp())
    is_kiosk = channel_of(request) == OwnChannel.KIOSK
    if is_kiosk or now - session[_SEEN] > _SEEN_AGAIN:
        session[_SEEN] = now
    return way.participant


def _way_of_session(request: HttpRequest) -> Way | None:
    session, now = request.session, timezone.now().timestamp()
    channel = channel_of(request)
    is_kiosk = channel == OwnChannel.KIOSK
    if is_kiosk and kiosk_of(request) is None:
        return None
    idle, longest = (KIOSK_IDLE, KIOSK_LONGEST) if is_kiosk else (IDLE, LONGEST)
    is_late = now - session[_SEEN] > idle.total_seconds()
    if is_late or now - session[_BEGUN] > longest.total_seconds():
        return None
    ways = _WAYS[channel].objects.valid().select_related("participant__company")
    return ways.filter(pk=session[_WAY]).first()


@method_decorator(login_not_required, name="dispatch")
class OwnPageMixin(View):
    """A page that no account opens. Nothing of it stays in a cache or a referrer."""

    def dispatch(self, request, *args, **kwargs):
        return _kept_close(super().dispatch(request, *args, **kwargs))

    def no_page(self):
        """Answer that there is no page, and how to get one; a kiosk begins anew."""
        if kiosk_of(self.request):
            return _kept_close(redirect("kiosk:sign-in"))
        return _kept_close(render(self.request, "own/no_link.html", status=404))


@method_decorator(login_not_required, name="dispatch")  # The mark is not inherited.
class ParticipantRequiredMixin(OwnPageMixin):
    """A page of a participant, `self.participant`; for everybody else not there.

    `kept_off_kiosks` are the methods whose answer would stay on a tablet that others
    use, too: there a page says so instead. One that `is_written_on` stays there for
    longer while nobody acts.
    """

    kept_off_kiosks: frozenset[str] = frozenset()
    is_written_on = False

    def dispatch(self, request, *args, **kwargs):
        self.participant = participant_of(request)
        if self.participant is None:
            return self.no_page()
        if request.method in self.kept_off_kiosks and kiosk_of(request):
            told = {"participant": self.participant}
            page = render(request, "kiosk/kept_off.html", told, status=404)
            return _kept_close(page)
        if self.is_written_on:
            give_time_to_write(request)
        return super().dispatch(request, *args, **kwargs)


def _kept_close(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    # Not `no-referrer`, under which browsers send forms with `Origin: null`, which
    # the check against forged forms refuses.
    response["Referrer-Policy"] = "strict-origin"
    return response
