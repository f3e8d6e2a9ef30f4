"""Uploading a list in a test, as HR does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies.models import ParticipantImport
from companies.tests.factories import MembershipFactory
from trainings.tasks import handle_import

GOOD = "Personnummer;Förnamn;Efternamn;Befattning\n19850709-9805;Anna;Berg;Montör\n"
FAULTY = GOOD + "19850709-9806;Nils;Ek;Chef\n200205109856;;Strand;\n"


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def page(client, hr):
    client.force_login(hr.user)
    client.cookies["language"] = "en"
    return client


def upload(client, text, name="lista.csv", **fields):
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("trainings:upload-new"), {"file": file, **fields})


def read(client, text, name="lista.csv"):
    """Upload a list and let the worker read it."""
    assert upload(client, text, name).status_code == 302
    batch = ParticipantImport.objects.latest("requested_at")
    handle_import(str(batch.pk))
    batch.refresh_from_db()
    return batch


def press(client, batch, step, **fields):
    return client.post(reverse(f"trainings:upload-{step}", args=[batch.pk]), fields)


def save(client, batch, **fields):
    press(client, batch, "confirm", **fields)
    handle_import(str(batch.pk))
    batch.refresh_from_db()
    return batch


def shown(client, batch, query=""):
    return client.get(batch.get_absolute_url() + query).content.decode()
