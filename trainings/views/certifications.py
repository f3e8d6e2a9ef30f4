"""The chain of what participants have certified, for project leaders."""

from celery import current_app
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.portal import LeaderRequiredMixin
from trainings.selectors.certification import certification_state


class CertificationsView(LeaderRequiredMixin, TemplateView):
    """Where the chain stands, and whether it held when it was last verified."""

    template_name = "trainings/certifications.html"

    def get_context_data(self, **context):
        return super().get_context_data(chain=certification_state(), **context)


class CertificationsVerifyView(LeaderRequiredMixin, View):
    """Ask a worker to verify the whole chain."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        # By name, because views and tasks stand side by side.
        task = "trainings.tasks.verify_certifications"
        current_app.send_task(task, (request.user.pk,))
        messages.info(
            request,
            _("The certified hours are being verified. The result shows here soon."),
        )
        return redirect("trainings:certifications")
