"""The pages of a kiosk, and a leader's page for giving somebody a code for it."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.audit import record
from accounts.letters import portal_url
from accounts.portal import LeaderRequiredMixin
from companies.enums import OwnChannel
from companies.kiosk import KIOSK_UNUSED, LEFT, forget_language, kiosk_of
from companies.kiosk_forms import ChooseForm, KioskCodeForm, SignInForm
from companies.models import GIVEN_FOR, KioskCode, Participant
from companies.own import OwnPageMixin, begin_session, end_session
from companies.services.kiosk_codes import (
    choose_kiosk_code,
    issue_kiosk_code,
    sign_in_at_kiosk,
    why_no_kiosk_code,
)
from companies.services.kiosks import note_use
from core.errors import DomainError

_CODE, _SINCE = "kiosk.code", "kiosk.since"


@method_decorator(login_not_required, name="dispatch")
class KioskMixin(OwnPageMixin):
    """A page of a kiosk: `self.kiosk`. Any other browser is told that it is none."""

    def dispatch(self, request, *args, **kwargs):
        self.kiosk = kiosk_of(request)
        if self.kiosk is None:
            response = render(request, "kiosk/no_kiosk.html", status=404)
            response.delete_cookie(settings.KIOSK_COOKIE_NAME, samesite="Strict")
            return response
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(kiosk=self.kiosk, **context)

    def enter(self, code):
        note_use(self.kiosk)
        begin_session(self.request, code, OwnChannel.KIOSK)
        return redirect("own:page")


@method_decorator(login_not_required, name="dispatch")  # The mark is not inherited.
class SignInView(KioskMixin, FormView):
    """Name and code. Whoever was there before has left when this page is shown.

    Nothing of the one before is left for the next one, the language neither.
    """

    form_class = SignInForm
    template_name = "kiosk/sign_in.html"

    def get(self, request, *args, **kwargs):
        if request.session.is_empty() and LEFT not in request.GET:
            return super().get(request, *args, **kwargs)
        end_session(request)
        return forget_language(redirect("kiosk:sign-in"))

    def form_valid(self, form):
        if not self._tries_left(dry_run=True):
            form.add_error(
                None,
                _(
                    "Too many wrong codes have been typed here. Try again in an hour, "
                    "or ask the project office."
                ),
            )
            return self.render_to_response(self.get_context_data(form=form), status=429)
        code = sign_in_at_kiosk(**form.cleaned_data, kiosk=self.kiosk.ref)
        if code is None:
            self._tries_left()
            form.add_error(
                None,
                _(
                    "Name and code do not belong together, or the code rests. After "
                    "five wrong codes it rests for 15 minutes. After ten it has "
                    "ended: then ask for a new one."
                ),
            )
            return self.form_invalid(form)
        if code.chosen_at:
            return self.enter(code)
        end_session(self.request)
        now = int(timezone.now().timestamp())
        self.request.session.update({_CODE: code.pk, _SINCE: now})
        self.request.session.set_expiry(0)
        return redirect("kiosk:choose")

    def _tries_left(self, **how):
        return ratelimit.consume(
            self.request, action="kiosk_failed", key=self.kiosk.ref, **how
        )


@method_decorator(login_not_required, name="dispatch")
class ChooseView(KioskMixin, FormView):
    """Choose an own code, which opens the page; for who came with a given one."""

    form_class = ChooseForm
    template_name = "kiosk/choose.html"

    @cached_property
    def code(self):
        session, now = self.request.session, timezone.now().timestamp()
        if now - session.get(_SINCE, 0) > KIOSK_UNUSED.total_seconds():
            return None
        given = KioskCode.objects.usable().filter(chosen_at=None)
        return given.select_related("participant").filter(pk=session[_CODE]).first()

    def dispatch(self, request, *args, **kwargs):
        if kiosk_of(request) and self.code is None:
            return redirect("kiosk:sign-in")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            chosen = choose_kiosk_code(code=self.code, digits=form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error("code", str(refusal))
            return self.form_invalid(form)
        return self.enter(chosen)


class GiveCodeMixin:
    """Give `self.participant` a code, against identity: shown once, in the answer."""

    form_class = KioskCodeForm
    template_name = "kiosk/code_new.html"
    at_occasion = ""

    def get_context_data(self, **context):
        return super().get_context_data(
            participant=self.participant,
            refusal=why_no_kiosk_code(self.participant, self.request.user),
            parent_url=self.parent_url,
            **context,
        )

    def form_valid(self, form):
        try:
            code = issue_kiosk_code(
                participant=self.participant,
                proof=form.cleaned_data["proof"],
                actor=self.request.user,
                occasion=self.at_occasion,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        told = {
            "code": code,
            "participant": self.participant,
            "address": portal_url(reverse("kiosk:sign-in"), self.request),
            "days": GIVEN_FOR.days,
            "parent_url": self.parent_url,
        }
        response = render(self.request, "kiosk/code_given.html", told)
        response["Cache-Control"] = "private, no-store"
        return response


class LeaderGivesCodeView(LeaderRequiredMixin, GiveCodeMixin, FormView):
    """A project leader gives the code, to whomever the leader may see."""

    @cached_property
    def participant(self):
        people = Participant.objects.visible_to(self.request.user)
        rows = people.filter(erased_at=None).select_related("company")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    @property
    def parent_url(self):
        return self.participant.get_absolute_url()

    def get_context_data(self, **context):
        record(self.request.user, "companies.read", self.participant)
        return super().get_context_data(**context)
