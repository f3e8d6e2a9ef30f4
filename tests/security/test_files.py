"""Files that people send: their names lead nowhere, and what is in them is not run."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.models import Participant, ParticipantImport
from companies.models.upload import Stage
from companies.tests.factories import MembershipFactory
from core.tests.data.workbooks import honest
from reporting.models import ReportExport, ReportingPeriod
from trainings.tasks import handle_import

pytestmark = pytest.mark.django_db

LIST = b"Personnummer;F\xc3\xb6rnamn;Efternamn\n19850709-9805;Anna;Berg\n"
STORED = re.compile(r"uploads/[0-9a-f]{8}-[0-9a-f-]{27}\.(csv|xlsx)")
HTML = b"<!doctype html><script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
EXE = b"MZ\x90\x00" + bytes(200)
ELF = b"\x7fELF" + bytes(200)


@pytest.fixture
def hr(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return membership


@pytest.fixture(autouse=True)
def empty_folder():
    yield
    for path in (settings.MEDIA_ROOT / "uploads").glob("*"):
        path.unlink()


def send(client, name, content=LIST, kind="text/csv"):
    """Send a file under a name that no browser would have cleaned."""
    boundary = "----x"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
    ).encode() + content
    body += f"\r\n--{boundary}--\r\n".encode()
    return client.generic(
        "POST",
        reverse("trainings:upload-new"),
        body,
        f"multipart/form-data; boundary={boundary}",
    )


def files_now():
    return {path for path in settings.VAR.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "name",
    [
        "../../../../tmp/evil.csv",
        "..\\\\..\\\\evil.csv",
        "/etc/cron.d/evil.csv",
        "C:\\\\Windows\\\\evil.csv",
        "....//....//evil.csv",
        "%2e%2e%2fevil.csv",
        "..%c0%afevil.csv",
        "uploads/../evil.csv",
        "evil.php.csv",
        "\u202evsc.csv",
        "a" * 400 + ".csv",
        "-rf.csv",
        "$(touch evil).csv",
        "con.csv",
    ],
)
def test_a_name_decides_nothing_about_where_a_file_lies(client, hr, name):
    before = files_now()

    response = send(client, name)

    made = files_now() - before
    batch = ParticipantImport.objects.get()
    assert response.url == batch.get_absolute_url()
    assert STORED.fullmatch(batch.file.name)
    assert Path(batch.file.path) in made
    assert {
        path for path in made if path.parent != settings.MEDIA_ROOT / "uploads"
    } == (set())
    assert "/" not in batch.file_name
    assert len(batch.file_name) <= 200


@pytest.mark.parametrize(
    "name",
    [
        "lista.html",
        "lista.csv.exe",
        "lista.xlsm",
        "lista.xls",
        "lista",
        "a.svg",
        ".csv",
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_name(client, hr, name):
    before = files_now()

    response = send(client, name)

    assert "saved as an Excel workbook" in response.content.decode()
    assert files_now() == before
    assert not ParticipantImport.objects.exists()


def test_a_name_with_a_nul_is_no_fault_of_ours(client, hr):
    assert send(client, "lista\x00.csv").status_code in {200, 302, 400}


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


MASQUERADES = {
    "html as a workbook": ("lista.xlsx", HTML),
    "program as a workbook": ("lista.xlsx", EXE),
    "linux program as a workbook": ("lista.xlsx", ELF),
    "picture as a workbook": ("lista.xlsx", PNG),
    "zip as a workbook": ("lista.xlsx", zipped(evil=b"x")),
    "program behind a zip": ("lista.xlsx", EXE + zipped(evil=b"x")),
    "list as a workbook": ("lista.xlsx", LIST),
    "workbook as a list": ("lista.csv", "workbook"),
    "program as a list": ("lista.csv", EXE),
    "picture as a list": ("lista.csv", PNG),
    "html as a list": ("lista.csv", HTML),
    "nothing but zeros": ("lista.csv", bytes(4096)),
}


@pytest.mark.parametrize("case", MASQUERADES)
def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(
    client, hr, tmp_path, case
):
    name, content = MASQUERADES[case]
    if content == "workbook":
        content = honest(tmp_path / "x.xlsx").read_bytes()
    assert send(client, name, content).status_code == 302
    batch = ParticipantImport.objects.get()

    handle_import(str(batch.pk))

    batch.refresh_from_db()
    page = client.get(batch.get_absolute_url()).content.decode()
    assert batch.stage == Stage.REFUSED
    assert 'class="alert alert-danger"' in page
    assert "<script>alert(1)" not in page
    assert not batch.file
    assert not Participant.objects.exists()


def test_html_in_front_of_a_workbook_does_not_come_back_to_anybody(
    client, hr, tmp_path
):
    """A file that is both a page and a workbook is never served again."""
    both = HTML + honest(tmp_path / "x.xlsx").read_bytes()
    send(client, "lista.xlsx", both)
    batch = ParticipantImport.objects.get()

    stranger = Client()
    for path in (f"/{batch.file.name}", f"/files/{batch.file.name}", "/media/"):
        assert stranger.get(path).status_code in {302, 404}
        assert client.get(path).status_code == 404
    handle_import(str(batch.pk))
    batch.refresh_from_db()
    assert not batch.file


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "x/" + "y" * 300, ""])
def test_the_kind_that_a_sender_claims_is_not_believed(client, hr, kind):
    send(client, "lista.csv", kind=kind)
    batch = ParticipantImport.objects.get()

    handle_import(str(batch.pk))

    batch.refresh_from_db()
    assert batch.stage == Stage.PREVIEW


def a_released_workbook():
    period = ReportingPeriod.objects.create(
        starts_on="2026-01-01", ends_on="2026-03-31"
    )
    return ReportExport.objects.create(
        period=period,
        requested_by=make_leader(),
        finished_at=timezone.now(),
        file=ContentFile(HTML, "evil.html"),
        funder_file=ContentFile(HTML, "evil.html"),
    )


def test_a_download_is_saved_never_shown(client):
    export = a_released_workbook()
    client.force_login(export.requested_by)

    response = client.get(reverse("reporting:export-download", args=[export.pk]))
    b"".join(response)

    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        'attachment; filename="rapport_2026-01-01_2026-03-31_leader.xlsx"'
    )
    assert "no-store" in response["Cache-Control"]


def test_the_workbooks_of_an_upload_are_saved_never_shown(client, hr):
    send(client, 'x".csv', LIST + b"198507099806;Nils;Ek\n")
    batch = ParticipantImport.objects.get()
    handle_import(str(batch.pk))

    for address in (
        reverse("trainings:upload-template"),
        reverse("trainings:upload-errors", args=[batch.pk]),
    ):
        response = client.get(address)
        assert re.fullmatch(
            r'attachment; filename="[a-z-]+\.xlsx"', response["Content-Disposition"]
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        openpyxl.load_workbook(io.BytesIO(response.content))


def test_no_folder_of_files_is_open(client):
    client.force_login(make_leader())

    for path in (
        "/media/",
        "/files/",
        "/uploads/..",
        "/static/",
        "/static/../manage.py",
    ):
        assert client.get(path).status_code in {302, 404}, path
    for path in ("/.git/config", "/.env", "/var/keys/secret-key", "/static/../.env"):
        assert client.get(path).status_code == 404, path
