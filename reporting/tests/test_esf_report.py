"""The leader's workbook from a shell: whole or not at all."""

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from companies.tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db


def test_the_command_writes_the_leaders_workbook(tmp_path):
    ProgrammeFactory()
    out = tmp_path / "report.xlsx"

    call_command("esf_report", "--from=2026-01-01", "--to=2026-03-31", f"--out={out}")

    assert "Personalgrupper" in openpyxl.load_workbook(out).sheetnames
    assert list(tmp_path.iterdir()) == [out]
    entry = AuditEntry.objects.get(action="reporting.wrote_workbook")
    assert entry.payload.facts == {"first": "2026-01-01", "last": "2026-03-31"}


@pytest.mark.parametrize(
    ("first", "last", "out", "sentence"),
    [
        ("2026-13-01", "2026-03-31", "a.xlsx", "2026-13-01”"),
        ("2026-W10-1", "2026-03-31", "a.xlsx", "2026-W10-1”"),
        ("20260101", "2026-03-31", "a.xlsx", "20260101”"),
        ("2026-04-01", "2026-03-31", "a.xlsx", "period"),
        ("2026-01-01", "2026-03-31", "a.csv", r"a\.csv: .*\.xlsx"),
        ("2026-01-01", "2026-03-31", "missing/a.xlsx", "missing/a.xlsx"),
    ],
)
def test_the_command_refuses_with_a_sentence(tmp_path, first, last, out, sentence):
    ProgrammeFactory()

    with pytest.raises(CommandError, match=sentence):
        call_command(
            "esf_report", f"--from={first}", f"--to={last}", f"--out={tmp_path / out}"
        )

    assert list(tmp_path.iterdir()) == []


def test_the_command_without_a_programme_leaves_the_old_file(tmp_path):
    out = tmp_path / "report.xlsx"
    out.write_bytes(b"the old one")

    with pytest.raises(CommandError, match=r"programme|projekt"):
        call_command(
            "esf_report", "--from=2026-01-01", "--to=2026-03-31", f"--out={out}"
        )

    assert out.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [out]
