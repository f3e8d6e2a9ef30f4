"""The form in which a project leader writes the words of a message."""

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.message_templates import LONGEST_SUBJECT, LONGEST_TEXT, MessageWords


class WordsForm(forms.Form):
    """Subject and text; `seen` tells which words were changed.

    What is wrong with them is judged by the service, which the admin asks first.
    """

    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField"}),
        help_text=_(
            "Plain text. An empty line begins a new paragraph. A line whose "
            "placeholders have nothing to say is left out of the letter."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def words(self) -> MessageWords:
        return MessageWords(self.cleaned_data["subject"], self.cleaned_data["text"])

    @property
    def seen_at(self):
        """When the words that were changed were saved; None for the standard ones."""
        return parse_datetime(self.cleaned_data["seen"])

    def clean_seen(self):
        seen = self.cleaned_data["seen"]
        try:
            is_moment = not seen or parse_datetime(seen) is not None
        except ValueError:
            is_moment = False
        if not is_moment:
            raise forms.ValidationError(_("Open the page once more, and try again."))
        return seen

    def show_as_now(self, seen: str) -> None:
        """Let the next try be judged against what is saved now."""
        self.data = self.data.copy()
        self.data["seen"] = seen
