"""A session whose signed sheets are scanned, and who attaches them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import DomainError
from core.tests.data.scans import pdf
from trainings.services.scans import (
    attach_scan,
)
from trainings.tests.browsing import page
from trainings.tests.factories import (
    EnrolmentFactory,
    SessionFactory,
    make_supplier,
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "scans"


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


@pytest.fixture
def supplier(seat):
    return make_supplier(seat.occasion)


@pytest.fixture
def browser(client, supplier):
    client.force_login(supplier)
    return client


def upload(content, name="blad.pdf", media_type="application/pdf"):
    return SimpleUploadedFile(name, content, media_type)


def attach(session, actor, content=None):
    file = upload(pdf() if content is None else content)
    return attach_scan(session=session, file=file, actor=actor)


def refusal(*arguments):
    with pytest.raises(DomainError) as said:
        attach(*arguments)
    return str(said.value)


def files(folder):
    return sorted(folder.glob("*")) if folder.exists() else []


def scans_page(session):
    return page("scans", session.occasion, session.ref)


def file_page(scan, name="scan-file"):
    return page(name, scan.session.occasion, scan.session.ref, scan.ref)
