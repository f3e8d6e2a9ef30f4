"""The invented programme is whole, and tells what awkward programmes hold."""

import datetime as dt
import re
import stat

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from companies.models import Company, Participant, Programme
from reporting.selectors import period_metrics
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion

pytestmark = pytest.mark.django_db


def test_the_invented_programme_is_whole():
    call_command("seed_demo", participants=100)

    _check_roles_and_logins()
    _check_awkward_cases()
    _check_figures()
    with override("en"), pytest.raises(CommandError, match="programme here already"):
        call_command("seed_demo")
    assert Programme.objects.count() == 1


def test_a_demo_of_nobody_is_refused():
    with override("en"), pytest.raises(CommandError, match="at least 10"):
        call_command("seed_demo", participants=3)


def _check_roles_and_logins():
    assert Company.objects.count() == 10
    assert sum(user.is_project_leader for user in User.objects.all()) == 1
    assert sum(user.is_funder for user in User.objects.all()) == 1
    assert User.objects.filter(memberships__isnull=False).distinct().count() == 10
    path = settings.VAR / "demo-logins.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (link,) = re.findall(r"/me/\S+", path.read_text("utf-8"))
    assert Client().post(link).url == "/me/"
    assert len(path.read_text("utf-8").splitlines()) == 18


def _check_awkward_cases():
    people = Participant.objects.all()
    assert people.filter(protected=True).exists()
    assert people.filter(encrypted_number=None, protected=False).exists()
    assert people.filter(gender="unknown").exists()
    assert people.values("person_key").distinct().count() == people.count() - 1
    assert Company.objects.filter(workforce=None).count() == 1
    assert Company.objects.exclude(successor=None).count() == 1

    held = {OccasionStatus.COMPLETED, OccasionStatus.CANCELLED, OccasionStatus.OPEN}
    assert held <= set(Occasion.objects.values_list("status", flat=True))
    assert Attendance.objects.filter(minutes=0).exists()
    assert Attendance.objects.exclude(disputed_at=None).exists()
    assert Enrolment.objects.exclude(withdrawn_at=None).exists()
    assert Enrolment.objects.exclude(waitlisted_at=None).exists()


def _check_figures():
    today = timezone.localdate()
    metrics = period_metrics(today - dt.timedelta(days=365), today)

    assert metrics.volumes.persons.total > 50
    assert metrics.volumes.certified_minutes.total < metrics.volumes.minutes.total
    assert metrics.programme.persons.known > 0
