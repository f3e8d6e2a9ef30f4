"""Months for Statistics Sweden, made and sent in a line each."""

import datetime as dt
import io
import json
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.models import Programme
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.chain import commit, new_salt
from core.crypto import encrypt
from core.sealed_files import read_sealed, sealed_file
from reporting.models import (
    StatisticsMonth,
    StatisticsPackage,
    StatisticsPart,
    StatisticsRow,
)
from reporting.selectors.statistics import read_ledger
from reporting.services.statistics import mark_sent
from reporting.tasks import build_statistics, start_corrections, start_statistics
from reporting.tests.attending import attend
from trainings.tests.factories import at
from trainings.tests.months import CERTIFIED

JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
ANNA, BO = "198507099805", "197010632391"  # A woman's, and a man's coordination number.


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "statistics"


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def leader(programme):
    return make_leader()


def numbered(number=ANNA, **options):
    """Return a participant with a personal number, at a company with a right one."""
    company = options.pop("company", None) or CompanyFactory(org_number="999009-3362")
    person = ParticipantFactory(company=company, **options)
    person.no_number_reason = ""
    person.set_number(number)
    person.save()
    return person


def trained(person, start, minutes=240, **facts):
    """Let the person attend and certify; `start` is such as `2026-01-12 08:00`."""
    usual = CERTIFIED | {"certified_at": at("2026-05-05 12:00")}
    return attend(person, start=start, minutes=minutes, **usual | facts)


def entitle(leader):
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    return type(leader).objects.get(pk=leader.pk)


def built(package):
    build_statistics(str(package.pk))
    package.refresh_from_db()
    assert package.finished_at, package.failure
    return package


def made(month, leader):
    return built(start_statistics(month=month, actor=leader))


def corrected(leader):
    return built(start_corrections(actor=leader))


def sent(package, leader):
    today = timezone.localdate()
    return mark_sent(package=package, sent_on=today, actor=leader)


def send(leader, *months):
    return [sent(made(month, leader), leader) for month in months]


def make_package(month, refs, actor, **facts):
    """Keep a finished package of a month, with a row of each of these people."""
    package = StatisticsPackage(
        first_month=month, requested_by=actor, finished_at=timezone.now(), **facts
    )
    package.file.name = f"statistics/{package.pk}-1"
    about = str(package.pk)
    with (
        sealed_file(package.file.name, about=about) as target,
        ZipFile(target, "w") as archive,
    ):
        archive.writestr("fil.csv", "Personnummer")
    package.sealed_key, package.sha256 = target.key, target.digest.hexdigest()
    package.save()
    row, _is_new = StatisticsMonth.objects.get_or_create(month=month)
    part = StatisticsPart.objects.create(package=package, month=row, people=len(refs))
    for place, ref in enumerate(refs, start=1):
        values = {"number": ANNA, "hours": "4"}
        salt = new_salt()
        StatisticsRow.objects.create(
            part=part,
            person_ref=ref,
            place=place,
            sealed=encrypt(json.dumps(values)),
            salt=salt,
            digest=commit(salt, values),
        )
    return package


def ledger():
    return read_ledger(Programme.objects.get())


def unpacked(package):
    key = bytes(package.sealed_key)
    pieces = read_sealed(str(package.file), key, about=str(package.pk))
    return ZipFile(io.BytesIO(b"".join(pieces)))


def table(package, month_name):
    """Return the lines of a month's CSV, the heading left out."""
    (name,) = [
        name
        for name in unpacked(package).namelist()
        if name.startswith(month_name) and name.endswith(".csv")
    ]
    text = unpacked(package).read(name).decode("utf-8-sig")
    return text.splitlines()[1:]
