"""The workbook's words: the funder's contract, in Swedish. Never translate them.

They stand here as they are, so that a workbook is the same whatever language the
one who asked for it reads, and whether or not a catalogue is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from companies.enums import FundPeriod, Gender, StaffGroup
from reporting.enums import Direction, Verdict
from reporting.registry import Unit
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

FORMATS = {
    Unit.PERSONS: COUNT,
    Unit.WOMEN: COUNT,
    Unit.MORE_WOMEN: DIFFERENCE,
    Unit.SEATS: COUNT,
    Unit.REQUESTS: COUNT,
    Unit.EMPLOYED: COUNT,
    Unit.NUMBER: COUNT,
    Unit.HOURS: HOURS,
    Unit.SHARE: PERCENT,
    Unit.POINTS: POINTS,
    Unit.PROBABILITY: PROBABILITY,
    Unit.DAYS: DAYS,
    Unit.DATE: DAY,
}


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
WORDS = VERDICTS | DIRECTIONS
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

# Columns that name a row

ORG_NUMBER = Heading("Organisationsnummer", width=21)
COMPANY = Heading("Företag", width=30)
STAFF_GROUP = Heading("Personalgrupp", width=16)
THEME = Heading("Tema", width=30)
MONTH = Heading("Månad", width=12)
STEP = Heading("Steg", width=36)
DIVISION = Heading("Uppdelning", width=22)
ABOUT = Heading("Avser", width=36)
CODE = Heading("Kod", width=10)
INDICATOR = Heading("Indikator", width=36)
NETWORK_REF = Heading("Beteckning", width=16)
NETWORK = Heading("Nätverk", width=36)
REMARK = Heading("Anmärkning", width=60, wrap=True)

# Columns of figures, by the id that the registry knows them by

PERSONS = {
    gender.value: Heading(f"Personer, {word}", COUNT)
    for gender, word in GENDERS.items()
}
VOLUMES = {
    **{f"persons.{gender}": heading for gender, heading in PERSONS.items()},
    "persons.total": Heading("Personer, alla", COUNT, 15),
    **{
        f"hours.{gender.value}": Heading(f"Timmar, {word}", HOURS)
        for gender, word in GENDERS.items()
    },
    "hours.total": Heading("Timmar, alla", HOURS),
}
REFERENCE_DATE = Heading("Personalunderlag per", DAY, 19)
SHARE = Heading("Andel kvinnor i utbildning", PERCENT, 16)
WORKFORCE_SHARE = Heading("Andel kvinnor i personalen", PERCENT, 16)
ATTENDANCE = {**VOLUMES, "share": SHARE}
REPRESENTATION = {
    "workforce.reference_date": REFERENCE_DATE,
    "workforce.women": Heading("Personal, kvinnor", COUNT),
    "workforce.men": Heading("Personal, män", COUNT),
    "workforce.non_binary": Heading("Personal, icke-binära", COUNT),
    **VOLUMES,
    "share": SHARE,
    "workforce_share": WORKFORCE_SHARE,
    "gap": Heading("Skillnad, procentenheter", POINTS, 16),
    "hours_share": Heading("Kvinnors andel av timmarna", PERCENT, 16),
    "hours_gap": Heading("Skillnad för timmar, procentenheter", POINTS, 16),
    "p": Heading("p", PROBABILITY, 10),
    "mirror_p": Heading("Speglings-p", PROBABILITY),
    "band.from": Heading("Inom slumpen från, kvinnor", COUNT, 14),
    "band.to": Heading("Inom slumpen till, kvinnor", COUNT, 14),
    "verdict": Heading("Bedömning", width=34),
    "direction": Heading("Riktning", width=28),
    "to_mirror": Heading("Kvinnor till spegling", DIFFERENCE, 13),
    "even_40_60": Heading("Jämn fördelning 40/60", width=13),
}
STRATA = {
    **REPRESENTATION,
    "expected_share": Heading("Väntad andel kvinnor", PERCENT, 15),
    "gap_within": Heading("Skillnad inom företagen, procentenheter", POINTS, 16),
    "gap_mix": Heading("Skillnad mellan företagen, procentenheter", POINTS, 16),
    "left_out": Heading("Personer utanför jämförelsen", COUNT, 15),
}
STEPS = {
    "nominated": "Anmälda",
    "confirmed": "Har fått plats",
    "attended": "Har deltagit",
    "completed": "Har fullföljt",
    "withdrawn": "Har avbrutit efter bekräftad plats",
}
BY_GENDER = {
    "total": Heading("Alla", COUNT, 14),
    **{
        gender.value: Heading(word.capitalize(), COUNT, 14)
        for gender, word in GENDERS.items()
    },
}
ANSWERS = {
    "requested": Heading("Begärda", COUNT),
    "in_time": Heading("Ordnade i tid", COUNT),
    "late": Heading("Ordnade för sent", COUNT),
    "declined": Heading("Avböjda", COUNT),
    "lapsed": Heading("Förfallna", COUNT),
    "open": Heading("Öppna", COUNT),
}
OUTCOMES = {
    "median_days": Heading("Mediantid till ordnad, dagar", DAYS, 14),
    "outcomes.met": Heading("Utfall: uppfyllt", COUNT),
    "outcomes.partly": Heading("Utfall: delvis", COUNT),
    "outcomes.not": Heading("Utfall: inte uppfyllt", COUNT),
    "outcomes.unanswered": Heading("Utfall: obesvarat", COUNT),
}
_EVERYBODY = {"total": "alla", **{key.value: word for key, word in GENDERS.items()}}
ENTRANTS = {
    f"{when}.{part}": Heading(f"{words}, {whom}", COUNT, 15)
    for when, words in (("entered", "Nya i perioden"), ("cumulative", "Hittills"))
    for part, whom in _EVERYBODY.items()
}
MEETINGS = {
    **{
        f"members.{part}": Heading(f"Medlemmar, {whom}", COUNT)
        for part, whom in _EVERYBODY.items()
    },
    "companies": Heading("Medlemmarnas företag", COUNT, 14),
    "meetings": Heading("Träffar", COUNT),
    "persons": Heading("Personer på träffar", COUNT),
    "hours": Heading("Timmar på träffar", HOURS),
}
