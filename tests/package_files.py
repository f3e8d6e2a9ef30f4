"""Spoil a copy of the small programme, and see what a load says of it."""

import csv
from pathlib import Path

from kompetenslyft.package import load_package

SMALL = Path(__file__).parent / "data" / "programme-small"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change(path: Path, line: int, **cells: str) -> None:
    """Write other cells into a line of a file; line 1 is the header."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    for column, text in cells.items():
        rows[line - 1][rows[0].index(column)] = text
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def append(path: Path, *cells: str) -> int:
    """Add a row; return its line."""
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerow(cells)
    return path.read_bytes().count(b"\n")


def places(folder: Path) -> list[tuple[str, int, str]]:
    outcome = load_package(folder, check_only=True)
    return [(error.file, error.line, error.column) for error in outcome.errors]
