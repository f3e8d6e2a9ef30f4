"""Which value stays, field by field, when two rows become one."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.contacts import kept_contacts
from companies.models import Participant
from companies.services.merging import CHOICES, NUMBER

FIRST, SECOND = "first", "second"


class MergeForm(forms.Form):
    """Asks only for the fields in which the two rows differ."""

    def __init__(self, *args, first, second, **kwargs):
        super().__init__(*args, **kwargs)
        for name in CHOICES:
            if _raw(first, name) == _raw(second, name):
                continue
            if name == "birth_date" and (first.number_mask or second.number_mask):
                continue  # It goes with the number.
            if name == NUMBER and (first.encrypted_number or second.encrypted_number):
                continue  # The only one there is stays.
            if name in kept_contacts(first) or name in kept_contacts(second):
                continue  # What the person has confirmed stays.
            choices = [(FIRST, _shown(first, name)), (SECOND, _shown(second, name))]
            self.fields[name] = forms.ChoiceField(
                label=_label(name),
                choices=choices,
                initial=FIRST if _raw(first, name) else SECOND,
                widget=forms.RadioSelect,
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields,
            Submit("merge", _("Merge the rows")),
            HTML('<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'),
        )

    @property
    def taken(self) -> frozenset[str]:
        """The fields whose value comes from the second row."""
        return frozenset(n for n, side in self.cleaned_data.items() if side == SECOND)


def _label(name):
    if name == NUMBER:
        return _("Why there is no personal number")
    return capfirst(Participant._meta.get_field(name).verbose_name)


def _raw(person, name):
    if name == NUMBER:
        return person.no_number_reason
    return getattr(person, name)


def _shown(person, name):
    if name == NUMBER:
        return person.no_number_reason
    if display := getattr(person, f"get_{name}_display", None):
        return display() or _("none")
    value = getattr(person, name)
    return f"{value:%Y-%m-%d}" if name == "birth_date" and value else value or _("none")
