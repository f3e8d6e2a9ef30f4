"""What is posted to tie evidence to a figure, and to remove it."""

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.models import Evidence
from reporting.selectors.evidence import TABLES

YES, NO = "yes", "no"
BETWEEN = "/"  # A table's id and a figure's.


class EvidenceForm(forms.Form):
    """A figure and what shows it; the document, the service judges by what it holds."""

    figure = forms.ChoiceField(
        label=_("Figure"),
        error_messages={
            "invalid_choice": _("There is no such figure. Choose one of the list.")
        },
    )
    what = forms.CharField(
        label=_("What does it show?"),
        max_length=Evidence.LONGEST_WHAT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("A sentence, at most 500 characters. Without names."),
    )
    file = forms.FileField(
        label=_("Document"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "empty": _("The file is empty. Choose the document once more."),
            "max_length": _("The file's name is too long. Shorten it."),
        },
    )
    shows_people = forms.ChoiceField(
        label=_("Can people be told on the document?"),
        required=False,
        choices=[(YES, _("Yes, it has names or pictures of people")), (NO, _("No"))],
        widget=forms.RadioSelect,
        help_text=_(
            "A document with people is deleted when one of the period's people is "
            "erased, and at the latest when the grant's rules keep nobody any longer."
        ),
    )
    place = forms.CharField(
        label=_("Where it is kept, if it is not attached"),
        required=False,
        max_length=Evidence.LONGEST_PLACE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Such as a number in the archive."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [
            ("", gettext("Choose a figure")),
            *((str(table.name), _figures_of(table)) for table in TABLES),
        ]
        self.fields["file"].help_text = gettext(
            "PDF, JPEG or PNG, at most %(limit)d MB. Save a spreadsheet as PDF first."
        ) % {"limit": settings.SCAN_MAX_MB}
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self):
        data = super().clean()
        if data.get("file") and not data.get("shows_people"):
            self.add_error(
                "shows_people", _("Say whether people can be told on the document.")
            )
        return data

    @property
    def said(self) -> dict[str, object]:
        """Return what the service takes."""
        data = self.cleaned_data
        table, _between, figure = data["figure"].partition(BETWEEN)
        return {
            "table": table,
            "figure": figure,
            "what": data["what"],
            "place": data["place"],
            "file": data["file"],
            "shows_people": data["shows_people"] == YES,
        }


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it removed?"),
        max_length=Evidence.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("At most 300 characters. It stays in the log. Without names."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


def _figures_of(table):
    return [
        (f"{table.id}{BETWEEN}{figure.id}", capfirst(str(figure.name)))
        for figure in table.figures
    ]
