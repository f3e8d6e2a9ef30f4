"""Lists as they come from real offices, through the command."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from companies.models import Participant, ParticipantImport
from companies.tests.factories import CompanyFactory

LISTS = Path(__file__).parents[2] / "tests/data/hr-uploads"
EXPECTED = json.loads((LISTS / "expected.json").read_text())

pytestmark = pytest.mark.django_db


def run(path, company, *options):
    """Return the command's exit status and what it printed as JSON."""
    out, status = StringIO(), 0
    arguments = [str(path), "--company", company.org_number, "--json", *options]
    try:
        call_command("import_participants", *arguments, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue())


@pytest.mark.parametrize("name", EXPECTED)
def test_every_list_gives_what_is_expected(name):
    company, expected = CompanyFactory(), EXPECTED[name]

    status, report = run(LISTS / name, company)

    people = Participant.objects.filter(company=company)
    assert report["rows"] == expected["rows"]
    assert [error[:2] for error in report["errors"]] == expected.get("errors", [])
    assert bool(report["refused"]) == ("refused" in expected)
    assert status == (1 if report["errors"] or report["refused"] else 0)
    assert people.count() == expected.get("new", 0)
    assert report["new"] == expected.get("new", expected.get("valid", 0))
    if "ignored_columns" in expected:
        assert report["ignored_columns"] == expected["ignored_columns"]
    if "women" in expected:
        assert people.filter(gender="woman").count() == expected["women"]
    if "text_kept" in expected:
        assert set(expected["text_kept"]) <= set(
            people.values_list("family_name", flat=True)
        )
    if "birth_years" in expected:
        years = people.order_by("-birth_date").values_list(
            "birth_date__year", flat=True
        )
        assert list(years) == expected["birth_years"]
    assert len(report["warnings"]) >= expected.get("warnings_at_least", 0)


def test_checking_saves_nothing():
    status, report = run(LISTS / "semicolon-cp1252.csv", CompanyFactory(), "--check")

    assert (status, report["new"]) == (0, 12)
    assert not Participant.objects.exists()


def test_the_same_list_again_changes_nothing():
    company = CompanyFactory()
    run(LISTS / "semicolon-cp1252.csv", company)

    status, report = run(LISTS / "semicolon-cp1252.csv", company)

    assert (status, report["new"], report["unchanged"]) == (0, 0, 12)
    assert Participant.history.count() == 12
    assert ParticipantImport.objects.count() == 1


def test_the_json_has_exactly_the_keys_that_are_promised():
    _status, report = run(LISTS / "everything-wrong.xlsx", CompanyFactory())

    assert list(report) == [
        "rows",
        "new",
        "changed",
        "unchanged",
        "errors",
        "warnings",
        "ignored_columns",
        "refused",
    ]
    line, heading, message = report["errors"][0]
    assert (line, heading) == (3, "Personnummer")
    assert message.endswith(".")


def test_an_unknown_company_is_one_sentence():
    command = ["import_participants", str(LISTS / "missing-heading.csv")]

    with (
        translation.override("en"),
        pytest.raises(CommandError, match=r"^No company .* 999999-9999\.$"),
    ):
        call_command(*command, "--company", "999999-9999")


def test_a_refusal_is_told_in_swedish_too():
    command = ["import_participants", str(LISTS / "missing-heading.csv")]

    with (
        translation.override("sv"),
        pytest.raises(CommandError, match=r"^Inget företag .* 999999-9999\.$"),
    ):
        call_command(*command, "--company", "999999-9999")


def test_a_file_that_is_not_there_is_one_sentence():
    with (
        translation.override("en"),
        pytest.raises(CommandError, match="There is no file"),
    ):
        call_command(
            "import_participants", "/nowhere/lista.csv", "--company", "999000-9999"
        )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lista.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("lista.xlsx", b"PK\x03\x04" + b"0" * 100),
        ("lista.csv", b"\xff\xfe\x00P\x00e"),
        ("lista.csv", b""),
        ("lista.txt", b"Personnummer;Efternamn\n"),
        ("lista.csv", "Personnummer;Förnamn;Efternamn\n".encode()),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    status, report = run(path, CompanyFactory())

    assert (status, report["rows"]) == (1, 0)
    assert report["refused"].endswith(".")
