from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from xlsxwriter import Workbook

from core.errors import DomainError
from core.spreadsheets import guard
from core.spreadsheets.guard import check_workbook
from core.tests.data.workbooks import (
    SHEET,
    STRINGS,
    TYPES,
    forged,
    honest,
    repeated,
)

MEBIBYTE = 1 << 20


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "list.xlsx"


def refusal(path: Path) -> str:
    with pytest.raises(DomainError) as refused:
        check_workbook(path)
    return str(refused.value)


def test_an_honest_workbook_passes(file):
    check_workbook(honest(file))


def test_fifty_thousand_people_with_twelve_columns_pass(file):
    with Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(50_000):
            texts = [f"{row * 7919 % 10**6:06}-{row % 10**4:04}"]
            texts += [f"name{row % 1000}", f"family{row % 5000}", "Woman", "Manager"]
            texts += [f"{row}@example.org", "070-174 06 35", "Fitter", "8211"]
            sheet.write_row(row, 0, [*texts, row, row / 7, "2026-01-02"])

    check_workbook(file)


def test_an_empty_file_is_refused(file):
    file.touch()

    assert "empty" in refusal(file)


@pytest.mark.parametrize(
    "content", [b"Name;Number\n", b"\x89PNG\r\n\x1a\n" + b"0" * 99]
)
def test_what_is_only_named_xlsx_is_refused(file, content):
    file.write_bytes(content)

    assert "not an Excel file" in refusal(file)


def test_a_zip_that_is_no_workbook_is_refused(file):
    with ZipFile(file, "w") as archive:
        archive.writestr("letter.xml", "<letter/>")

    assert "not an Excel file" in refusal(file)


def test_half_a_workbook_is_refused(file):
    whole = honest(file).read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    assert "damaged" in refusal(file)


def test_an_encrypted_or_old_workbook_is_refused(file):
    file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504))

    assert "password or is in the old .xls format" in refusal(file)


def test_encrypted_parts_are_refused(file):
    content = bytearray(honest(file).read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 0x1
    file.write_bytes(content)

    assert "has a password" in refusal(file)


def test_a_file_of_exactly_the_limit_is_not_too_large(file, monkeypatch):
    size = honest(file).stat().st_size

    monkeypatch.setattr(guard, "MAX_FILE_BYTES", size)
    check_workbook(file)
    monkeypatch.setattr(guard, "MAX_FILE_BYTES", size - 1)
    assert "larger than" in refusal(file)


def test_a_bomb_of_rows_is_refused(file):
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"

    forged(file, {SHEET: repeated(row * 1000, 100)})

    assert file.stat().st_size < MEBIBYTE
    assert "far more than a list" in refusal(file)


def test_a_bomb_of_spaces_is_refused(file):
    forged(file, {SHEET: repeated(b" " * MEBIBYTE, 100)})

    assert "far more than a list" in refusal(file)


def test_a_small_part_may_be_packed_hard(file):
    forged(file, {SHEET: repeated(b" " * 1000, 1000)})

    check_workbook(file)


def test_many_parts_that_are_too_large_together_are_refused(file, monkeypatch):
    sizes = [part.file_size for part in ZipFile(honest(file)).infolist()]

    monkeypatch.setattr(guard, "MAX_UNPACKED_BYTES", sum(sizes))
    check_workbook(file)
    monkeypatch.setattr(guard, "MAX_UNPACKED_BYTES", sum(sizes) - 1)
    assert "far more than a list" in refusal(file)


def test_too_many_shared_strings_are_refused(file, monkeypatch):
    size = ZipFile(honest(file)).getinfo(STRINGS).file_size

    monkeypatch.setattr(guard, "MAX_STRINGS_BYTES", size)
    check_workbook(file)
    monkeypatch.setattr(guard, "MAX_STRINGS_BYTES", size - 1)
    assert "far more than a list" in refusal(file)


def test_more_parts_than_a_list_has_are_refused(file):
    parts = len(ZipFile(honest(file)).infolist())

    forged(file, added={f"xl/media/{n}": b"x" for n in range(200 - parts)})
    check_workbook(file)
    forged(file, added={f"xl/media/{n}": b"x" for n in range(201 - parts)})
    assert "far more than a list" in refusal(file)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_document_types_are_refused(file, declaration):
    def declare(xml: bytes) -> bytes:
        return xml.replace(b"?>", b"?>" + declaration, 1)

    assert "declarations" in refusal(forged(file, {STRINGS: declare}))


def test_xml_in_utf_16_is_refused(file):
    forged(file, {STRINGS: lambda xml: xml.decode().encode("utf-16")})

    assert "declarations" in refusal(file)


def test_a_macro_part_is_refused(file):
    assert "macros" in refusal(forged(file, added={"xl/vbaProject.bin": b"0"}))


def test_a_workbook_that_says_it_has_macros_is_refused(file):
    def enable(xml: bytes) -> bytes:
        plain = b"officedocument.spreadsheetml.sheet.main"
        return xml.replace(b"openxmlformats-" + plain, b"ms-excel.sheet.macroEnabled")

    assert "macros" in refusal(forged(file, {TYPES: enable}))


def test_printer_settings_are_no_macro(file):
    check_workbook(
        forged(file, added={"xl/printerSettings/printerSettings1.bin": b"0"})
    )


def test_links_to_other_workbooks_are_refused(file):
    forged(file, added={"xl/externalLinks/externalLink1.xml": b"<x/>"})

    assert "links to other workbooks" in refusal(file)


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil", "xl\\..\\..\\evil"])
def test_parts_that_leave_their_folder_are_refused(file, name):
    assert "damaged" in refusal(forged(file, added={name: b"x"}))


@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(file, name):
    assert "damaged" in refusal(forged(file, added={name: b"<x/>"}))


def test_packing_that_no_spreadsheet_program_uses_is_refused(file):
    with ZipFile(honest(file), "a", ZIP_BZIP2) as archive:
        archive.writestr("xl/extra.xml", "<x/>")

    assert "damaged" in refusal(file)


def test_a_lying_dimension_is_left_to_the_reader(file):
    forged(file, {SHEET: lambda xml: xml.replace(b"A1:C2", b"A1:XFD1048576")})

    check_workbook(file)
