from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest

from core.spreadsheets import streamed_csv
from core.spreadsheets.streamed_csv import write_streamed_csv
from core.spreadsheets.streaming import StreamedColumn, StreamedSheet


@pytest.fixture(autouse=True)
def _in_sweden(settings):
    settings.TIME_ZONE = "Europe/Stockholm"


def written(columns, rows, **options) -> str:
    target = BytesIO()
    sheet = StreamedSheet("Rows", columns, rows, len(rows))
    write_streamed_csv(sheet, target, **options)
    return target.getvalue().decode()


def test_a_swedish_office_opens_it_by_a_double_click():
    columns = [StreamedColumn(title) for title in ("Namn", "Timmar", "Dag", "Tid")]
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)

    text = written(columns, [("Åsa; Ek", Decimal("7.50"), date(2026, 7, 1), noon)])

    assert text == (
        '\ufeffNamn;Timmar;Dag;Tid\r\n"Åsa; Ek";7,50;2026-07-01;2026-07-01 14:00\r\n'
    )


def test_nothing_becomes_a_formula():
    text = written([StreamedColumn("=A")], [("=1+1",), ("-x",), (-5,), (None,)])

    assert text == "\ufeff'=A\r\n'=1+1\r\n'-x\r\n-5\r\n\"\"\r\n"


def test_long_tables_come_in_parts_and_say_how_far(monkeypatch):
    monkeypatch.setattr(streamed_csv, "CHUNK", 2)
    told = []

    text = written([StreamedColumn("N")], [(n,) for n in range(5)], report=told.append)

    assert text == "\ufeffN\r\n0\r\n1\r\n2\r\n3\r\n4\r\n"
    assert told == [2, 4, 5]
