"""Questions on an issued report, and samples of its rows for spot checks."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from core.errors import DomainError
from reporting.forms.issued import AnswerForm, QuestionForm, SampleForm
from reporting.issuing.words import figure_in_words
from reporting.models import ReportSample
from reporting.portal import ReadingRoomMixin
from reporting.services.reading_room import (
    answer_question,
    ask_question,
    draw_sample,
    release_sample,
)


class QuestionNewView(ReadingRoomMixin, FormView):
    """Ask about one printed figure; for the funder, of an issued report."""

    form_class = QuestionForm
    template_name = "reporting/question_new.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_funder:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"shown": self.shown}

    def form_valid(self, form):
        text = form.cleaned_data["text"]
        try:
            question = ask_question(
                report=self.report,
                place=form.place,
                text=text,
                actor=self.request.user,
            )
        except DomainError as refusal:
            form.add_error("text", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The project office is told."))
        return redirect(question)


class QuestionView(ReadingRoomMixin, FormView):
    """A question with all that was written since, and a field to go on."""

    form_class = AnswerForm
    template_name = "reporting/question.html"

    @cached_property
    def question(self):
        questions = self.report.questions.select_related("report")
        return get_object_or_404(questions, ref=self.kwargs["question"])

    def get_context_data(self, **context):
        return super().get_context_data(
            question=self.question,
            figure=figure_in_words(self.question, self.shown),
            posts=self.question.posts.select_related("written_by"),
            **context,
        )

    def form_valid(self, form):
        try:
            answer_question(
                question=self.question, actor=self.request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error("text", str(refusal))
            return self.form_invalid(form)
        return redirect(self.question)


class SampleNewView(LeaderRequiredMixin, ReadingRoomMixin, FormView):
    """Draw certified rows for a spot check; the same seed draws the same."""

    form_class = SampleForm
    template_name = "reporting/sample_new.html"

    def form_valid(self, form):
        try:
            sample = draw_sample(
                report=self.report, actor=self.request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(sample)


class _SampleMixin(ReadingRoomMixin):
    @cached_property
    def sample(self):
        samples = ReportSample.objects.visible_to(self.request.user)
        samples = samples.filter(report=self.report)
        return get_object_or_404(samples, ref=self.kwargs["sample"])


class SampleView(_SampleMixin, TemplateView):
    """The rows that were drawn: refs and minutes, and how to draw them again."""

    template_name = "reporting/sample.html"

    def get_context_data(self, **context):
        record(self.request.user, "reporting.sample_read", self.sample)
        rows = self.report.files.get(kind="rows")
        context |= {"sample": self.sample, "rows": rows}
        return super().get_context_data(**context)


class SampleReleaseView(LeaderRequiredMixin, _SampleMixin, View):
    """Hand the sample over to the funder."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        release_sample(sample=self.sample, actor=request.user)
        messages.success(request, _("The funder can read the sample now."))
        return redirect(self.sample)
