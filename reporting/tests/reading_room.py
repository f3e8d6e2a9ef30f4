"""Issued reports of a tiny programme, made in no time: rows as the services leave them.

What services make of a real programme is in `issuing`.
"""

import hashlib
import io
import json
from functools import cache

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.enums import FundPeriod
from reporting.issuing import content
from reporting.issuing.rows import write_rows
from reporting.models import (
    IssuedReport,
    QuestionPost,
    ReportContent,
    ReportFile,
    ReportQuestion,
    ReportSample,
)
from reporting.selectors.issued import latest_issued
from reporting.suppression import suppress
from reporting.tests.tiny import tiny_metrics

ROWS = [
    ("e-00000001", "s-00000001", 240, "certified"),
    ("e-00000002", "s-00000001", 120, "recorded"),
    ("e-00000003", "s-00000002", 240, "certified"),
]
CHANGES = (
    "\ufeffchange;enrolment_ref;session_ref;minutes_before;minutes_now;state_before;"
    "state_now\r\ncertified;e-00000001;s-00000001;240;240;recorded;certified\r\n"
)
# What the files hold is told by their names only; `rows` and `row_changes` are read.
FILES = [
    ("workbook", "funder"),
    ("summary", "funder"),
    ("json", "funder"),
    ("csv", "funder"),
    ("json", "leader"),
]


def make_draft(period, leader, **facts):
    """A draft of the tiny programme, finished, not reviewed."""
    previous = latest_issued(period)
    text = _content(is_later=previous is not None)
    report = IssuedReport.objects.create(
        period=period,
        number=previous.number + 1 if previous else 1,
        supersedes=previous,
        reason="En månad rättades." if previous else "",
        requested_by=leader,
        finished_at=timezone.now(),
        sha256=content.digest(text),
        **facts,
    )
    ReportContent.objects.create(report=report, text=text, sha256=content.digest(text))
    for kind, audience in FILES:
        _file(report, kind, audience, f"{report.ref} {kind} {audience}".encode())
    rows = io.BytesIO()
    write_rows(ROWS, rows)
    _file(report, "rows", "leader", rows.getvalue())
    if previous:
        _file(report, "row_changes", "leader", CHANGES.encode())
    return report


def make_report(period, leader):
    """The same, reviewed by another leader, and issued."""
    report = make_draft(period, leader)
    now = timezone.now()
    IssuedReport.objects.filter(pk=report.pk).update(
        reviewed_at=now,
        reviewed_by=make_leader(),
        reviewed_sha256=report.sha256,
        issued_at=now,
        issued_by=leader,
    )
    return IssuedReport.objects.get(pk=report.pk)


def make_question(report, funder, leader):
    """A question with its answer."""
    question = ReportQuestion.objects.create(
        report=report, table="totals", row="", figure="occasions"
    )
    for user, is_of_funder in ((funder, True), (leader, False)):
        QuestionPost.objects.create(
            question=question,
            text="Vilka är det?",
            is_of_funder=is_of_funder,
            written_by=user,
        )
    return question


def make_sample(report, leader, *, seed="7", released_at=None):
    return ReportSample.objects.create(
        report=report,
        seed=seed,
        size=1,
        population=2,
        rows=[["e-00000003", "s-00000002", 240]],
        made_by=leader,
        released_at=released_at,
        released_by=leader if released_at else None,
    )


class Room:
    """A period's two reports, with a question and samples, for who is of the world."""

    def __init__(self, period, users):
        leader = users["leader"]
        self.days = [period.starts_on, period.ends_on]
        make_report(period, leader)
        self.report = make_report(period, leader)
        self.question = make_question(self.report, users["funder"], leader)
        self.sample = make_sample(self.report, leader, released_at=timezone.now())
        self.kept = make_sample(self.report, leader, seed="8")

    @property
    def arguments(self):
        report = [self.report.ref]
        return {
            "reporting:report-new": self.days,
            "reporting:report": report,
            "reporting:report-status": report,
            "reporting:report-changes": report,
            "reporting:report-step": [*report, "withdraw"],
            "reporting:report-file": [*report, "funder", "json"],
            "reporting:report-question-new": report,
            "reporting:report-question": [*report, self.question.ref],
            "reporting:report-sample-new": report,
            "reporting:report-sample": [*report, self.sample.ref],
            "reporting:report-sample-release": [*report, self.kept.ref],
        }


def _file(report, kind, audience, body):
    file = ReportFile(
        report=report,
        kind=kind,
        audience=audience,
        name=f"rapport_{kind}_{audience}.bin",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
    )
    file.file.save(f"{report.ref}-{kind}-{audience}", ContentFile(body), save=False)
    file.save()


@cache
def _content(*, is_later):
    metrics, fund_period = tiny_metrics(), FundPeriod.ESF_PLUS
    suppression = suppress(metrics, fund_period)
    figures = content.frozen_figures(metrics, fund_period)
    changes = {
        "figures": [["totals", "", "certified_hours.woman", "0.00", "4.00"]],
        "printed": [["totals", "", "occasions", 1, 2]],
        "rows": {"certified": [1, 240]},
        "events": dict.fromkeys(
            ("merged", "unmerged", "erased", "regrouped", "workforce"), 1
        ),
        "other_code": False,
    }
    return content.canonical(
        {
            "drafted_at": "2026-04-20T08:00:00+00:00",
            "figures": figures,
            "figures_sha256": content.digest(content.canonical(figures)),
            "labels": content.frozen_labels(metrics, fund_period),
            "shown": suppression.report.as_record(),
            "ledgers": content.ledgers_record(suppression.ledgers),
            "given_away": [],
            "coarser": [],
            "definitions": [],
            "parameters": content.parameters(),
            "code": "0" * 64,
            "earlier": [],
            "rows": {"recorded": 1, "certified": 2, "disputed": 0, "minutes": 600},
            "changes": json.loads(content.canonical(changes)) if is_later else None,
        }
    )
