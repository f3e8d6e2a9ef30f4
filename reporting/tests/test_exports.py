"""The workbook of a programme so small that every figure is counted by hand."""

import datetime as dt
import io

import openpyxl
import pytest
from django.utils import translation

from companies.enums import FundPeriod
from companies.tests.factories import ProgrammeFactory
from reporting.enums import Verdict
from reporting.exports import titles, write_leader_workbook
from reporting.figures import (
    AccommodationFigures,
    Answers,
    ByGender,
    CompanyFigures,
    Outcomes,
    Pipeline,
    ProgrammeFigures,
    Volumes,
)
from reporting.parity import Parity
from reporting.tests.tiny import STAFF, tiny_metrics
from trainings.tests.factories import at

MADE_AT = at("2026-04-02 10:15")
ALL_SHEETS = [
    "Sammanställning",
    "Företag",
    "Personalgrupper",
    "Utbildningar",
    "Månader",
    "Flöde",
    "Anpassningar",
    "Indikatorer",
    "Nätverk",
    "Definitioner",
    "Kontroller",
]


def written(write, metrics=None, **programme):
    file = io.BytesIO()
    programme = ProgrammeFactory.build(**programme)
    write(metrics or tiny_metrics(), programme, MADE_AT, file)
    return openpyxl.load_workbook(file)


