"""What is given to verify a file of a report: the file itself, or its checksum."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

_CHECKSUM = re.compile(r"[0-9a-f]{64}")


class VerifyForm(forms.Form):
    """One of the two; `checksum` is what is looked for."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("Drop it on the field, or choose it. It is not kept."),
    )
    sha256 = forms.CharField(
        label=_("Or its checksum (SHA-256)"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("64 digits from 0 to 9 and a to f."),
    )

    def clean_sha256(self):
        text = "".join(self.cleaned_data["sha256"].split()).lower()
        if text and not _CHECKSUM.fullmatch(text):
            raise forms.ValidationError(
                _("A checksum has 64 digits from 0 to 9 and a to f.")
            )
        return text

    def clean(self):
        data = super().clean()
        file = data.get("file")
        if not file and not data.get("sha256") and not self.errors:
            raise forms.ValidationError(_("Choose a file, or type its checksum."))
        return data

    @property
    def checksum(self) -> str:
        file = self.cleaned_data.get("file")
        return file.sha256 if file else self.cleaned_data["sha256"]
