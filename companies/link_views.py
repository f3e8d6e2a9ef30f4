"""Sending participants the link to their own page, and ending it."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.audit import record
from accounts.letters import portal_url
from companies.models import Participant
from companies.portal import HrOrLeaderMixin
from companies.services.links import revoke_personal_links, send_personal_link
from core.errors import DomainError


class _LinkView(HrOrLeaderMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        people = Participant.objects.visible_to(request.user)
        participant = get_object_or_404(people, ref=self.kwargs["ref"])
        try:
            done = self.act(participant)
        except DomainError as refusal:
            # Who tries addresses, to learn whose they are, leaves a trace.
            record(request.user, f"{self.action}_refused", participant)
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect(participant)


class LinkSendView(_LinkView):
    action = "companies.link_sending"

    def act(self, participant):
        language = self.request.POST.get("language")
        send_personal_link(
            participant=participant,
            actor=self.request.user,
            language=language if language in dict(settings.LANGUAGES) else "sv",
            address_of=self._address_of,
        )
        return _("The link is on its way to the person's own address.")

    def _address_of(self, token):
        return portal_url(reverse("own:open", args=[token]), self.request)


class LinkRevokeView(_LinkView):
    action = "companies.link_revoking"

    def act(self, participant):
        revoke_personal_links(participant=participant, actor=self.request.user)
        return _("The link is revoked. Who had the page open is out.")
