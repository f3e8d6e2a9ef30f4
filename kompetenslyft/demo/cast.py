"""Who and what the invented programme consists of. No real person or company.

Organisation numbers begin with 999, where no company is registered; personal
numbers have birth numbers 980–999, which are kept for tests.
"""

import datetime as dt
import random
from dataclasses import dataclass

from stdnum import luhn

from companies.enums import Gender, SizeClass, StaffGroup

PROGRAMME_NAME = "Ett påhittat kompetenslyft"
OWNER = "Region Exempel"


@dataclass(frozen=True, slots=True)
class Firm:
    """A company, its headcount and the share of women, whole and in training."""

    name: str
    size_class: str
    municipality_code: str
    headcount: int
    women_percent: int
    trained_women_percent: int


FIRMS = [
    Firm("Arosverken AB", SizeClass.LARGE, "1980", 2400, 14, 24),
    Firm("Gruvteknik i Norberg AB", SizeClass.MEDIUM, "1962", 180, 22, 10),
    Firm("Kanalvarvet AB", SizeClass.LARGE, "1983", 640, 18, 18),
    Firm("Mälarledning AB", SizeClass.SMALL, "1980", 46, 30, 28),
    Firm("Omställaren AB", SizeClass.LARGE, "1980", 1200, 12, 20),
    Firm("Plåt & Press i Köping AB", SizeClass.MEDIUM, "1983", 220, 17, 6),
    Firm("Strängverket AB", SizeClass.SMALL, "1961", 40, 28, 45),
    Firm("Turbinhallen AB", SizeClass.LARGE, "1984", 780, 19, 21),
    Firm("Ventilatorn AB", SizeClass.LARGE, "1982", 520, 24, 24),
    Firm("Ångkraft AB", SizeClass.LARGE, "1984", 900, 16, 15),
]
ROLES = [
    ("Montör", "8211", StaffGroup.BLUE_COLLAR),
    ("Underhållsmekaniker", "7233", StaffGroup.BLUE_COLLAR),
    ("Processtekniker", "3115", StaffGroup.BLUE_COLLAR),
    ("Konstruktör", "2144", StaffGroup.WHITE_COLLAR),
    ("Logistiker", "4322", StaffGroup.WHITE_COLLAR),
    ("Produktionschef", "1321", StaffGroup.MANAGER),
]
ROLE_WEIGHTS = [34, 18, 14, 16, 10, 8]
PROVIDERS = [
    ("Utbildarna i Exempelstad AB", "procured"),
    ("Exempelstads högskola", "university"),
    ("YH Exempel", "vocational_college"),
    ("Komvux Exempel", "adult_education"),
]
COURSES = [
    # Title, theme, minutes, required percent, principles, SeQF level
    ("Att leda för alla", "ledarskap", 480, 80, "aeg", None),
    ("Ny som chef", "ledarskap", 960, 80, "eg", None),
    ("Robotprogrammering, grund", "automation", 960, 80, "", 4),
    ("Styrsystem och PLC", "automation", 1440, 80, "", 5),
    ("Data i produktionen", "digitalisering", 480, 80, "a", None),
    ("Industriell AI i vardagen", "digitalisering", 240, 60, "ag", None),
    ("Mätteknik", "kvalitet", 480, 80, "", 4),
    ("Ständiga förbättringar", "kvalitet", 240, 60, "e", None),
    ("Tillståndsbaserat underhåll", "underhåll", 960, 80, "", 5),
    ("Hydraulik", "underhåll", 480, 80, "", 4),
    ("Klimatsmart tillverkning", "hållbarhet", 240, 60, "aeg", None),
    ("Cirkulära material", "hållbarhet", 480, 80, "a", 5),
]
WOMEN = "Anna Britta Cecilia Doris Elsa Fatima Gunilla Hanna Ingrid Karin Leila Märta"
MEN = "Anders Bengt Carl David Emil Fredrik Göran Hassan Isak Johan Kalle Måns Nils Åke"
FAMILY = (
    "Ahl Berg Cronqvist Dahl Ek Falk Gran Hansson Ivarsson Jonsson Khan Lind Moberg "
    "Nyström Olofsson Palm Quist Rask Sjö Törn Ulfsson Viklund Wahl Åberg Ängström Öst"
)


@dataclass(frozen=True, slots=True)
class Character:
    """One invented person, as a company's HR would enter it."""

    number: str
    given_name: str
    family_name: str
    gender: str
    birth_date: dt.date
    job_title: str
    role_code: str
    staff_group: str


def org_number(serial: int) -> str:
    """Return an organisation number of the unregistered range, with check digit."""
    digits = f"999{serial:06}"
    return f"{digits[:6]}-{digits[6:]}{luhn.calc_check_digit(digits)}"


def invent(dice: random.Random, *, women_percent: int, taken: set[str]) -> Character:
    """Return somebody new, of working age."""
    is_woman = dice.random() * 100 < women_percent
    birth_date = dt.date(1960, 1, 1) + dt.timedelta(days=dice.randrange(47 * 365))
    number = _free_number(dice, birth_date, is_woman=is_woman, taken=taken)
    title, code, group = dice.choices(ROLES, ROLE_WEIGHTS)[0]
    return Character(
        number=number,
        given_name=dice.choice((WOMEN if is_woman else MEN).split()),
        family_name=dice.choice(FAMILY.split()),
        gender=Gender.WOMAN if is_woman else Gender.MAN,
        birth_date=birth_date,
        job_title=title,
        role_code=code,
        staff_group=group,
    )


def _free_number(
    dice: random.Random, birth_date: dt.date, *, is_woman: bool, taken: set[str]
) -> str:
    while True:
        serial = dice.choice(range(980, 1000, 2)) + (not is_woman)
        body = f"{birth_date:%y%m%d}{serial}"
        number = f"{birth_date:%Y%m%d}{serial}{luhn.calc_check_digit(body)}"
        if number not in taken:
            taken.add(number)
            return number
        birth_date += dt.timedelta(days=1)
