"""Forms in which a project leader writes the pages."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.pages.markdown import has_blanks
from accounts.pages.statement import (
    COMPLAINTS_URL,
    COMPLIANCE_WORDS,
    HEADINGS,
    Compliance,
    Item,
    compliance_in,
    compose,
    date_in,
    has_high_headings,
    is_closed,
    links_in,
    named,
    read,
    reader_language,
    says_how_to_reach,
)

_LONGEST = 50_000
_LONGEST_PART = 8_000


class _EditForm(forms.Form):
    """`seen` tells which text was changed; `body` is the page of a valid form.

    A form of its own fills itself in with a page as it is (`begin_with`), and says what
    stands above the buttons (`parts`).
    What is neither to be published nor looked at beforehand is saved as a draft.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, language, body, **kwargs):
        super().__init__(*args, **kwargs)
        self.language = language
        self.begin_with(body)
        self.helper = FormHelper()
        buttons = Div(*_buttons(), css_class="buttons")
        self.helper.layout = Layout("seen", *self.parts(), buttons)

    @property
    def is_to_be_published(self):
        return "publish" in self.data

    @property
    def is_to_be_looked_at(self):
        return "preview" in self.data

    def clean_seen(self):
        seen = self.cleaned_data["seen"]
        if seen and not _is_moment(seen):
            raise ValidationError(_("Open the page anew, and try again."))
        return seen

    def show_as_now(self, seen):
        """Take the saved text for seen, because it is shown beside the form now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


class PageForm(_EditForm):
    """A page as one text."""

    text = forms.CharField(
        label=_("Text"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        help_text=_(
            "Markdown: ## before a heading, - before a point of a list, **bold**, "
            "[words](https://address). {{ owner }}, {{ programme }}, {{ number }}, "
            "{{ retain_until }} and {{ note_weeks }} are filled in from the project."
        ),
    )

    def begin_with(self, body):
        self.initial["text"] = body
        self.fields["text"].widget.attrs["lang"] = self.language.partition("-")[0]

    def parts(self):
        return ["text"]

    @property
    def body(self) -> str:
        return self.cleaned_data["text"]


class StatementForm(_EditForm):
    """The accessibility statement, one field for each thing that the law wants.

    Nothing is required before it is published: a draft is what has been done so far.
    """

    def begin_with(self, body):
        said = read(self.language, body)
        for item in Item:
            field = self._field(item)
            field.label = HEADINGS[reader_language()][item]
            field.help_text = _HELP[item]
            self.fields[item] = field
            self.initial[item] = text = said.get(item, "")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": _rows(text), "lang": self.language}
        compliance = compliance_in(self.language, self.initial[Item.COMPLIANCE])
        self.initial[Item.COMPLIANCE] = compliance
        for item in _DATES:
            if has_blanks(self.initial[item]):
                self.initial[item] = ""

    def parts(self):
        dates = Row(Column(Item.ASSESSED_ON), Column(Item.UPDATED_ON))
        return [*(item for item in Item if item not in _DATES), dates]

    def clean(self):
        cleaned = super().clean()
        for item in Item:
            if not is_closed(cleaned.get(item, "")):
                self.add_error(item, _("Close with ``` what you have opened with it."))
        if self.is_to_be_published:
            self._check_whole(cleaned)
        return cleaned

    @property
    def body(self) -> str:
        return compose(self.language, {item: self.cleaned_data[item] for item in Item})

    def _field(self, item):
        if item == Item.COMPLIANCE:
            words = COMPLIANCE_WORDS[reader_language()]
            choices = [(level, words[level].capitalize()) for level in Compliance]
            return forms.ChoiceField(
                choices=choices, required=False, widget=forms.RadioSelect
            )
        if item in _DATES:
            widget = forms.TextInput(attrs={"class": "date"})
            return forms.CharField(max_length=40, required=False, widget=widget)
        widget = forms.Textarea(attrs={"spellcheck": "true"})
        return forms.CharField(max_length=_LONGEST_PART, required=False, widget=widget)

    def _check_whole(self, cleaned):
        """Say of each part what it lacks, and above them all which parts they are."""
        for item in Item:
            if not self.has_error(item) and (fault := _fault(item, cleaned)):
                self.add_error(item, fault)
        if faulty := [item for item in Item if self.has_error(item)]:
            sentence = _(
                "It is not published yet. See to this first, or save it as a draft: "
                "%(parts)s."
            )
            self.add_error(None, sentence % {"parts": named(faulty)})


def _fault(item, said):
    """Return why a part of a statement cannot be published, or nothing."""
    text = said[item]
    if not text:
        return _("The law wants the statement to say this.")
    if item in _DATES:
        return _fault_of_date(item, said)
    checks = [
        (has_blanks(text), _("Fill in what stands between square brackets.")),
        (has_high_headings(text), _("Begin a heading inside this part with ###.")),
        (
            item == Item.CONTACT and not says_how_to_reach(text),
            _("Give an e-mail address, a telephone number or a link."),
        ),
        (
            item == Item.COMPLAINT and COMPLAINTS_URL not in links_in(text),
            _("Link to %(url)s.") % {"url": COMPLAINTS_URL},
        ),
    ]
    return next((sentence for is_so, sentence in checks if is_so), "")


def _fault_of_date(item, said):
    assessed, updated = (date_in(said.get(one, "")) for one in _DATES)
    day = assessed if item == Item.ASSESSED_ON else updated
    if day is None:
        return _("Write the date as YYYY-MM-DD.")
    if day > timezone.localdate():
        return _("The day has not come yet.")
    if item == Item.UPDATED_ON and assessed and updated < assessed:
        return _("The statement is at least as new as the assessment.")
    return ""


_DATES = (Item.ASSESSED_ON, Item.UPDATED_ON)
_HELP = {
    Item.BODY: _("{{ owner }} is the owner of the project."),
    Item.SERVICE: _("The name under which people know the portal, and its address."),
    Item.COMPLIANCE: _("Exactly one, with the requirements of the law."),
    Item.INACCESSIBLE: _(
        "Every shortcoming that is known, why it is there, and when it will be gone. "
        "If there is none, say so."
    ),
    Item.CONTACT: _(
        "How to reach you: an e-mail address, a telephone number or a link."
    ),
    Item.COMPLAINT: _("The link https://www.digg.se/tdosanmalan has to be there."),
    Item.BURDEN: _(
        "What you leave out because it would cost too much, with reasons; or that "
        "there is nothing."
    ),
    Item.OUTSIDE: _(
        "What the law exempts, such as old documents; or that there is nothing."
    ),
    Item.METHOD: _(
        "By yourselves, or by somebody from outside; what was looked at, and how."
    ),
    Item.ASSESSED_ON: _("YYYY-MM-DD"),
    Item.UPDATED_ON: _("YYYY-MM-DD"),
}


def _rows(text):
    """Return how high a field is, with a line to spare."""
    return 2 + sum(1 + len(line) // 100 for line in text.splitlines())


def _buttons():
    # The first is what Enter in a line does: not to publish.
    yield Submit("draft", _("Save as a draft"), css_class="btn-outline-primary")
    yield Submit("publish", _("Publish"))
    yield Submit("preview", _("Show how it will look"), css_class="btn-outline-primary")
    yield HTML('<a class="btn btn-link" href="{{ page_url }}">{{ cancel }}</a>')


def _is_moment(text):
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False
