"""Messages whose words a project leader may write, and how they become a letter.

A text is plain, with placeholders such as `{course}`: they are put in by name, once,
and nothing in a text or a value is ever run. A line all whose placeholders have
nothing to say falls away, and so does a paragraph.

The standard words lie in `templates/notices/<kind>.<language>.txt`: the subject, an
empty line, the text. Which kinds there are, `settings.MESSAGE_KINDS` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.letters import Letter, one_line
from accounts.models import MessageTemplate

LONGEST_SUBJECT = 150
LONGEST_TEXT = 5000
Words = str | Promise
Values = Mapping[str, str]

_FOLDER = settings.BASE_DIR / "templates" / "notices"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")
_NEWS = "news"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands for a value: `{name}`. `examples` are invented, by language.

    One that is long has several lines, and so no place in a subject.
    """

    name: str
    label: Words
    examples: Mapping[str, str]
    is_long: bool = False

    @property
    def mark(self) -> str:
        return f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A message: what it is called, what its words may and what they must name."""

    code: str
    label: Words
    placeholders: Sequence[Placeholder]
    required: frozenset[str] = frozenset()

    def placeholder(self, name: str) -> Placeholder | None:
        return next((one for one in self.placeholders if one.name == name), None)

    def examples(self, language: str) -> dict[str, str]:
        """Return an invented value for each placeholder."""
        return {one.name: one.examples[language] for one in self.placeholders}


@dataclass(frozen=True, slots=True)
class MessageWords:
    """What a message says: written with placeholders, sent with values."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a letter would look: `body` is HTML, without what stands around every one."""

    subject: str
    text: str
    body: SafeString


FRAME = MessageKind(
    code="letter",
    label=gettext_lazy("The letter around the news"),
    placeholders=(
        Placeholder(
            _NEWS,
            gettext_lazy("what there is to tell, from the messages below"),
            {
                "sv": "Du har en plats på utbildningen Robotprogrammering.",
                "en": "You have a place on the training Robot programming.",
            },
            is_long=True,
        ),
        Placeholder(
            "page",
            gettext_lazy("how the participant opens the own page"),
            {
                "sv": "Öppna den med den personliga länk som du har fått.",
                "en": "Open it by the personal link that you have got.",
            },
            is_long=True,
        ),
    ),
    required=frozenset({_NEWS, "page"}),
)


def message_kinds() -> dict[str, MessageKind]:
    """Return every kind by its code: the letter around them first."""
    kinds: Sequence[MessageKind] = import_string(settings.MESSAGE_KINDS)
    return {kind.code: kind for kind in (FRAME, *kinds)}


@cache
def standard_words(code: str, language: str) -> MessageWords:
    """Return the words that come with the portal."""
    text = (_FOLDER / f"{code}.{language}.txt").read_text(encoding="utf-8")
    subject, _empty_line, body = text.partition("\n\n")
    return MessageWords(one_line(subject), body.strip())


def words_in_force(code: str, language: str) -> MessageWords:
    """Return what a project leader has written, else the standard words."""
    return all_words_in_force([code], language)[code]


def all_words_in_force(codes: Iterable[str], language: str) -> dict[str, MessageWords]:
    """Return the words of several kinds; one query."""
    wanted = set(codes)
    rows = MessageTemplate.objects.filter(kind__in=wanted, language=language)
    written = {row.kind: MessageWords(row.subject, row.text) for row in rows}
    return {
        code: written.get(code) or standard_words(code, language) for code in wanted
    }


def faults_of(kind: MessageKind, words: MessageWords) -> list[str]:
    """Say, a sentence each, what is wrong with words that somebody wrote."""
    return [
        *_faults_of_length(words),
        *_faults_of_braces(words),
        *_faults_of_names(kind, words),
    ]


def filled(words: MessageWords, values: Values) -> MessageWords:
    """Put the values in; a name without a value has nothing to say."""
    return MessageWords(
        one_line(_put(words.subject, values)), _filled_text(words.text, values)
    )


def compose_letter(
    parts: Sequence[MessageWords], *, page: str, language: str
) -> Letter:
    """Make one letter of one or several pieces of news, with the words around them.

    One piece gives the letter its subject; several stand under headings.
    """
    frame = words_in_force(FRAME.code, language)
    composed = _composed(parts, frame, page, language)
    return Letter(
        composed.subject,
        composed.text,
        composed.render("notices/letter.html", language),
    )


