"""How a time that is disputed or certified is corrected, or left as it is."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trainings.services.disputes import LONGEST_ANSWER


class TimeCorrectionForm(forms.Form):
    """New minutes and why; `seen` are those that the page showed."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_(
            "At most 500 characters. The participant reads it. Without personal "
            "numbers."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, most, **kwargs):
        super().__init__(*args, **kwargs)
        minutes = self.fields["minutes"]
        sentence = _("Enter 0 to %(most)d minutes.") % {"most": most}
        minutes.max_value, minutes.help_text = most, sentence
        minutes.error_messages |= dict.fromkeys(
            ("invalid", "min_value", "max_value"), sentence
        )
        self.helper = FormHelper()
        self.helper.form_tag = False


class AnswerForm(TimeCorrectionForm):
    """The same for a dispute, which may also be answered with the time as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["minutes"].label = _("Minutes, if you correct the time")
        self.fields["why"].label = _("Answer to the participant")
        self.fields["minutes"].required = False

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if minutes is None and "keep" not in self.data:
            raise ValidationError(self.fields["minutes"].error_messages["required"])
        return minutes
