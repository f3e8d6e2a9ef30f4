"""Which letters a participant wants, and in which language."""

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from trainings.enums import NoticeLevel


class LettersForm(forms.Form):
    """The participant's choice; HR has no form for it."""

    level = forms.ChoiceField(
        label=_("Which letters do you want?"),
        choices=NoticeLevel.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "An offer of a place and hours to certify need your answer. Whatever you "
            "choose, all news are on this page."
        ),
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
