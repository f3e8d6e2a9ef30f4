"""One person at a time."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.contacts import kept_contacts, sentence_of_kept
from companies.enums import Gender
from companies.identity import (
    InvalidNumberError,
    parse_email,
    parse_mobile,
    parse_number,
    parse_role_code,
)
from companies.models import Company, Participant

_LONGEST_NUMBER = 20


class ParticipantForm(forms.ModelForm):
    """Adds or changes a person; the services save what it has checked.

    The personal number goes in and never comes out again: the page of a person who
    has one shows the mask, and an empty field leaves the number as it is.
    """

    company = forms.ModelChoiceField(
        label=_("Company"), queryset=Company.objects.none(), to_field_name="org_number"
    )
    number = forms.CharField(
        label=_("Personal number"),
        required=False,
        max_length=_LONGEST_NUMBER,
        help_text=_("10 or 12 digits. Coordination numbers are taken, too."),
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        required=False,
        choices=[("", _("as the personal number says")), *Gender.choices],
    )
    birth_date = forms.DateField(
        label=_("Birth date"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as YYYY-MM-DD.")},
        help_text=_("YYYY-MM-DD. Taken from the personal number where there is one."),
    )

    class Meta:
        model = Participant
        fields = [
            "no_number_reason",
            "protected",
            "given_name",
            "family_name",
            "gender",
            "birth_date",
            "email",
            "mobile",
            "job_title",
            "role_code",
            "staff_group",
        ]
        labels = {
            "no_number_reason": _("Why there is no personal number"),
            "protected": _("The person has a protected identity"),
        }
        help_texts = {
            "protected": _(
                "The name is then shown to nobody but your own company and those "
                "whom the project has given a special right."
            ),
            "role_code": _("Four digits of SSYK 2012, such as 7233."),
        }

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.companies = companies
        if self.instance.pk or len(companies) == 1:
            del self.fields["company"]
        else:
            pks = [company.pk for company in companies]
            self.fields["company"].queryset = Company.objects.filter(pk__in=pks)
        if self.instance.pk:
            self._for_someone_known()
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def clean_number(self):
        number = self.cleaned_data["number"]
        if number:
            _checked(parse_number, number, today=timezone.localdate())
        return number

    def clean_birth_date(self):
        birth_date = self.cleaned_data["birth_date"]
        if birth_date and birth_date > timezone.localdate():
            raise forms.ValidationError(_("Nobody is born in the future."))
        return birth_date

    def clean_email(self):
        email = self.cleaned_data["email"]
        return _checked(parse_email, email) if email else ""

    def clean_mobile(self):
        mobile = self.cleaned_data["mobile"]
        return _checked(parse_mobile, mobile) if mobile else ""

    def clean_role_code(self):
        code = self.cleaned_data["role_code"]
        return _checked(parse_role_code, code) if code else ""

    def clean(self):
        cleaned = super().clean()
        number = cleaned.get("number")
        reason = cleaned.get("no_number_reason")
        is_new_reason = "no_number_reason" in self.changed_data
        if number and reason and is_new_reason:
            self.add_error(
                "no_number_reason",
                _("Give a personal number or the reason why there is none, not both."),
            )
        birth_date = cleaned.get("birth_date")
        if number and birth_date and "birth_date" in self.changed_data:
            born = parse_number(number, today=timezone.localdate()).birth_date
            if born != birth_date:
                self.add_error(
                    "birth_date", _("The personal number has another birth date.")
                )
        has_number = bool(number or self.instance.encrypted_number)
        if not (has_number or reason or "number" in self.errors):
            self.add_error(
                "number", _("Give a personal number, or the reason why there is none.")
            )
        if not (number or cleaned.get("gender") or self.errors):
            self.add_error("gender", _("Choose a gender."))
        return cleaned

    @property
    def chosen_company(self) -> Company:
        """The company of a new person: the chosen one, or the user's only one."""
        return self.cleaned_data.get("company") or self.companies[0]

    @property
    def new_number(self) -> str | None:
        """The number to save; None leaves it, empty takes it away for a reason."""
        if number := self.cleaned_data["number"]:
            return number
        return "" if self.cleaned_data["no_number_reason"] else None

    @property
    def details(self) -> dict[str, object]:
        """Everything else, as the services take it."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def _for_someone_known(self):
        self.fields["gender"].choices = Gender.choices
        for field, at in kept_contacts(self.instance).items():
            self.fields[field].disabled = True
            self.fields[field].help_text = sentence_of_kept(field, at)
        if self.instance.encrypted_number:
            number, reason = self.fields["number"], self.fields["no_number_reason"]
            number.widget.attrs["placeholder"] = self.instance.number_mask
            number.help_text = _(
                "A number is stored and shown to nobody. A new number replaces it."
            )
            reason.help_text = _("Fill in only to take the stored number away.")
            self.fields["birth_date"].disabled = True

    def _layout(self):
        company = ["company"] if "company" in self.fields else []
        return Layout(
            *company,
            Fieldset(
                _("Identity"),
                Row(Column("given_name"), Column("family_name")),
                Row(Column("number"), Column("no_number_reason")),
                Row(Column("gender"), Column("birth_date")),
                "protected",
            ),
            Fieldset(
                _("At work"),
                Row(Column("job_title"), Column("role_code"), Column("staff_group")),
                Row(Column("email"), Column("mobile")),
            ),
            Submit("save", _("Save")),
            HTML('<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'),
        )


def _checked(parse, text, **options):
    try:
        return parse(text, **options)
    except InvalidNumberError as refusal:
        raise ValidationError(str(refusal)) from refusal