def rows_of(workbook, sheet):
    """Return the rows of a sheet as dictionaries by the heading of the column."""
    headings, *rows = workbook[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def every_cell(workbook):
    return [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]


@pytest.fixture(scope="module")
def leader_workbook():
    return written(write_leader_workbook)


def test_the_leader_gets_every_sheet_in_order(leader_workbook):
    assert leader_workbook.sheetnames == ALL_SHEETS


def test_the_summary_tells_volumes_by_gender(leader_workbook):
    lines = {row["Uppgift"]: row for row in rows_of(leader_workbook, "Sammanställning")}

    def counts(subject):
        genders = ["Alla", "Kvinnor", "Män", "Icke-binära", "Okänt kön"]
        return [lines[subject][gender] for gender in genders]

    assert counts("Personer") == [4, 1, 2, 0, 1]
    assert counts("Deltaganden") == [5, 1, 3, 0, 1]
    assert counts("Timmar") == [11, 1.67, 8.33, 0, 1]
    assert counts("Intygade timmar") == [5.67, 1.67, 4, 0, 0]
    assert lines["Kurstillfällen"]["Alla"] == 2
    assert lines["Inställda kurstillfällen"]["Alla"] == 1
    assert lines["Företag"]["Alla"] == 2
    assert lines["Projekt"]["Alla"] == "Ett påhittat kompetenslyft"
    assert lines["Till och med"]["Alla"] == "2026-02-28"


def test_the_summary_tells_the_programmes_parity(leader_workbook):
    lines = {
        row["Uppgift"]: row["Alla"]
        for row in rows_of(leader_workbook, "Sammanställning")
    }

    assert lines["Personer i jämförelsen"] == 2
    assert lines["Personer utanför jämförelsen"] == 2
    assert lines["Personal i jämförelsen"] == 4
    assert lines["Andel kvinnor i utbildning"] == 0
    assert lines["Andel kvinnor i personalen"] == 0.5
    assert lines["Skillnad, procentenheter"] == -50
    assert lines["varav inom företagen"] == -50
    assert lines["varav mellan företagen"] == 0
    assert lines["p"] == 0.3333
    assert lines["Speglings-p"] == 1
    assert lines["Inom slumpen från, kvinnor"] == 0
    assert lines["Inom slumpen till, kvinnor"] == 2
    assert lines["Bedömning"] == "för få för att säga"
    assert lines["Riktning"] == "färre kvinnor än väntat"
    assert lines["Kvinnor till spegling"] == 1
    assert lines["Jämn fördelning 40/60"] == "nej"
    assert lines["Jämställdhet"] == 1
    assert lines["Jämställdhet, andel"] == 0.25


def test_a_company_has_its_row(leader_workbook):
    company, _ = rows_of(leader_workbook, "Företag")

    assert company == {
        "Organisationsnummer": "999001-0001",
        "Företag": "=1+1 Verkstad AB",
        "Personalunderlag per": dt.datetime(2025, 12, 31),
        "Personal, kvinnor": 2,
        "Personal, män": 2,
        "Personal, icke-binära": 0,
        "Personer, kvinnor": 0,
        "Personer, män": 2,
        "Personer, icke-binära": 0,
        "Personer, okänt kön": 0,
        "Personer, alla": 2,
        "Timmar, kvinnor": 0,
        "Timmar, män": 8.33,
        "Timmar, icke-binära": 0,
        "Timmar, okänt kön": 0,
        "Timmar, alla": 8.33,
        "Andel kvinnor i utbildning": 0,
        "Andel kvinnor i personalen": 0.5,
        "Skillnad, procentenheter": -50,
        "Kvinnors andel av timmarna": 0,
        "Skillnad för timmar, procentenheter": -50,
        "p": 0.3333,
        "Speglings-p": 1,
        "Inom slumpen från, kvinnor": 0,
        "Inom slumpen till, kvinnor": 2,
        "Bedömning": "för få för att säga",
        "Riktning": "färre kvinnor än väntat",
        "Kvinnor till spegling": 1,
        "Jämn fördelning 40/60": "nej",
    }


def test_what_does_not_exist_is_an_empty_cell_and_a_word(leader_workbook):
    _, company = rows_of(leader_workbook, "Företag")

    assert company["Personalunderlag per"] == "inget underlag"
    assert company["Bedömning"] == "personalunderlag saknas"
    missing = [
        "Personal, kvinnor",
        "Andel kvinnor i personalen",
        "Skillnad, procentenheter",
        "p",
        "Speglings-p",
        "Inom slumpen från, kvinnor",
        "Riktning",
        "Kvinnor till spegling",
    ]
    assert [company[heading] for heading in missing] == [None] * len(missing)


def test_the_other_sheets_tell_what_they_should(leader_workbook):
    january, february = rows_of(leader_workbook, "Månader")
    nominated, *_, withdrawn = rows_of(leader_workbook, "Flöde")
    (network,) = rows_of(leader_workbook, "Nätverk")

    assert (january["Månad"], january["Personer, män"]) == ("2026-01", 2)
    assert (february["Timmar, kvinnor"], february["Timmar, alla"]) == (1.67, 2.67)
    assert february["Andel kvinnor i utbildning"] == 1
    assert (nominated["Steg"], nominated["Alla"], nominated["Män"]) == (
        "Anmälda",
        7,
        4,
    )
    assert (withdrawn["Steg"], withdrawn["Alla"]) == (
        "Har avbrutit efter bekräftad plats",
        1,
    )
    assert network == {
        "Beteckning": "net-1",
        "Nätverk": "Tekniker",
        "Medlemmar, alla": 3,
        "Medlemmar, kvinnor": 1,
        "Medlemmar, män": 2,
        "Medlemmar, icke-binära": 0,
        "Medlemmar, okänt kön": 0,
        "Medlemmarnas företag": 2,
        "Träffar": 1,
        "Personer på träffar": 3,
        "Timmar på träffar": 4.17,
    }


def test_accommodations_are_told_of_all_and_in_parts(leader_workbook):
    together, kind, provider = rows_of(leader_workbook, "Anpassningar")

    assert list(together.values()) == ["Alla", None, 4, 2, 1, 0, 0, 1, 3.5, 2, 0, 1, 0]
    assert list(kind.values())[:3] == ["Behov", "Textning", 4]
    assert list(provider.values())[:3] == [
        "Utbildningsleverantör",
        "Utbildarna AB (prov-1)",
        4,
    ]


def test_indicators_have_the_codes_of_the_fund_period(leader_workbook):
    older = written(write_leader_workbook, fund_period=FundPeriod.ESF_2014_2020)

    codes = {
        row["Kod"]: (row["Nya i perioden, alla"], row["Hittills, alla"])
        for row in rows_of(leader_workbook, "Indikatorer")
    }

    assert codes == {
        "EECO01": (4, 7),
        "EECO05": (4, 7),
        "EECO06": (1, 1),
        "EECO07": (0, 0),
        "EECO08": (1, 1),
        None: (1, 1),
    }
    assert [row["Kod"] for row in rows_of(older, "Indikatorer")] == [
        "CO05",
        "CO06",
        "CO07",
        None,
    ]


def test_every_check_is_met_and_the_origin_is_told(leader_workbook):
    checks = {row["Kontroll"]: row for row in rows_of(leader_workbook, "Kontroller")}

    results = [row["Utfall"] for row in checks.values() if row["Ska vara"]]
    assert results == ["OK"] * len(results)
    assert len(results) > 20
    assert checks["Timmar: summan av företagen"]["Delarna"] == 11
    assert checks["Personer: den största av månader"]["Delarna"] == 2
    assert checks["Lästa närvarorader"]["Totalen"] == 7
    assert checks["Lästa deltaganden"]["Totalen"] == 5
    assert checks["Framtagen"]["Totalen"] == "2026-04-02 10:15"
    assert checks["Programbibliotek: pandas"]["Totalen"]


def test_a_total_that_its_parts_do_not_make_stands_out():
    lost = tiny_metrics(months=tiny_metrics().months[:1])

    checks = rows_of(written(write_leader_workbook, lost), "Kontroller")

    assert [row["Kontroll"] for row in checks if row["Utfall"] == "avviker"] == [
        "Timmar, kvinnor: summan av månader",
        "Timmar, okänt kön: summan av månader",
        "Personer: summan av månader",
    ]


def test_what_a_user_typed_is_never_a_formula(leader_workbook):
    cells = every_cell(leader_workbook)

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert leader_workbook["Företag"]["B2"].value == "=1+1 Verkstad AB"
    assert leader_workbook["Utbildningar"]["A2"].value == '=HYPERLINK("http://x")'


def test_a_very_small_p_is_told_in_words_and_stays_a_number():
    tiny = Parity(Verdict.SKEWED, p=0.00007, mirror_p=0.00003, band=(5, 9))
    company = tiny_metrics().companies[0]
    skewed = CompanyFigures(
        company_id=1,
        org_number=company.org_number,
        name=company.name,
        workforce=STAFF,
        persons=company.persons,
        minutes=company.minutes,
        parity=tiny,
    )

    sheet = written(write_leader_workbook, tiny_metrics(companies=(skewed,)))["Företag"]

    by_heading = {cells[0].value: cells[1] for cells in sheet.iter_cols()}
    assert by_heading["p"].value == 0.0001
    assert by_heading["Speglings-p"].value == 0
    assert by_heading["p"].number_format == '"< 0,0001"_ '
    assert by_heading["Speglings-p"].number_format == '"< 0,0001"_ '
    assert by_heading["Bedömning"].value == "säkerställd skevhet"


def test_the_sheets_are_laid_out_for_reading_and_print(leader_workbook):
    companies = leader_workbook["Företag"]

    assert companies.freeze_panes == "C2"
    assert companies.print_title_rows == "$1:$1"
    assert [len(sheet._charts) for sheet in leader_workbook] == [
        0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    formats = {
        cells[0].value: cells[1].number_format for cells in companies.iter_cols()
    }
    assert formats["Andel kvinnor i utbildning"] == "0.00%_ "
    assert formats["Timmar, män"] == "#,##0.00_ "
    assert formats["Skillnad, procentenheter"] == "+0.0_ ;-0.0_ ;0.0_ "


def test_the_document_has_a_title_and_a_language(leader_workbook):
    properties = leader_workbook.properties

    assert properties.title == "Ett påhittat kompetenslyft, 2026-01-01 – 2026-02-28"
    assert properties.creator == "Region Exempel"
    assert properties.language == "sv-SE"


def test_the_workbook_is_swedish_whoever_asks():
    with translation.override("en"):
        workbook = written(write_leader_workbook)

    assert workbook.sheetnames == ALL_SHEETS
    assert workbook["Företag"]["A1"].value == "Organisationsnummer"


def test_a_period_without_anything_still_makes_a_workbook():
    nothing = ByGender()
    empty = tiny_metrics(
        volumes=Volumes(nothing, nothing, nothing, nothing),
        companies_attending=0,
        companies=(),
        programme=ProgrammeFigures(
            workforce=None,
            persons=nothing,
            minutes=nothing,
            parity=Parity(Verdict.NO_BASELINE),
            left_out=0,
        ),
        themes=(),
        months=(),
        networks=(),
        entrants=(),
        pipeline=Pipeline(nothing, nothing, nothing, nothing, nothing),
        accommodations=AccommodationFigures(Answers(), None, Outcomes(), (), ()),
    )

    workbook = written(write_leader_workbook, empty)

    assert workbook["Nätverk"]["A1"].value == "Inget att redovisa i perioden."
    results = {row["Utfall"] for row in rows_of(workbook, "Kontroller")}
    assert results == {"OK", None}


@pytest.mark.parametrize(
    "words", ["VERDICTS", "DIRECTIONS", "GROUPS", "KINDS", "PRINCIPLES"]
)
def test_the_workbook_and_the_swedish_pages_use_the_same_words(words):
    by_value = getattr(titles, words)
    values = type(next(iter(by_value)))

    with translation.override("sv"):
        shown = {value: str(value.label).lower() for value in values}

    assert {value: word.lower() for value, word in by_value.items()} == shown
