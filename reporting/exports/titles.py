"""The workbook's words: the funder's contract, in Swedish. Never translate them.

They stand here as they are, so that a workbook is the same whatever language the
one who asked for it reads, and whether or not a catalogue is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from companies.enums import FundPeriod, Gender, StaffGroup
from reporting.enums import Direction, Verdict
from trainings.enums import AccommodationKind, Principle

SUMMARY = "Sammanställning"
COMPANIES = "Företag"
STAFF_GROUPS = "Personalgrupper"
THEMES = "Utbildningar"
MONTHS = "Månader"
PIPELINE = "Flöde"
ACCOMMODATIONS = "Anpassningar"
INDICATORS = "Indikatorer"
NETWORKS = "Nätverk"
DEFINITIONS = "Definitioner"
CHECKS = "Kontroller"

# Each ends with the room of a space, which keeps a number off the words beside it.
COUNT = "#,##0_ "
HOURS = "#,##0.00_ "
PERCENT = "0.00%_ "
POINTS = "+0.0_ ;-0.0_ ;0.0_ "
DIFFERENCE = "+0_ ;-0_ ;0_ "
PROBABILITY = "0.0000_ "
TINY_PROBABILITY = '"< 0,0001"_ '
DAYS = "0.0_ "
DAY = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column, and how the column shows its values."""

    title: str
    number_format: str = "General"
    width: int = 13
    wrap: bool = False


GENDERS = {
    Gender.WOMAN: "kvinnor",
    Gender.MAN: "män",
    Gender.NON_BINARY: "icke-binära",
    Gender.UNKNOWN: "okänt kön",
}
FUND_PERIODS = {
    FundPeriod.ESF_2014_2020: "ESF 2014–2020",
    FundPeriod.ESF_PLUS: "ESF+ 2021–2027",
}
GROUPS = {
    StaffGroup.BLUE_COLLAR: "Arbetare",
    StaffGroup.WHITE_COLLAR: "Tjänstemän",
    StaffGroup.MANAGER: "Chefer",
}
VERDICTS = {
    Verdict.NO_BASELINE: "personalunderlag saknas",
    Verdict.NONE_TRAINED: "ingen har utbildats",
    Verdict.BASELINE_TOO_SMALL: "personalunderlaget räcker inte till",
    Verdict.ONE_GENDER: "personal av ett enda kön",
    Verdict.MIRRORS: "speglar personalen",
    Verdict.SKEWED: "säkerställd skevhet",
    Verdict.LEANS: "tecken på skevhet",
    Verdict.TOO_FEW: "för få för att säga",
    Verdict.INCONCLUSIVE: "varken visat eller uteslutet",
}
DIRECTIONS = {
    Direction.UNDER: "färre kvinnor än väntat",
    Direction.OVER: "fler kvinnor än väntat",
    Direction.EVEN: "så många kvinnor som väntat",
}
PRINCIPLES = {
    Principle.ACCESSIBILITY: "Tillgänglighet",
    Principle.EQUAL_TREATMENT: "Likabehandling",
    Principle.GENDER_EQUALITY: "Jämställdhet",
}
KINDS = {
    AccommodationKind.CAPTIONS: "Textning",
    AccommodationKind.STEP_FREE: "Stegfri åtkomst",
    AccommodationKind.HEARING_LOOP: "Hörslinga",
    AccommodationKind.LARGE_PRINT: "Stor stil",
    AccommodationKind.PLAIN_LANGUAGE: "Lättläst språk",
    AccommodationKind.SIGN_LANGUAGE: "Teckenspråk",
    AccommodationKind.REMOTE: "Deltagande på distans",
    AccommodationKind.EXTRA_BREAKS: "Extra pauser",
    AccommodationKind.OTHER: "Annat",
}

NO_BASELINE = "inget underlag"
YES_NO = {True: "ja", False: "nej"}
OK, DIFFERS = "OK", "avviker"
NOTHING = "Inget att redovisa i perioden."
PROTECTED_LATER = (
    "Fler uppdelningar lämnas ut när portalen kan skydda små tal: "
    "personalgrupper och anpassningar."
)

# Columns that several sheets share

PERSONS = {
    gender.value: Heading(f"Personer, {word}", COUNT)
    for gender, word in GENDERS.items()
}
ALL_PERSONS = Heading("Personer, alla", COUNT, 15)
HOURS_BY_GENDER = {
    gender.value: Heading(f"Timmar, {word}", HOURS) for gender, word in GENDERS.items()
}
ALL_HOURS = Heading("Timmar, alla", HOURS)

ORG_NUMBER = Heading("Organisationsnummer", width=21)
COMPANY = Heading("Företag", width=30)
STAFF_GROUP = Heading("Personalgrupp", width=16)
REFERENCE_DATE = Heading("Personalunderlag per", DAY, 19)
STAFF_WOMEN = Heading("Personal, kvinnor", COUNT)
STAFF_MEN = Heading("Personal, män", COUNT)
STAFF_NON_BINARY = Heading("Personal, icke-binära", COUNT)
SHARE = Heading("Andel kvinnor i utbildning", PERCENT, 16)
WORKFORCE_SHARE = Heading("Andel kvinnor i personalen", PERCENT, 16)
GAP = Heading("Skillnad, procentenheter", POINTS, 16)
HOURS_SHARE = Heading("Kvinnors andel av timmarna", PERCENT, 16)
HOURS_GAP = Heading("Skillnad för timmar, procentenheter", POINTS, 16)
P = Heading("p", PROBABILITY, 10)
MIRROR_P = Heading("Speglings-p", PROBABILITY)
BAND_FROM = Heading("Inom slumpen från, kvinnor", COUNT, 14)
BAND_TO = Heading("Inom slumpen till, kvinnor", COUNT, 14)
VERDICT = Heading("Bedömning", width=34)
DIRECTION = Heading("Riktning", width=28)
TO_MIRROR = Heading("Kvinnor till spegling", DIFFERENCE, 13)
EVEN_40_60 = Heading("Jämn fördelning 40/60", width=13)
EXPECTED_SHARE = Heading("Väntad andel kvinnor", PERCENT, 15)
GAP_WITHIN = Heading("Skillnad inom företagen, procentenheter", POINTS, 16)
GAP_MIX = Heading("Skillnad mellan företagen, procentenheter", POINTS, 16)
LEFT_OUT = Heading("Personer utanför jämförelsen", COUNT, 15)
THEME = Heading("Tema", width=30)
MONTH = Heading("Månad", width=12)
ALL = Heading("Alla", COUNT, 14)
BY_GENDER = {
    gender.value: Heading(word.capitalize(), COUNT, 14)
    for gender, word in GENDERS.items()
}
REMARK = Heading("Anmärkning", width=60, wrap=True)
