"""What is typed to verify a certificate, and to fetch one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trainings.calendar import month_of


class CodeForm(forms.Form):
    """The code that stands on a certificate."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "It stands at the bottom: sixteen signs, such as 7K3F-9Q2M-XA4T-0C8D."
        ),
    )


class MonthForm(forms.Form):
    """A month, as a field of type `month` sends it."""

    month = forms.CharField(label=_("Month"))

    def clean_month(self):
        month = month_of(self.cleaned_data["month"])
        if month is None:
            raise forms.ValidationError(_("Enter a month, such as 2026-03."))
        return month.first
