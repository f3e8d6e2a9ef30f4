"""The accessibility statement: eleven things that the law wants it to say.

A statement is Markdown with one heading of the second level for each of them; the
headings below are how they are told apart, so they stay as they are.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import get_language

from accounts.enums import PageLanguage
from accounts.pages.markdown import has_blanks, parse

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
_DATES = {Item.ASSESSED_ON, Item.UPDATED_ON}


def reader_language() -> PageLanguage:
    """Return the language in which the person at the screen reads headings."""
    is_english = get_language() == "en"
    return PageLanguage.ENGLISH if is_english else PageLanguage.SWEDISH


def compose(language: PageLanguage, said: Mapping[Item, str]) -> str:
    """Return the statement that says these things; compliance as its value."""
    parts = []
    for item, heading in HEADINGS[language].items():
        text = said[item]
        if item == Item.COMPLIANCE:
            word = COMPLIANCE_WORDS[language][Compliance(text)]
            text = _COMPLIANCE_SENTENCE[language].format(word=word)
        parts.append(f"## {heading}\n\n{text.strip()}")
    return "\n\n".join(parts)


def read(language: PageLanguage, body: str) -> dict[Item, str]:
    """Return what a statement says under each heading that it has."""
    lines = body.splitlines()
    named = {heading: item for item, heading in HEADINGS[language].items()}
    tokens = parse(body)
    starts = [
        (named.get(inline.content), opening.map)
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.tag in {"h1", "h2"}
    ]
    ends = [where[0] for _item, where in starts[1:] if where] + [len(lines)]
    said: dict[Item, str] = {}
    for (item, where), end in zip(starts, ends, strict=True):
        if item and where:
            text = "\n".join(lines[where[1] : end]).strip()
            said[item] = f"{said[item]}\n\n{text}" if item in said else text
    return said


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
        return _is_date(text)
    if item == Item.CONTACT:
        return bool(links_in(text))
    if item == Item.COMPLAINT:
        return COMPLAINTS_URL in links_in(text)
    return True


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def links_in(text: str) -> set[str]:
    """Return where the links of a text lead."""
    return {
        str(child.attrs["href"])
        for token in parse(text)
        for child in token.children or []
        if child.type == "link_open"
    }