def preview_of(kind: MessageKind, words: MessageWords, language: str) -> Preview:
    """Show how these words would look in a letter about nobody."""
    page = FRAME.examples(language)["page"]
    if kind.code == FRAME.code:
        # Twice, for only a letter of several news has this subject.
        heading = {"sv": "Du har en plats", "en": "You have a place"}[language]
        example = MessageWords(heading, FRAME.examples(language)[_NEWS])
        composed = _composed([example, example], words, page, language)
    else:
        example = filled(words, kind.examples(language))
        frame = words_in_force(FRAME.code, language)
        composed = _composed([example], frame, page, language)
    body = composed.render("notices/_letter_body.html", language)
    return Preview(composed.subject, composed.text, body)


@dataclass(frozen=True, slots=True)
class _Composed:
    subject: str
    text: str
    context: Mapping[str, object]

    def render(self, template: str, language: str) -> SafeString:
        with translation.override(language):
            return render_to_string(template, dict(self.context))


def _composed(
    parts: Sequence[MessageWords], frame: MessageWords, page: str, language: str
) -> _Composed:
    before, _mark, after = frame.text.partition(f"{{{_NEWS}}}")
    around = [_filled_text(text, {"page": page}) for text in (before, after)]
    headed = len(parts) > 1
    subject = frame.subject if headed else parts[0].subject
    told = [f"{one.subject}\n\n{one.text}" if headed else one.text for one in parts]
    with translation.override(language):
        end = render_to_string("letters/_end.txt").strip()
    text = "\n\n".join(filter(None, [around[0], "\n\n\n".join(told), around[1], end]))
    context = {"before": around[0], "parts": parts, "after": around[1]}
    return _Composed(one_line(subject), f"{text}\n", context | {"headed": headed})


def _put(text: str, values: Values) -> str:
    """Replace every placeholder, once: a value that looks like one stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def _filled_text(text: str, values: Values) -> str:
    paragraphs = re.split(r"\n\s*\n", text.strip())
    told = ["\n".join(_lines(paragraph, values)) for paragraph in paragraphs]
    return "\n\n".join(filter(None, told))


def _lines(paragraph: str, values: Values) -> Iterator[str]:
    if _says_nothing(paragraph, values):
        return
    for line in paragraph.splitlines():
        if not _says_nothing(line, values):
            yield _put(line, values).rstrip()


def _says_nothing(text: str, values: Values) -> bool:
    names = _PLACEHOLDER.findall(text)
    return bool(names) and not any(values.get(name, "") for name in names)


def _faults_of_length(words: MessageWords) -> Iterator[str]:
    if not words.subject.strip():
        yield _("Write a subject: a letter without one is taken for junk.")
    if not words.text.strip():
        yield _("Write a text: the message cannot be empty.")
    too_long = _("%(what)s is longer than %(most)d characters.")
    if len(words.subject) > LONGEST_SUBJECT:
        yield too_long % {"what": _("The subject"), "most": LONGEST_SUBJECT}
    if len(words.text) > LONGEST_TEXT:
        yield too_long % {"what": _("The text"), "most": LONGEST_TEXT}


def _faults_of_braces(words: MessageWords) -> Iterator[str]:
    for text in (words.subject, words.text):
        for line in text.splitlines():
            rest = _PLACEHOLDER.sub(lambda found: " " * len(found[0]), line)
            if found := _BRACE.search(rest):
                near = line[max(0, found.start() - 15) : found.start() + 15].strip()
                yield _(
                    "A brace stands alone near “%(near)s”. A placeholder is written "
                    "as in the list, such as {course}; braces have no other use."
                ) % {"near": near}


def _faults_of_names(kind: MessageKind, words: MessageWords) -> Iterator[str]:
    in_subject = set(_PLACEHOLDER.findall(words.subject))
    in_text = set(_PLACEHOLDER.findall(words.text))
    for name in sorted(in_subject | in_text):
        placeholder = kind.placeholder(name)
        if placeholder is None:
            yield _("This message knows no {%(name)s}. Choose from the list.") % {
                "name": name
            }
        elif placeholder.is_long and name in in_subject:
            yield _("{%(name)s} has several lines, so it cannot be in the subject.") % {
                "name": name
            }
    for name in sorted(kind.required - in_text):
        yield _("The text needs {%(name)s}: %(what)s.") % {
            "name": name,
            "what": getattr(kind.placeholder(name), "label", ""),
        }
    if kind.code == FRAME.code and _NEWS in in_text:
        yield from _faults_of_news(words.text)


def _faults_of_news(text: str) -> Iterator[str]:
    mark = f"{{{_NEWS}}}"
    alone = [line for line in text.splitlines() if line.strip() == mark]
    if text.count(mark) != 1 or len(alone) != 1:
        yield _("{news} stands once, and on a line of its own.")
