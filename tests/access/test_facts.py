"""Every fact that the code records has a label, and every code among them a word."""

from collections import Counter, defaultdict

import pytest
from django.conf import settings
from django.utils.translation import override

from accounts.facts import BASES, LETTERS, WORDS, label_of
from companies.enums import RowOutcome
from companies.services import moving, rotation
from kompetenslyft import package
from kompetenslyft.privacy.forms import ErasureBasis, RestrictionBasis
from kompetenslyft.privacy.kinds import Kind
from tests.access.recorded import recorded_calls
from trainings.enums import NoticeKind

CALLS = list(recorded_calls())
PACKAGE = {table.file.removesuffix(".csv") for table in package.TABLES}
# What a call unfolds and no dictionary in sight names: the action, and its facts.
COMPUTED = {
    "companies/services/merging.py: counts": (
        "companies.merged",
        {f"{m._meta.label_lower}.{field}" for m, field in moving._rows_about()},
    ),
    "companies/services/rotation.py: swapped": (
        "companies.person_keys_swapped",
        {table.name for table in rotation._TABLES},
    ),
    "kompetenslyft/package.py: _facts(counts)": (
        "kompetenslyft.dumped_programme",
        PACKAGE,
    ),
    "kompetenslyft/package.py: _facts(changed)": (
        "kompetenslyft.loaded_programme",
        PACKAGE,
    ),
    "kompetenslyft/privacy/retention.py: facts": (
        "kompetenslyft.erased_expired",
        set(Kind.values),
    ),
}


def facts_by_action():
    """Yield each action with the facts of one call, the computed ones with them."""
    for call in CALLS:
        yield call.action, call.facts
    yield from COMPUTED.values()


def test_the_calls_are_found():
    assert len(CALLS) > 90
    assert {"rows", "method", "faults", "place", "order", "copy", "notes"} <= {
        fact for call in CALLS for fact in call.facts
    }


def test_every_fact_that_is_unfolded_is_in_sight_or_in_the_table():
    assert {unread for call in CALLS for unread in call.unread} == set(COMPUTED)


def test_every_fact_has_a_label():
    bare = {
        (action, fact)
        for action, facts in facts_by_action()
        for fact in facts
        if label_of(action, fact) == fact
    }

    assert bare == set()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_two_facts_of_an_action_share_a_label(language):
    """They are shown by label, where the one would hide the other."""
    together = defaultdict(set)
    for action, facts in facts_by_action():
        together[action] |= set(facts)

    with override(language):
        for action, facts in together.items():
            labels = Counter(label_of(action, fact) for fact in facts)
            twice = [label for label, times in labels.items() if times > 1]
            assert twice == [], action


@pytest.mark.parametrize("enum", [ErasureBasis, RestrictionBasis])
def test_reasons_are_told_as_the_forms_tell_them(enum):
    assert {code: BASES[code] for code in enum.values} == dict(enum.choices)


def test_what_expired_is_told_as_its_kinds_are_called():
    labels = {kind: label_of("kompetenslyft.erased_expired", kind) for kind in Kind}

    assert {kind: text.lower() for kind, text in labels.items()} == {
        kind: str(kind.label).lower() for kind in Kind
    }


def test_rows_of_a_list_are_told_by_their_outcome():
    assert set(WORDS["show"]) == {*RowOutcome.values, "doubted"}


def test_every_kind_of_letter_is_told_in_words():
    subjects = (settings.BASE_DIR / "templates").rglob("*_subject.txt")

    kinds = {path.name.removesuffix("_subject.txt") for path in subjects}
    news = {"news", *(f"news_{kind}" for kind in NoticeKind.values)}
    assert kinds | news == set(LETTERS)
