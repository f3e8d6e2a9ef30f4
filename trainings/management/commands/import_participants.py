"""A company's list of people, from a shell."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from companies.identity import InvalidNumberError, parse_org_number
from companies.models import Company
from core.errors import DomainError
from trainings.uploads import ListReport, import_list


class Command(BaseCommand):
    help = "Read a list of people (.xlsx or .csv), check it, and save it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--company", required=True, metavar="ORG", help="organisation number"
        )
        parser.add_argument("--check", action="store_true", help="save nothing")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(
        self, *, file: Path, company: str, check: bool, json: bool, **options: object
    ) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        try:
            report = import_list(company=_company(company), path=file, check=check)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_as_json(report) if json else _as_text(report))
        if report.errors or report.refused:
            raise SystemExit(1)


def _company(org_number: str) -> Company:
    try:
        wanted = {org_number, parse_org_number(org_number)}
    except InvalidNumberError:
        wanted = {org_number}
    company = Company.objects.filter(org_number__in=wanted).first()
    if company is None:
        sentence = _("No company has the organisation number %(number)s.")
        raise CommandError(sentence % {"number": org_number})
    return company


def _as_json(report: ListReport) -> str:
    return json.dumps(asdict(report), ensure_ascii=False)


def _as_text(report: ListReport) -> str:
    if report.refused:
        return report.refused
    lines = [
        f"{line}: {heading}: {sentence}"
        for line, heading, sentence in [*report.errors, *report.warnings]
    ]
    counts = (
        f"{report.rows} rows: {report.new} new, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.errors)} errors"
    )
    return "\n".join([*lines, counts])
