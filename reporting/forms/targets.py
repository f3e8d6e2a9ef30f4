"""What the pages of targets post."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from core.forms import DayField
from reporting.enums import TargetFigure
from reporting.services.targets import MOST
from reporting.target_words import entered

_MINUTES, _PER_MILLE = 60, 10  # Of an hour, and of a percent.


class TargetForm(forms.Form):
    """Sets or changes a target. `of` is the one to change: its figure stays.

    Hours come with two decimals at most and are kept as whole minutes; a share comes
    in percent with one decimal at most.
    """

    figure = forms.ChoiceField(label=gettext_lazy("Figure"), choices=TargetFigure)
    company = forms.ModelChoiceField(
        label=gettext_lazy("Company"),
        queryset=Company.objects.all(),
        to_field_name="org_number",
        required=False,
        empty_label=gettext_lazy("The whole programme"),
    )
    starts_on = DayField(label=gettext_lazy("From and including"))
    ends_on = DayField(label=gettext_lazy("To and including"))
    value = forms.DecimalField(
        label=gettext_lazy("Target"),
        localize=True,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Participants as a whole number, hours with two decimals at most, shares "
            "in percent with one decimal at most. It is what is to be reached at least."
        ),
    )

    def __init__(self, *args, of=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.of = of
        if of:
            del self.fields["figure"], self.fields["company"]
            self.initial |= {
                "starts_on": of.starts_on.isoformat(),
                "ends_on": of.ends_on.isoformat(),
                "value": entered(TargetFigure(of.figure), of.value),
            }
        self.helper = FormHelper()
        about = [] if of else [Row(Column("figure"), Column("company"))]
        self.helper.layout = Layout(
            *about,
            Row(Column("starts_on"), Column("ends_on")),
            "value",
            Submit("save", _("Save")),
            HTML('<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'),
        )

    def clean(self):
        cleaned = super().clean()
        figure = self.of.figure if self.of else cleaned.get("figure")
        value = cleaned.get("value")
        if figure and value is not None:
            cleaned["value"] = self._in_units(TargetFigure(figure), value)
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and starts_on > ends_on:
            self.add_error("ends_on", _("A period cannot end before it starts."))
        return cleaned

    def _in_units(self, figure, value: Decimal) -> int | None:
        """Return whole persons, minutes or per mille, or say why it is none."""
        if figure.is_share:
            return self._whole(
                value * _PER_MILLE,
                _("A share has one decimal at most, such as 42.5."),
            )
        if figure == TargetFigure.HOURS:
            return self._whole(
                value * _MINUTES,
                _("Hours must make whole minutes, such as 1.25 or 1.50."),
            )
        return self._whole(value, _("Participants are a whole number."))

    def _whole(self, units: Decimal, sentence: str) -> int | None:
        if units != int(units):
            self.add_error("value", sentence)
            return None
        if units > MOST:
            self.add_error("value", _("A target is at most %(most)d.") % {"most": MOST})
            return None
        return int(units)
