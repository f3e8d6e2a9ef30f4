"""What is typed for the 4R method."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.models import Analysis


class AnalysisForm(forms.Form):
    """The text, and the number of the version that the page showed."""

    text = forms.CharField(
        label=_("Text"),
        max_length=Analysis.LONGEST,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off"}),
        help_text=_(
            "Plain text, at most 10,000 characters. Write of groups, never of persons: "
            "no names."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
