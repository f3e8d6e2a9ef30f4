"""Certificates of hours by month, for HR and project leaders, and parcels of them."""

from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView, View

from accounts.audit import record
from accounts.letters import portal_url
from companies.models import Company
from companies.portal import HrOrLeaderMixin
from core.errors import DomainError
from core.paging import paginate
from core.sealed_files import read_sealed
from trainings.calendar import Month, month_of
from trainings.forms.parcels import ParcelForm
from trainings.selectors.months import (
    Show,
    closed_parcels,
    lines_of,
    people_in,
    people_of_month,
    readable_parcels,
    totals_of_month,
)
from trainings.tasks import start_parcel

LATEST = 10
SHOWN = {
    Show.ALL: gettext_lazy("Everybody with time in the month"),
    Show.MISSING: gettext_lazy("Certified, but no certificate yet"),
    Show.WAITING: gettext_lazy("Hours wait to be certified"),
    Show.DISPUTED: gettext_lazy("Time is disputed"),
}


class MonthView(HrOrLeaderMixin, TemplateView):
    """What a month comes to, person by person, and what is missing in it."""

    template_name = "certificates/month.html"

    def get(self, request, *args, **kwargs):
        this = Month(timezone.localdate().replace(day=1))
        self.month = month_of(request.GET.get("month", "")) or this.previous
        self.is_over = self.month.first < this.first
        self.company = self.chosen_company()
        wanted = request.GET.get("show", "")
        self.show = Show(wanted) if wanted in set(Show) else Show.ALL
        people = people_of_month(
            self.month.first, request.user, company=self.company, show=self.show
        )
        self.page = paginate(
            people.select_related("company"),
            request.GET,
            order=["company__name", "family_name", "given_name"],
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        user, first = self.request.user, self.month.first
        shown = {person.ref for person in self.page.rows}
        if shown:
            facts = {"month": str(self.month)}
            record(user, "trainings.month_read", self.company, people=shown, **facts)
        parcels = readable_parcels(user).filter(month=first)
        if self.company:
            parcels = parcels.filter(company=self.company)
        return super().get_context_data(
            month=self.month,
            is_over=self.is_over,
            company=self.company,
            show=self.show,
            choices=SHOWN.items(),
            page=self.page,
            lines=lines_of(self.page.rows, first),
            totals=totals_of_month(first, user, company=self.company),
            parcels=parcels[:LATEST],
            **context,
        )


class ParcelNewView(HrOrLeaderMixin, View):
    """Ask for a parcel; asked twice, it is the same one."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        companies = Company.objects.visible_to(request.user)
        form = ParcelForm(request.POST, companies=companies)
        if not form.is_valid():
            raise Http404
        month, company = form.cleaned_data["month"], form.cleaned_data["company"]
        try:
            parcel = start_parcel(
                month=month,
                company=company,
                actor=request.user,
                address=portal_url("/", request).rstrip("/"),
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            query = {"month": f"{month:%Y-%m}"}
            return redirect(f"{reverse('trainings:months')}?{urlencode(query)}")
        return redirect(parcel)


class _ParcelMixin(HrOrLeaderMixin):
    context_object_name = "parcel"

    def get_queryset(self):
        return readable_parcels(self.request.user)

    @cached_property
    def is_closed(self):
        return closed_parcels().filter(pk=self.kwargs["pk"]).exists()

    def get_context_data(self, **context):
        return super().get_context_data(is_closed=self.is_closed, **context)


class ParcelView(_ParcelMixin, DetailView):
    template_name = "certificates/parcel.html"


class ParcelStatusView(_ParcelMixin, DetailView):
    """The part of the page that asks for itself again until the job is over."""

    template_name = "certificates/_parcel_status.html"

    def render_to_response(self, context, **options):
        response = super().render_to_response(context, **options)
        if self.object.is_over:
            response.headers["HX-Refresh"] = "true"
        return response


class ParcelDownloadView(_ParcelMixin, View):
    """The ZIP, unsealed while it is sent; each time is written down."""

    def get(self, request, *args, **kwargs):
        rows = self.get_queryset().exclude(file="")
        parcel = get_object_or_404(rows, pk=self.kwargs["pk"])
        if self.is_closed:
            raise Http404
        pieces = read_sealed(
            str(parcel.file), bytes(parcel.sealed_key), about=str(parcel.pk)
        )
        try:
            first = next(pieces)
        except DomainError:
            raise Http404 from None
        action, month = "trainings.parcel_fetched", f"{parcel.month:%Y-%m}"
        record(request.user, action, parcel, people=people_in(parcel), month=month)
        name = f"intyg_{month}_{str(parcel.pk)[:8]}.zip"
        return StreamingHttpResponse(
            _with(first, pieces),
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _with(first, rest):
    yield first
    yield from rest
