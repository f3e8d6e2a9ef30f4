"""Two leaders who issue at once issue one report: on either engine."""

import pytest
from django.utils import translation

from accounts.tests.factories import make_leader
from core.errors import DomainError
from reporting.models import IssuedReport
from reporting.services.issued import issue_report, review_report
from reporting.tests.issuing import a_programme, draft, fresh
from tests.races import beside, writes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_english(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


def test_two_leaders_issuing_at_once_issue_one_report():
    a_programme()
    report, other = draft(), make_leader()
    review_report(report=report, sha256=report.sha256, actor=other)
    seen = fresh(report)

    own, others = beside(
        lambda: issue_report(report=report, actor=report.requested_by),
        lambda: issue_report(report=seen, actor=other),
        at=writes("reporting_issuedreport"),
    )

    refused = [one for one in (own, others) if isinstance(one, DomainError)]
    assert [str(one) for one in refused] == ["The report is issued already."]
    assert IssuedReport.objects.issued().count() == 1
