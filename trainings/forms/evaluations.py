"""What a participant answers to the questions of an evaluation, all by choice."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from trainings.enums import QuestionKind
from trainings.services.evaluations import LONGEST_TEXT, SCALE

_ENDS = {1: _("1, not at all"), 5: _("5, completely")}


class EvaluationForm(forms.Form):
    """One field for each question, named by its ref."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            is_scale = question.kind == QuestionKind.SCALE
            make = _scale if is_scale else _words
            self.fields[question.ref] = make(question.text)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def given(self):
        """What was answered, as the service takes it."""
        return {
            ref: answer for ref, answer in self.cleaned_data.items() if answer != ""
        }


def _scale(label):
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        choices=[
            *((value, _ENDS.get(value, str(value))) for value in SCALE),
            ("", _("No answer")),
        ],
        widget=forms.RadioSelect,
    )


def _words(label):
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_(
            "At most 1000 characters. Write no names and no personal numbers, and "
            "nothing that only you could have written: it is read as you wrote it."
        ),
    )
