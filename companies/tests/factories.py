"""Companies and people as plain as can be."""

import datetime as dt

import factory

from accounts.tests.factories import UserFactory
from companies.enums import FundPeriod, Gender, SizeClass, StaffGroup
from companies.models import (
    Company,
    Membership,
    Participant,
    Programme,
    WorkforceSnapshot,
)


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    number = "2019/99999"
    name = "Ett påhittat kompetenslyft"
    owner = "Region Exempel"
    starts_on = dt.date(2025, 9, 1)
    ends_on = dt.date(2027, 8, 31)
    fund_period = FundPeriod.ESF_PLUS
    planned_participants = 400


class CompanyFactory(factory.django.DjangoModelFactory):
    """A partner since the start of the programme; numbers are not checked."""

    class Meta:
        model = Company

    org_number = factory.Sequence(lambda n: f"999000-{n:04}")
    name = factory.Sequence(lambda n: f"Företag {n} AB")
    size_class = SizeClass.LARGE
    municipality_code = "1980"
    joined_on = dt.date(2025, 9, 1)


class WorkforceSnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkforceSnapshot

    company = factory.SubFactory(CompanyFactory)
    reference_date = dt.date(2025, 12, 31)
    staff_group = "all"
    women = 25
    men = 75
    source = "payroll"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)
    started_on = dt.date(2025, 9, 1)


class ParticipantFactory(factory.django.DjangoModelFactory):
    """A woman without a number, so that every row is a person of its own."""

    class Meta:
        model = Participant

    ref = factory.Sequence(lambda n: f"p-{n:08}")
    company = factory.SubFactory(CompanyFactory)
    no_number_reason = "posted_worker"
    given_name = "Anna"
    family_name = factory.Sequence(lambda n: f"Berg {n}")
    gender = Gender.WOMAN
    birth_date = dt.date(1985, 7, 9)
    staff_group = StaffGroup.BLUE_COLLAR
