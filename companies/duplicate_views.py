"""Rows that may be one human: look, merge, keep apart, take apart again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from companies.duplicate_forms import MergeForm
from companies.duplicates import find_duplicates
from companies.models import Merge, Participant
from companies.portal import HrOrLeaderMixin
from companies.services.merging import (
    UNDONE_WITHIN,
    judge_not_duplicate,
    merge_participants,
    undo_merge,
    why_not_one,
)
from core.errors import DomainError


def _people(user):
    """Return whose rows the user may compare and merge."""
    return Participant.objects.visible_to(user).filter(
        erased_at=None, restricted_at=None
    )


def _undoable(user):
    """Return the merges that the user may still take apart."""
    since = timezone.now() - UNDONE_WITHIN
    return Merge.objects.filter(
        kept__in=Participant.objects.visible_to(user),
        undone_at=None,
        merged_at__gte=since,
    ).exclude(sealed=None)


class DuplicatesView(HrOrLeaderMixin, TemplateView):
    """Pairs that look like one human, and the merges that can be undone."""

    template_name = "companies/duplicates.html"

    def get_context_data(self, **context):
        user = self.request.user
        found = find_duplicates(_people(user))
        merges = list(
            _undoable(user).select_related("kept__company", "absorbed", "merged_by")
        )
        shown = {row.ref for pair in found for row in (pair.first, pair.second)}
        shown |= {row.ref for merge in merges for row in (merge.kept, merge.absorbed)}
        if shown:
            record(user, "companies.listed_duplicates", people=shown)
        context |= {"duplicates": found, "merges": merges}
        return super().get_context_data(**context)


class _PairMixin(HrOrLeaderMixin):
    """A page or an act about two rows of one company, the older first."""

    @cached_property
    def pair(self):
        refs = [self.kwargs["first"], self.kwargs["second"]]
        people = _people(self.request.user).select_related("company")
        rows = list(people.filter(ref__in=refs).order_by("pk"))
        if len(rows) != 2 or rows[0].company_id != rows[1].company_id:
            raise Http404
        return rows


class MergeView(_PairMixin, FormView):
    """Choose, field by field, what stays."""

    form_class = MergeForm
    template_name = "companies/merge.html"

    def get_form_kwargs(self):
        first, second = self.pair
        return super().get_form_kwargs() | {"first": first, "second": second}

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        people = [row.ref for row in self.pair]
        record(request.user, "companies.compared", people=people)
        return response

    def get_context_data(self, **context):
        first, second = self.pair
        context |= {
            "first": first,
            "second": second,
            "refusal": why_not_one(first, second),
            "back": _("Cancel"),
            "back_url": reverse("companies:duplicates"),
        }
        return super().get_context_data(**context)

    def form_valid(self, form):
        kept, absorbed = self.pair
        try:
            merge_participants(
                kept=kept,
                absorbed=absorbed,
                taken=form.taken,
                actor=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        done = _("The rows are one now. You can take them apart again for 30 days.")
        messages.success(self.request, done)
        return redirect(kept)


class NotADuplicateView(_PairMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        first, second = self.pair
        judge_not_duplicate(first=first, second=second, actor=request.user)
        messages.success(request, _("Remembered: these are two people."))
        return redirect("companies:duplicates")


class MergeUndoView(HrOrLeaderMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, pk, **kwargs):
        merge = get_object_or_404(_undoable(request.user), pk=pk)
        try:
            undo_merge(merge=merge, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The rows stand apart again."))
        return redirect("companies:duplicates")
