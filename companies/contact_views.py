"""Releasing a contact that a person has confirmed and lost."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from companies.contact_forms import ReleaseForm
from companies.contacts import FIELD_OF, contact_of, kept_contacts
from companies.enums import ContactKind
from companies.models import Participant
from companies.services.contacts import release_contact
from core.errors import DomainError


class ReleaseView(LeaderRequiredMixin, FormView):
    """Why, then release; of an address that is not confirmed there is no such page."""

    form_class = ReleaseForm
    template_name = "companies/contact_release.html"

    @cached_property
    def participant(self):
        people = Participant.objects.visible_to(self.request.user)
        person = get_object_or_404(people, ref=self.kwargs["ref"])
        kind = self.kwargs["kind"]
        if kind not in ContactKind.values or FIELD_OF[kind] not in kept_contacts(
            person
        ):
            raise Http404
        return person

    def get_context_data(self, **context):
        record(self.request.user, "companies.read", self.participant)
        kind = ContactKind(self.kwargs["kind"])
        return super().get_context_data(
            participant=self.participant,
            kind=kind,
            address=contact_of(self.participant, kind),
            **context,
        )

    def form_valid(self, form):
        participant = self.participant
        try:
            release_contact(
                participant=participant,
                kind=ContactKind(self.kwargs["kind"]),
                reason=form.cleaned_data["reason"],
                actor=self.request.user,
            )
        except DomainError as refusal:
            record(
                self.request.user, "companies.contact_releasing_refused", participant
            )
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Released. HR may enter another one."))
        return redirect(participant)
