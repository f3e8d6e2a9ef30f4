"""Forms of the planning board, and of the steps of an occasion."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField
from trainings.models import AccessibilityCard, Occasion, PlanComment, Session
from trainings.selectors.planning import (
    BASICS,
    CARD,
    digest_of_basics,
    digest_of_card,
)
from trainings.services.occasions import LONGEST_REASON
from trainings.services.sessions import taken_times
from trainings.sittings import (
    MOST_AT_ONCE,
    YEARS,
    Sitting,
    at,
    length_fault,
    listed_days,
    overlap_faults,
    sittings_on,
    weekly_days,
)

_LONGEST_OUTLINE = 10_000
_LONGEST_LIST = 5_000
_MOST_SEATS = 1000
_MOST_WEEKS = 26
_MOST_MINUTES = 24 * 60
_OF_A_SITTING = ("starts", "ends", "minutes")
_AREA = {"rows": 4, "spellcheck": "true"}


class AskedForm(forms.Form):
    """Asks nothing besides; what speaks against the step stands above its button."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


class CancelForm(AskedForm):
    """Asks why an occasion is called off."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is cancelled"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy(
            "Everybody who sees the occasion reads it. Write nothing about persons."
        ),
        error_messages={"required": gettext_lazy("Say why the occasion is cancelled.")},
    )


class CopyForm(AskedForm):
    """Asks for the day of the first session of a new run."""

    first_day = DayField(label=gettext_lazy("First day of the new occasion"))


class CommentForm(AskedForm):
    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        max_length=PlanComment._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs=_AREA),
        help_text=gettext_lazy("The other side reads it. Write nothing about persons."),
        error_messages={"required": gettext_lazy("Write something first.")},
    )


class _SeenForm(forms.ModelForm):
    """Carries what the page showed, so that nobody overwrites what was saved since.

    Who has read what somebody else has saved may then overwrite it.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.digest(self.instance if self.instance.pk else None)
        self.helper = FormHelper()
        self.helper.layout = Layout("seen", *self.parts(), *_buttons(_("Save")))

    def values(self):
        """Return what was entered, by the names of the columns."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def show_as_now(self, row):
        """Tell beside each field what it says by now, and take that for seen."""
        self.data = self.data.copy()
        self.data["seen"] = self.digest(row)
        for name in self._meta.fields if row else ():
            now = getattr(row, name)
            if now != self.cleaned_data.get(name):
                display = getattr(row, f"get_{name}_display", None)
                text = display() if display else now
                text = _("empty") if text in {None, ""} else text
                self.add_error(name, _("By now it says: %(text)s") % {"text": text})


class PlanForm(_SeenForm):
    """Content, place, seats and the day of decision of a planned occasion."""

    outline = forms.CharField(
        label=gettext_lazy("Content of this run"),
        required=False,
        max_length=_LONGEST_OUTLINE,
        widget=forms.Textarea(attrs=_AREA | {"rows": 8}),
        help_text=gettext_lazy("What is taught this time, beside the course."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats"), min_value=1, max_value=_MOST_SEATS
    )
    decide_on = DayField(label=gettext_lazy("Go or no-go on"), required=False)

    class Meta:
        model = Occasion
        fields = BASICS
        help_texts = {
            "place": gettext_lazy("Where people go, with the address."),
            "least_participants": gettext_lazy(
                "With fewer seats taken the project leader decides on the day whether "
                "the occasion is held. Leave both empty if it is held anyway."
            ),
        }

    digest = staticmethod(digest_of_basics)

    def parts(self):
        return [
            "outline",
            Row(Column("place"), Column("delivery")),
            "capacity",
            Row(Column("least_participants"), Column("decide_on")),
        ]


class CardForm(_SeenForm):
    """What is accessible at an occasion."""

    ask_by = DayField(label=gettext_lazy("Ask for adaptations by"))

    class Meta:
        model = AccessibilityCard
        fields = CARD
        widgets = {"more": forms.Textarea(attrs=_AREA)}
        help_texts = {
            "language": gettext_lazy("Such as: Swedish, with material in English."),
            "breaks": gettext_lazy("Such as: ten minutes every hour."),
            "more": gettext_lazy(
                "Parking, a quiet room, allergies, guide dogs: what people ask about."
            ),
            "contact": gettext_lazy("A name or a function, with telephone or e-mail."),
        }

    digest = staticmethod(digest_of_card)

    def parts(self):
        return [
            Row(Column("step_free"), Column("hearing_loop")),
            Row(Column("captions"), Column("material_in_advance")),
            "remote",
            *("language", "breaks", "more", "contact", "ask_by"),
        ]


def _clock(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(
            format="%H:%M", attrs={"autocomplete": "off", "maxlength": "5"}
        ),
        help_text=gettext_lazy("Hour and minute, such as 08:30."),
        error_messages={"invalid": gettext_lazy("Write the time as 08:30.")},
    )


class _TimesForm(forms.Form):
    """The clock times of a sitting, and how much of it is teaching."""

    starts = _clock(gettext_lazy("Starts"))
    ends = _clock(gettext_lazy("Ends"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Teaching time, minutes"),
        min_value=1,
        max_value=_MOST_MINUTES,
        help_text=gettext_lazy("Without breaks and lunch."),
    )

    times = Row(Column("starts"), Column("ends"), Column("minutes"))

    def clean(self):
        super().clean()
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("A session cannot end before it starts."))

    def has_times(self):
        return all(self.cleaned_data.get(name) for name in _OF_A_SITTING)


class SessionsForm(_TimesForm):
    """Several sessions at the same time of day: each week, or on days one by one.

    `sittings` are those of a valid form. All faults are told at once.
    """

    first_on = DayField(label=gettext_lazy("First day"), required=False)
    every = forms.IntegerField(
        label=gettext_lazy("Every how many weeks"),
        initial=1,
        required=False,
        min_value=1,
        max_value=_MOST_WEEKS,
    )
    how_often = forms.IntegerField(
        label=gettext_lazy("How many times"),
        required=False,
        min_value=1,
        max_value=MOST_AT_ONCE,
    )
    last_on = DayField(label=gettext_lazy("Or until this day"), required=False)
    days = forms.CharField(
        label=gettext_lazy("Days"),
        required=False,
        max_length=_LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=gettext_lazy("A day a line, such as 2026-03-02."),
    )
    field_order = ["first_on", "every", "how_often", "last_on", "days"]

    def __init__(self, *args, occasion: Occasion, **kwargs):
        super().__init__(*args, **kwargs)
        self.occasion = occasion
        self.sittings = []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(
                _("On the same weekday"),
                Row(Column("first_on"), Column("every")),
                Row(Column("how_often"), Column("last_on")),
            ),
            Fieldset(_("Or on days one by one"), "days"),
            Fieldset(_("At this time"), self.times),
            *_buttons(_("Add the sessions")),
        )

    def clean(self):
        super().clean()
        rule, listed = self.cleaned_data.get("first_on"), self.cleaned_data.get("days")
        if rule and listed:
            sentence = _("Give either the first day or a list of days, not both.")
            self.add_error("days", sentence)
        elif rule:
            self._add_days("first_on", self._by_rule(rule), [])
        elif listed:
            self._add_days("days", *listed_days(listed))
        elif not (self.errors.keys() & {"first_on", "days"}):
            self.add_error("first_on", _("Give the first day, or a list of days."))

    def _by_rule(self, first):
        often, last = (self.cleaned_data.get(name) for name in ("how_often", "last_on"))
        if self.errors.keys() & {"how_often", "last_on", "every"}:
            return []
        if (often is None) == (last is None):
            sentence = _("Give either how many times or the last day.")
            self.add_error("how_often", sentence)
        elif first.year not in YEARS:
            self.add_error("first_on", _("Is the year right?"))
        elif last and last < first:
            self.add_error("last_on", _("The last day is before the first."))
        else:
            every = self.cleaned_data.get("every") or 1
            return weekly_days(first, every=every, times=often, last=last)
        return []

    def _add_days(self, field, days, faults):
        if len(days) > MOST_AT_ONCE:
            sentence = _("At most %(most)d sessions at a time.")
            self.add_error(field, sentence % {"most": MOST_AT_ONCE})
            return
        if self.has_times():
            times = {name: self.cleaned_data[name] for name in _OF_A_SITTING}
            self.sittings, refused = sittings_on(days, **times)
            taken = taken_times(self.occasion)
            faults = [*faults, *refused, *overlap_faults(self.sittings, taken)]
        for fault in faults:
            self.add_error(field, fault)


class SessionForm(_TimesForm):
    """One session: `sitting` is that of a valid form."""

    day = DayField(label=gettext_lazy("Day"))
    field_order = ["day", "starts", "ends", "minutes"]

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        starts, ends = map(timezone.localtime, (session.starts_at, session.ends_at))
        self.initial = {
            "day": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "minutes": session.minutes,
        }
        self.sitting = None
        self.helper = FormHelper()
        self.helper.layout = Layout("day", self.times, *_buttons(_("Save")))

    def clean(self):
        super().clean()
        day = self.cleaned_data.get("day")
        if not (day and self.has_times()):
            return
        try:
            starts_at, ends_at = (
                at(day, self.cleaned_data[name]) for name in ("starts", "ends")
            )
        except ValueError as fault:
            self.add_error("day", str(fault))
            return
        self.sitting = Sitting(starts_at, ends_at, self.cleaned_data["minutes"])
        if fault := length_fault(self.sitting):
            self.add_error("minutes", fault)


def _buttons(label):
    back = '<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'
    yield Div(
        Submit("save", label),
        HTML(back),
        css_class="buttons",
    )
