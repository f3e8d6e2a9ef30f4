"""Forms of the reporting pages."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField


class PeriodForm(forms.Form):
    starts_on = DayField(label=_("From and including"))
    ends_on = DayField(label=_("To and including"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(
                Column("starts_on", css_class="col-md-6"),
                Column("ends_on", css_class="col-md-6"),
            ),
            Submit("show", _("Show the period")),
        )

    def clean(self):
        days = super().clean()
        starts_on, ends_on = days.get("starts_on"), days.get("ends_on")
        if starts_on and ends_on and starts_on > ends_on:
            self.add_error("ends_on", _("A period cannot end before it starts."))
        return days
