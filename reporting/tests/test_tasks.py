"""Asking for a workbook: once, whoever asks and however often."""

import datetime as dt
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.clients import ProvedClient
from accounts.tests.factories import make_leader
from companies.tests.factories import ProgrammeFactory
from core.models import MOST_ATTEMPTS
from reporting.models import ReportExport, ReportingPeriod
from reporting.tasks import build_export, ring_for_exports, start_export

CLICKS = 6


@pytest.fixture
def period(db):
    return ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )


def test_asking_twice_is_one_workbook_and_one_audit_entry(period):
    leader, colleague = make_leader(), make_leader()

    first = start_export(period=period, requested_by=leader)
    second = start_export(period=period, requested_by=colleague)

    assert first == second
    assert second.requested_by == leader
    asked = AuditEntry.objects.filter(action="reporting.asked_for_workbook")
    assert asked.count() == 1


def test_a_new_workbook_never_rewrites_the_finished_one(period):
    ProgrammeFactory()
    leader = make_leader()
    first = start_export(period=period, requested_by=leader)
    build_export(str(first.pk))
    first.refresh_from_db()

    second = start_export(period=period, requested_by=leader)
    build_export(str(second.pk))

    second.refresh_from_db()
    assert second != first
    assert second.file.name != first.file.name
    assert default_storage.exists(first.file.name)


def test_told_twice_it_is_made_once(period):
    ProgrammeFactory()
    export = start_export(period=period, requested_by=make_leader())

    build_export(str(export.pk))
    build_export(str(export.pk))

    made = AuditEntry.objects.filter(action="reporting.made_workbook")
    assert made.count() == 1


def test_without_a_programme_the_job_fails_with_a_sentence(period):
    export = start_export(
        period=period,
        requested_by=make_leader(),
    )

    build_export(str(export.pk))

    export.refresh_from_db()
    assert export.failed_at
    assert export.failure
    assert not export.file


def test_the_sweep_gives_up_after_three_attempts_and_leaves_no_file(period):
    export = start_export(period=period, requested_by=make_leader())
    ReportExport.objects.filter(pk=export.pk).update(attempts=MOST_ATTEMPTS, fence=3)
    left = default_storage.save(
        f"exports/{export.pk}/3-leader.xlsx", ContentFile(b"half")
    )

    ring_for_exports()

    export.refresh_from_db()
    assert export.failed_at
    assert not default_storage.exists(left)


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_give_one_workbook():
    leader = make_leader()
    period = ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )
    url = reverse("reporting:export-new", args=[period.starts_on, period.ends_on])
    together, answers = threading.Barrier(CLICKS), []

    def click(client):
        together.wait(timeout=30)
        try:
            answers.append(client.post(url))
        finally:
            connections.close_all()

    clients = [ProvedClient() for _ in range(CLICKS)]
    for client in clients:
        client.force_login(leader)
    clicks = [threading.Thread(target=click, args=[client]) for client in clients]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(timeout=60)

    export = ReportExport.objects.get()
    assert {answer.url for answer in answers} == {export.get_absolute_url()}
    assert len(answers) == CLICKS
