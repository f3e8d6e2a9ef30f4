"""A row of every kind, and every text that somebody can type made dangerous."""

from __future__ import annotations

import datetime as dt

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from accounts.enums import PageLanguage, PageName
from accounts.models import EditablePage, User
from accounts.tests.factories import make_leader
from companies.enums import RowOutcome
from companies.models import ImportRow, ParticipantImport
from companies.tests.factories import (
    MembershipFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from networks.tests.factories import (
    MeetingAttendanceFactory,
    NetworkMemberFactory,
)
from reporting.models import ReportExport, ReportingPeriod
from trainings.models import Need
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    AttendanceFactory,
    ProviderStaffFactory,
)

# Leaves an attribute and a tag, begins a tag of its own; ten characters fit anywhere.
PAYLOAD = '"><b id=x>'
HARMLESS = "&lt;b id=x&gt;"


class Rows:
    """Everything belongs to one company, one occasion and one network."""

    def __init__(self) -> None:
        ProgrammeFactory()
        self.leader = make_leader()
        self.attendance = AttendanceFactory()
        self.seat = self.attendance.enrolment
        self.person = self.seat.participant
        self.company = self.person.company
        self.occasion = self.seat.occasion
        self.hr = MembershipFactory(company=self.company).user
        provider = self.occasion.provider
        self.supplier = ProviderStaffFactory(provider=provider).user
        WorkforceSnapshotFactory(company=self.company)
        AccommodationNoteFactory(
            accommodation=AccommodationFactory(enrolment=self.seat)
        )
        member = NetworkMemberFactory(participant=self.person)
        MeetingAttendanceFactory(
            meeting__network=member.network, participant=self.person
        )
        Need.objects.create(
            company=self.company, theme="automation", headcount=1, priority=1
        )
        self.batch = self._batch()
        self.export = self._export()
        for language in PageLanguage:
            EditablePage.objects.create(
                name=PageName.PRIVACY,
                language=language,
                body="Text",
                edited_by=self.leader,
            )

    def _batch(self) -> ParticipantImport:
        now = timezone.now()
        batch = ParticipantImport.objects.create(
            company=self.company,
            requested_by=self.hr,
            file_name="lista.csv",
            sha256="0" * 64,
            read_at=now,
            finished_at=now,
            ignored_columns=[PAYLOAD],
        )
        row = ImportRow(
            batch=batch,
            line=2,
            outcome=RowOutcome.FAULTY,
            errors=[["Personnummer", "number-form", {}]],
        )
        typed = {"personal_number": PAYLOAD, "family_name": PAYLOAD}
        row.content = {"typed": typed, "values": {}}
        row.save()
        return batch

    def _export(self) -> ReportExport:
        period = ReportingPeriod.objects.create(
            starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
        )
        return ReportExport.objects.create(
            period=period, requested_by=self.leader, finished_at=timezone.now()
        )


def make_dangerous() -> set[str]:
    """Put the payload into every free text of every row; return the fields' names.

    Histories are included. What a constraint refuses cannot be typed either.
    """
    done = set()
    for model in apps.get_models():
        if model._meta.app_label not in settings.FIRST_PARTY_APPS:
            continue
        if "audit" in model._meta.model_name:
            continue  # Nothing that is typed stands there, and nothing changes it.
        for field in model._meta.local_fields:
            if _is_free_text(field) and _fill(model, field):
                done.add(f"{model.__name__}.{field.name}")
    return done


def _is_free_text(field: models.Field) -> bool:
    if not isinstance(field, models.CharField | models.TextField):
        return False
    if field.choices or field.primary_key or field.name in {"ref", "body", "password"}:
        return False
    return not field.unique and (field.max_length or 99) >= len(PAYLOAD)


def _fill(model: type[models.Model], field: models.Field) -> bool:
    rows = model._base_manager.all()
    if model is User:
        rows = rows.exclude(name=None)
    try:
        with transaction.atomic():
            return bool(rows.update(**{field.name: PAYLOAD}))
    except DatabaseError:
        return False
