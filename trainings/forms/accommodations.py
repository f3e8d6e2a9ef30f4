"""What HR or a supplier writes down for somebody, and what the supplier answers."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from trainings.enums import AccommodationKind, AskedBy
from trainings.services.accommodations import LONGEST_TEXT

_WORDS = {"rows": 4, "autocomplete": "off"}


class WrittenDownForm(forms.Form):
    """A need that the person has told; a note only where the supplier writes."""

    kind = forms.ChoiceField(
        label=_("What the person needs"),
        choices=[("", _("Choose")), *AccommodationKind.choices],
        help_text=_("What is to be arranged, never a diagnosis."),
    )
    note = forms.CharField(
        label=_("How it works best, as the person said"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=_(
            "At most 1000 characters. The person and the supplier read it. No "
            "diagnosis, and no personal number."
        ),
    )
    was_asked = forms.BooleanField(
        label=_("The person has asked me to write this down"),
        error_messages={
            "required": _("Write it down only if the person has asked you to.")
        },
    )

    def __init__(self, *args, writes_as, **kwargs):
        super().__init__(*args, **kwargs)
        if writes_as == AskedBy.HR:
            del self.fields["note"]
        self.helper = FormHelper()
        self.helper.form_tag = False


class AnswerForm(forms.Form):
    """What the supplier answers. `seen` is the state that the page showed."""

    words = forms.CharField(
        label=_("Answer to the person"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=_(
            "How it is arranged, or why it cannot be. Needed where you decline. Only "
            "the person and you read it. At most 1000 characters, no diagnosis."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
