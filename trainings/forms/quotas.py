"""The seats of an occasion that are kept for companies, as a leader sets them."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trainings.services.quotas import Share

_MOST_SEATS = 32_767


class QuotasForm(forms.Form):
    """Seats and a release day for each company; a company left empty has no quota.

    `rows` is for the page: each company with its two fields and what it holds.
    """

    def __init__(self, *args, companies, quotas, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.companies = companies
        self.held = held
        for company in companies:
            quota = quotas.get(company.pk)
            names = {"company": company.name}
            self.fields[_seats(company)] = _seats_field(
                _("Seats kept for %(company)s") % names, quota
            )
            self.fields[_day(company)] = _day_field(
                _("Seats of %(company)s are common from") % names, quota
            )

    def clean(self):
        for company in self.companies:
            seats = self.cleaned_data.get(_seats(company))
            day = self.cleaned_data.get(_day(company))
            if seats and day is None and _day(company) not in self.errors:
                sentence = _("Say from which day the seats are common.")
                self.add_error(_day(company), sentence)
            if day and seats is None and _seats(company) not in self.errors:
                sentence = _("Say how many seats are kept, or leave the day empty.")
                self.add_error(_seats(company), sentence)
        return super().clean()

    def rows(self):
        for company in self.companies:
            yield (
                company,
                self[_seats(company)],
                self[_day(company)],
                self.held.get(company.pk, 0),
            )

    def shares(self) -> dict:
        """Return what was entered, by company."""
        found = {}
        for company in self.companies:
            seats = self.cleaned_data[_seats(company)]
            if seats:
                found[company] = Share(seats, self.cleaned_data[_day(company)])
        return found


def _seats(company) -> str:
    return f"seats-{company.pk}"


def _day(company) -> str:
    return f"day-{company.pk}"


def _seats_field(label, quota) -> forms.IntegerField:
    sentence = gettext_lazy("Enter a number of seats, or leave it empty.")
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=_MOST_SEATS,
        label=label,
        initial=quota.seats if quota else None,
        widget=forms.TextInput(
            attrs={"class": "form-control", "inputmode": "numeric", "size": 4}
        ),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
    )


def _day_field(label, quota) -> forms.DateField:
    return forms.DateField(
        required=False,
        label=label,
        input_formats=["%Y-%m-%d"],
        initial=quota.release_on.isoformat() if quota else None,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "placeholder": gettext_lazy("YYYY-MM-DD"),
                "size": 10,
            }
        ),
        error_messages={
            "invalid": gettext_lazy("Write the day as YYYY-MM-DD, such as 2026-03-02.")
        },
    )
