"""What the pages of the file for Statistics Sweden post."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from trainings.forms.certificates import MonthForm


class SentForm(forms.Form):
    """The day on which a package was handed in."""

    sent_on = DayField(label=_("Sent on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("sent_on", Submit("mark", _("Mark as sent")))


class ColumnsForm(MonthForm):
    """The month from which the programme has columns of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].label = _("From the month")
        self.fields["month"].help_text = _("Year-month, such as 2026-03.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("month", Submit("begin", _("Begin own columns")))
