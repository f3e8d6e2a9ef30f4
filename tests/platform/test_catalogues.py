import gettext
import os

import pytest

from kompetenslyft.catalogues import compile_catalogues

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "company"
msgstr "företag"

#, fuzzy
msgid "network"
msgstr "nätet"
"""


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(CATALOGUE)
    return source


def test_a_catalogue_is_compiled_when_it_is_new_and_when_it_changed(
    catalogue, tmp_path
):
    compiled = catalogue.with_suffix(".mo")

    first, again = compile_catalogues(tmp_path), compile_catalogues(tmp_path)
    later = compiled.stat().st_mtime_ns + 1
    os.utime(catalogue, ns=(later, later))

    assert (first, again) == ([compiled], [])
    assert compile_catalogues(tmp_path) == [compiled]


def test_fuzzy_sentences_are_never_published(catalogue, tmp_path):
    (compiled,) = compile_catalogues(tmp_path)

    with compiled.open("rb") as file:
        swedish = gettext.GNUTranslations(file)
    assert swedish.gettext("company") == "företag"
    assert swedish.gettext("network") == "network"
