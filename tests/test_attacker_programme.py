"""The example programme, released, against who reads its files closely."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.tests.factories import make_leader
from companies.enums import FundPeriod
from reporting.figures import ByGender
from reporting.models import ReportExport, ReportingPeriod
from reporting.periods import read_day
from reporting.selectors import for_funder, own_metrics, period_metrics
from reporting.selectors.catalogue import with_every_row
from reporting.services import write_export
from reporting.suppression.cells import linked_tables
from tests.attacker.attack import Insider, findings
from tests.attacker.released import read_json
from tests.attacker.workbook import read_workbook
from trainings.enums import AccommodationKind

pytestmark = pytest.mark.django_db
PACKAGE = settings.BASE_DIR / "tests" / "data" / "programme-small"
PERIODS = [
    (read_day(given["period"]["from"]), read_day(given["period"]["to"]))
    for given in json.loads(PACKAGE.with_suffix(".expected.json").read_text())
]
SMALLEST = 5


@pytest.fixture
def _programme():
    call_command("load_programme", PACKAGE, verbosity=0)


def truth_of(metrics):
    tables = linked_tables(metrics, FundPeriod.ESF_PLUS, SMALLEST)
    return {cell.key: cell.value for cell in tables.cells}


@pytest.mark.usefixtures("_programme")
def test_the_released_workbook_tells_no_small_number():
    first, last = PERIODS[0]
    period = ReportingPeriod.objects.create(starts_on=first, ends_on=last)
    export = ReportExport.objects.create(period=period, requested_by=make_leader())
    write_export(export)
    truth = truth_of(with_every_row(period_metrics(first, last)))

    with export.funder_file.open("rb") as file:
        released = read_workbook(file.read())

    hidden = [name for name, value in released.counts.items() if value is None]
    assert hidden
    assert findings(released, truth) == []


@pytest.mark.usefixtures("_programme")
def test_no_company_learns_of_another_from_the_report():
    days = PERIODS[0]
    metrics, own = period_metrics(*days), own_metrics(*days)
    suppression = for_funder(metrics, FundPeriod.ESF_PLUS)
    released = read_json(json.dumps(suppression.report.as_record()))
    largest = sorted(own.items(), key=lambda of: -of[1].volumes.persons.total)[:2]
    insiders = [Insider(company, truth_of(part)) for company, part in largest]

    assert suppression.given_away == ()
    assert (
        findings(released, truth_of(with_every_row(metrics)), insiders=insiders) == []
    )


@pytest.mark.usefixtures("_programme")
def test_what_companies_know_of_their_own_adds_up_to_the_whole():
    days = PERIODS[0]
    metrics, own = period_metrics(*days), own_metrics(*days)

    assert list(own) == [company.org_number for company in metrics.companies]
    nominated = sum((part.pipeline.nominated for part in own.values()), ByGender())
    assert nominated == metrics.pipeline.nominated
    minutes = sum((part.volumes.minutes for part in own.values()), ByGender())
    assert minutes == metrics.volumes.minutes
    for part in own.values():
        [company] = part.companies
        [row] = [c for c in metrics.companies if c.org_number == company.org_number]
        assert company == row


@pytest.mark.usefixtures("_programme")
def test_rows_are_listed_whether_or_not_anybody_is_in_them():
    metrics = period_metrics(*PERIODS[0])

    listed = with_every_row(metrics)

    kinds = [row.kind for row in listed.accommodations.by_kind]
    assert kinds == sorted(AccommodationKind)
    assert set(metrics.themes) <= set(listed.themes)
    assert listed.accommodations.answers == metrics.accommodations.answers
