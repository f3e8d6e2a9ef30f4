"""Let somebody else of the company take a seat."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.errors import DomainError
from trainings import services
from trainings.forms.seats import SubstituteForm
from trainings.models import Enrolment
from trainings.selectors import place_of
from trainings.views.nominate import PeopleToChooseMixin


class SubstituteView(PeopleToChooseMixin, TemplateView):
    """Choose who comes instead, and say why; only for a seat that is held."""

    template_name = "trainings/substitute.html"
    search_key = "trainings.substitute.search"

    @cached_property
    def enrolment(self):
        rows = Enrolment.objects.visible_to(self.request.user).confirmed()
        return get_object_or_404(
            rows, occasion=self.occasion, ref=self.kwargs["enrolment"]
        )

    def people(self):
        return super().people().filter(company=self.enrolment.participant.company)

    def chosen_company(self):
        return self.enrolment.participant.company

    def get(self, request, *args, **kwargs):
        if self.occasion.is_over:
            raise Http404
        return self._show(SubstituteForm(people=self.people()))

    def post(self, request, *args, **kwargs):
        if "search" in request.POST:
            return self.search(request)
        form = SubstituteForm(request.POST, people=self.people())
        if not form.is_valid():
            return self._show(form)
        try:
            services.substitute(
                enrolment=self.enrolment,
                participant=form.cleaned_data["people"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        messages.success(request, _("The seat has passed to the other person."))
        return redirect(self.occasion)

    def _show(self, form):
        place = place_of(self.enrolment, self.request.user)
        shown = {self.enrolment.participant.ref}
        return self.show(form, shown=shown, place=place)
