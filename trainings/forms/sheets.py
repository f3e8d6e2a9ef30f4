"""Attendance that comes as a file, or as codes from a signed sheet."""

import tempfile
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from trainings.grid_files import MAX_BYTES, read_grid
from trainings.selectors import AttendanceSheet
from trainings.sheets import Fault, Reading, read_codes

CODES, FILE = "read_codes", "read_file"  # The buttons.


class EntryForm(forms.Form):
    """A list of codes, or a file, to be filled into the grid; it saves nothing.

    `faults` are those of the lines, found by `minutes_for`. What was posted is not
    judged unless one of its own buttons was pressed.
    """

    codes = forms.CharField(
        label=gettext_lazy("Codes and minutes from signed sheets"),
        help_text=gettext_lazy(
            "One line for each row, such as 7K3F9Q-X 180. A code alone means the "
            "whole session."
        ),
        required=False,
        strip=False,
        max_length=60_000,
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("The grid as a file (.csv)"),
        help_text=gettext_lazy("At most 2 MB. Empty cells say nothing."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        error_messages={
            "empty": gettext_lazy("The file is empty. Choose the one you filled in.")
        },
    )

    faults: Sequence[Fault] = ()

    @property
    def is_chosen(self) -> bool:
        """Whether one of the form's own buttons was pressed."""
        return self.is_bound and (CODES in self.data or FILE in self.data)

    @property
    def is_waiting(self) -> bool:
        """Whether there is something that no button has filled in."""
        has_codes = bool(self.data.get("codes", "").strip())
        return self.is_bound and (has_codes or bool(self.files.get("file")))

    def clean(self):
        """Refuse a button without what it reads."""
        if CODES in self.data and not (self.cleaned_data.get("codes") or "").strip():
            self._blame("codes", _("Write at least one line."))
        if FILE in self.data and not self.cleaned_data.get("file"):
            self._blame("file", _("Choose the file that you filled in."))
        return super().clean()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and not file.name.lower().endswith(".csv"):
            raise forms.ValidationError(
                _("Choose the .csv file. From Excel, save it as “CSV UTF-8”.")
            )
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 2 MB, so it is not this grid.")
            )
        return file

    def minutes_for(self, sheet: AttendanceSheet) -> Mapping[str, int]:
        """Return the minutes by names of cells; none, and `faults`, if any is wrong."""
        try:
            reading = self._reading(sheet)
        except DomainError as refusal:
            self.add_error("file", str(refusal))
            return {}
        if reading.faults:
            self.faults = reading.faults
            self.add_error(None, _("Nothing is filled in before every line is right."))
            return {}
        return reading.minutes

    def _reading(self, sheet: AttendanceSheet) -> Reading:
        if CODES in self.data:
            return read_codes(self.cleaned_data["codes"], sheet)
        with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
            for chunk in self.cleaned_data["file"].chunks():
                copy.write(chunk)
            copy.flush()
            return read_grid(copy.name, sheet)

    def _blame(self, field: str, sentence: str) -> None:
        if not self.has_error(field):
            self.add_error(field, sentence)
