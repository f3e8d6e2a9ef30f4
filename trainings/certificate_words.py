"""A certificate in words of the active language: on paper, and where it is verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.pdf import qr_code, write_pdf
from trainings.certificates import Content
from trainings.enums import CertificateKind, CourseLevel, Principle
from trainings.models import Certificate

_TEMPLATE = Path(__file__).parent / "documents" / "certificate.typ"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a certificate says, in words; `facts` are pairs of term and value."""

    title: str
    sentence: str
    facts: list[tuple[str, str]]


def worded(certificate: Certificate, content: Content) -> Wording:
    """Say a certificate in the active language."""
    if certificate.kind == CertificateKind.MONTH:
        return Wording(
            _("Certificate of attendance"),
            _("has taken part in training, and has certified the hours personally."),
            list(_facts_of_month(content)),
        )
    return Wording(
        _("Course certificate"),
        _("has completed the course."),
        list(_facts_of_course(content)),
    )


def certificate_pdf(certificate: Certificate, content: Content, *, url: str) -> bytes:
    """Set the certificate as PDF/UA; `url` is where its code is verified."""
    words = worded(certificate, content)
    issued = timezone.localdate(certificate.issued_at)
    return write_pdf(
        _TEMPLATE,
        {
            "language": get_language() or "sv",
            "title": words.title,
            "issuer": content.owner or "Kompetenslyft",
            "name": content.name,
            "sentence": words.sentence,
            "facts": [*words.facts, (_("Issued"), issued.isoformat())],
            "rows_title": _("Hours"),
            "columns": [_("Day"), _("Course"), _("Hours"), _("Certified on")],
            "rows": [
                [time.day, time.course, in_hours(time.minutes), time.certified_on]
                for time in content.times
            ],
            "text_title": _("Goals of the course"),
            "text": content.goals,
            "verify_title": _("Is it genuine?"),
            "verify_text": _("Read the code, or enter it at"),
            "verify_url": url,
            "qr": qr_code(url),
            "qr_alt": _("Code that leads to the address beside it"),
            "code": certificate.code,
            "footer": f"{certificate.ref}, {content.programme}",
            "cofunded": _("Co-funded by the European Union"),
            "flag_alt": _("The flag of the European Union"),
        },
        made_at=certificate.issued_at,
    )


def in_hours(minutes: int) -> str:
    """Return minutes ÷ 60, rounded half up to two decimals, in the language."""
    # Django's own formatting cuts decimals off instead of rounding.
    hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return number_format(hours, 2)


def _facts_of_month(content: Content) -> Iterator[tuple[str, str]]:
    first = dt.date.fromisoformat(f"{content.month}-01")
    yield _("Month"), date_format(first, "F Y")
    yield _("Certified hours"), in_hours(content.minutes)
    yield from _facts_of_all(content)


def _facts_of_course(content: Content) -> Iterator[tuple[str, str]]:
    yield _("Course"), content.course
    yield _("Days"), _days(content)
    hours = {"there": in_hours(content.minutes), "all": in_hours(content.of_minutes)}
    yield _("Hours"), _("%(there)s of %(all)s") % hours
    if content.level:
        yield _("Level"), capfirst(str(CourseLevel(content.level).label))
    if content.seqf_level:
        yield _("SeQF level"), str(content.seqf_level)
    if content.principles:
        labels = [str(Principle(value).label) for value in content.principles]
        yield _("Covers"), ", ".join(labels)
    if content.provider:
        yield _("Training provider"), content.provider
    yield from _facts_of_all(content)


def _facts_of_all(content: Content) -> Iterator[tuple[str, str]]:
    yield _("Company"), content.company
    if content.programme:
        programme = f"{content.programme} ({content.number}), {content.owner}"
        yield _("Programme"), programme


def _days(content: Content) -> str:
    if content.first_day == content.last_day:
        return content.first_day
    return f"{content.first_day} – {content.last_day}"
