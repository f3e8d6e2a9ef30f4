"""What there is to rotate: something sealed in every place that there is."""

import base64
import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.utils.translation import override

from accounts.models import OutboxMessage
from accounts.tests.factories import UserFactory, make_leader
from companies.enums import ContactKind
from companies.models import (
    CorrectionRequest,
    ImportRow,
    Merge,
    ParticipantImport,
)
from companies.services import add_participant
from companies.services.codes import new_code
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.crypto import encrypt
from reporting.tests.aid import group_of, make_declaration
from reporting.tests.evidence import first_quarter, make_evidence
from reporting.tests.listing import make_list
from reporting.tests.statistics import make_package
from trainings.models import Evaluation, EvaluationGroupBox
from trainings.tests.factories import (
    CertificateFactory,
    DisputeFactory,
    OccasionFactory,
    SessionFactory,
)
from trainings.tests.months import MARCH
from trainings.tests.papers import make_parcel, make_scan

NUMBER = "198507099805"
ANNA = {"given_name": "Anna", "family_name": "Berg"}


@pytest.fixture
def rotate(capsys):
    """Run the command; return its lines of output."""

    def run(*arguments):
        with override("en"):
            call_command("rotate_keys", *arguments)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def refused(capsys):
    """Run the command, which refuses; return the sentence and what it wrote."""

    def run(*arguments):
        with override("en"), pytest.raises(CommandError) as refusal:
            call_command("rotate_keys", *arguments)
        return str(refusal.value), capsys.readouterr()

    return run


@pytest.fixture
def anna(secrets):
    return add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)


@pytest.fixture
def everything(anna, secrets, tmp_path):
    """Seal something in every place that there is."""
    other = ParticipantFactory(company=anna.company)
    batch = ParticipantImport.objects.create(
        company=anna.company, file_name="a.csv", sha256="0" * 64
    )
    row = ImportRow(batch=batch, line=2, outcome="faulty")
    row.content = {"values": {}}
    row.save()
    CorrectionRequest.objects.create(
        participant=anna, field="name", sealed=encrypt("My name is Ek")
    )
    Merge.objects.create(kept=anna, absorbed=other, sealed=encrypt("{}"))
    new_code(anna, ContactKind.EMAIL, new_address="anna@example.org")
    OutboxMessage.objects.create(kind="test", language="sv", sealed=encrypt("[]"))
    text = base64.b64encode(encrypt("totp")).decode()
    Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": text})
    Authenticator.objects.create(
        user=UserFactory(),
        type="recovery_codes",
        data={"seed": text, "used_mask": 5},
    )
    CertificateFactory()
    DisputeFactory(sealed=encrypt("I was there"))
    _boxes_of_answers()
    secrets.MEDIA_ROOT = tmp_path
    make_scan(SessionFactory(), UserFactory())
    make_parcel(MARCH, None, UserFactory())
    make_declaration(group_of(), None, UserFactory())
    make_evidence(first_quarter(), UserFactory())
    make_package(MARCH, [anna.ref], UserFactory())
    make_list(make_leader())


def _boxes_of_answers():
    place = {"theme": "automation", "quarter": dt.date(2026, 1, 1)}
    sealed = {"sealed": encrypt("{}")}
    Evaluation.objects.create(occasion=OccasionFactory(), **place, **sealed)
    EvaluationGroupBox.objects.create(**place, **sealed)
