"""A person's rights as pages: what erasing means, restricting, and a copy of all."""

from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from companies.models import Participant
from companies.own import ParticipantRequiredMixin
from companies.selectors import restriction_of
from companies.services.restriction import lift_restriction, restrict_person
from core.errors import DomainError
from kompetenslyft.privacy.access_copy import write_access_copy
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.forms import EraseForm, RestrictForm
from kompetenslyft.privacy.kinds import told

_IN_MEMORY = 2**20  # Bytes of a copy that need no file.


class PersonMixin(LeaderRequiredMixin):
    """A page about one person who is not erased: `self.participant`."""

    @cached_property
    def participant(self):
        people = Participant.objects.visible_to(self.request.user)
        rows = people.filter(erased_at=None).select_related("company")
        return get_object_or_404(rows, ref=self.kwargs["ref"])


class PersonView(PersonMixin, TemplateView):
    """What follows from erasing or restricting, before anything is done."""

    template_name = "privacy/person.html"

    def get_context_data(self, **context):
        record(self.request.user, "kompetenslyft.consequences_read", self.participant)
        follows = consequences(self.participant)
        forms = {"erase_form": EraseForm(), "restrict_form": RestrictForm()}
        return super().get_context_data(
            **forms
            | {
                "participant": self.participant,
                "restriction": restriction_of(self.participant, self.request.user),
                "follows": follows,
                "goes": list(told(follows.goes)),
            }
            | context
        )


class _ActView(PersonView):
    """Something that is posted from the page; what is wrong is shown there."""

    http_method_names = ["post"]
    form_class = None
    form_name = ""

    def post(self, request, *args, **kwargs):
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                done = self.act(form.cleaned_data["basis"])
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, done)
                return redirect(self.participant)
        return self.render_to_response(self.get_context_data(**{self.form_name: form}))


class EraseView(_ActView):
    form_class = EraseForm
    form_name = "erase_form"

    def act(self, basis):
        erase_person(participant=self.participant, basis=basis, actor=self.request.user)
        return _("The person is erased. What the figures rest on is left.")


class RestrictView(_ActView):
    form_class = RestrictForm
    form_name = "restrict_form"

    def act(self, basis):
        restrict_person(
            participant=self.participant, basis=basis, actor=self.request.user
        )
        return _("The person's data are restricted: kept, and used by nobody.")


class LiftView(PersonMixin, View):
    """Let restricted data be used again."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            lift_restriction(participant=self.participant, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The restriction is lifted."))
        return redirect(self.participant)


class AccessCopyView(PersonMixin, View):
    """All that is held on a person, for the project leader to hand over."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        record(request.user, "kompetenslyft.access_copy_made", self.participant)
        return _download(self.participant, for_participant=False)


class OwnCopyView(ParticipantRequiredMixin, View):
    """The same for the participant, with what only the participant may read."""

    http_method_names = ["post"]
    kept_off_kiosks = frozenset({"POST"})

    def post(self, request, *args, **kwargs):
        facts = {"by": "participant"}
        action = "kompetenslyft.access_copy_made"
        record(None, action, self.participant, **facts)
        return _download(self.participant, for_participant=True)


def _download(participant, *, for_participant):
    """Stream a copy that is made now and kept nowhere."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - The response closes it.
    write_access_copy(participant, file, for_participant=for_participant)
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=f"utdrag-{participant.ref}.zip"
    )
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "private, no-store"
    return response
