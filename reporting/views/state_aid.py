"""Co-financing and state aid, for project leaders."""

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from companies.models import Programme
from core.errors import DomainError
from core.scans.guard import JPEG, PDF, PNG
from reporting.exports.aid_awards import write_awards
from reporting.figures import Period
from reporting.figures.state_aid import CoFinancing
from reporting.forms.state_aid import (
    AwardForm,
    CostPeriodForm,
    DeclarationForm,
    GroupForm,
)
from reporting.models import AidAward, AidDeclaration, AidGroup, UnitCost
from reporting.selectors.state_aid import company_aid, ledgers, training_rule
from reporting.services.declarations import (
    attach_declaration,
    content_of,
    remove_declaration,
)
from reporting.services.state_aid import (
    SameAidError,
    change_group,
    enter_award,
    make_group,
    revoke_award,
)

_ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class StateAidView(LeaderRequiredMixin, TemplateView):
    """Each company's co-financing and highest aid in some days, and each ledger."""

    template_name = "reporting/state_aid.html"

    def get_context_data(self, **context):
        asked = self.request.GET if "starts_on" in self.request.GET else None
        form = CostPeriodForm(asked or _programme_so_far())
        period = Period(**form.cleaned_data) if form.is_valid() else None
        rows = company_aid(period) if period else []
        return super().get_context_data(
            form=form,
            period=period,
            rows=rows,
            rule=training_rule(period) if period else None,
            total=sum((row.co_financing for row in rows), start=CoFinancing()),
            has_rates=UnitCost.objects.exists(),
            ledgers=ledgers(AidGroup.objects.all()),
            ungrouped=[row.company for row in rows if row.group is None],
            **context,
        )


class AwardsFileView(LeaderRequiredMixin, View):
    """All awards as a workbook or a text file."""

    def get(self, request, kind):
        if kind not in _KINDS:
            raise Http404
        programme = Programme.objects.first()
        awards = AidAward.objects.select_related("company", "group", "rule")
        target = io.BytesIO()
        author = programme.owner if programme else ""
        write_awards(awards, target, kind=kind, author=author)
        rows = len(awards)
        record(request.user, "reporting.aid_awards_fetched", rows=rows, copy=kind)
        target.seek(0)
        return FileResponse(
            target,
            as_attachment=True,
            filename=f"de-minimis-{timezone.localdate()}.{kind}",
            content_type=_KINDS[kind],
            headers={"Cache-Control": "private, no-store"},
        )


class _AidFormView(LeaderRequiredMixin, FormView):
    """A form whose refusal by a service stands above its fields."""

    def get_context_data(self, **context):
        return super().get_context_data(
            back_url=self.get_success_url(), back=_("Cancel"), **context
        )

    def get_success_url(self):
        return reverse("reporting:state-aid")

    def form_valid(self, form):
        try:
            group = self.save(form.cleaned_data)
        except DomainError as refusal:
            self.refuse(form, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(group)

    refused_field = None

    def refuse(self, form, refusal):
        form.add_error(self.refused_field, str(refusal))


class GroupNewView(_AidFormView):
    form_class = GroupForm
    template_name = "reporting/aid_group_form.html"

    def save(self, details):
        return make_group(actor=self.request.user, **details)


class _GroupMixin:
    """A page about one group of companies: `self.group`."""

    @cached_property
    def group(self):
        return get_object_or_404(AidGroup, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"group": self.group})

    def get_success_url(self):
        return self.group.get_absolute_url()


class GroupView(LeaderRequiredMixin, _GroupMixin, TemplateView):
    """The ledger of a group: what counts, what is left, and its declarations."""

    template_name = "reporting/aid_group.html"

    def get_context_data(self, **context):
        (ledger,) = ledgers([self.group])
        kept = self.group.declarations.kept()
        return super().get_context_data(
            ledger=ledger,
            declarations=kept.select_related("company", "attached_by"),
            **context,
        )


class GroupChangeView(_GroupMixin, _AidFormView):
    form_class = GroupForm
    template_name = "reporting/aid_group_form.html"

    def get_form_kwargs(self):
        # A copy: a refused form must not name the group of the page.
        return super().get_form_kwargs() | {
            "instance": AidGroup.objects.get(pk=self.group.pk)
        }

    def save(self, details):
        return change_group(group=self.group, actor=self.request.user, **details)


class AwardNewView(_GroupMixin, _AidFormView):
    form_class = AwardForm
    template_name = "reporting/aid_award_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"group": self.group}

    def get_context_data(self, **context):
        (ledger,) = ledgers([self.group])
        return super().get_context_data(ledger=ledger, **context)

    def save(self, details):
        award = enter_award(group=self.group, actor=self.request.user, **details)
        return award.group

    def refuse(self, form, refusal):
        super().refuse(form, refusal)
        if isinstance(refusal, SameAidError):
            form.ask_if_another()


class AwardRevokeView(LeaderRequiredMixin, _GroupMixin, TemplateView):
    """Ask whether an award was taken back, then say so."""

    template_name = "reporting/aid_award_revoke.html"

    @cached_property
    def award(self):
        rows = self.group.awards.counting().select_related("company", "rule", "group")
        return get_object_or_404(rows, ref=self.kwargs["award"])

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"award": self.award})

    def post(self, request, *args, **kwargs):
        revoke_award(award=self.award, actor=request.user)
        messages.success(request, _("The aid no longer counts."))
        return redirect(self.group)


class DeclarationNewView(_GroupMixin, _AidFormView):
    form_class = DeclarationForm
    template_name = "reporting/aid_declaration_form.html"
    refused_field = "file"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"group": self.group}

    def save(self, details):
        attach_declaration(group=self.group, actor=self.request.user, **details)
        return self.group


class _DeclarationMixin(LeaderRequiredMixin, _GroupMixin):
    @cached_property
    def declaration(self):
        rows = self.group.declarations.kept().select_related("company", "group")
        return get_object_or_404(rows, ref=self.kwargs["declaration"])


class DeclarationFileView(_DeclarationMixin, View):
    """The declaration itself, to be kept as a file."""

    def get(self, request, *args, **kwargs):
        return declaration_file(request, self.declaration)


class DeclarationRemoveView(_DeclarationMixin, TemplateView):
    """Ask whether to remove a declaration, then do it."""

    template_name = "reporting/aid_declaration_remove.html"

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"declaration": self.declaration})

    def post(self, request, *args, **kwargs):
        remove_declaration(declaration=self.declaration, actor=request.user)
        messages.success(request, _("The declaration is removed."))
        return redirect(self.group)


def declaration_file(request, declaration: AidDeclaration) -> HttpResponse:
    """Hand a declaration out, and write down to whom."""
    try:
        content = content_of(declaration)
    except DomainError:
        raise Http404 from None
    record(request.user, "reporting.aid_declaration_read", declaration)
    name = f"{declaration.ref}.{_ENDINGS[declaration.media_type]}"
    return HttpResponse(
        content,
        content_type=declaration.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            # Should a browser show it all the same, it runs and fetches nothing.
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _programme_so_far() -> dict[str, str]:
    """Return the days of the programme up to today; without one, this year's."""
    today = timezone.localdate()
    first, last = today.replace(month=1, day=1), today
    programme = Programme.objects.first()
    if programme and programme.starts_on <= today:
        first, last = programme.starts_on, min(programme.ends_on, today)
    return {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
