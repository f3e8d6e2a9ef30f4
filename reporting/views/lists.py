"""Lists taken out as files: which there are, what is kept, and the files made."""

from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView, UpdateView, View

from accounts.audit import record
from core.errors import DomainError
from core.sealed_files import read_sealed
from reporting.enums import FileFormat
from reporting.forms.lists import ChoiceForm, ListForm
from reporting.lists import LISTS, find_list, lists_of
from reporting.lists.sight import Sight
from reporting.models import ListChoice, ListExport
from reporting.selectors.lists import closed_lists, people_in, readers_for
from reporting.services.lists import forget_choice, keep_choice
from reporting.tasks import start_list
from reporting.views.periods import XLSX

LATEST = 20
MEDIA_TYPES = {FileFormat.XLSX: XLSX, FileFormat.CSV: "text/csv; charset=utf-8"}
NAMES = {each.id: each.name for each in LISTS}


class ListsView(TemplateView):
    """The lists that the user may take out, those kept, and the files made of them."""

    template_name = "lists/index.html"

    def dispatch(self, request, *args, **kwargs):
        self.lists = lists_of(request.user)
        if not self.lists:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        user = self.request.user
        exports = ListExport.objects.visible_to(user)[:LATEST]
        closed = set(
            closed_lists().filter(requested_by=user).values_list("pk", flat=True)
        )
        return super().get_context_data(
            lists=self.lists,
            choices=[
                (choice, NAMES.get(choice.list_id, ""))
                for choice in user.list_choices.all()
            ],
            exports=[
                (export, NAMES.get(export.list_id, ""), export.pk in closed)
                for export in exports
            ],
            **context,
        )


class _OfAList:
    """A page of one list; for those who may see none of its rows it is not there."""

    @cached_property
    def wanted(self):
        wanted = find_list(self.request.user, self.list_id)
        if wanted is None:
            raise Http404
        return wanted

    @property
    def list_id(self):
        return self.kwargs["list_id"]

    def get_context_data(self, **context):
        return super().get_context_data(wanted=self.wanted, **context)


class ListView(_OfAList, FormView):
    """Choose columns, and ask for the file."""

    form_class = ListForm
    template_name = "lists/list.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"wanted": self.wanted}

    def form_valid(self, form):
        try:
            export = start_list(
                list_id=self.wanted.id,
                columns=form.cleaned_data["columns"],
                file_format=form.cleaned_data["file_format"],
                actor=self.request.user,
                days=form.days,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(export)


class _ChoiceFormMixin(_OfAList):
    form_class = ChoiceForm
    template_name = "lists/choice.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "wanted": self.wanted,
            "colleagues": readers_for(self.request.user),
        }

    def form_valid(self, form):
        choice = form.save(commit=False)
        choice.columns = form.cleaned_data["columns"]
        try:
            keep_choice(choice=choice, readers=form.cleaned_data.get("readers", ()))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The list is kept."))
        return redirect("lists:lists")


class ChoiceNewView(_ChoiceFormMixin, UpdateView):
    """Keep a list under a name."""

    def get_object(self):
        return ListChoice(owner=self.request.user, list_id=self.wanted.id)


class ChoiceView(_ChoiceFormMixin, UpdateView):
    """Change what is kept; only its owner does."""

    @property
    def list_id(self):
        return self.get_object().list_id

    def get_queryset(self):
        return self.request.user.list_choices.all()


class ChoiceUseView(View):
    """Make the file of a kept list now."""

    http_method_names = ["post"]

    def post(self, request, pk):
        choice = get_object_or_404(request.user.list_choices, pk=pk)
        try:
            export = start_list(
                list_id=choice.list_id,
                columns=choice.columns,
                file_format=choice.file_format,
                actor=request.user,
                days=choice.period_today,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("lists:lists")
        return redirect(export)


class ChoiceForgetView(View):
    """Keep a list no longer; files that were made of it stay."""

    http_method_names = ["post"]

    def post(self, request, pk):
        choice = get_object_or_404(request.user.list_choices, pk=pk)
        forget_choice(choice=choice, actor=request.user)
        messages.success(request, _("The list is no longer kept."))
        return redirect("lists:lists")


class _ExportMixin:
    context_object_name = "export"

    def get_queryset(self):
        return ListExport.objects.visible_to(self.request.user)

    @cached_property
    def is_closed(self):
        return closed_lists().filter(pk=self.kwargs["pk"]).exists()

    def get_context_data(self, **context):
        return super().get_context_data(
            is_closed=self.is_closed,
            name=NAMES.get(self.object.list_id, ""),
            again=reverse("lists:list", args=[self.object.list_id]),
            **context,
        )


class ExportView(_ExportMixin, DetailView):
    template_name = "lists/export.html"


class ExportStatusView(_ExportMixin, DetailView):
    """The part of the page that asks for itself again until the job is over."""

    template_name = "lists/_export_status.html"

    def render_to_response(self, context, **options):
        response = super().render_to_response(context, **options)
        if self.object.is_over:
            response.headers["HX-Refresh"] = "true"
        return response


class ExportDownloadView(_ExportMixin, View):
    """The file, unsealed while it is sent; each time is written down.

    Only for whoever asked for it, and only while that user sees as far as then.
    """

    def get(self, request, pk):
        export = get_object_or_404(self.get_queryset().exclude(file=""), pk=pk)
        then = Sight.from_record(export.sight)
        if self.is_closed or not Sight.of(request.user).reaches(then):
            raise Http404
        pieces = read_sealed(
            str(export.file), bytes(export.sealed_key), about=str(export.pk)
        )
        try:
            first = next(pieces)
        except DomainError:
            raise Http404 from None
        people, action = people_in(export), "reporting.list_fetched"
        record(request.user, action, export, people=people, list=export.list_id)
        day = f"{export.finished_at:%Y-%m-%d}"
        name = f"{export.list_id}_{day}.{export.file_format}"
        return StreamingHttpResponse(
            _with(first, pieces),
            content_type=MEDIA_TYPES[export.file_format],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _with(first, rest):
    yield first
    yield from rest
