"""The funder's workbook as an attacker reads it: every part of the file."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import openpyxl

from tests.attacker.released import SIGN, Released

MEASURES = {
    "Personer": "persons",
    "Deltaganden": "participations",
    "Timmar": "hours",
    "Intygade timmar": "certified_hours",
    "Personal": "workforce",
    "Medlemmar": "members",
    "Nya i perioden": "entered",
    "Hittills": "cumulative",
    "Anmälda": "nominated",
    "Har fått plats": "confirmed",
    "Har deltagit": "attended",
    "Har fullföljt": "completed",
    "Har avbrutit efter bekräftad plats": "withdrawn",
}
WHOM = {
    "kvinnor": "woman",
    "män": "man",
    "icke-binära": "non_binary",
    "okänt kön": "unknown",
    "män och icke-binära": "others",
    "känt kön": "known",
    "alla": "total",
}
ALONE = {
    "Begärda": "requested",
    "Ordnade i tid": "in_time",
    "Ordnade för sent": "late",
    "Avböjda": "declined",
    "Förfallna": "lapsed",
    "Öppna": "open",
    "Utfall: uppfyllt": "outcomes.met",
    "Utfall: delvis": "outcomes.partly",
    "Utfall: inte uppfyllt": "outcomes.not",
    "Utfall: obesvarat": "outcomes.unanswered",
    "Personer utanför jämförelsen": "left_out",
    "Kurstillfällen": "occasions",
    "Lästa närvarorader": "attendance_rows",
    "Medlemmarnas företag": "companies",
    "Personer på träffar": "persons",
}
SHEETS = {
    "Företag": "companies",
    "Personalgrupper": "staff_groups",
    "Utbildningar": "themes",
    "Månader": "months",
    "Anpassningar per behov": "accommodations_by_kind",
    "Anpassningar per leverantör": "accommodations_by_provider",
    "Indikatorer": "indicators",
    "Nätverk": "networks",
    "Principer": "principles",
}
SECTIONS = {
    "Omfattning": "totals",
    "Speglar utbildningen personalen? Hela projektet": "programme",
    "Flöde": "pipeline",
    "Anpassningar": "accommodations",
    "Födelsedatum saknas (utan åldersindikator)": "indicators_incomplete",
}
_VALUE = re.compile(r"\{[^}]*\}v$")


def read_workbook(content):
    """Read the counts that stand in the sheets, hidden ones too."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    released = Released()
    for sheet in workbook:
        if sheet.title in SHEETS:
            _read_table(released, SHEETS[sheet.title], sheet)
    _read_list(released, workbook["Sammanställning"])
    return released


def numbers_in_charts(content):
    """Return every number that the charts keep a copy of."""
    return [
        float(value.text)
        for root in _parts(content, "xl/charts/")
        for cache in root.iter()
        if cache.tag.endswith("}numCache")
        for value in cache.iter()
        if _VALUE.search(value.tag)
    ]


def words_in_charts(content):
    return {
        value.text
        for root in _parts(content, "xl/charts/")
        for cache in root.iter()
        if cache.tag.endswith("}strCache")
        for value in cache.iter()
        if _VALUE.search(value.tag)
    }


def unseen_places(content):
    """Name what lies in the file where no reader looks: none of it has figures."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    hidden = [sheet.title for sheet in workbook if sheet.sheet_state != "visible"]
    for sheet in workbook:
        sizes = (sheet.row_dimensions, sheet.column_dimensions)
        hidden += [
            str(size) for sized in sizes for size in sized.values() if size.hidden
        ]
        hidden += [cell.comment for row in sheet for cell in row if cell.comment]
        hidden += [cell.value for row in sheet for cell in row if cell.data_type == "f"]
    names = list(workbook.defined_names)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = [
            name
            for name in file.namelist()
            if not re.match(
                r"\[Content_Types\]|_rels/|docProps/(app|core)\.xml|xl/(_rels/|workbook|"
                r"styles|sharedStrings|metadata|theme/|worksheets/|charts/|drawings/)",
                name,
            )
        ]
    return hidden + names + parts


def properties(content):
    """Return the text of the document's properties."""
    return " ".join(
        text for root in _parts(content, "docProps/core") for text in root.itertext()
    )


def _parts(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if name.startswith(folder) and name.endswith(".xml"):
                # Written by ourselves a moment ago.
                yield ET.fromstring(file.read(name))  # noqa: S314


def _read_table(released, table, sheet):
    headings, *rows = sheet.iter_rows(values_only=True)
    for key, _name, *values in rows:
        for heading, value in zip(headings[2:], values, strict=True):
            _take(released, table, key or "", heading, value)


def _read_list(released, sheet):
    table = ""
    for subject, value in sheet.iter_rows(min_row=2, values_only=True):
        if subject in SECTIONS and value is None:
            table = SECTIONS[subject]
        elif table:
            _take(released, table, "", subject, value)


def _take(released, table, key, heading, value):
    figure = _figure(table, heading)
    if figure is None or value is None:
        return
    if "hours" not in figure:
        released.counts[table, key, figure] = None if value == SIGN else value


def _figure(table, heading):
    measure, _comma, whom = heading.partition(", ")
    if measure in MEASURES and whom in WHOM:
        if table == "principles":
            return "persons"
        if measure == "Personal":
            part = {"kvinnor": "women", "män": "men", "alla": "headcount"}
            return f"workforce.{part.get(whom, WHOM[whom])}"
        return f"{MEASURES[measure]}.{WHOM[whom]}"
    return ALONE.get(heading)
