"""A participant's own e-mail address and mobile: looked at, changed, confirmed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from companies.contacts import contact_of
from companies.enums import ContactKind
from companies.own import go_on_by, participant_of
from companies.services.codes import CHANNEL_OF
from companies.services.contacts import (
    confirm_contact,
    is_last_way_in,
    opened_by_removing,
    remove_contact,
    send_contact_code,
)
from core.errors import DomainError
from trainings.forms.own_contacts import CodeForm, ContactForm, RemoveForm
from trainings.own.asked import AskedCode
from trainings.own.contacts import own_contacts
from trainings.own.pace import even_pace
from trainings.views.own.trainings import OwnMixin

_ASKED = "own.contact_asked"


class ContactsView(OwnMixin, TemplateView):
    """What there is, who wrote it, and since when it is confirmed."""

    template_name = "own/contacts.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            contacts=own_contacts(self.participant), **context
        )


class _KindMixin(OwnMixin):
    """A page about one kind of contact, `self.kind`."""

    @cached_property
    def kind(self):
        if self.kwargs["kind"] not in ContactKind.values:
            raise Http404
        return ContactKind(self.kwargs["kind"])

    def get_context_data(self, **context):
        return super().get_context_data(
            kind=self.kind,
            address=contact_of(self.participant, self.kind),
            **context,
        )

    def send_code(self, address):
        """Send a code there, as far as anybody is told, and ask for it."""
        with even_pace():
            pk = send_contact_code(
                participant=self.participant,
                kind=self.kind,
                address=address,
                language=get_language(),
            )
        AskedCode(self.request, _ASKED).keep(pk, self.kind)
        return redirect("own:contact-code")


class NewView(_KindMixin, FormView):
    """Enter another address; nothing changes before its code is typed in."""

    form_class = ContactForm
    template_name = "own/contact_new.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kind": self.kind}

    def form_valid(self, form):
        try:
            return self.send_code(form.cleaned_data["address"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)


class ConfirmView(_KindMixin, TemplateView):
    """Send a code to the address that there is."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        address = contact_of(self.participant, self.kind)
        if not address:
            raise Http404
        try:
            return self.send_code(address)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("own:contacts")


class CodeView(OwnMixin, FormView):
    """Type the code that went to the address."""

    form_class = CodeForm
    template_name = "own/contact_code.html"

    @cached_property
    def asked(self):
        return AskedCode(self.request, _ASKED)

    def get(self, request, *args, **kwargs):
        if not self.asked.is_there:
            return redirect("own:contacts")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not self.asked.is_there:
            return redirect("own:contacts")
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            kind=ContactKind(self.asked.kind), over=self.asked.over, **context
        )

    def form_valid(self, form):
        if self.asked.over:
            return self.form_invalid(form)
        with even_pace():
            code = confirm_contact(
                participant=self.participant,
                pk=self.asked.pk,
                digits=form.cleaned_data["code"],
                language=get_language(),
            )
        if code is None:
            form.add_error("code", self.asked.count_wrong())
            return self.form_invalid(form)
        self.asked.forget()
        # The old address may have been what the participant came by.
        go_on_by(self.request, code, CHANNEL_OF[code.kind])
        messages.success(self.request, _("Confirmed. Only you can change it now."))
        return redirect("own:contacts")


class RemoveView(_KindMixin, FormView):
    """Ask once more, then forget an address."""

    form_class = RemoveForm
    template_name = "own/contact_remove.html"

    def get_form_kwargs(self):
        is_last = is_last_way_in(self.participant, self.kind)
        return super().get_form_kwargs() | {"is_last": is_last}

    def get_context_data(self, **context):
        opened = opened_by_removing(self.participant, self.kind)
        return super().get_context_data(opened=opened, **context)

    def get(self, request, *args, **kwargs):
        if not contact_of(self.participant, self.kind):
            return redirect("own:contacts")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            remove_contact(
                participant=self.participant,
                kind=self.kind,
                knows_last=form.cleaned_data.get("knows_last", False),
                language=get_language(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        is_in = participant_of(self.request) is not None
        messages.success(self.request, _("Removed."))
        return redirect("own:contacts" if is_in else "own:sign-in")
