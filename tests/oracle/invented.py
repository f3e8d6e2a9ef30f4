"""Invented people, companies and numbers that no one has."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

GIVEN = {
    "woman": ("Alva", "Britta", "Åsa", "Märta", "Ören", "Noor", "Anna-Karin", "Zoë"),
    "man": ("Kalle", "Göran", "Ärling", "Måns", "Östen", "Ali", "Lars Erik", "Élie"),
}
FAMILY = (
    "Ahl",
    "Åberg",
    "Ängström",
    "Öberg",
    "O'Brien",
    "Smith-Jones",
    "Lind, d.y.",
    'Berg "Berra"',
    "Gran; Falk",
    "=1+1",
    "von Törn",
    "Nyström",
)
ROLES = {
    "1321": "Produktionschef",
    "2144": "Konstruktör",
    "3115": "Processtekniker",
    "4322": "Logistiker, inköp",
    "7233": 'Mekaniker "rörlig"',
    "8211": "Montör; skift",
}
COMPANIES = (
    "Arosverken AB",
    "Elkraft i Väst, Handelsbolag",
    "Gruvteknik AB",
    'Hyttan "Norra" AB',
    "Mälarledning AB",
    "Omställaren; Bergslagen AB",
    "Rälsfabriken AB",
    "Strängverket AB",
    "Ventilatorn AB",
    "Ångkraft AB",
    "=Likhet AB",
    "Östra Turbinhallen AB",
)


class Dice(random.Random):
    """Chance that repeats itself for the same seed.

    `awkward` asks for many cases on which two computations may part ways.
    """

    awkward = True


class Human(NamedTuple):
    """What the rows of one human have in common, before they disagree."""

    number: str
    gender: str
    born: date


def luhn_digit(digits: str) -> int:
    """The check digit that follows `digits`."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return -total % 10


def organisation_number(serial: int) -> str:
    """A number beginning with 999, where no company is registered."""
    digits = f"999{serial:06}"
    return f"{digits[:6]}-{digits[6:]}{luhn_digit(digits)}"


def human(dice: Dice, gender: str, taken: set[str]) -> Human:
    """Someone of 16 to 69 with a birth number kept for tests, 980 to 999.

    Some have a coordination number, of which the day is 60 more.
    """
    while True:
        born = date(1957, 1, 1) + timedelta(days=dice.randrange(53 * 365))
        if dice.random() < 0.05:
            born = date(dice.choice((1968, 1996, 2004)), 2, 29)
        odd = gender == "man" or (gender != "woman" and dice.random() < 0.5)
        birth_number = dice.randrange(980, 1000, 2) + odd
        is_coordination = dice.awkward and dice.random() < 0.04
        day = born.day + 60 if is_coordination else born.day
        short = f"{born:%y%m}{day:02}{birth_number}"
        number = f"{born:%Y}"[:2] + short + str(luhn_digit(short))
        if number not in taken:
            taken.add(number)
            return Human(number, gender, born)
