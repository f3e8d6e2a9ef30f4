"""What the pages of needs post."""

from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from core.errors import DomainError
from core.forms import DayField
from trainings.enums import Delivery
from trainings.models import Course, Need, Occasion, Provider
from trainings.selectors import (
    NeedFigures,
    planned_headcount,
    planned_occasions,
    theme_as_used,
)
from trainings.services.needs import (
    checked_day,
    checked_headcount,
    checked_role,
    checked_theme,
    refuse_departed,
    too_few_for_plans,
)

MOST_PEOPLE = 99_999
_MOST_SEATS = 999
_OF_A_NEW_ONE = ("course", "capacity", "delivery", "place", "provider")
PRIORITIES = [
    (1, gettext_lazy("1, highest")),
    (2, "2"),
    (3, gettext_lazy("3, lowest")),
]


class NeedForm(forms.ModelForm):
    """States or changes a need; the services save what it has checked.

    Themes in use are suggested, so that one theme is one theme.
    """

    company = forms.ModelChoiceField(
        label=gettext_lazy("Company"),
        queryset=Company.objects.none(),
        to_field_name="org_number",
    )
    headcount = forms.IntegerField(
        label=gettext_lazy("How many people"), min_value=1, max_value=MOST_PEOPLE
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=PRIORITIES, coerce=int
    )
    wanted_by = DayField(label=gettext_lazy("Wanted by"), required=False)

    class Meta:
        model = Need
        fields = ["theme", "role_code", "headcount", "priority", "wanted_by"]
        help_texts = {
            "theme": gettext_lazy(
                "What they need to learn, such as automation. Choose a theme that is "
                "suggested if it fits: needs of one theme are planned together."
            ),
            "role_code": gettext_lazy(
                "Four digits of SSYK 2012, such as 7233. Empty for any role."
            ),
        }

    def __init__(self, *args, companies: Sequence[Company] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.companies = companies
        if self.instance.pk or len(companies) == 1:
            del self.fields["company"]
        else:
            pks = [company.pk for company in companies]
            self.fields["company"].queryset = Company.objects.filter(pk__in=pks)
        self.fields["theme"].widget.attrs |= {"list": "themes", "autocomplete": "off"}
        self.fields["role_code"].widget.attrs["inputmode"] = "numeric"
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def clean_theme(self):
        return theme_as_used(self.cleaned_data["theme"], but=_known(self.instance))

    def clean_role_code(self):
        return _as_a_service(checked_role, self.cleaned_data["role_code"])

    @property
    def chosen_company(self) -> Company:
        """The company of a new need: the chosen one, or the user's only one."""
        return self.cleaned_data.get("company") or self.companies[0]

    @property
    def details(self) -> dict[str, object]:
        """Everything else, as the services take it."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def _layout(self):
        company = ["company"] if "company" in self.fields else []
        return Layout(
            *company,
            "theme",
            Row(Column("headcount"), Column("priority")),
            Row(Column("role_code"), Column("wanted_by")),
            Submit("save", _("Save")),
            HTML('<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'),
        )


class NeedAdminForm(forms.ModelForm):
    """Holds a need that is saved in the admin to the rules of the services."""

    headcount = forms.IntegerField(
        label=gettext_lazy("How many people"), max_value=MOST_PEOPLE
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=PRIORITIES, coerce=int
    )

    def clean_company(self):
        company = self.cleaned_data["company"]
        _as_a_service(refuse_departed, company)
        return company

    def clean_theme(self):
        theme = self.cleaned_data["theme"]
        return _as_a_service(checked_theme, theme, of=_known(self.instance))

    def clean_role_code(self):
        return _as_a_service(checked_role, self.cleaned_data["role_code"])

    def clean_headcount(self):
        headcount = self.cleaned_data["headcount"]
        if self.instance.pk:
            planned = planned_headcount(self.instance)
            if headcount < planned:
                raise ValidationError(too_few_for_plans(planned))
        return _as_a_service(checked_headcount, headcount)

    def clean_wanted_by(self):
        """A day that has passed may stay as it is."""
        day = self.cleaned_data["wanted_by"]
        if "wanted_by" in self.changed_data:
            _as_a_service(checked_day, day)
        return day


class _CourseField(forms.ModelChoiceField):
    def label_from_instance(self, course: Course) -> str:
        return f"{course.title} ({course.code}, {course.theme})"


class _OccasionField(forms.ModelChoiceField):
    def label_from_instance(self, occasion) -> str:
        left = occasion.capacity - occasion.planned_people
        room = _("room for %(left)d more") % {"left": left}
        return f"{occasion.ref} {occasion.course.title}, {room}"


class PlanForm(forms.Form):
    """Needs of one theme, how many of each, and a new or a planned occasion for them.

    Which of the two is meant, the button says. What the other one asks for, and needs
    that are not ticked, are left alone, whatever stands there.
    """

    needs = forms.MultipleChoiceField(
        error_messages={
            "required": gettext_lazy("Choose at least one need."),
            "invalid_choice": gettext_lazy(
                "One of the needs was planned or withdrawn meanwhile. Look again."
            ),
        }
    )
    course = _CourseField(
        label=gettext_lazy("Course"),
        queryset=Course.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("Choose a course"),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=_MOST_SEATS,
        required=False,
        help_text=gettext_lazy("Empty: as many as it is planned for."),
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("Delivery"), choices=Delivery.choices, required=False
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    provider = forms.ModelChoiceField(
        label=gettext_lazy("Training provider"),
        queryset=Provider.objects.all(),
        to_field_name="ref",
        required=False,
        empty_label=gettext_lazy("not chosen yet"),
    )
    occasion = _OccasionField(
        label=gettext_lazy("Planned occasion"),
        queryset=Occasion.objects.none(),
        to_field_name="ref",
        required=False,
        empty_label=gettext_lazy("Choose an occasion"),
    )

    def __init__(
        self, *args, theme: str, left: Sequence[tuple[Need, NeedFigures]], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.left = left
        self.fields["needs"].choices = [(need.ref, str(need)) for need, _f in left]
        for need, figures in left:
            self.fields[_count(need)] = _headcount_field(need, figures)
        self.fields["course"].queryset = _of_theme_first(Course.objects, "theme", theme)
        with_room = planned_occasions().filter(capacity__gt=F("planned_people"))
        self.fields["occasion"].queryset = _of_theme_first(
            with_room.select_related("course"), "course__theme", theme
        )

    @property
    def is_for_existing(self) -> bool:
        """Whether the button was that of an occasion that is planned already."""
        return "existing" in self.data

    def rows(self):
        """Yield each need with its figures, whether it is ticked, and its field."""
        ticked = set(self.data.getlist("needs")) if self.is_bound else set()
        for need, figures in self.left:
            yield need, figures, need.ref in ticked, self[_count(need)]

    def clean(self):
        cleaned = super().clean()
        chosen = set(cleaned.get("needs", ()))
        for need, _figures in self.left:
            name = _count(need)
            if need.ref not in chosen:
                self._errors.pop(name, None)  # What is not ticked is not asked for.
            elif name in cleaned and cleaned[name] is None:
                self.add_error(name, _("Say how many."))
        if self.is_for_existing:
            required, beside = ["occasion"], _OF_A_NEW_ONE
        else:
            required, beside = ["course", "delivery"], ("occasion",)
        for name in beside:
            self._errors.pop(name, None)
        for name in required:
            if name not in self._errors and not cleaned.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def headcounts(self) -> dict[Need, int]:
        """Return how many of each ticked need."""
        chosen = set(self.cleaned_data["needs"])
        return {
            need: self.cleaned_data[_count(need)]
            for need, _figures in self.left
            if need.ref in chosen
        }

    def new_occasion(self) -> dict[str, object]:
        """Return what a new occasion is to be, as the service takes it."""
        return {name: self.cleaned_data[name] for name in _OF_A_NEW_ONE}


def _count(need: Need) -> str:
    return f"count-{need.ref}"


def _headcount_field(need: Need, figures: NeedFigures) -> forms.IntegerField:
    field = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=figures.unmet,
        initial=figures.unmet,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        label=_("How many of %(need)s") % {"need": need},
    )
    sentence = _("Enter 1 to %(most)d.") % {"most": figures.unmet}
    field.error_messages |= dict.fromkeys(
        ("invalid", "min_value", "max_value"), sentence
    )
    return field


def _of_theme_first(rows, path: str, theme: str):
    """Sort what teaches the theme before the rest."""
    other = Case(When(**{f"{path}__iexact": theme}, then=Value(0)), default=Value(1))
    return rows.order_by(other, "pk")


def _known(need: Need) -> Need | None:
    return need if need.pk else None


def _as_a_service(check, value, **more):
    """Let a field refuse what a service would, in its sentence."""
    try:
        return check(value, **more)
    except DomainError as refusal:
        raise ValidationError(str(refusal)) from refusal
