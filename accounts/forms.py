"""Forms of the sign-in whose words and choices are the portal's own."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as BaseEditForm
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60


class AddPasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("So that you tell your passkeys apart, such as: My telephone."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with the passkey alone, without a password"),
        required=False,
        initial=True,
    )


class EditPasskeyForm(BaseEditForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
