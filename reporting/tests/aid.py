"""Rates, groups and awards, each made in one line."""

import datetime as dt
import hashlib
import uuid
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from core.sealed_files import sealed_file
from core.tests.data.scans import pdf
from reporting.models import (
    AidDeclaration,
    AidGroup,
    AidGroupMember,
    DeMinimisRule,
    EligibleCost,
    TrainingAidRule,
    UnitCost,
)
from reporting.services.state_aid import enter_award

FIRST = dt.date(2025, 9, 1)
OLD, NEW = "(EU) nr 1407/2013", "(EU) 2023/2831"


def unit_cost(kronor, *, since=FIRST, until=None, occupation="", county=""):
    return UnitCost.objects.create(
        kronor=Decimal(kronor),
        valid_from=since,
        valid_until=until,
        occupation=occupation,
        county=county,
        source="Beslut 2025-08-20",
    )


def training_aid_rule():
    """Enter the rule of 2023 to 2026: 50 percent, 60 of medium, 70 of small ones."""
    rule, _is_new = TrainingAidRule.objects.update_or_create(
        valid_from=dt.date(2023, 7, 1),
        defaults={
            "percent": 50,
            "medium_more": 10,
            "small_more": 20,
            "disadvantaged_more": 10,
            "most_percent": 70,
            "ceiling_euros": Decimal(3_000_000),
            "valid_until": dt.date(2026, 12, 31),
            "source": "EUT",
        },
    )
    return rule


def cost(company, kronor, *, on=dt.date(2026, 3, 1)):
    return EligibleCost.objects.create(
        company=company,
        booked_on=on,
        kind="trainers",
        kronor=Decimal(kronor),
        source="Verifikat 1",
    )


def group_of(*companies, name="Exempelkoncernen", fiscal_month=1):
    group = AidGroup.objects.create(name=name, fiscal_month=fiscal_month)
    for company in companies:
        AidGroupMember.objects.create(group=group, company=company)
    return group


def rules():
    """Enter both regulations as they were in force."""
    three_years = {"years": 3, "source": "EUT"}
    old, _is_new = DeMinimisRule.objects.update_or_create(
        valid_from=dt.date(2014, 1, 1),
        defaults={
            "name": OLD,
            "euros": Decimal(200_000),
            "counting": "fiscal",
            "valid_until": dt.date(2023, 12, 31),
            **three_years,
        },
    )
    new, _is_new = DeMinimisRule.objects.update_or_create(
        valid_from=dt.date(2024, 1, 1),
        defaults={
            "name": NEW,
            "euros": Decimal(300_000),
            "counting": "rolling",
            "valid_until": dt.date(2030, 12, 31),
            **three_years,
        },
    )
    return {OLD: old, NEW: new}


def grant(group, euros, day, actor, *, origin="own", company=None):
    """Enter aid under the regulation that was in force on the day."""
    name = OLD if day < dt.date(2024, 1, 1) else NEW
    return enter_award(
        group=group,
        company=company,
        granted_on=day,
        euros=Decimal(euros),
        rule=rules()[name],
        authority="Svenska ESF-rådet",
        origin=origin,
        actor=actor,
    )


def declaration(content=None, name="intyg.pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content)


def make_declaration(group, company, actor, *, content=b"%PDF-1.4 intyg"):
    """Keep a declaration that nobody has looked through."""
    kept = AidDeclaration(
        group=group,
        company=company,
        signed_on=dt.date(2026, 1, 15),
        attached_by=actor,
        media_type="application/pdf",
        pages=1,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    kept.file.name = f"declarations/{uuid.uuid4()}"
    with sealed_file(kept.file.name, about=kept.ref) as target:
        target.write(content)
    kept.sealed_key = target.key
    kept.save()
    return kept
