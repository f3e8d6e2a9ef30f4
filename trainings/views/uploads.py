"""Pages of uploaded lists: upload, look through, mend, confirm, take back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, ListView, View
from django.views.generic.detail import SingleObjectMixin

from accounts.audit import record
from companies.enums import RowOutcome
from companies.imports.preview import counts_of, preview, rows_for
from companies.imports.workbooks import error_workbook, template_workbook
from companies.models import ParticipantImport
from companies.models.upload import Stage
from companies.portal import HrOrLeaderMixin, PortalMixin
from companies.services import discard_upload, fix_row
from core.errors import DomainError
from trainings.forms.uploads import RowForm, UploadForm
from trainings.tasks import start_reading, start_saving
from trainings.uploads import listed_occasions, open_occasion_refs, take_back

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadListView(HrOrLeaderMixin, PortalMixin, ListView):
    queryset = ParticipantImport.objects.select_related("company", "requested_by")
    template_name = "trainings/upload_list.html"
    paginate_by = PAGE_SIZE

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {"page": _steps(context["page_obj"], self.request)}


class UploadNewView(HrOrLeaderMixin, FormView):
    form_class = UploadForm
    template_name = "trainings/upload_new.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"companies": self.companies}

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        batch, is_new = start_reading(
            company=form.chosen_company,
            file=file,
            name=file.name,
            actor=self.request.user,
        )
        if not is_new:
            messages.info(
                self.request, _("This file is here already. Go on where you left it.")
            )
        return redirect(batch)


class UploadMixin(PortalMixin, SingleObjectMixin):
    """One uploaded list; another company's is not found."""

    queryset = ParticipantImport.objects.select_related("company", "requested_by")
    context_object_name = "batch"

    @cached_property
    def batch(self):
        return self.get_object()

    def record_reading(self, action, shown, **facts):
        """Leave a trace of whose rows are shown; who is new there has none yet."""
        people = {row.participant.ref for row in shown if row.participant}
        company = self.batch.company.ref
        record(
            self.request.user,
            action,
            self.batch,
            people=people,
            company=company,
            **facts,
        )


class UploadView(UploadMixin, DetailView):
    """Where a list has come; while it waits for confirmation, what it would do."""

    template_name = "trainings/upload.html"

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        if self.object.stage in {Stage.PREVIEW, Stage.UNSAVED, Stage.SAVED}:
            context |= self._rows()
        return context

    def _rows(self):
        batch = self.object
        counts = counts_of(batch)
        show = self._shown(counts)
        rows = rows_for(batch, self.request.user, show)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        if page.object_list:
            self.record_reading(
                "companies.list_read", page.object_list, show=show, page=page.number
            )
        return {
            "counts": counts,
            "show": show,
            "rows": [preview(row) for row in page.object_list],
            "page": _steps(page, self.request),
            "listed_occasions": listed_occasions(batch),
        }

    def _shown(self, counts):
        """Return what the address asks for, else the first kind that there is."""
        kinds = ["faulty", "doubted", "new", "changed", "unchanged"]
        if self.object.saved_at:
            kinds.append(kinds.pop(0))
        there = [kind for kind in kinds if getattr(counts, kind)]
        asked = self.request.GET.get("show")
        return asked if asked in kinds else next(iter(there), "new")


class UploadStatusView(UploadMixin, DetailView):
    """The part of the page that asks for itself again until the job is over."""

    template_name = "trainings/_upload_status.html"

    def render_to_response(self, context, **options):
        response = super().render_to_response(context, **options)
        if self.object.is_over:
            response["HX-Refresh"] = "true"
        return response


class UploadRowView(UploadMixin, FormView):
    """Mend the cells of one row that have errors."""

    form_class = RowForm
    template_name = "trainings/upload_row.html"

    @cached_property
    def row(self):
        rows = self.batch.rows.visible_to(self.request.user)
        return get_object_or_404(
            rows, line=self.kwargs["line"], outcome=RowOutcome.FAULTY
        )

    def get(self, request, *args, **kwargs):
        self.object = self.batch
        if self._is_mended():
            return redirect(self._list_url())
        form = self._faulty_form()
        self.record_reading("companies.list_row_read", [self.row], line=self.row.line)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request, *args, **kwargs):
        self.object = self.batch
        return super().post(request, *args, **kwargs)

    def _is_mended(self):
        """Whether the row is there and right: the browser's Back leads here."""
        rows = self.batch.rows.visible_to(self.request.user)
        mended = rows.exclude(outcome=RowOutcome.FAULTY)
        return mended.filter(line=self.kwargs["line"]).exists()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"row": self.row}

    def get_context_data(self, **context):
        return super().get_context_data(
            line=self.row.line,
            name=preview(self.row).name,
            back=_("Back to the list"),
            back_url=self._list_url(),
            **context,
        )

    def form_valid(self, form):
        try:
            self.row = fix_row(
                batch=self.batch,
                line=self.row.line,
                typed=form.cleaned_data,
                open_occasions=open_occasion_refs(),
            )
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.batch)
        if self.row.outcome == RowOutcome.FAULTY:
            return self.form_invalid(self._faulty_form())
        done = _("Line %(line)d has no errors any more.") % {"line": self.row.line}
        messages.success(self.request, done)
        return redirect(self._list_url())

    def _faulty_form(self):
        form = RowForm(self.row.content["typed"], row=self.row)
        form.full_clean()
        form.add_problems()
        return form

    def _list_url(self):
        return f"{self.batch.get_absolute_url()}?show=faulty"


class UploadErrorsView(UploadMixin, View):
    """The failing rows as a workbook, made when it is asked for and kept nowhere."""

    def get(self, request, *args, **kwargs):
        rows = list(rows_for(self.batch, request.user, RowOutcome.FAULTY))
        if not rows:
            raise Http404
        self.record_reading("companies.list_errors_fetched", rows, rows=len(rows))
        return _download(error_workbook(self.batch, rows), "rader-med-fel.xlsx")


class UploadTemplateView(HrOrLeaderMixin, View):
    def get(self, request):
        return _download(template_workbook(open_occasion_refs()), "mall-deltagare.xlsx")


class UploadStepView(UploadMixin, View):
    """A step that is posted; a refusal comes back as a message."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            self.step()
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect(self.batch)


class UploadConfirmView(UploadStepView):
    def step(self):
        start_saving(
            batch=self.batch,
            actor=self.request.user,
            leave_out_faulty="leave_out_faulty" in self.request.POST,
        )


class UploadDiscardView(UploadStepView):
    def step(self):
        discard_upload(batch=self.batch, actor=self.request.user)
        messages.success(self.request, _("The list has been discarded."))


class UploadTakeBackView(UploadStepView):
    def step(self):
        take_back(batch=self.batch, actor=self.request.user)
        messages.success(self.request, _("The list has been taken back."))


def _steps(page, request):
    """Return the addresses around a page, as `_pagination.html` takes them."""

    def url(number):
        query = request.GET.copy()
        query["page"] = number
        return f"?{query.urlencode()}"

    last = page.paginator.num_pages
    shown = {
        "start": page.start_index(),
        "end": page.end_index(),
        "total": page.paginator.count,
    }
    return {
        "first_url": url(1) if page.number > 1 else "",
        "previous_url": url(page.number - 1) if page.has_previous() else "",
        "next_url": url(page.number + 1) if page.has_next() else "",
        "last_url": url(last) if page.number < last else "",
        "label": _("%(start)d–%(end)d of %(total)d") % shown,
    }


def _download(content, name):
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
