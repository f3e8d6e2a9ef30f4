"""The page on security names what is there, and every requirement once."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text()
# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has.
_COUNTS = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7]
CHAPTERS = dict(enumerate(_COUNTS, start=1))


def test_every_test_that_is_named_is_there():
    named = set(re.findall(r"`([\w/]+/test_\w+\.py)`", PAGE))

    assert len(named) > 40
    assert {path for path in named if not (ROOT / path).is_file()} == set()


def test_every_test_of_an_attack_is_named():
    here = {
        f"tests/security/{path.name}" for path in Path(__file__).parent.glob("test_*")
    }

    assert {path for path in here if path not in PAGE} == {
        f"tests/security/{Path(__file__).name}"
    }


def test_every_requirement_is_answered_once():
    rows = re.findall(r"^\| V(\d+)\.\d+\.\d+ \(L[12]\) \|", PAGE, re.MULTILINE)
    ids = re.findall(r"^\| (V[\d.]+) ", PAGE, re.MULTILINE)

    assert max(Counter(ids).values()) == 1
    assert Counter(int(chapter) for chapter in rows) == CHAPTERS


def test_the_count_at_the_top_is_right():
    def count(status):
        return len(re.findall(rf"^\| V[^|]+\|[^|]+\| {status} \|", PAGE, re.MULTILINE))

    counts = [
        count(status)
        for status in (
            "met",
            r"\*\*partly\*\*",
            r"\*\*not met\*\*",
            "operator",
            "n/a",
        )
    ]
    told = re.search(
        r"Now: (\d+) met, (\d+) partly, (\d+) not met, (\d+) for the operator, "
        r"(\d+) not applicable",
        PAGE,
    )

    assert told
    assert [int(number) for number in told.groups()] == counts
    assert sum(counts) == sum(CHAPTERS.values()) == 253
