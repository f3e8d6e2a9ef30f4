"""What a participant asks to have adapted, and how it went."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trainings.enums import AccommodationKind, AccommodationOutcome
from trainings.models import Enrolment
from trainings.selectors import first_start
from trainings.services.accommodations import LONGEST_TEXT


class SeatField(forms.ModelChoiceField):
    """One of the own seats, told by its course and its first day."""

    def label_from_instance(self, seat):
        begins = first_start(seat.occasion)
        title = seat.occasion.course.title
        return f"{title}, {timezone.localdate(begins)}" if begins else title


class RequestForm(forms.Form):
    """A functional need out of the list, never a diagnosis."""

    seat = SeatField(
        label=_("Course"), queryset=Enrolment.objects.none(), to_field_name="ref"
    )
    kind = forms.ChoiceField(
        label=_("What you need"),
        choices=[("", _("Choose")), *AccommodationKind.choices],
    )
    note = forms.CharField(
        label=_("How it works best for you"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_(
            "At most 1000 characters. Say what is to be done, not why: no diagnosis, "
            "and no personal number."
        ),
    )

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["seat"]
        field.queryset = seats
        if len(field.queryset) == 1:
            field.empty_label = None
        else:
            field.empty_label = _("Choose")
        said = (_said_of_late(seat.occasion) for seat in seats)
        field.help_text = " ".join(str(sentence) for sentence in said if sentence)
        self.helper = FormHelper()
        self.helper.form_tag = False


def _said_of_late(occasion):
    """Say that the last day to ask is over, and that one may ask anyway, or nothing."""
    card = getattr(occasion, "accessibility", None)
    if card is None or card.ask_by >= timezone.localdate():
        return ""
    return _(
        "%(course)s: the last day to ask was %(day)s. Ask anyway; the supplier does "
        "what there is time for."
    ) % {"course": occasion.course.title, "day": card.ask_by.isoformat()}


class OutcomeForm(forms.Form):
    """How it went, as the participant saw it."""

    outcome = forms.ChoiceField(
        label=_("Did you get what you need?"),
        choices=[
            (AccommodationOutcome.MET, _("Yes, it worked")),
            (AccommodationOutcome.PARTLY, _("Partly")),
            (AccommodationOutcome.NOT, _("No")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it went.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
