"""What is typed in at a kiosk, and what is noted when a code for it is given."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from companies.enums import IdentityProof
from companies.models import Kiosk

# As text: a password field would let the browser offer to keep the code on the tablet.
_KEPT_BY_NOBODY = {
    "autocomplete": "off",
    "autocapitalize": "off",
    "autocorrect": "off",
    "spellcheck": "false",
}


class _Once(forms.TextInput):
    """What is typed here is not shown again with the errors."""

    def get_context(self, name, value, attrs):
        return super().get_context(name, None, attrs)


class _KioskForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SignInForm(_KioskForm):
    """Name and code. What is typed for a code is never shown again."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("Given name and family name."),
        widget=forms.TextInput(attrs=_KEPT_BY_NOBODY),
    )
    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        help_text=_("The one that you have chosen, or the first time that on paper."),
        widget=_Once(attrs=_KEPT_BY_NOBODY),
    )


class ChooseForm(_KioskForm):
    """An own code, twice."""

    code = forms.CharField(
        label=_("Your own code"),
        max_length=40,
        help_text=_("6 to 12 digits that you remember and nobody guesses."),
        widget=_Once(attrs=_KEPT_BY_NOBODY | {"inputmode": "numeric"}),
    )
    again = forms.CharField(
        label=_("The same code once more"),
        max_length=40,
        widget=_Once(attrs=_KEPT_BY_NOBODY | {"inputmode": "numeric"}),
    )

    def clean(self):
        typed = super().clean()
        if not self.errors and typed["code"].split() != typed["again"].split():
            self.add_error("again", _("The two codes are not the same."))
        return typed


class KioskCodeForm(_KioskForm):
    """That somebody's identity was seen, and by what; no number of it is asked for."""

    proof = forms.ChoiceField(
        label=_("What did the person show?"),
        choices=IdentityProof.choices,
        widget=forms.RadioSelect,
    )
    seen = forms.BooleanField(
        label=_("I have held it in my hand: it is valid, and it is this person's.")
    )


class KioskForm(forms.ModelForm):
    """Where a tablet stands that becomes a kiosk."""

    class Meta:
        model = Kiosk
        fields = ["place"]
        help_texts = {"place": _("Such as Canteen, building 3. Nobody's name.")}
        widgets = {"place": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
