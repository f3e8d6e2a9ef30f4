"""Certificates as PDF: how many a second, and what tags and the code cost.

Each is of its own person. Ours is tagged PDF/UA with a QR code; beside it the same
template without tags, and the QR codes alone. One process does it on one core, and two
processes at a time tell whether two cores do twice as much.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any
from unittest.mock import patch

from measuring import Way, Work, in_turns, part, print_rates, start
from portals import parser, portals, settings_of_django

OURS, TWO = "ours, one process", "ours, two processes"
UNTAGGED, CODES = "without tags", "QR codes alone"
ADDRESS = "https://portal.example.org/certificates/{code}/"


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--certificates", type=int, default=1_000, metavar="N")
    options = options.parse_args()
    count = {"count": options.certificates}
    portal = next(iter(portals(options, "bench_certificates")))
    ways = [
        Way(OURS, ours, count),
        Way(TWO, ours_twice, count),
        Way(UNTAGGED, untagged, count),
        Way(CODES, codes, count),
    ]
    print_rates(in_turns(ways, portal.environment, rounds=options.rounds), beside=OURS)


@part
def ours(count: int) -> Work:
    settings_of_django()
    return lambda: {"rows": _write(0, count)}


@part
def ours_twice(count: int) -> Work:
    """Half of them in each of two processes, started before the clock."""
    settings_of_django()
    pool = ProcessPoolExecutor(2)
    list(pool.map(_write, [0, 0], [1, 1]))

    def work() -> dict[str, int]:
        halves = pool.map(_write, [0, count // 2], [count // 2, count - count // 2])
        return {"rows": sum(halves)}

    return work


@part
def untagged(count: int) -> Work:
    settings_of_django()
    import typst

    compiled = typst.compile

    def plain(*arguments: Any, **options: Any) -> bytes:
        del options["pdf_standards"]
        return compiled(*arguments, **options, pdf_tags=False)

    def work() -> dict[str, int]:
        with patch("core.pdf.typst.compile", plain):
            return {"rows": _write(0, count)}

    return work


@part
def codes(count: int) -> Work:
    settings_of_django()
    from core.pdf import qr_code

    def work() -> dict[str, int]:
        for certificate, _content in _invented(0, count):
            qr_code(ADDRESS.format(code=certificate.code))
        return {"rows": count}

    return work


def _write(first: int, count: int) -> int:
    from trainings.certificate_words import certificate_pdf

    for certificate, content in _invented(first, count):
        url = ADDRESS.format(code=certificate.code)
        certificate_pdf(certificate, content, url=url)
    return count


def _invented(first: int, count: int) -> Iterator[tuple[Any, Any]]:
    """Make certificates of a month with eight sittings each, saved nowhere."""
    from trainings.certificates import CertifiedTime, Content
    from trainings.enums import CertificateKind
    from trainings.models import Certificate

    for number in range(first, first + count):
        times = tuple(
            CertifiedTime(
                day=f"2026-03-{day:02}",
                course="Robotprogrammering, grunder",
                occasion=f"occ-2026-{number % 1000:04}",
                minutes=240,
                certified_on="2026-04-02",
            )
            for day in range(2, 10)
        )
        yield (
            Certificate(kind=CertificateKind.MONTH),
            Content(
                name=f"Deltagare {number}",
                company="Exempelverken AB",
                programme="Ett kompetenslyft",
                number="2026/00001",
                owner="Region Exempel",
                month="2026-03",
                times=times,
                minutes=8 * 240,
            ),
        )


if __name__ == "__main__":
    start(main)
