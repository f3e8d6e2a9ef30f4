"""Forms in which a project leader writes the pages."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.pages.markdown import has_blanks, parse
from accounts.pages.statement import (
    COMPLAINTS_URL,
    COMPLIANCE_WORDS,
    HEADINGS,
    Compliance,
    Item,
    compliance_in,
    compose,
    links_in,
    read,
    reader_language,
)

_LONGEST = 50_000
_LONGEST_PART = 8_000


class _EditForm(forms.Form):
    """`seen` tells which text was changed; `body` is the page of a valid form."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, language, body, **kwargs):
        super().__init__(*args, **kwargs)
        self.language = language
        self.begin_with(body)
        self.helper = FormHelper()
        self.helper.layout = Layout("seen", *self.parts(), *_buttons())

    def begin_with(self, body):
        """Fill the form in with a page as it is."""
        raise NotImplementedError

    def parts(self):
        """Return what stands in the form above its buttons."""
        raise NotImplementedError

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
    """The accessibility statement, one field for each thing that the law wants."""

    def begin_with(self, body):
        said = read(self.language, body)
        for item in Item:
            field = self._field(item)
            field.label = HEADINGS[reader_language()][item]
            field.help_text = _HELP[item]
            field.error_messages["required"] = _(
                "The law wants the statement to say this."
            )
            self.fields[item] = field
            self.initial[item] = text = said.get(item, "")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": _rows(text), "lang": self.language}
        compliance = compliance_in(self.language, self.initial[Item.COMPLIANCE])
        self.initial[Item.COMPLIANCE] = compliance
        for item in _DATES:
            if has_blanks(self.initial[item]):
                self.initial[item] = None

    def parts(self):
        dates = Row(Column(Item.ASSESSED_ON), Column(Item.UPDATED_ON))
        return [*(item for item in Item if item not in _DATES), dates]

    def clean(self):
        cleaned = super().clean()
        for item in Item:
            text = cleaned.get(item)
            if text and item not in _DATES:
                self._check(item, text)
        assessed, updated = (cleaned.get(item) for item in _DATES)
        if assessed and assessed > timezone.localdate():
            self.add_error(Item.ASSESSED_ON, _("The day has not come yet."))
        if assessed and updated and updated < assessed:
            self.add_error(
                Item.UPDATED_ON,
                _("The statement is at least as new as the assessment."),
            )
        return cleaned

    @property
    def body(self) -> str:
        said = {item: self.cleaned_data[item] for item in Item}
        said |= {item: said[item].isoformat() for item in _DATES}
        return compose(self.language, said)

    def _field(self, item):
        if item == Item.COMPLIANCE:
            words = COMPLIANCE_WORDS[reader_language()]
            choices = [(level, words[level].capitalize()) for level in Compliance]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
        if item in _DATES:
            return forms.DateField(
                input_formats=["%Y-%m-%d"],
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "date"}),
                error_messages={"invalid": _("Write the date as YYYY-MM-DD.")},
            )
        spelling = {"spellcheck": "true"}
        return forms.CharField(
            max_length=_LONGEST_PART, widget=forms.Textarea(attrs=spelling)
        )

    def _check(self, item, text):
        if has_blanks(text):
            self.add_error(item, _("Fill in what stands between square brackets."))
        elif any(token.tag in {"h1", "h2"} for token in parse(text)):
            self.add_error(item, _("Begin a heading inside this part with ###."))
        elif item == Item.CONTACT and not links_in(text):
            self.add_error(
                item,
                _(
                    "Give a link or an address, as <name@example.org> or [words](https://address)."
                ),
            )
        elif item == Item.COMPLAINT and COMPLAINTS_URL not in links_in(text):
            self.add_error(item, _("Link to %(url)s.") % {"url": COMPLAINTS_URL})


_DATES = (Item.ASSESSED_ON, Item.UPDATED_ON)
_HELP = {
    Item.BODY: _("{{ owner }} is the owner of the project."),
    Item.SERVICE: _("The name under which people know the portal, and its address."),
    Item.COMPLIANCE: _("Exactly one, with the requirements of the law."),
    Item.INACCESSIBLE: _(
        "Every shortcoming that is known, why it is there, and when it will be gone. "
        "If there is none, say so."
    ),
    Item.CONTACT: _("How to reach you, with a link or an e-mail address."),
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
    yield Submit("save", _("Save"))
    yield Submit("preview", _("Show how it will look"), css_class="btn-outline-primary")
    yield HTML('<a class="btn btn-link" href="{{ page_url }}">{{ cancel }}</a>')


def _is_moment(text):
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False
