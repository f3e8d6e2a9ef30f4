"""Forms of the upload pages."""

from pathlib import Path

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from companies.imports.columns import COLUMNS
from companies.imports.problems import problems_of
from companies.imports.values import MAX_TYPED_CHARACTERS
from companies.models import Company, ImportRow
from core.spreadsheets.guard import MAX_FILE_BYTES

SUFFIXES = (".xlsx", ".csv")


class UploadForm(forms.Form):
    """Takes a file; what is in it is the worker's business."""

    company = forms.ModelChoiceField(
        label=_("Company"), queryset=Company.objects.none(), to_field_name="org_number"
    )
    file = forms.FileField(
        label=_("Your list"),
        help_text=_("An Excel workbook (.xlsx) or a .csv file, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={
            "empty": _("The file is empty. Choose the file with your list."),
            "required": _("Choose the file with your list."),
        },
    )

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.companies = companies
        if len(companies) == 1:
            del self.fields["company"]
        else:
            pks = [company.pk for company in companies]
            self.fields["company"].queryset = Company.objects.filter(pk__in=pks)
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, Submit("upload", _("Upload")))

    @property
    def chosen_company(self) -> Company:
        return self.cleaned_data.get("company") or self.companies[0]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if Path(file.name).suffix.lower() not in SUFFIXES:
            raise ValidationError(
                _("Choose a list that is saved as an Excel workbook (.xlsx) or .csv.")
            )
        if file.size > MAX_FILE_BYTES:
            raise ValidationError(
                _("The file is larger than 20 MB. Divide the list into several files.")
            )
        return file


class RowForm(forms.Form):
    """The cells of a row that have errors, as they were typed, with the sentences."""

    def __init__(self, *args, row: ImportRow, **kwargs):
        super().__init__(*args, **kwargs)
        self.problems = problems_of(row.errors)
        faulty = {problem.heading for problem in self.problems}
        for column in COLUMNS:
            if column.heading in faulty:
                self.fields[column.field] = _cell_field(column)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields,
            Submit("save", _("Save the row")),
            HTML('<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'),
        )

    def add_problems(self):
        """Show the sentences beside their fields."""
        field_of = {column.heading: column.field for column in COLUMNS}
        for problem in self.problems:
            self.add_error(field_of[problem.heading], problem.sentence)


def _cell_field(column) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    if column.choices:
        choices = [("", _("empty")), *((choice, choice) for choice in column.choices)]
        widget = forms.Select(choices=choices)
    return forms.CharField(
        label=column.heading,
        required=False,
        max_length=MAX_TYPED_CHARACTERS,
        widget=widget,
    )
