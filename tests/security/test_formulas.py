"""What somebody typed is text in every file that a spreadsheet opens.

The programme package is no such file: it is an exchange format that comes back byte
for byte (docs/programme-package.md), so it is left as it is, and docs/security.md
says not to open it in a spreadsheet.
"""

import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from companies.imports.workbooks import template_workbook
from companies.models import ParticipantImport
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkFactory,
    NetworkMemberFactory,
)
from trainings.tasks import handle_import
from trainings.tests.factories import AttendanceFactory

pytestmark = pytest.mark.django_db

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "=1+1",
    "http://evil.example/",
    "mailto:evil@evil.example",
]


def assert_only_text(content):
    """Assert that a workbook computes nothing and links nowhere."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        for name in sheets:
            xml = archive.read(name).decode()
            assert re.findall(r"<f[ >/]", xml) == [], name
            assert "<hyperlink" not in xml, name
        assert not any("externalLink" in name for name in archive.namelist())
        assert not any(name.endswith(".bin") for name in archive.namelist())
    assert sheets


def texts_of(content):
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return {
        cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }


def test_the_report_of_a_period_computes_nothing_that_was_typed(tmp_path):
    ProgrammeFactory(name=FORMULAS[0], owner=FORMULAS[1])
    for formula in FORMULAS:
        company = CompanyFactory(name=formula)
        WorkforceSnapshotFactory(company=company, source=formula)
        seat = AttendanceFactory(
            enrolment__participant__company=company,
            enrolment__participant__family_name=formula,
            enrolment__participant__job_title=formula,
            enrolment__occasion__course__title=formula,
            enrolment__occasion__course__theme=formula[:20],
            enrolment__occasion__provider__name=formula,
            enrolment__occasion__place=formula,
        ).enrolment
        network = NetworkFactory(name=formula)
        NetworkMemberFactory(network=network, participant=seat.participant)
        MeetingAttendanceFactory(
            meeting=MeetingFactory(network=network, title=formula),
            participant=seat.participant,
        )
    out = tmp_path / "report.xlsx"

    call_command("esf_report", first="2026-01-01", last="2026-03-31", out=out)

    content = out.read_bytes()
    assert_only_text(content)
    shown = {text.strip() for text in texts_of(content)}
    assert {formula.strip() for formula in FORMULAS[:4]} <= shown


@pytest.fixture
def hr(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def test_the_workbook_of_failing_rows_computes_nothing(client, hr):
    rows = [
        f'19850709-98{n:02};"{formula.replace(chr(34), chr(34) * 2)}";Ek'
        for n, formula in enumerate(FORMULAS)
    ]
    text = "\n".join(["Personnummer;Förnamn;Efternamn", *rows])
    file = SimpleUploadedFile("lista.csv", text.encode())
    client.post(reverse("trainings:upload-new"), {"file": file})
    batch = ParticipantImport.objects.get()
    handle_import(str(batch.pk))

    content = client.get(reverse("trainings:upload-errors", args=[batch.pk])).content

    assert_only_text(content)
    assert {FORMULAS[0], FORMULAS[2], FORMULAS[4]} <= texts_of(content)


def test_the_template_computes_nothing():
    assert_only_text(template_workbook(FORMULAS))
