"""What a participant says of the own hours."""

import re

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trainings.services.disputes import LONGEST_TEXT

_SHOWN = re.compile(r"(\d{1,18}):(\d{1,5})", re.ASCII)
_STAMP = re.compile(r"(\w{1,8})-(\w{2})", re.ASCII)


class ShownTimesField(forms.MultipleChoiceField):
    """Times with the minutes that the page showed: `17:240`, by number of the row.

    Whether they may be certified is for the service to say.
    """

    def valid_value(self, value):
        return bool(_SHOWN.fullmatch(value))

    def clean(self, value):
        parts = [_SHOWN.fullmatch(text) for text in super().clean(value)]
        return {int(part[1]): int(part[2]) for part in parts}


class CertifyForm(forms.Form):
    """The times that are ticked, and the text that was read."""

    times = ShownTimesField(
        error_messages={
            "required": _("Tick at least one time to certify."),
            "invalid_choice": _("The page was not sent as it was shown. Try again."),
        }
    )
    text = forms.CharField(max_length=12, required=False)

    def clean_text(self):
        """Return version and language of the text."""
        if not (stamp := _STAMP.fullmatch(self.cleaned_data["text"])):
            raise ValidationError(
                _("The page was not sent as it was shown. Try again.")
            )
        return stamp.groups()


class DisputeForm(forms.Form):
    """How much is right, and what is wrong."""

    minutes = forms.IntegerField(
        label=_("How many minutes were you there?"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("What is wrong"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_(
            "At most 1000 characters. The training supplier and the project leaders "
            "read it; your company does not. Leave out personal numbers and anything "
            "about your health."
        ),
    )

    def __init__(self, *args, most, **kwargs):
        super().__init__(*args, **kwargs)
        minutes = self.fields["minutes"]
        minutes.max_value = most
        sentence = _("Enter 0 to %(most)d minutes.") % {"most": most}
        minutes.help_text = sentence
        minutes.error_messages |= dict.fromkeys(
            ("invalid", "min_value", "max_value"), sentence
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
