"""Forms of the reporting pages."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A date typed as 2026-03-31: browsers' own pickers follow their own language."""

    widget = forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options):
        options.setdefault("input_formats", ["%Y-%m-%d", "%Y%m%d"])
        options.setdefault("help_text", _("Year-month-day, such as 2026-03-31."))
        super().__init__(**options)


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
