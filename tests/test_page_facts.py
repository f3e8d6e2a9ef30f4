"""What the programme tells the pages that a project leader writes."""

import datetime as dt

import pytest

from accounts.enums import PageLanguage, PageName
from accounts.pages import LANGUAGES, page_text, shipped_text
from companies.tests.factories import ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_the_owner_of_the_programme_stands_in_the_text():
    ProgrammeFactory(owner="Region <b>Exempel</b>", retain_until=dt.date(2035, 12, 31))

    text = page_text(PageName.PRIVACY, PageLanguage.ENGLISH).html

    assert "Region &lt;b&gt;Exempel&lt;/b&gt; owns the project" in text
    assert "kept up to and including 31 December 2035" in text


def test_without_a_programme_the_places_are_blanks():
    text = page_text(PageName.PRIVACY, PageLanguage.ENGLISH)

    assert "<mark>[Fill in: the project owner]</mark> owns the project" in text.html


@pytest.mark.parametrize(
    ("name", "language"),
    [(name, language) for name in PageName for language in LANGUAGES[name]],
)
def test_every_shipped_text_uses_only_facts_that_there_are(name, language):
    ProgrammeFactory(retain_until=dt.date(2035, 12, 31))

    page = page_text(name, language)

    assert "{{" not in page.html
    assert page.edited_at is None
    assert page.blanks == len(shipped_text(name, language).split("[Fyll i: ")) - 1 + (
        len(shipped_text(name, language).split("[Fill in: ")) - 1
    )
