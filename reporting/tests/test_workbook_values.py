"""The workbook of the example programme, whose figures are given, read back."""

import json

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.tests.factories import make_leader
from companies.models import Participant
from reporting.models import ReportExport, ReportingPeriod
from reporting.services import write_export

pytestmark = pytest.mark.django_db
PACKAGE = settings.BASE_DIR / "tests" / "data" / "programme-small"
EXPECTED = json.loads(PACKAGE.with_suffix(".expected.json").read_text())


def sheet_rows(workbook, sheet):
    headings, *rows = workbook[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


GENDERS = {
    "woman": "kvinnor",
    "man": "män",
    "non_binary": "icke-binära",
    "unknown": "okänt kön",
}
STEPS = {
    "nominated": "Anmälda",
    "confirmed": "Har fått plats",
    "attended": "Har deltagit",
    "completed": "Har fullföljt",
    "withdrawn": "Har avbrutit efter bekräftad plats",
}


def hours(text):
    return float(text)


def by_gender(row, label):
    return {gender: row[f"{label}, {word}"] for gender, word in GENDERS.items()}


def volumes(row):
    return {"persons": by_gender(row, "Personer"), "hours": by_gender(row, "Timmar")}


def given_volumes(figures):
    given = {gender: hours(text) for gender, text in figures["hours"].items()}
    return {"persons": figures["persons"], "hours": given}


def representation(row):
    band = [row["Inom slumpen från, kvinnor"], row["Inom slumpen till, kvinnor"]]
    staff = row["Personalunderlag per"]
    return volumes(row) | {
        "workforce": None
        if staff == "inget underlag"
        else {
            "reference_date": staff.date().isoformat(),
            "women": row["Personal, kvinnor"],
            "men": row["Personal, män"],
            "non_binary": row["Personal, icke-binära"],
        },
        "share": row["Andel kvinnor i utbildning"],
        "workforce_share": row["Andel kvinnor i personalen"],
        "gap": row["Skillnad, procentenheter"],
        "hours_share": row["Kvinnors andel av timmarna"],
        "hours_gap": row["Skillnad för timmar, procentenheter"],
        "p": row["p"],
        "mirror_p": row["Speglings-p"],
        "band": None if band == [None, None] else band,
        "to_mirror": row["Kvinnor till spegling"],
        "even_40_60": row["Jämn fördelning 40/60"] == "ja",
    }


def given_representation(figures, *left_out):
    dull = {"org_number", "name", "staff_group", "verdict", "direction", *left_out}
    rest = {key: value for key, value in figures.items() if key not in dull}
    return rest | given_volumes(figures)


WORDS = {
    "no_baseline": "personalunderlag saknas",
    "none_trained": "ingen har utbildats",
    "baseline_too_small": "personalunderlaget räcker inte till",
    "one_gender": "personal av ett enda kön",
    "mirrors": "speglar personalen",
    "skewed": "säkerställd skevhet",
    "leans": "tecken på skevhet",
    "too_few": "för få för att säga",
    "inconclusive": "varken visat eller uteslutet",
    "under": "färre kvinnor än väntat",
    "over": "fler kvinnor än väntat",
    "even": "så många kvinnor som väntat",
    None: None,
}
STRATA = {"expected_share", "gap_within", "gap_mix", "left_out"}


@pytest.fixture(params=EXPECTED, ids=lambda given: given["period"]["from"])
def given_and_made(request):
    """The given figures of a period, and the two workbooks that the job makes."""
    call_command("load_programme", PACKAGE, verbosity=0)
    days = request.param["period"]
    period = ReportingPeriod.objects.create(starts_on=days["from"], ends_on=days["to"])
    period.refresh_from_db()
    export = ReportExport.objects.create(period=period, requested_by=make_leader())
    write_export(export)
    leader, funder = (
        openpyxl.load_workbook(file.path) for file in (export.file, export.funder_file)
    )
    return request.param, leader, funder


def test_the_workbook_says_what_is_given(given_and_made):
    given, workbook, _ = given_and_made

    _check_summary(given, sheet_rows(workbook, "Sammanställning"))
    _check_groups(given, workbook)
    for sheet, key, heading in (
        ("Utbildningar", "themes", "Tema"),
        ("Månader", "months", "Månad"),
    ):
        rows = sheet_rows(workbook, sheet)
        assert [row[heading] for row in rows] == [g[key[:-1]] for g in given[key]]
        assert [volumes(row) for row in rows] == [given_volumes(g) for g in given[key]]
        shares = [row["Andel kvinnor i utbildning"] for row in rows]
        assert shares == [figures["share"] for figures in given[key]]
    _check_seats(given, workbook)
    _check_indicators_and_networks(given, workbook)
    results = {row["Utfall"] for row in sheet_rows(workbook, "Kontroller")}
    assert results == {"OK", None}


def _check_summary(given, rows):
    lines = {row["Uppgift"]: row for row in rows}
    for key, line in {
        "persons": "Personer",
        "participations": "Deltaganden",
        "hours": "Timmar",
        "certified_hours": "Intygade timmar",
    }.items():
        assert lines[line]["Alla"] == hours(given["totals"][key])
        assert {
            gender: lines[line][word.capitalize()] for gender, word in GENDERS.items()
        } == {gender: hours(given["by_gender"][gender][key]) for gender in GENDERS}
    for key, line in {
        "occasions": "Kurstillfällen",
        "cancelled_occasions": "Inställda kurstillfällen",
        "companies": "Företag",
    }.items():
        assert lines[line]["Alla"] == given["totals"][key]
    for key, line in {
        "share": "Andel kvinnor i utbildning",
        "workforce_share": "Andel kvinnor i personalen",
        "gap": "Skillnad, procentenheter",
        "gap_within": "varav inom företagen",
        "gap_mix": "varav mellan företagen",
        "expected_share": "Väntad andel kvinnor",
        "hours_share": "Kvinnors andel av timmarna",
        "hours_gap": "Skillnad för timmar, procentenheter",
        "p": "p",
        "mirror_p": "Speglings-p",
        "to_mirror": "Kvinnor till spegling",
        "left_out": "Personer utanför jämförelsen",
    }.items():
        assert (key, lines[line]["Alla"]) == (key, given["programme"][key])
    assert lines["Bedömning"]["Alla"] == WORDS[given["programme"]["verdict"]]
    assert lines["Riktning"]["Alla"] == WORDS[given["programme"]["direction"]]
    principles = [
        lines[line]["Alla"]
        for line in ("Tillgänglighet", "Likabehandling", "Jämställdhet")
    ]
    assert principles == [figures["persons"] for figures in given["principles"]]


def _check_groups(given, workbook):
    companies = sheet_rows(workbook, "Företag")
    groups = sheet_rows(workbook, "Personalgrupper")
    assert [(row["Organisationsnummer"], row["Företag"]) for row in companies] == [
        (figures["org_number"], figures["name"]) for figures in given["companies"]
    ]
    names = {
        "blue_collar": "Arbetare",
        "manager": "Chefer",
        "white_collar": "Tjänstemän",
    }
    assert [row["Personalgrupp"] for row in groups] == [
        names[figures["staff_group"]] for figures in given["staff_groups"]
    ]
    for rows, key in ((companies, "companies"), (groups, "staff_groups")):
        for row, figures in zip(rows, given[key], strict=True):
            assert representation(row) == given_representation(figures, *STRATA)
            words = (row["Bedömning"], row["Riktning"])
            assert words == (WORDS[figures["verdict"]], WORDS[figures["direction"]])
    for row, figures in zip(groups, given["staff_groups"], strict=True):
        assert {
            "expected_share": row["Väntad andel kvinnor"],
            "gap_within": row["Skillnad inom företagen, procentenheter"],
            "gap_mix": row["Skillnad mellan företagen, procentenheter"],
            "left_out": row["Personer utanför jämförelsen"],
        } == {key: figures[key] for key in STRATA}


def _check_seats(given, workbook):
    flow = {row["Steg"]: row for row in sheet_rows(workbook, "Flöde")}
    for gender, word in GENDERS.items():
        steps = {step: flow[line][word.capitalize()] for step, line in STEPS.items()}
        assert steps == given["pipeline"][gender]
    figures = given["accommodations"]
    parts = [figures, *figures["by_kind"], *figures["by_provider"]]
    rows = sheet_rows(workbook, "Anpassningar")
    headings = {
        "requested": "Begärda",
        "in_time": "Ordnade i tid",
        "late": "Ordnade för sent",
        "declined": "Avböjda",
        "lapsed": "Förfallna",
        "open": "Öppna",
    }
    assert [{key: row[title] for key, title in headings.items()} for row in rows] == [
        {key: part[key] for key in headings} for part in parts
    ]
    assert rows[0]["Mediantid till ordnad, dagar"] == figures["median_days"]
    outcomes = ["uppfyllt", "delvis", "inte uppfyllt", "obesvarat"]
    assert [rows[0][f"Utfall: {outcome}"] for outcome in outcomes] == list(
        figures["outcomes"].values()
    )


def _check_indicators_and_networks(given, workbook):
    *indicators, incomplete = sheet_rows(workbook, "Indikatorer")
    genders = GENDERS | {"total": "alla"}
    assert [
        {
            "code": row["Kod"],
            "entered": {
                g: row[f"Nya i perioden, {word}"] for g, word in genders.items()
            },
            "cumulative": {g: row[f"Hittills, {word}"] for g, word in genders.items()},
        }
        for row in indicators
    ] == given["indicators"]
    assert {
        "entered": incomplete["Nya i perioden, alla"],
        "cumulative": incomplete["Hittills, alla"],
    } == given["indicators_incomplete"]
    assert [
        {
            "ref": row["Beteckning"],
            "members": by_gender(row, "Medlemmar"),
            "companies": row["Medlemmarnas företag"],
            "meetings": row["Träffar"],
            "persons": row["Personer på träffar"],
            "hours": row["Timmar på träffar"],
        }
        for row in sheet_rows(workbook, "Nätverk")
    ] == [network | {"hours": hours(network["hours"])} for network in given["networks"]]


def test_no_sheet_knows_a_person(given_and_made):
    _, leader, funder = given_and_made
    texts = {
        str(cell)
        for workbook in (leader, funder)
        for sheet in workbook
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    }
    told = " | ".join(texts)

    people = list(Participant.objects.all())
    assert len(people) == 140
    for person in people:
        secrets = [person.ref, person.email, person.mobile, person.family_name]
        secrets += [f"{person.given_name} {person.family_name}"]
        secrets += [person.personal_number] if person.personal_number else []
        found = [secret for secret in secrets if secret and secret in told]
        assert found == []
