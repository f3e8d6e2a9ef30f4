"""Inviting, and opening the account that an invitation promises."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import InvitedRole
from accounts.models import User
from companies.models import Company
from trainings.models import Provider


class InviteForm(forms.Form):
    """Asks for an address and, where the role has one, for the place.

    `places` are those to choose from; a single one is not asked for.
    """

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    place = forms.ModelChoiceField(label="", queryset=Company.objects.none())
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=settings.LANGUAGES
    )

    def __init__(self, *args, role, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places
        if places is None or len(places) == 1:
            del self.fields["place"]
        else:
            self.fields["place"] = _place_field(role, places)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["language"].initial = get_language()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields,
            Submit("invite", _("Send the invitation")),
            HTML('<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'),
        )

    @property
    def chosen_place(self):
        """The company or provider, or None for a role in the whole programme."""
        if self.places is None:
            return None
        return self.cleaned_data.get("place") or self.places[0]


class OpenAccountForm(SetPasswordMixin, forms.Form):
    """A name and a password for the invited address."""

    name = forms.CharField(label=_("Your name"), max_length=100)
    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=_("Choose a password"), label2=_("The same password again")
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["password2"].help_text = ""  # Its label says it.
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "name",
            "password1",
            "password2",
            Submit("accept", _("Open the account and accept")),
        )

    def clean(self):
        cleaned = super().clean()
        self.validate_passwords()
        user = User(email=self.email, name=cleaned.get("name", ""))
        self.validate_password_for_user(user, "password1")
        return cleaned


def _place_field(role, places):
    is_company = role == InvitedRole.HR
    rows = Company.objects.all() if is_company else Provider.objects.all()
    return forms.ModelChoiceField(
        label=_("Company") if is_company else _("Training supplier"),
        queryset=rows.filter(pk__in=[place.pk for place in places]),
        to_field_name="org_number" if is_company else "ref",
        empty_label=_("Choose"),
    )
