from pathlib import Path

from tests.access.page import page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_printed_page_is_the_table():
    assert (DOCS / "access.md").read_text(encoding="utf-8") == page()
