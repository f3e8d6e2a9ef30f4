"""What the pages of occasions share. Who finds nothing gets a 404, never a 403."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from accounts.audit import record
from companies.models import Company
from trainings.models import Provider
from trainings.selectors import occasions_for


class OccasionReaderMixin:
    """A page for HR, suppliers' staff and project leaders; not there for others.

    `self.companies` are those whose rows the user may see, by name. Who has none,
    and is no project leader, sees occasions as the supplier's staff alone.
    """

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        self.companies = list(Company.objects.visible_to(user))
        self.is_only_supplier = not (self.companies or user.is_project_leader)
        if self.is_only_supplier and not Provider.objects.run_by(user).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            companies=self.companies, is_only_supplier=self.is_only_supplier, **context
        )


class OccasionMixin:
    """A page about one occasion that the user may see: `self.occasion`."""

    def occasions(self):
        rows = occasions_for(self.request.user)
        return rows.select_related("course", "provider")

    @cached_property
    def occasion(self):
        return get_object_or_404(self.occasions(), ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(occasion=self.occasion, **context)


def record_roster(user, occasion, places, **facts):
    """Leave a trace of the people on a roster who were shown, if there were any."""
    people = {place.enrolment.participant.ref for place in places}
    if people:
        record(user, "trainings.roster_read", occasion, people=people, **facts)
