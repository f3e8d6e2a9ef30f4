"""Form fields that several pages share."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A date typed as 2026-03-31: browsers' own pickers follow their own language."""

    widget = forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options):
        options.setdefault("input_formats", ["%Y-%m-%d", "%Y%m%d"])
        options.setdefault("help_text", _("Year-month-day, such as 2026-03-31."))
        super().__init__(**options)
