"""A participant's own page, opened by a personal link without an account."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import CreateView, DetailView, TemplateView, View

from accounts.enums import PageLanguage
from accounts.pages import OWN_NAMES, html_language
from companies.correction_forms import CorrectionForm
from companies.enums import OwnChannel
from companies.kiosk import forget_language, kiosk_of
from companies.models import CorrectionRequest, Programme
from companies.origins import known_facts
from companies.own import (
    OwnPageMixin,
    ParticipantRequiredMixin,
    begin_session,
    end_session,
    participant_of,
)
from companies.services.corrections import ask_for_correction
from companies.services.links import link_of, open_personal_link
from core.errors import DomainError
from trainings.own import next_session, own_requests, own_seats, to_come
from trainings.own.contacts import own_entries
from trainings.own.readers import own_readers, own_sightings
from trainings.selectors.certification import waiting_hours


class OpenView(OwnPageMixin, TemplateView):
    """Ask once more, then open: programs that read mail follow links, too."""

    template_name = "own/open.html"

    def get(self, request, *args, **kwargs):
        link = link_of(kwargs["token"])
        return self.render_to_response({"link": link}) if link else self.no_page()

    def post(self, request, *args, **kwargs):
        link = open_personal_link(token=kwargs["token"])
        if link is None:
            return self.no_page()
        begin_session(request, link, OwnChannel.LINK)
        return redirect("own:page")


class LeaveView(OwnPageMixin, View):
    """End the participant's session; a user's stays. A kiosk waits for the next one."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        if participant_of(request):
            end_session(request)
        if kiosk_of(request):
            return forget_language(redirect("kiosk:sign-in"))
        return redirect("own:about")


class OwnMixin(ParticipantRequiredMixin):
    """A page with the participant's own menu."""

    def get_context_data(self, **context):
        return super().get_context_data(participant=self.participant, **context)


class TrainingView(OwnMixin, TemplateView):
    """Where to be next, the seats, the hours, what was asked for."""

    template_name = "own/training.html"

    def get_context_data(self, **context):
        now = timezone.now()
        seats = own_seats(self.participant, now=now)
        return super().get_context_data(
            to_come=to_come(seats),
            earlier=[seat for seat in seats if seat.is_past],
            next=next_session(seats, now=now),
            hours=sum(seat.hours for seat in seats),
            certified_hours=sum(seat.certified_hours for seat in seats),
            waiting_hours=waiting_hours(self.participant, now=now),
            requests=own_requests(self.participant),
            **context,
        )


class DataView(OwnMixin, TemplateView):
    """What is kept, why, where it came from, and what was asked to be corrected."""

    template_name = "own/data.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            facts=known_facts(self.participant),
            corrections=self.participant.corrections.select_related("answered_by"),
            **context,
        )


class ReadersView(OwnMixin, TemplateView):
    """Who may see the participant, and who has looked."""

    template_name = "own/readers.html"

    def get_context_data(self, **context):
        links = self.participant.personal_links.select_related("made_by")
        return super().get_context_data(
            readers=own_readers(self.participant),
            sightings=own_sightings(self.participant),
            links=links[:10],
            entries=own_entries(self.participant),
            **context,
        )


class CorrectionNewView(OwnMixin, CreateView):
    """Ask for a correction."""

    form_class = CorrectionForm
    template_name = "own/correction_new.html"
    is_written_on = True

    def form_valid(self, form):
        try:
            ask_for_correction(
                participant=self.participant,
                field=form.cleaned_data["field"],
                text=form.cleaned_data["text"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Sent. The answer comes on this page."))
        return redirect("own:data")


class CorrectionView(OwnMixin, DetailView):
    """One correction with its answer; another participant's is not found."""

    template_name = "own/correction.html"
    context_object_name = "correction"

    def get_object(self):
        return get_object_or_404(
            CorrectionRequest.objects.filter(participant=self.participant),
            ref=self.kwargs["ref"],
        )


class AboutView(OwnPageMixin, TemplateView):
    """Who handles personal data here and why, in short, in three variants.

    Open to all: it says nothing about anybody.
    """

    template_name = "own/about.html"

    def get_context_data(self, **context):
        asked = self.request.GET.get("language") or get_language()
        known = PageLanguage.values
        language = PageLanguage(asked if asked in known else PageLanguage.SWEDISH)
        return super().get_context_data(
            participant=participant_of(self.request),
            language=language,
            html_language=html_language(language),
            text=f"own/_about_{language}.html",
            programme=Programme.objects.first(),
            languages=[(one, OWN_NAMES[one]) for one in PageLanguage],
            link_days=settings.PERSONAL_LINK_DAYS,
            **context,
        )
