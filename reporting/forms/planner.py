from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

_MOST_SEATS = 10_000


class SeatsForm(forms.Form):
    """For which company, of those the user may see, and for how many seats."""

    company = forms.ChoiceField(label=_("Company"))
    seats = forms.IntegerField(
        label=_("The next seats"),
        help_text=_("Empty: all seats that are open to the company today."),
        required=False,
        min_value=1,
        max_value=_MOST_SEATS,
    )

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.companies = {company.org_number: company for company in companies}
        names = [(number, company.name) for number, company in self.companies.items()]
        self.fields["company"].choices = [("", _("Choose")), *names]
        if len(names) == 1:
            del self.fields["company"]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.layout = Layout(
            Row(*(Column(name, css_class="col-md-6") for name in self.fields)),
            Submit("", _("Show"), css_id="plan"),
        )

    @property
    def chosen_company(self):
        """Return the only company, or the one that was chosen."""
        if len(self.companies) == 1:
            return next(iter(self.companies.values()))
        chosen = self.cleaned_data.get("company") if self.is_bound else None
        return self.companies.get(chosen)

    @property
    def chosen_seats(self):
        return self.cleaned_data.get("seats") if self.is_bound else None
