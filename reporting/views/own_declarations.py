"""A company's own declarations of de minimis aid, for its HR."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from companies.models import Company
from core.errors import DomainError
from reporting.forms.state_aid import OwnDeclarationForm
from reporting.models import AidDeclaration
from reporting.services.declarations import attach_declaration
from reporting.views.state_aid import declaration_file


class DeclarationsView(FormView):
    """The declarations of the own company, and where another one is attached.

    Of the group's ledger, and of other companies, HR sees nothing here.
    """

    form_class = OwnDeclarationForm
    template_name = "reporting/aid_declarations.html"

    def dispatch(self, request, *args, **kwargs):
        self.companies = Company.objects.owned_by(request.user)
        if not self.companies.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"companies": self.companies}

    def get_context_data(self, **context):
        kept = AidDeclaration.objects.owned_by(self.request.user).kept()
        return super().get_context_data(
            declarations=kept.select_related("company"),
            is_grouped=self.companies.exclude(aid_membership=None).exists(),
            **context,
        )

    def form_valid(self, form):
        details = form.cleaned_data
        group = details["company"].aid_membership.group
        try:
            attach_declaration(group=group, actor=self.request.user, **details)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The declaration is attached."))
        return redirect("reporting:aid-declarations")


class DeclarationView(View):
    """One of the own company's declarations, to be kept as a file."""

    def get(self, request, ref):
        rows = AidDeclaration.objects.owned_by(request.user).kept()
        return declaration_file(request, get_object_or_404(rows, ref=ref))
