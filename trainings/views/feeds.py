"""The address at which a calendar program reads, and the pages that give it out."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.letters import portal_url
from companies.services.feeds import (
    end_feed,
    feed_of,
    feeds_of,
    make_feed,
    note_reading,
)
from core.errors import DomainError
from trainings.calendar.feeds import calendar_file, has_calendar
from trainings.calendar.files import MIME_TYPE
from trainings.portal import OccasionReaderMixin
from trainings.views.own.trainings import OwnMixin


@method_decorator(login_not_required, name="dispatch")
class FeedView(View):
    """The calendar of whoever made the address, as the rights of its owner are now.

    Without a sign-in, because calendar programs have none. An unknown address, an
    ended one and one whose owner has no calendar any more are not found, all alike.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        feed = feed_of(kwargs["token"])
        if feed is None or (feed.user and not has_calendar(feed.user)):
            raise Http404
        note_reading(feed)
        with translation.override(feed.language):
            content = calendar_file(
                feed, address_of=lambda path: portal_url(path, request)
            )
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        response = HttpResponse(content, content_type=f"{MIME_TYPE}; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="kompetenslyft.ics"'
        response = get_conditional_response(request, etag=etag, response=response)
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response


class _SubscribeMixin:
    """Make an address, shown once in the answer and kept nowhere; or make it anew."""

    def get_context_data(self, **context):
        feed = feeds_of(self.owner).unrevoked().first()
        return super().get_context_data(feed=feed, **context)

    def post(self, request, *args, **kwargs):
        try:
            token = make_feed(owner=self.owner, language=get_language())
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        path = reverse("trainings:calendar-feed", args=[token])
        address = portal_url(path, request)
        return self.render_to_response(self.get_context_data(address=address))


class _EndMixin:
    """End the address."""

    http_method_names = ["post"]
    leads_to = ""

    def post(self, request, *args, **kwargs):
        try:
            end_feed(owner=self.owner)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The address is ended. Nobody reads it now."))
        return redirect(self.leads_to)


class SubscribeView(OccasionReaderMixin, _SubscribeMixin, TemplateView):
    """A user's own calendar address."""

    template_name = "trainings/calendar_subscribe.html"

    @property
    def owner(self):
        return self.request.user


class EndView(OccasionReaderMixin, _EndMixin, View):
    leads_to = "trainings:calendar-subscribe"

    @property
    def owner(self):
        return self.request.user


class OwnSubscribeView(OwnMixin, _SubscribeMixin, TemplateView):
    """A participant's own calendar address."""

    template_name = "own/calendar_subscribe.html"
    kept_off_kiosks = frozenset({"GET", "HEAD", "POST"})

    @property
    def owner(self):
        return self.participant


class OwnEndView(OwnMixin, _EndMixin, View):
    leads_to = "own:calendar-subscribe"

    @property
    def owner(self):
        return self.participant
