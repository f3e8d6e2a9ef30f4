"""Why a contact is released."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import ReleaseReason


class ReleaseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=ReleaseReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
