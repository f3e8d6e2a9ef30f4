"""Kiosks: which there are, making this device one, ending one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from companies.kiosk import kiosk_of, make_kiosk
from companies.kiosk_forms import KioskForm
from companies.models import Kiosk
from companies.own import end_session
from companies.services.kiosks import end_kiosk, open_kiosk
from core.errors import DomainError
from trainings.portal import OccasionReaderMixin


class KiosksView(OccasionReaderMixin, FormView):
    """Those that the user sees, and the way to make this device another one."""

    form_class = KioskForm
    template_name = "kiosk/kiosks.html"

    def get_context_data(self, **context):
        kiosks = Kiosk.objects.visible_to(self.request.user).open()
        return super().get_context_data(
            kiosks=kiosks.select_related("opened_by"),
            this=kiosk_of(self.request),
            **context,
        )

    def form_valid(self, form):
        request = self.request
        if (earlier := kiosk_of(request)) is not None:
            end_kiosk(kiosk=earlier, actor=request.user)
        token = open_kiosk(place=form.cleaned_data["place"], actor=request.user)
        end_session(request)  # At a kiosk nobody is signed in.
        response = redirect("kiosk:sign-in")
        make_kiosk(response, token)
        return response


class KioskEndView(OccasionReaderMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        kiosks = Kiosk.objects.visible_to(request.user)
        kiosk = get_object_or_404(kiosks, ref=self.kwargs["ref"])
        try:
            end_kiosk(kiosk=kiosk, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Ended. The device is no kiosk any more."))
        return redirect("trainings:kiosks")
