"""The accessibility statement: eleven things that the law wants it to say.

A statement is Markdown with one heading of the second level for each of them; the
headings below are how they are told apart, so they stay as they are.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it.token import Token

from accounts.enums import PageLanguage
from accounts.pages.markdown import EMAIL, has_blanks, parse

COMPLAINTS_URL = "https://www.digg.se/tdosanmalan"


class Item(StrEnum):
    """What a statement says, in the order in which it says it."""

    BODY = "body"
    SERVICE = "service"
    COMPLIANCE = "compliance"
    INACCESSIBLE = "inaccessible"
    CONTACT = "contact"
    COMPLAINT = "complaint"
    BURDEN = "burden"
    OUTSIDE = "outside"
    METHOD = "method"
    ASSESSED_ON = "assessed_on"
    UPDATED_ON = "updated_on"


class Compliance(StrEnum):
    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


HEADINGS: Mapping[PageLanguage, Mapping[Item, str]] = {
    PageLanguage.SWEDISH: {
        Item.BODY: "Vem som står bakom tjänsten",
        Item.SERVICE: "Vilken tjänst det gäller",
        Item.COMPLIANCE: "Hur tillgänglig tjänsten är",
        Item.INACCESSIBLE: "Innehåll som inte är tillgängligt",
        Item.CONTACT: "Säg till oss om du hittar brister",
        Item.COMPLAINT: "Anmäl till tillsynsmyndigheten",
        Item.BURDEN: "Oskäligt betungande anpassning",
        Item.OUTSIDE: "Innehåll som inte omfattas av lagen",
        Item.METHOD: "Hur vi har testat",
        Item.ASSESSED_ON: "När tjänsten senast bedömdes",
        Item.UPDATED_ON: "När redogörelsen senast uppdaterades",
    },
    PageLanguage.ENGLISH: {
        Item.BODY: "Who is behind the service",
        Item.SERVICE: "Which service this is about",
        Item.COMPLIANCE: "How accessible the service is",
        Item.INACCESSIBLE: "Content that is not accessible",
        Item.CONTACT: "Tell us what does not work",
        Item.COMPLAINT: "Complain to the supervisory authority",
        Item.BURDEN: "Disproportionate burden",
        Item.OUTSIDE: "Content that the law does not cover",
        Item.METHOD: "How we have tested",
        Item.ASSESSED_ON: "When the service was last assessed",
        Item.UPDATED_ON: "When the statement was last updated",
    },
}
COMPLIANCE_WORDS: Mapping[PageLanguage, Mapping[Compliance, str]] = {
    PageLanguage.SWEDISH: {
        Compliance.FULLY: "helt förenlig",
        Compliance.PARTLY: "delvis förenlig",
        Compliance.NOT: "inte förenlig",
    },
    PageLanguage.ENGLISH: {
        Compliance.FULLY: "fully compliant",
        Compliance.PARTLY: "partially compliant",
        Compliance.NOT: "not compliant",
    },
}
_COMPLIANCE_SENTENCE = {
    PageLanguage.SWEDISH: (
        "Tjänsten är **{word}** med lagen (2018:1937) om tillgänglighet till digital "
        "offentlig service."
    ),
    PageLanguage.ENGLISH: (
        "The service is **{word}** with the Swedish act (2018:1937) on the "
        "accessibility of digital public services."
    ),
}
_EMPTY = {
    PageLanguage.SWEDISH: "[Fyll i: det som saknas här]",
    PageLanguage.ENGLISH: "[Fill in: what is missing here]",
}
_DATES = {Item.ASSESSED_ON, Item.UPDATED_ON}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# From the area code on, so that no date or paragraph of a law is a number to call.
_TELEPHONE = re.compile(r"(?<![\w-])(?:\+|0)\d[\d ()–-]{4,}\d", re.ASCII)


def reader_language() -> PageLanguage:
    """Return the language in which the person at the screen reads headings."""
    is_english = get_language() == "en"
    return PageLanguage.ENGLISH if is_english else PageLanguage.SWEDISH


def named(items: Iterable[Item]) -> str:
    """Name parts of a statement by their headings, for the person at the screen."""
    headings = HEADINGS[reader_language()]
    quoted = (_("“%(heading)s”") % {"heading": headings[item]} for item in items)
    return ", ".join(quoted)


def compose(language: PageLanguage, said: Mapping[Item, str]) -> str:
    """Return the statement that says these things; compliance as its value.

    What is empty becomes a blank, which `read` takes for empty again.
    """
    parts = []
    for item, heading in HEADINGS[language].items():
        text = said[item].strip()
        if text and item == Item.COMPLIANCE:
            word = COMPLIANCE_WORDS[language][Compliance(text)]
            text = _COMPLIANCE_SENTENCE[language].format(word=word)
        parts.append(f"## {heading}\n\n{text or _EMPTY[language]}")
    return "\n\n".join(parts)


def read(language: PageLanguage, body: str) -> dict[Item, str]:
    """Return what a statement says under each heading that it has.

    A heading that is none of the eleven belongs to the part that it stands in.
    """
    lines = body.splitlines()
    named = {heading: item for item, heading in HEADINGS[language].items()}
    tokens = parse(body)
    starts = [
        (named[inline.content], opening.map)
        for opening, inline in pairwise(tokens)
        if _is_high(opening) and inline.content in named and opening.map
    ]
    ends = [where[0] for _item, where in starts[1:]] + [len(lines)]
    said: dict[Item, str] = {}
    for (item, where), end in zip(starts, ends, strict=True):
        text = "\n".join(lines[where[1] : end]).strip().removeprefix(_EMPTY[language])
        said[item] = f"{said[item]}\n\n{text}" if item in said else text
    return said


def has_high_headings(text: str) -> bool:
    """Return whether a part has headings as high as those of the eleven."""
    return any(_is_high(token) for token in parse(text))


def is_closed(text: str) -> bool:
    """Return whether a heading below a part would be one, and no code of the part."""
    return parse(f"{text}\n\n## x")[-1].type == "heading_close"


def compliance_in(language: PageLanguage, text: str) -> Compliance | None:
    """Return the level of compliance that a text names, if it names exactly one."""
    words = COMPLIANCE_WORDS[language]
    found = [level for level, word in words.items() if word in text.lower()]
    return found[0] if len(found) == 1 else None


def missing(language: PageLanguage, body: str) -> list[Item]:
    """Return what the law wants and the statement does not say."""
    said = read(language, body)
    return [item for item in Item if not _is_said(language, item, said.get(item, ""))]


def _is_said(language: PageLanguage, item: Item, text: str) -> bool:
    if not text or has_blanks(text):
        return False
    if item == Item.COMPLIANCE:
        return compliance_in(language, text) is not None
    if item in _DATES:
        return date_in(text) is not None
    if item == Item.CONTACT:
        return says_how_to_reach(text)
    if item == Item.COMPLAINT:
        return COMPLAINTS_URL in links_in(text)
    return True


def _is_high(token: Token) -> bool:
    return token.type == "heading_open" and token.tag in {"h1", "h2"}


def date_in(text: str) -> dt.date | None:
    """Return the day that a text is, written as YYYY-MM-DD; None if it is none."""
    with suppress(ValueError):
        return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    return None


def says_how_to_reach(text: str) -> bool:
    """Return whether a text has a link, an e-mail address or a telephone number."""
    return bool(links_in(text) or EMAIL.search(text) or _TELEPHONE.search(text))


def links_in(text: str) -> set[str]:
    """Return where the links of a text lead."""
    return {
        str(child.attrs["href"])
        for token in parse(text)
        for child in token.children or []
        if child.type == "link_open"
    }
