"""Which columns of a list are wanted, as which file, and when it comes by itself."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import DayField
from reporting.enums import FileFormat, HowOften
from reporting.figures import Period
from reporting.models import ListChoice


def _columns_of(wanted) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(column.id, column.title) for column in wanted.columns],
        initial=[column.id for column in wanted.columns if column.is_chosen],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )


def _with_button(words) -> FormHelper:
    helper = FormHelper()
    helper.add_input(Submit("go", words))
    return helper


class ListForm(forms.Form):
    """Columns, format, and the days of a list that has days."""

    file_format = forms.ChoiceField(
        label=_("Format"),
        choices=FileFormat.choices,
        initial=FileFormat.XLSX,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, wanted, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"] = _columns_of(wanted)
        self.order_fields(["columns", "file_format"])
        if wanted.has_days:
            self.fields["starts_on"] = DayField(
                label=_("From and including"), required=False
            )
            self.fields["ends_on"] = DayField(
                label=_("To and including"), required=False
            )

        self.helper = _with_button(_("Make the file"))

    def clean(self):
        days = super().clean()
        first, last = days.get("starts_on"), days.get("ends_on")
        if bool(first) != bool(last) and not {"starts_on", "ends_on"} & set(
            self.errors
        ):
            missing = "ends_on" if first else "starts_on"
            self.add_error(missing, _("Give both days, or leave both empty."))
        if first and last and first > last:
            self.add_error("ends_on", _("A period cannot end before it starts."))
        return days

    @property
    def days(self):
        """The days that were given; None: all."""
        first = self.cleaned_data.get("starts_on")
        last = self.cleaned_data.get("ends_on")
        return Period(first, last) if first and last else None


class ChoiceForm(forms.ModelForm):
    """A list to keep: its columns, and to whom its file comes by itself."""

    file_format = forms.ChoiceField(
        label=_("Format"), choices=FileFormat.choices, widget=forms.RadioSelect
    )
    how_often = forms.ChoiceField(
        label=_("How often the file comes by itself"),
        choices=HowOften.choices,
        initial=HowOften.NEVER,
        widget=forms.RadioSelect,
    )
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Colleagues who get it, too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everybody gets a file of what they may see themselves on that day."
        ),
    )

    class Meta:
        model = ListChoice
        fields = ["name", "file_format", "span", "how_often", "readers"]
        labels = {"span": _("Days of the file")}

    def __init__(self, *args, wanted, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"] = _columns_of(wanted)
        if self.instance.pk:
            self.fields["columns"].initial = self.instance.columns
            self.initial["readers"] = self.instance.readers.all()
        if not wanted.has_days:
            del self.fields["span"]
        self.fields["readers"].queryset = colleagues
        if not colleagues:
            del self.fields["readers"]
        self.order_fields(["name", "columns", "file_format", "span", "how_often"])
        self.helper = _with_button(_("Keep the list"))

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = ListChoice.objects.filter(owner=self.instance.owner, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have kept another list by this name."))
        return name
