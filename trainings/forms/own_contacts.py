"""An address or a mobile of a participant's, and the code that went there."""

import re
import unicodedata

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.sms import is_mobile, sms_is_on
from companies.enums import ContactKind
from companies.identity import InvalidNumberError, parse_email, parse_mobile

_CODE = re.compile(r"\d{6}", re.ASCII)
_LONGEST_ADDRESS = 254
_NEITHER = _("Write an e-mail address, such as anna@example.org.")
_EITHER = _(
    "Write an e-mail address, such as anna@example.org, or a mobile, such as "
    "070-174 06 35."
)
_NO_MOBILE = _("Write a mobile, such as 070-174 06 35.")


class AddressForm(forms.Form):
    """Where a code is to go: `kind` and `address` as they are kept."""

    address = forms.CharField(
        label=_("E-mail address or mobile"),
        max_length=_LONGEST_ADDRESS,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not sms_is_on():
            _ask_for_mail(self.fields["address"])
        self.helper = _plain_helper()

    def clean_address(self):
        typed = self.cleaned_data["address"]
        if "@" in typed or not sms_is_on():
            self.kind = ContactKind.EMAIL
            return _mail_in(typed, _EITHER if sms_is_on() else _NEITHER)
        self.kind = ContactKind.SMS
        return _mobile_in(typed, _EITHER)


class ContactForm(forms.Form):
    """A new address of this kind."""

    address = forms.CharField(max_length=_LONGEST_ADDRESS)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        field = self.fields["address"]
        if kind == ContactKind.EMAIL:
            _ask_for_mail(field)
            field.widget.attrs["autocomplete"] = "email"
        else:
            field.label = _("Mobile")
            field.widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        self.helper = _plain_helper()

    def clean_address(self):
        typed = self.cleaned_data["address"]
        if self.kind == ContactKind.EMAIL:
            return _mail_in(typed, _NEITHER)
        return _mobile_in(typed, _NO_MOBILE)


class CodeForm(forms.Form):
    """The six digits, with whatever spaces they were pasted with."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
        help_text=_("Six digits."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()

    def clean_code(self):
        plain = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        code = re.sub(r"[\s-]", "", plain)
        if not _CODE.fullmatch(code):
            raise ValidationError(_("The code has six digits, such as 012 345."))
        return code


class CompanyForm(forms.Form):
    """Which of the own rows to open; `rows` are participants."""

    row = forms.ChoiceField(label=_("Company"), widget=forms.RadioSelect)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {row.ref: row for row in rows}
        self.fields["row"].choices = [
            (ref, row.company.name) for ref, row in self.rows.items()
        ]
        self.helper = _plain_helper()

    def clean_row(self):
        return self.rows[self.cleaned_data["row"]]


class RemoveForm(forms.Form):
    """That the participant knows what removing the last way in means."""

    knows_last = forms.BooleanField(
        label=_("I know that I cannot open this page until HR has entered a new one"),
        required=False,
    )

    def __init__(self, *args, is_last, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.fields["knows_last"]
        self.helper = _plain_helper()


def _ask_for_mail(field):
    field.label = _("E-mail address")
    field.widget.attrs |= {"inputmode": "email", "autocomplete": "email"}


def _mail_in(typed, sentence):
    try:
        return parse_email(typed)
    except InvalidNumberError as error:
        raise ValidationError(sentence) from error


def _mobile_in(typed, sentence):
    try:
        number = parse_mobile(typed)
    except InvalidNumberError as error:
        raise ValidationError(sentence) from error
    if not is_mobile(number):
        raise ValidationError(sentence)
    return number


def _plain_helper():
    helper = FormHelper()
    helper.form_tag = False
    return helper
