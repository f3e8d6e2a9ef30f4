"""Every sentence for people is there in Swedish."""

import re
import subprocess
from pathlib import Path

import polib
import pytest
from django.template.base import Origin
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale/sv/LC_MESSAGES/django.po"
APPS = [
    *("accounts", "companies", "core", "kompetenslyft"),
    *("networks", "reporting", "trainings"),
]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
KEYWORDS = [
    *("gettext_lazy", "gettext_noop", "ngettext:1,2", "ngettext_lazy:1,2"),
    *("pgettext:1c,2", "pgettext_lazy:1c,2", "npgettext:1c,2,3", "_"),
]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """Everything marked for translation in code and templates, freshly read."""
    folder = tmp_path_factory.mktemp("messages")
    sources = [
        str(file)
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if not {"tests", "migrations"} & set(file.parts)
    ]
    templates = [ROOT / "templates", *(ROOT / app / "templates" for app in APPS)]
    for number, file in enumerate(
        file for root in templates for file in sorted(root.rglob("*.*"))
    ):
        readable = folder / f"{number}.py"
        readable.write_text(templatize(file.read_text(), origin=Origin(str(file))))
        sources.append(str(readable))
    found = folder / "found.pot"
    subprocess.run(
        [
            *("xgettext", "--language=Python", "--from-code=UTF-8", "--no-wrap"),
            *(f"--keyword={keyword}" for keyword in KEYWORDS),
            f"--output={found}",
            *sources,
        ],
        check=True,
        capture_output=True,
    )
    return polib.pofile(str(found))


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(CATALOGUE))


def _key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def test_every_sentence_is_translated(extracted, catalogue):
    translated = {_key(entry) for entry in catalogue.translated_entries()}

    assert [e.msgid for e in extracted if _key(e) not in translated] == []


def test_nothing_is_fuzzy_or_left_over(extracted, catalogue):
    wanted = {_key(entry) for entry in extracted}

    assert [e.msgid for e in catalogue.fuzzy_entries()] == []
    assert [e.msgid for e in catalogue if _key(e) not in wanted] == []


def test_placeholders_are_the_same_in_both_languages(catalogue):
    differing = [
        entry.msgid
        for entry in catalogue.translated_entries()
        if set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        != set(
            PLACEHOLDER.findall(
                " ".join(entry.msgstr_plural.values()) or entry.msgstr,
            )
        )
    ]

    assert differing == []
