"""All certificates of a month in one parcel: what is in it, who gets it, how long."""

import hashlib
import io

import pypdf
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.models import Participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)
from core.errors import DomainError
from core.models import MOST_ATTEMPTS
from trainings.models import Certificate, CertificateParcel
from trainings.services import issue_for_month, parcels
from trainings.tasks import build_parcel, ring_for_parcels
from trainings.tests.browsing import browser, hr, leader, leader_browser
from trainings.tests.factories import EnrolmentFactory
from trainings.tests.months import MARCH, sat
from trainings.tests.packing import ask, fetched, folder, made, person, table, unpacked

__all__ = ["browser", "folder", "hr", "leader", "leader_browser", "person"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
INDEX = ["Certificate", "Participant", "Company", "Month", "Hours", "Code"]
LEFT_OUT = ["Why left out", "Participant", "Number"]


def test_a_parcel_has_a_pdf_of_everybody_and_an_index(browser, hr, person):
    anna, bo = person(240, given_name="Anna"), person(90, given_name="Bo")

    archive = unpacked(browser, made(hr.user, hr.company))

    of = {c.participant_id: c for c in Certificate.objects.all()}
    first, second = of[anna.pk], of[bo.pk]
    assert sorted(archive.namelist()) == sorted(
        [f"{first.ref}.pdf", f"{second.ref}.pdf", "index.csv", "left-out.csv"]
    )
    name = hr.company.name
    assert table(archive, "index.csv") == [
        INDEX,
        [first.ref, anna.ref, name, "2026-03", "4.00", first.code],
        [second.ref, bo.ref, name, "2026-03", "1.50", second.code],
    ]
    assert table(archive, "left-out.csv") == [LEFT_OUT]
    paper = pypdf.PdfReader(io.BytesIO(archive.read(f"{first.ref}.pdf")))
    text = paper.pages[0].extract_text()
    assert anna.full_name in text
    assert first.code in text


def test_no_file_in_it_is_named_by_a_person(browser, hr, person):
    person(given_name="Anna", family_name="Berg")

    archive = unpacked(browser, made(hr.user, hr.company))

    for words in (*archive.namelist(), archive.read("index.csv").decode()):
        assert "Anna" not in words
        assert "Berg" not in words


def test_the_paper_says_where_it_is_verified(browser, hr, person):
    person()

    archive = unpacked(browser, made(hr.user, hr.company))

    (certificate,) = Certificate.objects.all()
    paper = pypdf.PdfReader(io.BytesIO(archive.read(f"{certificate.ref}.pdf")))
    text = paper.pages[0].extract_text().replace("\n", "")
    assert f"https://portal.example.org/certificates/{certificate.code}" in text


def test_what_stands_is_taken_and_only_what_is_missing_is_issued(hr, person):
    anna = person()
    person()
    stands = issue_for_month(participant=anna, month=MARCH, actor=None)

    made(hr.user, hr.company)
    made(hr.user, hr.company)

    assert Certificate.objects.count() == 2
    assert Certificate.objects.get(participant=anna) == stands


def test_who_is_left_out_is_counted_with_the_reason(browser, hr, person):
    person()
    waits = ParticipantFactory(company=hr.company)
    sat(EnrolmentFactory(participant=waits))
    now = timezone.now()
    Participant.objects.filter(pk=person().pk).update(restricted_at=now)
    Participant.objects.filter(pk=person().pk).update(restricted_at=now)
    Participant.objects.filter(pk=person().pk).update(erased_at=now)

    parcel = made(hr.user, hr.company)

    assert (parcel.certificates, parcel.left_out) == (1, 4)
    left_out = table(unpacked(browser, parcel), "left-out.csv")
    assert left_out[0] == LEFT_OUT
    assert sorted(left_out[1:]) == [
        ["erased", "", "1"],
        ["no certified hours", waits.ref, "1"],
        ["restricted: the data are kept and not used", "", "2"],
    ]


def test_a_certificate_that_cannot_be_read_leaves_the_others_alone(browser, hr, person):
    person()
    broken = issue_for_month(participant=person(), month=MARCH, actor=None)
    Certificate.objects.filter(pk=broken.pk).update(sealed=b"1:noise")

    parcel = made(hr.user, hr.company)

    assert (parcel.certificates, parcel.left_out) == (1, 1)
    assert "cannot be read" in table(unpacked(browser, parcel), "left-out.csv")[1][0]


def test_a_paper_that_cannot_be_made_leaves_the_others_alone(
    browser, hr, person, caplog, monkeypatch
):
    person()
    broken = issue_for_month(participant=person(), month=MARCH, actor=None)
    make = parcels.certificate_pdf

    def fail_once(certificate, content, **options):
        if certificate == broken:
            raise ValueError("Anna")
        return make(certificate, content, **options)

    monkeypatch.setattr(parcels, "certificate_pdf", fail_once)

    parcel = made(hr.user, hr.company)

    assert (parcel.certificates, parcel.left_out) == (1, 1)
    archive = unpacked(browser, parcel)
    assert table(archive, "left-out.csv")[1:] == [["could not be made", "", "1"]]
    assert f"{broken.ref} was not made: ValueError" in caplog.text
    assert "ValueError: Anna" not in caplog.text


def test_a_paper_that_takes_too_long_is_no_fault_of_the_paper(hr, person, monkeypatch):
    def stop(*_what, **_how):
        raise SoftTimeLimitExceeded

    person()
    monkeypatch.setattr(parcels, "certificate_pdf", stop)
    parcel = ask(hr.user, hr.company)

    build_parcel(str(parcel.pk))

    parcel.refresh_from_db()
    assert "took too long" in parcel.failure


def test_it_is_sealed_on_the_disk_and_its_checksum_is_that_of_the_zip(
    browser, hr, person, folder
):
    person()

    parcel = made(hr.user, hr.company)

    (file,) = folder.glob("*")
    assert not file.read_bytes().startswith(b"PK")
    body = fetched(browser, parcel)
    assert hashlib.sha256(body).hexdigest() == parcel.sha256
    assert parcel.sha256 in browser.get(parcel.get_absolute_url()).content.decode()


def test_another_companys_people_are_not_in_it(browser, hr, person):
    person()
    person(company=CompanyFactory())

    assert made(hr.user, hr.company).certificates == 1
    assert made(make_leader()).certificates == 2


def test_asked_for_twice_it_is_one_parcel(hr, leader, person):
    person()

    first = ask(hr.user, hr.company)
    second = ask(MembershipFactory(company=hr.company).user, hr.company)
    of_all, again = ask(leader), ask(make_leader())

    assert (first, of_all) == (second, again)
    assert CertificateParcel.objects.count() == 2
    asked = AuditEntry.objects.filter(action="trainings.parcel_asked")
    assert asked.count() == 2


def test_told_twice_it_is_made_once(hr, person, folder):
    person()
    parcel = made(hr.user, hr.company)

    build_parcel(str(parcel.pk))

    entries = AuditEntry.objects.filter(action="trainings.parcel_made")
    assert (entries.count(), len(list(folder.glob("*")))) == (1, 1)


def test_a_month_that_is_not_over_has_none(browser, hr):
    today = timezone.localdate()

    with pytest.raises(DomainError, match="not over yet"):
        ask(hr.user, hr.company, month=today)
    posted = {"month": f"{today:%Y-%m}", "company": hr.company.org_number}
    response = browser.post(reverse("trainings:parcel-new"), posted, follow=True)
    assert "The month is not over yet." in response.content.decode()
    assert not CertificateParcel.objects.exists()


def test_an_attempt_that_fails_leaves_no_file(hr, person, folder, monkeypatch):
    person()
    broken = "trainings.services.parcels.inert"
    monkeypatch.setattr(broken, lambda *_what, **_how: 1 / 0)
    parcel = ask(hr.user, hr.company)

    for _attempt in range(MOST_ATTEMPTS):
        build_parcel(str(parcel.pk))

    parcel.refresh_from_db()
    assert parcel.failed_at
    assert not list(folder.glob("*"))
    ring_for_parcels()


def test_a_companys_name_becomes_no_formula(browser, hr, person):
    hr.company.name = "=1+1 AB"
    hr.company.save()
    person()

    archive = unpacked(browser, made(hr.user, hr.company))

    assert table(archive, "index.csv")[1][2] == "'=1+1 AB"
