"""Asking for a correction, and answering."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import CorrectionField
from companies.models import CorrectionRequest
from companies.services.corrections import LONGEST_TEXT


class CorrectionForm(forms.ModelForm):
    """What a participant finds wrong."""

    field = forms.ChoiceField(
        label=_("What is wrong"), choices=[("", _("Choose")), *CorrectionField.choices]
    )
    text = forms.CharField(
        label=_("How it should be"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_(
            "At most 1000 characters. Never write a personal number here: say it to "
            "your company by telephone or when you meet."
        ),
    )

    class Meta:
        model = CorrectionRequest
        fields = ["field"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class AnswerForm(forms.ModelForm):
    """What HR or a project leader answers."""

    class Meta:
        model = CorrectionRequest
        fields = ["answer"]
        labels = {"answer": _("Answer to the participant")}
        help_texts = {
            "answer": _(
                "At most 500 characters. Needed where you decline. Without personal "
                "numbers."
            )
        }
        widgets = {"answer": forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
