"""The search of the audit trail."""

import datetime as dt

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)
from django.utils.translation import gettext_lazy as _

from accounts.actions import GROUPS
from accounts.selectors import TrailSearch
from core.forms import DayField

_NO_NUL = ProhibitNullCharactersValidator()
_DAYS = [
    MinValueValidator(dt.date(2000, 1, 1)),
    MaxValueValidator(dt.date(2199, 12, 31)),
]


def _grouped_actions():
    yield "", _("everything")
    for title, actions in GROUPS.items():
        yield title, sorted(actions.items(), key=lambda action: str(action[1]))


class TrailSearchForm(forms.Form):
    about = forms.CharField(
        label=_("About"),
        help_text=_("The ref of a person, an occasion or another row."),
        max_length=60,
        required=False,
        validators=[_NO_NUL],
    )
    who = forms.CharField(
        label=_("Who"),
        help_text=_("Part of the name or the e-mail address of who did it."),
        max_length=100,
        required=False,
        validators=[_NO_NUL],
    )
    action = forms.ChoiceField(label=_("What"), required=False)
    first = DayField(label=_("From and including"), required=False, validators=_DAYS)
    last = DayField(label=_("To and including"), required=False, validators=_DAYS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = list(_grouped_actions())
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row(
                Column("about", css_class="col-md-6"),
                Column("who", css_class="col-md-6"),
            ),
            "action",
            Row(
                Column("first", css_class="col-md-6"),
                Column("last", css_class="col-md-6"),
            ),
        )

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day comes before the first."))
        return values

    @property
    def search(self) -> TrailSearch:
        """What is looked for; ask only a form that is valid."""
        return TrailSearch(**self.cleaned_data)
