"""What is posted to attach a scan."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ScanForm(forms.Form):
    """One file; what it really is, the service judges by what it holds."""

    file = forms.FileField(
        label=gettext_lazy("The scan"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": gettext_lazy("Choose the file with the scan."),
            "missing": gettext_lazy("Choose the file with the scan."),
            "empty": gettext_lazy("The file is empty. Scan the sheet once more."),
            "max_length": gettext_lazy("The file's name is too long. Shorten it."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "PDF, JPEG or PNG, at most %(limit)d MB. One file may have several pages."
        ) % {"limit": settings.SCAN_MAX_MB}
