"""What the pages of an occasion post."""

import json
from collections.abc import Mapping
from contextlib import suppress

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Participant
from trainings.enums import WithdrawalReason
from trainings.models import Enrolment, Occasion
from trainings.selectors import AttendanceSheet, CellState, SheetRow

_CLOSED_MEANWHILE = {
    CellState.CERTIFIED: gettext_lazy(
        "The time of %(person)s was certified meanwhile."
    ),
    CellState.NO_SEAT: gettext_lazy("%(person)s has lost the seat meanwhile."),
    CellState.NOT_BEGUN: gettext_lazy(
        "A session of %(person)s was moved meanwhile and has not begun."
    ),
}


class NominateForm(forms.Form):
    """People to put forward, out of those whom the user may see."""

    people = forms.ModelMultipleChoiceField(
        queryset=Participant.objects.none(),
        to_field_name="ref",
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class WithdrawForm(forms.Form):
    """Why a person leaves an occasion: of a short list, so that nobody asks more."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why does the person leave?"),
        help_text=gettext_lazy("Choose what fits. Never state anything about health."),
        choices=WithdrawalReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the reasons."),
            "invalid_choice": gettext_lazy("Choose one of the reasons."),
        },
    )


class SubstituteForm(WithdrawForm):
    """One person of the company to take a seat, and why the other one leaves."""

    people = forms.ModelChoiceField(
        queryset=Participant.objects.none(),
        to_field_name="ref",
        error_messages={
            "required": gettext_lazy("Choose who takes the seat."),
            "invalid_choice": gettext_lazy("Choose who takes the seat."),
        },
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class SeatsForm(forms.Form):
    """People in line who are to have a seat."""

    enrolments = forms.ModelMultipleChoiceField(
        queryset=Enrolment.objects.none(),
        to_field_name="ref",
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )

    def __init__(self, *args, occasion: Occasion, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enrolments"].queryset = occasion.enrolments.waiting()


class AttendanceForm(forms.Form):
    """Minutes by person and session: a field for each cell that may be entered.

    `seen` carries what the page showed, so that only cells that the user changed are
    saved and a cell that somebody else has changed meanwhile is noticed.
    """

    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, sheet: AttendanceSheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.filled: frozenset[str] = frozenset()
        self.cells = {
            cell.name: cell
            for row in sheet.rows
            for cell in row.cells
            if cell.state is CellState.OPEN
        }
        recorded = {
            name: cell.minutes
            for name, cell in self.cells.items()
            if cell.minutes is not None
        }
        self.initial = {"seen": recorded} | recorded | self.initial
        for row in sheet.rows:
            for cell, session in zip(row.cells, sheet.sessions, strict=True):
                if cell.name in self.cells:
                    self.fields[cell.name] = _minutes_field(row, session)

    def clean(self):
        """Refuse what was posted for a cell that has been closed meanwhile."""
        for row in self.sheet.rows:
            for cell in row.cells:
                posted = self.data.get(cell.name)
                now = "" if cell.minutes is None else str(cell.minutes)
                if cell.name in self.cells or posted in {None, now}:
                    continue
                sentence = str(_CLOSED_MEANWHILE[cell.state])
                self.add_error(None, sentence % {"person": row.place.name})
        return super().clean()

    def grid(self):
        """Yield each row with its cells, and each cell with its field if it has one."""
        for row in self.sheet.rows:
            yield (
                row,
                [
                    (cell, self[cell.name] if cell.name in self.cells else None)
                    for cell in row.cells
                ],
            )

    def entered(self) -> dict[tuple[int, int], int | None]:
        """Return the cells whose value the user changed."""
        shown = self.shown()
        return {
            cell.key: self.cleaned_data[name]
            for name, cell in self.cells.items()
            if self.cleaned_data[name] != shown.get(cell.key)
        }

    def shown(self) -> dict[tuple[int, int], int | None]:
        """Return what the user's page showed."""
        seen = self.cleaned_data["seen"]
        seen = seen if isinstance(seen, dict) else {}
        return {cell.key: seen.get(name) for name, cell in self.cells.items()}

    def blame(self, cells: dict[tuple[int, int], str]) -> None:
        """Put the refusals of the service beside their cells, and show what is true.

        Who has read that a cell was changed meanwhile may then overwrite it.
        """
        for name, cell in self.cells.items():
            if reason := cells.get(cell.key):
                self.add_error(name, reason)
        self.data = self.data.copy()
        self.data["seen"] = json.dumps(self.initial["seen"])


def filled_form(
    sheet: AttendanceSheet, data: QueryDict, new: Mapping[str, int]
) -> AttendanceForm:
    """Return the form as posted, with `new` minutes by the names of cells filled in.

    Nothing is judged or saved yet. `filled` of the form names those cells.
    """
    form = AttendanceForm(sheet=sheet)
    for name in form.cells:
        form.initial[name] = new.get(name, data.get(name, ""))
    with suppress(ValueError):
        form.initial["seen"] = json.loads(data.get("seen", "{}"))
    form.filled = frozenset(new)
    return form


def everybody_present(sheet: AttendanceSheet, data: QueryDict) -> dict[str, int]:
    """Return the whole session's minutes for the cells of it that are posted empty.

    The session is `fill` of what was posted.
    """
    return {
        cell.name: session.minutes
        for row in sheet.rows
        for cell, session in zip(row.cells, sheet.sessions, strict=True)
        if session.ref == data["fill"]
        and cell.state is CellState.OPEN
        and not data.get(cell.name)
    }


def _minutes_field(row: SheetRow, session) -> forms.IntegerField:
    field = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=session.minutes,
        widget=forms.TextInput,
        label=_("%(person)s, %(session)s, minutes")
        % {
            "person": row.place.name,
            "session": f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}",
        },
    )
    sentence = _("Enter 0 to %(most)d minutes.") % {"most": session.minutes}
    field.error_messages = dict.fromkeys(
        ("invalid", "min_value", "max_value"), sentence
    )
    return field
