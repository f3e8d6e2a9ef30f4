"""A month's certificates in a parcel, asked for, made and unpacked."""

import csv
import io
from zipfile import ZipFile

import pytest
from django.urls import reverse

from companies.tests.factories import (
    ParticipantFactory,
)
from trainings.tasks import build_parcel, start_parcel
from trainings.tests.factories import EnrolmentFactory
from trainings.tests.months import MARCH, certified


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "parcels"


@pytest.fixture
def person(hr):
    def trained(minutes=240, company=None, **options):
        participant = ParticipantFactory(company=company or hr.company, **options)
        seat = EnrolmentFactory(participant=participant)
        certified(seat, minutes=minutes)
        return participant

    return trained


def ask(actor, company=None, **options):
    usual = {"month": MARCH, "address": "https://portal.example.org"}
    return start_parcel(**usual | options, company=company, actor=actor)


def made(actor, company=None, **options):
    parcel = ask(actor, company, **options)
    build_parcel(str(parcel.pk))
    parcel.refresh_from_db()
    assert parcel.finished_at, parcel.failure
    return parcel


def address(parcel, name="parcel-download"):
    return reverse(f"trainings:{name}", args=[parcel.pk])


def fetched(browser, parcel):
    response = browser.get(address(parcel))
    assert response.status_code == 200
    return b"".join(response)


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def unpacked(browser, parcel):
    return ZipFile(io.BytesIO(fetched(browser, parcel)))
