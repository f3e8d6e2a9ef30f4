"""Coming to the own page by a code: ask for it, type it, choose a company.

What a stranger sees is the same for an address that gets a code and one that does not:
the pages count tries and minutes by themselves, and each answer takes as long.
"""

import uuid

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.sms import sms_is_on
from companies.own import OwnPageMixin, begin_session
from companies.services.codes import (
    CHANNEL_OF,
    enter_by_code,
    proved_code,
    redeem_code,
    rows_behind,
    send_sign_in_code,
)
from trainings.forms.own_contacts import AddressForm, CodeForm, CompanyForm
from trainings.own.asked import AskedCode
from trainings.own.pace import even_pace

_PROVED = "own.proved"


class SignInView(OwnPageMixin, FormView):
    """Type an address, and get a code if it is one of a participant's."""

    form_class = AddressForm
    template_name = "own/sign_in.html"

    def get_context_data(self, **context):
        return super().get_context_data(has_sms=sms_is_on(), **context)

    def form_valid(self, form):
        kind, address = form.kind, form.cleaned_data["address"]
        if why := self._why_not_now(address):
            form.add_error(None, why)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        with even_pace():
            pk = send_sign_in_code(kind=kind, address=address, language=get_language())
        AskedCode(self.request, "own.asked").keep(pk, kind)
        return redirect("own:sign-in-code")

    def _why_not_now(self, address):
        if not ratelimit.consume(self.request, action="own_code_asked"):
            return _("Too many codes were asked for from here. Wait a minute.")
        to = address.casefold()
        key = f"{get_adapter().get_client_ip(self.request)} {to}"
        if not ratelimit.consume(self.request, action="own_code_from_here", key=key):
            return _(
                "A code has just been asked for. Wait a minute; after five codes, wait "
                "an hour."
            )
        if not ratelimit.consume(self.request, action="own_code_address", key=to):
            return _("Too many codes were asked for to this address. Wait an hour.")
        return ""


class SignInCodeView(OwnPageMixin, FormView):
    """Type the code; five wrong ones end it."""

    form_class = CodeForm
    template_name = "own/sign_in_code.html"

    @cached_property
    def asked(self):
        return AskedCode(self.request, "own.asked")

    def get(self, request, *args, **kwargs):
        if not self.asked.is_there:
            return redirect("own:sign-in")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not self.asked.is_there:
            return redirect("own:sign-in")
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            by_mail=self.asked.kind == "email", over=self.asked.over, **context
        )

    def form_valid(self, form):
        if self.asked.over:
            return self.form_invalid(form)
        if not ratelimit.consume(self.request, action="own_code_typed"):
            form.add_error(None, _("Too many tries from here. Wait a minute."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        with even_pace():
            code = redeem_code(pk=self.asked.pk, digits=form.cleaned_data["code"])
        if code is None:
            form.add_error("code", self.asked.count_wrong())
            return self.form_invalid(form)
        self.asked.forget()
        return self._go_on(code)

    def _go_on(self, code):
        rows = rows_behind(code)
        if len(rows) > 1:
            self.request.session[_PROVED] = str(code.pk)
            return redirect("own:sign-in-company")
        return enter(self.request, code, code.participant)


class SignInCompanyView(OwnPageMixin, FormView):
    """For who is entered by several companies: which page to open."""

    form_class = CompanyForm
    template_name = "own/sign_in_company.html"

    @cached_property
    def code(self):
        pk = self.request.session.get(_PROVED)
        return proved_code(uuid.UUID(pk)) if pk else None

    def get(self, request, *args, **kwargs):
        if self.code is None:
            return redirect("own:sign-in")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.code is None:
            return redirect("own:sign-in")
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rows": rows_behind(self.code)}

    def form_valid(self, form):
        return enter(self.request, self.code, form.cleaned_data["row"])


def enter(request, code, participant):
    """Open the participant's page for the browser that has proved the address."""
    code = enter_by_code(code=code, participant=participant)
    begin_session(request, code, CHANNEL_OF[code.kind])
    return redirect("own:page")
