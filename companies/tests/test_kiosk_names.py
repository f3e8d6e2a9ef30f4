"""Names as people type them at a kiosk."""

import pytest

from companies.kiosk_names import is_name_of


@pytest.mark.parametrize(
    ("typed", "given", "family"),
    [
        ("Anna Berg", "Anna", "Berg"),
        ("anna berg", "Anna", "Berg"),
        ("BERG ANNA", "Anna", "Berg"),
        ("  berg,  anna ", "Anna", "Berg"),
        ("asa ostrom", "Åsa", "Öström"),
        ("A\u030asa O\u0308stro\u0308m", "Åsa", "Öström"),
        ("rene muller", "René", "Müller"),
        ("soren aerø", "Søren", "Ærø"),
        ("anna maria berg", "Anna-Maria", "Berg"),
        ("anna berg", "Anna Maria", "Berg"),
        ("maria berg", "Anna Maria", "Berg"),
        ("eva obrien", "Eva", "O’Brien"),
        ("eva berg lind", "Eva", "Berg Lind"),
        ("lind berg eva", "Eva", "Berg-Lind"),
        ("berg", "Berg", "Berg"),
    ],
)
def test_whoever_types_this_may_mean_the_person(typed, given, family):
    assert is_name_of(typed, given, family)


@pytest.mark.parametrize(
    ("typed", "given", "family"),
    [
        ("", "Anna", "Berg"),
        ("anna", "Anna", "Berg"),
        ("berg", "Anna", "Berg"),
        ("anna bergman", "Anna", "Berg"),
        ("ann berg", "Anna", "Berg"),
        ("anna eva berg", "Anna", "Berg"),
        ("eva lind", "Eva", "Berg Lind"),
        ("% _", "Anna", "Berg"),
        ("", "", ""),
        ("anna", "Anna", ""),
    ],
)
def test_whoever_types_this_means_somebody_else(typed, given, family):
    assert not is_name_of(typed, given, family)
