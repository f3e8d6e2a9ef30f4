"""A note on an accommodation is for the participant and the supplier who must act.

What a participant wrote is sought on every page, in the admin, in histories, in the
package and in the workbooks; it is found on the roster of the occasion's supplier.
"""

import datetime as dt
import zipfile

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditPayload
from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory, ProgrammeFactory
from kompetenslyft.package import dump_package
from reporting.models import ReportExport, ReportingPeriod
from reporting.services import write_export
from trainings.models import AccommodationNote
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    AttendanceFactory,
    at,
    make_supplier,
)

pytestmark = pytest.mark.django_db

NOTE = "Jag-behöver-sitta-längst-fram"
ANSWER = "Stolen-vid-fönstret-är-din"


@pytest.fixture
def asked():
    """Somebody who was at an occasion, and wrote what to arrange."""
    ProgrammeFactory()
    seat = AttendanceFactory().enrolment
    asked = AccommodationFactory(enrolment=seat)
    AccommodationNoteFactory(accommodation=asked, text=NOTE)
    asked.arranged_at, asked.outcome = at("2026-01-25 09:00"), "met"
    asked.save()
    return asked


def pages_about(asked):
    seat = asked.enrolment
    occasion = [seat.occasion.ref]
    return [
        reverse("home"),
        reverse("trainings:occasions"),
        reverse("trainings:occasion", args=occasion),
        reverse("trainings:attendance", args=occasion),
        reverse("trainings:nominate", args=occasion),
        reverse("trainings:seat", args=[*occasion, seat.ref]),
        reverse("trainings:accommodations"),
        f"{reverse('trainings:accommodations')}?show=earlier",
        reverse("trainings:accommodation-new", args=[*occasion, seat.ref]),
        reverse("trainings:withdraw", args=[*occasion, seat.ref]),
        reverse("companies:participants"),
        seat.participant.get_absolute_url(),
    ]


def test_the_supplier_who_must_act_reads_it(client, asked):
    yesterday = timezone.now() - dt.timedelta(days=1)
    asked.enrolment.occasion.sessions.update(
        starts_at=yesterday, ends_at=yesterday + dt.timedelta(hours=4)
    )
    client.force_login(make_supplier(asked.enrolment.occasion))

    found = [NOTE in client.get(address).text for address in pages_about(asked)]

    assert found == [False, False, True, *[False] * 9]
    assert NOTE in client.get(asked.get_absolute_url()).text


def test_another_supplier_does_not(client, asked):
    client.force_login(make_supplier())

    for address in pages_about(asked):
        assert NOTE not in client.get(address).text, address


def test_neither_leader_nor_hr_reads_it_on_any_page(client, asked):
    hr = MembershipFactory(company=asked.enrolment.participant.company).user

    for user in (make_leader(), make_leader(is_superuser=True), hr):
        client.force_login(user)
        for address in pages_about(asked):
            assert NOTE not in client.get(address).text, address


def test_neither_leader_nor_hr_reads_what_the_supplier_answered(client, asked):
    asked.note.answer = ANSWER
    asked.note.save()
    asked.asked_by = "hr"
    asked.save()
    hr = MembershipFactory(company=asked.enrolment.participant.company).user

    for user in (make_leader(), make_leader(is_superuser=True), hr):
        client.force_login(user)
        for address in [*pages_about(asked), asked.get_absolute_url()]:
            assert ANSWER not in client.get(address).text, address


def test_hr_does_not_learn_that_anything_was_asked_for(client, asked):
    client.force_login(
        MembershipFactory(company=asked.enrolment.participant.company).user
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    form = reverse(
        "trainings:accommodation-new",
        args=[asked.enrolment.occasion.ref, asked.enrolment.ref],
    )
    for address in {*pages_about(asked)} - {form}:  # Which offers every kind.
        text = client.get(address).text.lower()
        assert "captions" not in text, address
        assert asked.ref not in text, address


def test_the_admin_shows_it_nowhere(client, asked):
    client.force_login(make_leader(is_superuser=True))
    assert AccommodationNote not in admin.site._registry

    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"admin:{name}_changelist")]
        for row in model._default_manager.all()[:3]:
            addresses.append(reverse(f"admin:{name}_change", args=[row.pk]))
            addresses.append(reverse(f"admin:{name}_history", args=[row.pk]))
        for address in addresses:
            assert NOTE not in client.get(address, follow=True).text, address


def test_no_history_keeps_it(asked):
    asked.note.text += "!"
    asked.note.save()

    for model in apps.get_models():
        if model._meta.model_name.startswith("historical"):
            for values in model._default_manager.values():
                assert NOTE not in str(values), model


def test_the_audit_trail_does_not_repeat_it(client, asked):
    client.force_login(make_supplier(asked.enrolment.occasion))
    for address in pages_about(asked):
        client.get(address)

    assert AuditPayload.objects.exists()
    assert NOTE not in str(list(AuditPayload.objects.values_list("facts", flat=True)))


def test_no_package_carries_it(asked, tmp_path):
    dump_package(tmp_path / "out")

    files = {
        path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()
    }
    assert asked.ref in files["accommodations.csv"]
    assert not [name for name, text in files.items() if NOTE in text]


def test_no_workbook_carries_it(asked):
    period = ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 6, 30)
    )
    export = ReportExport.objects.create(period=period, requested_by=make_leader())

    write_export(export)

    export.refresh_from_db()
    for file in (export.file, export.funder_file):
        with file.open() as content, zipfile.ZipFile(content) as workbook:
            for part in workbook.namelist():
                assert NOTE.encode() not in workbook.read(part), part
