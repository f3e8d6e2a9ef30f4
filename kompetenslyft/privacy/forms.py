"""Why somebody is erased or restricted; the reason is kept, who it was is not."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.enums import RestrictionBasis


class ErasureBasis(models.TextChoices):
    ASKED = "asked", _("The person has asked for it (GDPR, article 17)")
    MISTAKE = "mistake", _("The person was entered by mistake")
    OVER = "over", _("The data are no longer needed")


class EraseForm(forms.Form):
    basis = forms.ChoiceField(
        label=_("Why"), choices=[("", _("Choose a reason")), *ErasureBasis.choices]
    )
    understood = forms.BooleanField(
        label=_("I have read what goes and what stays, and that nobody can undo it."),
        error_messages={"required": _("Tick the box to say that you have read it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="erase_%s", **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        button = Submit("erase", _("Erase for good"), css_class="btn-danger")
        self.helper.layout = Layout("basis", "understood", button)


class RestrictForm(forms.Form):
    basis = forms.ChoiceField(
        label=_("Why"), choices=[("", _("Choose a reason")), *RestrictionBasis.choices]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="restrict_%s", **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("basis", Submit("restrict", _("Restrict")))
