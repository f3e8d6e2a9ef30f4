"""What is typed on the way of a report, about its figures, and to draw a sample."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.issuing.words import printed
from reporting.models import (
    IssuedReport,
    QuestionPost,
    ReportSample,
    ReportWithdrawal,
)
from reporting.suppression import HIDDEN


class _Form(forms.Form):
    def __init__(self, *args, report=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.report = report
        self.helper = FormHelper()
        self.helper.form_tag = False


def _text(label, longest, rows=4, **options):
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        **options,
    )


class ConfirmForm(_Form):
    """Nothing to fill in: that it is sent is the answer."""


class DraftForm(_Form):
    """Why the report is made anew; of a first one nothing is asked."""

    reason = _text(
        _("Why is it issued anew?"),
        IssuedReport.LONGEST_REASON,
        help_text=_(
            "The funder reads this. Say what was corrected and why. Without names "
            "and without small numbers."
        ),
    )

    def __init__(self, *args, report=None, **kwargs):
        super().__init__(*args, report=report, **kwargs)
        if report is None:
            del self.fields["reason"]


class ReviewForm(_Form):
    """The checksum of what was read, and why small numbers may be given away."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    acceptance = _text(
        _("Why may it be issued although small numbers are given away?"),
        IssuedReport.LONGEST_REASON,
    )

    def __init__(self, *args, report=None, **kwargs):
        super().__init__(*args, report=report, **kwargs)
        self.fields["sha256"].initial = report.sha256
        if not report.given_away:
            del self.fields["acceptance"]


class WithdrawForm(_Form):
    reason = _text(
        _("Why is it withdrawn?"),
        ReportWithdrawal.LONGEST_REASON,
        rows=3,
        help_text=_("The funder reads it. At most 500 characters, without names."),
    )


class QuestionForm(_Form):
    """A printed figure, and what is asked about it."""

    cell = forms.TypedChoiceField(
        label=_("Figure"),
        coerce=int,
        error_messages={
            "invalid_choice": _("There is no such figure. Choose one of the list.")
        },
    )
    text = _text(
        _("Question"),
        QuestionPost.LONGEST,
        help_text=_("Plain text, at most 2,000 characters. Without names."),
    )

    def __init__(self, *args, shown, **kwargs):
        super().__init__(*args, **kwargs)
        self.cells, choices = _cells(shown)
        self.fields["cell"].choices = [("", gettext("Choose a figure")), *choices]

    @property
    def place(self) -> tuple[str, str, str]:
        """Table, row and figure that the question is about."""
        return self.cells[self.cleaned_data["cell"]]


class AnswerForm(_Form):
    text = _text(
        _("Text"),
        QuestionPost.LONGEST,
        help_text=_("Plain text, at most 2,000 characters. Without names."),
    )


class SampleForm(_Form):
    size = forms.IntegerField(
        label=_("How many rows?"),
        min_value=1,
        max_value=ReportSample.MOST,
        initial=20,
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=40,
        required=False,
        help_text=_(
            "What the draw begins with, such as a number that the funder has chosen. "
            "Left empty, the portal throws one. The same seed draws the same rows."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _cells(shown):
    """Return every printed cell, and the choices: its place in the list, and words."""
    cells, choices = [], []
    for table, rows in shown:
        of_table = []
        for row in rows.rows:
            for figure in table.figures:
                value = row.values.get(figure.id, HIDDEN)
                if value == HIDDEN:
                    continue
                name = capfirst(str(figure.name))
                label = f"{row.label}: {name}" if row.label else name
                of_table.append((len(cells), f"{label} ({printed(figure, value)})"))
                cells.append((table.id, row.key, figure.id))
        choices.append((str(table.name), of_table))
    return cells, choices
