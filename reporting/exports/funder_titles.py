"""The words of the funder's copy, in Swedish, by the ids of figures."""

from __future__ import annotations

from reporting.exports import titles as t
from reporting.suppression import HIDDEN

ABOUT, DIAGRAMS, PRINCIPLES = "Om rapporten", "Diagram", "Principer"
KINDS, PROVIDERS = "Anpassningar per behov", "Anpassningar per leverantör"
SIGN = (
    f"Tecknet {HIDDEN} står för varje tal som inte visas: små antal människor, och tal "
    "som de skulle kunna räknas ut ur. Ett tal som inte visas kan vara stort, litet "
    "eller noll."
)
OTHERS = (
    "Utom i projektets egna tal visas kvinnor för sig och män och icke-binära "
    "tillsammans. Känt kön är båda. Den vars kön är okänt räknas då inte."
)
MEASURES = {
    "persons": "Personer",
    "participations": "Deltaganden",
    "hours": "Timmar",
    "certified_hours": "Intygade timmar",
    "workforce": "Personal",
    "members": "Medlemmar",
    "entered": "Nya i perioden",
    "cumulative": "Hittills",
    **t.STEPS,
}
WHOM = {
    "woman": "kvinnor",
    "women": "kvinnor",
    "man": "män",
    "men": "män",
    "non_binary": "icke-binära",
    "unknown": "okänt kön",
    "others": "män och icke-binära",
    "known": "känt kön",
    "total": "alla",
    "headcount": "alla",
}
_ALONE = {
    **t.STRATA,
    **t.ANSWERS,
    **t.OUTCOMES,
    "occasions": t.Heading("Kurstillfällen", t.COUNT),
    "cancelled_occasions": t.Heading("Inställda kurstillfällen", t.COUNT),
    "attendance_rows": t.Heading("Lästa närvarorader", t.COUNT),
    "share_of_all": t.Heading("Andel av alla personer", t.PERCENT, 16),
}
_OF_TABLES = {
    ("totals", "companies"): t.Heading("Företag med närvaro", t.COUNT),
    ("networks", "companies"): t.MEETINGS["companies"],
    ("networks", "meetings"): t.MEETINGS["meetings"],
    ("networks", "persons"): t.MEETINGS["persons"],
    ("networks", "hours"): t.MEETINGS["hours"],
    ("principles", "persons"): t.Heading("Personer, alla", t.COUNT, 15),
}


def heading(table: str, figure: str) -> t.Heading:
    """Return what stands over a figure. Raises KeyError."""
    measure, _dot, part = figure.rpartition(".")
    if measure in MEASURES and part in WHOM:
        number_format = t.HOURS if "hours" in measure else t.COUNT
        return t.Heading(f"{MEASURES[measure]}, {WHOM[part]}", number_format, 15)
    return _OF_TABLES.get((table, figure)) or _ALONE[figure]
