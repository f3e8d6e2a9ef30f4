"""Certificates are fetched by those they are about, and verified by anybody."""

import datetime as dt
import io
import re

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditPayload
from companies.tests.factories import ParticipantFactory
from core.crypto import decrypt
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Certificate
from trainings.services.erasure import blank_certificates
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
    make_supplier,
)
from trainings.tests.own import anna, own_browser

__all__ = ["anna", "browser", "hr", "leader", "leader_browser", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
VERIFY = reverse("certificates:verify")
OWN = reverse("own:certificates")
NONCE = re.compile(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"')


def completed_seat(person, **occasion):
    """A completed course of four hours in March, all attended and certified."""
    seat = EnrolmentFactory(
        participant=person, occasion__status=OccasionStatus.COMPLETED, **occasion
    )
    session = SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-02 08:00"))
    AttendanceFactory(
        enrolment=seat,
        session=session,
        certified_at=at("2026-04-05 12:00"),
        certified_channel="link",
    )
    return seat


def issued(person):
    return services.issue_for_course(enrolment=completed_seat(person), actor=None)


def shown(certificate):
    return reverse("certificates:verified", args=[certificate.code])


def text_of(response):
    assert response["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()


@pytest.mark.parametrize(
    "spelled",
    [
        lambda code: code,
        lambda code: code.lower().replace("-", " "),
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_code_is_found_however_it_is_typed(client, anna, spelled):
    certificate = issued(anna)

    response = client.post(VERIFY, {"code": spelled(certificate.code)}, follow=True)

    assert response.redirect_chain == [(shown(certificate), 302)]
    assert "Genuine" in response.text
    assert "Anna Berg" in response.text


@pytest.mark.parametrize(
    "typed", ["7K3F-9Q2M-XA4T-0C8D", "7K3F", "'; drop table", "ÅÄÖ" * 5, "\x00" * 16]
)
def test_a_code_that_there_is_not_gets_a_sentence(client, typed):
    response = client.post(VERIFY, {"code": typed})

    assert response.status_code == 200
    assert "code" in response.context["form"].errors


@pytest.mark.parametrize("typed", ["7K3F-9Q2M-XA4T-0C8D", "x", "%00"])
def test_an_address_with_another_code_is_not_found(client, typed):
    assert client.get(f"/certificates/{typed}/").status_code == 404


def test_a_certificate_that_was_replaced_says_so(client, anna):
    first = issued(anna)
    Attendance.objects.update(minutes=200)
    services.issue_for_course(enrolment=first.enrolment, actor=None)

    assert "replaced by a newer one" in client.get(shown(first)).text


def test_a_certificate_whose_hours_were_corrected_says_so(client, anna):
    certificate = issued(anna)
    Attendance.objects.update(minutes=200)

    answer = client.get(shown(certificate)).text

    assert "its hours cannot be confirmed just now" in answer
    assert "4.00 of 4.00" in answer  # What the paper says.


def test_nobody_reads_from_a_certificate_that_a_time_is_disputed(client, anna):
    row = completed_seat(anna).attendance.get()
    month = dt.date(2026, 3, 1)
    certificate = services.issue_for_month(participant=anna, month=month, actor=None)
    at_first = client.get(shown(certificate)).text

    row.disputed_at = at("2026-04-06 12:00")
    row.save()
    disputed = client.get(shown(certificate)).text
    row.disputed_at, row.minutes = None, 200
    row.save()
    changed = client.get(shown(certificate)).text

    assert "Genuine" in at_first
    assert "its hours cannot be confirmed just now" in disputed
    assert NONCE.sub("", disputed) == NONCE.sub("", changed)


def test_verification_shows_no_more_than_the_certificate(client, anna):
    anna.email, anna.mobile, anna.job_title = "a@b.example", "+46700000000", "Svets"
    anna.save()

    answer = client.get(shown(issued(anna)))

    born = anna.birth_date.isoformat()
    for hidden in (anna.ref, anna.email, anna.mobile, anna.job_title, born):
        assert hidden not in answer.text
    assert answer["Cache-Control"] == "private, no-store"


def test_the_name_under_protected_identity_stands_on_paper_alone(client):
    hidden = ParticipantFactory(given_name="Hemlig", protected=True)

    answer = client.get(shown(issued(hidden))).text

    assert "Hemlig" not in answer
    assert "The name stands on the certificate" in answer


def test_the_name_of_somebody_protected_since_is_not_shown(client, anna):
    certificate = issued(anna)
    anna.protected = True
    anna.save()

    answer = client.get(shown(certificate)).text

    assert "Anna" not in answer
    assert "The name stands on the certificate" in answer


@pytest.mark.parametrize("state", ["restricted_at", "erased_at"])
def test_of_people_whose_data_rest_nothing_is_found(client, anna, state):
    certificate = issued(anna)
    setattr(anna, state, timezone.now())
    anna.save()

    assert client.get(shown(certificate)).status_code == 404


def test_an_erased_certificate_says_nothing_any_more(client, anna):
    certificate = issued(anna)

    blank_certificates([anna.pk])

    certificate.refresh_from_db()
    assert certificate.sealed is None
    assert client.get(shown(certificate)).status_code == 404


def test_a_participant_fetches_the_certificate_of_a_course(own_browser, anna):
    seat = completed_seat(anna)

    response = own_browser.post(OWN, {"enrolment": seat.ref}, follow=True)

    assert "Anna Berg" in text_of(response)
    assert "Course certificate" in text_of(response)


def test_a_participant_fetches_the_certificate_of_a_month(own_browser, anna):
    completed_seat(anna)

    response = own_browser.post(OWN, {"month": "2026-03"}, follow=True)

    assert "Certificate of attendance" in text_of(response)
    assert "2026-03-02" in text_of(response)
    assert "4.00" in own_browser.get(OWN).text


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"month": "2026-13"},
        {"month": "mars"},
        {"month": "0001-01"},
        {"month": "9999-12"},
        {"enrolment": "e-0"},
        {"enrolment": "e-\0"},
    ],
)
def test_what_no_page_offers_is_not_found(own_browser, posted):
    assert own_browser.post(OWN, posted).status_code == 404


def test_anothers_certificate_is_not_found(own_browser):
    other = issued(ParticipantFactory())

    seat = own_browser.post(OWN, {"enrolment": other.enrolment.ref})
    file = own_browser.get(reverse("own:certificate", args=[other.ref]))

    assert (seat.status_code, file.status_code) == (404, 404)


def test_hr_fetches_the_certificates_of_its_own_people(browser, hr):
    own = completed_seat(ParticipantFactory(company=hr.company, given_name="Bo"))
    other = EnrolmentFactory(occasion=own.occasion)
    AttendanceFactory(enrolment=other, session=own.occasion.sessions.get())
    url = page("certificates", own.occasion)

    names = [place.enrolment for place in browser.get(url).context["places"]]
    mine = browser.post(url, {"enrolment": own.ref}, follow=True)
    theirs = browser.post(url, {"enrolment": other.ref})

    assert names == [own]
    assert "Bo" in text_of(mine)
    assert theirs.status_code == 404


def test_a_supplier_fetches_no_certificates(client, anna):
    seat = completed_seat(anna)
    client.force_login(make_supplier(seat.occasion))

    assert client.get(page("certificates", seat.occasion)).status_code == 404


def test_hr_does_not_fetch_the_months_of_its_people(browser, hr):
    person = ParticipantFactory(company=hr.company)
    completed_seat(person)
    month = at("2026-03-01 00:00").date()
    certificate = services.issue_for_month(participant=person, month=month, actor=None)

    response = browser.get(reverse("certificates:pdf", args=[certificate.ref]))

    assert response.status_code == 404


def test_a_leader_without_the_right_gets_no_name_under_protection(leader_browser):
    hidden = completed_seat(ParticipantFactory(protected=True, given_name="Hemlig"))
    certificate = issued_for(hidden)

    page_of_all = leader_browser.get(page("certificates", hidden.occasion))
    file = leader_browser.get(reverse("certificates:pdf", args=[certificate.ref]))

    assert "Hemlig" not in page_of_all.text
    assert file.status_code == 404


def issued_for(seat):
    return services.issue_for_course(enrolment=seat, actor=None)


def test_issuing_and_fetching_leave_a_trace(leader_browser, leader, anna):
    seat = completed_seat(anna)
    url = page("certificates", seat.occasion)

    leader_browser.post(url, {"enrolment": seat.ref}, follow=True)

    of_leader = AuditPayload.objects.filter(actor=leader).order_by("entry_id")
    actions = [one.entry.action for one in of_leader]
    assert actions == ["trainings.certificate_issued", "trainings.certificate_fetched"]


def test_what_a_certificate_says_is_sealed(anna):
    certificate = Certificate.objects.get(pk=issued(anna).pk)

    assert "Anna" not in bytes(certificate.sealed).decode("latin-1")
    assert '"Anna Berg"' in decrypt(bytes(certificate.sealed))
