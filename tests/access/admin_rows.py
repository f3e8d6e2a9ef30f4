"""How a row of each kind that the admin shows is made."""

import datetime as dt

from django.utils import timezone

from accounts.audit import record
from accounts.enums import InvitedRole
from accounts.models import Invitation, MessageTemplate, OutboxMessage
from accounts.tests.factories import UserFactory
from companies.models import ParticipantImport, Programme
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkFactory,
    NetworkMemberFactory,
)
from reporting.models import ReportExport, ReportingPeriod, StatisticsColumn
from reporting.tests.aid import OLD, cost, rules, training_aid_rule, unit_cost
from trainings.models import Need, Notice
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceCorrectionFactory,
    AttendanceFactory,
    CourseFactory,
    DisputeFactory,
    EnrolmentFactory,
    EvaluationQuestionFactory,
    OccasionFactory,
    ProviderFactory,
)


def _batch():
    return ParticipantImport.objects.create(
        company=CompanyFactory(),
        requested_by=UserFactory(),
        file_name="lista.csv",
        sha256="1" * 64,
    )


def _invitation():
    return Invitation.objects.create(
        email="ny@example.org",
        role=InvitedRole.FUNDER,
        invited_by=UserFactory(),
        expires_at=timezone.now() + dt.timedelta(days=14),
    )


def _letter():
    return OutboxMessage.objects.create(kind="tried", language="sv", sealed=b"x")


def _words():
    return MessageTemplate.objects.create(
        kind="offered", language="sv", subject="En plats", text="Senast {deadline}"
    )


def _notice():
    return Notice.objects.create(enrolment=EnrolmentFactory(), kind="confirmed")


def _period():
    return ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 6, 30)
    )


def _export():
    return ReportExport.objects.create(
        period=_period(), requested_by=UserFactory(), finished_at=timezone.now()
    )


def _column():
    return StatisticsColumn.objects.create(
        valid_from=dt.date(2026, 1, 1),
        position=1,
        heading="Personnummer",
        content="number",
        format="digits",
    )


def _need():
    return Need.objects.create(
        company=CompanyFactory(), theme="automation", headcount=1, priority=1
    )


def _programme():
    return Programme.objects.first() or ProgrammeFactory()


ROWS = {
    "accounts.auditentry": lambda: record(None, "accounts.tried"),
    "accounts.invitation": _invitation,
    "accounts.messagetemplate": _words,
    "accounts.outboxmessage": _letter,
    "accounts.user": UserFactory,
    "companies.company": CompanyFactory,
    "companies.membership": MembershipFactory,
    "companies.participant": ParticipantFactory,
    "companies.participantimport": _batch,
    "companies.programme": _programme,
    "companies.workforcesnapshot": WorkforceSnapshotFactory,
    "networks.meeting": MeetingFactory,
    "networks.meetingattendance": MeetingAttendanceFactory,
    "networks.network": NetworkFactory,
    "networks.networkmember": NetworkMemberFactory,
    "reporting.deminimisrule": lambda: rules()[OLD],
    "reporting.eligiblecost": lambda: cost(CompanyFactory(), 100),
    "reporting.reportexport": _export,
    "reporting.reportingperiod": _period,
    "reporting.statisticscolumn": _column,
    "reporting.trainingaidrule": training_aid_rule,
    "reporting.unitcost": lambda: unit_cost("295.50"),
    "trainings.accommodation": AccommodationFactory,
    "trainings.attendance": AttendanceFactory,
    "trainings.attendancecorrection": AttendanceCorrectionFactory,
    "trainings.course": CourseFactory,
    "trainings.dispute": DisputeFactory,
    "trainings.enrolment": EnrolmentFactory,
    "trainings.evaluationquestion": EvaluationQuestionFactory,
    "trainings.need": _need,
    "trainings.notice": _notice,
    "trainings.occasion": OccasionFactory,
    "trainings.provider": ProviderFactory,
}
