"""Requests that are too large, of a strange kind, or under a false flag."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.tests.factories import UserFactory, make_leader
from companies.models import Participant, ParticipantImport
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.spreadsheets.guard import MAX_FILE_BYTES
from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PATHS = [path for path, _pattern in addresses()]


@pytest.fixture
def hr(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return membership


def test_a_form_larger_than_five_megabytes_is_refused(client, hr):
    body = "family_name=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

    response = client.post(reverse("companies:participant-new"), body, FORM)

    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 5 * 2**20
    assert response.status_code == 400
    assert "larger than the portal takes" in response.content.decode()
    assert not Participant.objects.exists()


def test_a_form_of_too_many_fields_is_refused(client, hr):
    fields = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    body = "&".join(["x=1"] * (fields + 1))

    response = client.post(reverse("companies:participant-new"), body, FORM)

    assert fields == 20_000
    assert response.status_code == 400


def test_too_many_files_in_one_form_are_refused(client, hr):
    most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
    files = {f"f{n}": SimpleUploadedFile(f"{n}.csv", b"x") for n in range(most + 1)}

    response = client.post(reverse("trainings:upload-new"), files)

    assert response.status_code == 400
    assert not ParticipantImport.objects.exists()


def test_a_list_larger_than_twenty_megabytes_is_refused_with_a_sentence(client, hr):
    file = SimpleUploadedFile("lista.csv", b"x" * (MAX_FILE_BYTES + 1))

    response = client.post(reverse("trainings:upload-new"), {"file": file})

    assert "The file is larger than 20 MB." in response.content.decode()
    assert not ParticipantImport.objects.exists()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"family_name": "Ek"}'),
        ("text/xml", "<a/>"),
        ("text/plain", "family_name=Ek"),
        ("", "x"),
        ("multipart/form-data", "no boundary"),
        ("multipart/form-data; boundary=x", "--x\r\nbroken"),
        ("multipart/form-data; boundary=" + "x" * 400, "--x"),
        (f"{FORM}; charset=utf-7", "family_name=%2BADw-"),
        (f"{FORM}; charset=nonsense", "family_name=Ek"),
        (FORM, "%ff%fe=%00&\x00=1"),
        (FORM, "family_name=%C3%28"),
    ],
)
def test_a_body_of_another_kind_is_never_a_fault_of_ours(client, hr, kind, body):
    for name in ("companies:participant-new", "trainings:upload-new"):
        response = client.generic("POST", reverse(name), body, kind)
        assert response.status_code in {200, 400, 415}, name
    assert not Participant.objects.exists()


def test_a_method_is_what_the_request_line_says(client, hr):
    person = ParticipantFactory(company=hr.company, family_name="Ek")
    address = reverse("companies:participant-change", args=[person.ref])
    forged = {
        "x-http-method-override": "POST",
        "x-http-method": "POST",
        "x-method-override": "POST",
    }

    client.get(address, {"_method": "POST", "family_name": "Al"}, headers=forged)
    client.post(address, {"_method": "DELETE"}, headers={"x-http-method": "DELETE"})

    person.refresh_from_db()
    assert person.family_name == "Ek"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "GETT", "options"])
def test_no_strange_method_does_anything_or_fails(client, method):
    client.force_login(make_leader())

    answers = {path: client.generic(method, path).status_code for path in PATHS}

    assert {path: code for path, code in answers.items() if code >= 500} == {}


def test_looking_changes_nothing(client):
    """No address but a posted one signs out, deletes or decides."""
    client.force_login(UserFactory())

    for path in PATHS:
        client.get(path)
        client.head(path)
        client.options(path)

    assert client.get(reverse("account_change_password")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999999999999",
        "page=-1",
        "page=NaN",
        "after=x&before=y",
        "after=%5B%5D",
        "version=' OR 1=1 --",
        "status[]=open",
        "sort=" + "x" * 5000,
        "%00=%00",
        "q=\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_no_address_fails_over_a_strange_query(client, query):
    client.force_login(make_leader())

    answers = {
        path: client.get(f"{path}?{query}").status_code
        for path in PATHS
        if not path.startswith("/admin/")
    }

    assert {path: code for path, code in answers.items() if code >= 500} == {}


def test_the_last_of_two_answers_to_one_question_counts(client, hr):
    """The same field twice is read the same way everywhere."""
    other = MembershipFactory().company

    client.post(
        f"{reverse('companies:participant-new')}?company={other.org_number}",
        f"company={other.org_number}&company={hr.company.org_number}"
        "&given_name=Eva&family_name=Ek&gender=woman&no_number_reason=posted_worker"
        "&staff_group=blue_collar",
        FORM,
    )

    assert [p.company for p in Participant.objects.all()] == [hr.company]
