"""What the pages of a project leader say, ready to be shown.

A page that nobody has written yet says the text that is shipped beside this module.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from accounts.enums import PageLanguage, PageName
from accounts.models import EditablePage
from accounts.pages.markdown import count_blanks, to_html

LANGUAGES: Mapping[PageName, tuple[PageLanguage, ...]] = {
    PageName.ACCESSIBILITY: (PageLanguage.SWEDISH, PageLanguage.ENGLISH),
    PageName.PRIVACY: tuple(PageLanguage),
    PageName.COOKIES: (PageLanguage.SWEDISH, PageLanguage.ENGLISH),
}
# How a reader of the text itself would name its language.
OWN_NAMES: Mapping[PageLanguage, str] = {
    PageLanguage.SWEDISH: "Svenska",
    PageLanguage.EASY_SWEDISH: "Lättläst svenska",
    PageLanguage.ENGLISH: "English",
}
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as HTML without its title; `edited_at` is None for the shipped text.

    `blanks` is how many places still wait for the project to fill them in. With a
    draft somebody has written on, and not published it.
    """

    name: PageName
    language: PageLanguage
    html: SafeString
    edited_at: dt.datetime | None
    blanks: int
    has_draft: bool

    @property
    def lang(self) -> str:
        """The language as HTML names it."""
        return html_language(self.language)


def page_text(
    name: PageName, language: PageLanguage, *, top_heading: int = 2
) -> RenderedPage:
    """Return what readers are shown; its highest headings are of `top_heading`."""
    newest = EditablePage.objects.filter(name=name, language=language).first()
    has_draft = newest is not None and newest.is_draft
    shown = published_version(name, language) if has_draft else newest
    body = shown.body if shown else shipped_text(name, language)
    html = render(body, language, top_heading=top_heading)
    return RenderedPage(
        name,
        language,
        html,
        edited_at=shown.edited_at if shown else None,
        blanks=count_blanks(html),
        has_draft=has_draft,
    )


def published_version(name: PageName, language: PageLanguage) -> Any:
    """Return the version published last, from the history; None if there is none."""
    versions = EditablePage.history.filter(name=name, language=language)
    return versions.exclude(published_at=None).order_by("-history_id").first()


def render(body: str, language: PageLanguage, *, top_heading: int = 2) -> SafeString:
    """Return Markdown as HTML, with what the portal itself knows filled in."""
    with override(html_language(language)):
        facts: dict[str, str] = import_string(settings.PAGE_FACTS)()
        return to_html(body, facts, top_heading=top_heading)


def shipped_text(name: PageName, language: PageLanguage) -> str:
    return (_FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8").strip()


def html_language(language: PageLanguage) -> str:
    return language.partition("-")[0]
