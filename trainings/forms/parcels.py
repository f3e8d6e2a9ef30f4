"""Which month's certificates are asked for, and of which company."""

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from trainings.forms.certificates import MonthForm


class ParcelForm(MonthForm):
    """A month, and one of the companies that the user may see, or none: all."""

    company = forms.ModelChoiceField(
        Company.objects.none(), required=False, to_field_name="org_number"
    )

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = companies
        self.fields["company"].error_messages["invalid_choice"] = _("Choose a company.")
