"""Lists of companies' people and of what the companies say of themselves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.enums import BaselineGroup, Gender, SizeClass, StaffGroup
from companies.models import Company, Participant, WorkforceSnapshot
from companies.scoping import companies_of
from core.driver_rows import day, moment
from reporting.figures import Period
from reporting.lists.shape import DAY, MOMENT, ListColumn, ListOf, labelled, named


def of_a_company(user: User) -> bool:
    """Tell whether the user is a project leader, or HR of a company today."""
    return user.is_project_leader or bool(companies_of(user))


def _people(user: User, _days: Period | None):
    if not of_a_company(user):
        return None
    return Participant.objects.visible_to(user).filter(erased_at=None)


def _workforce(user: User, _days: Period | None):
    if not of_a_company(user):
        return None
    return WorkforceSnapshot.objects.visible_to(user)


def _companies(user: User, _days: Period | None):
    return Company.objects.all() if user.is_project_leader else None


PEOPLE = ListOf(
    id="people",
    name=_("Participants"),
    about=_("The people whom companies have entered, a row for each."),
    rows=_people,
    order=["company__name", "family_name", "given_name", "pk"],
    person="ref",
    columns=[
        ListColumn("company", _("Company"), "company__name", width=28),
        ListColumn("org_number", _("Organisation number"), "company__org_number"),
        ListColumn("ref", _("Reference"), "ref"),
        ListColumn("given_name", _("Given name"), named("given_name", "")),
        ListColumn("family_name", _("Family name"), named("family_name", "")),
        ListColumn(
            "gender", _("Gender"), "gender", labelled(dict(Gender.choices)), width=12
        ),
        ListColumn(
            "birth_date",
            _("Birth date"),
            "birth_date",
            day,
            12,
            DAY,
            is_chosen=False,
        ),
        ListColumn(
            "staff_group",
            _("Staff group"),
            "staff_group",
            labelled(dict(StaffGroup.choices)),
        ),
        ListColumn("job_title", _("Job title"), "job_title", width=24),
        ListColumn("role_code", _("Role code (SSYK)"), "role_code", width=10),
        ListColumn("email", _("E-mail address"), "email", width=30, is_chosen=False),
        ListColumn("mobile", _("Mobile"), "mobile", is_chosen=False),
        ListColumn(
            "created_at",
            _("Entered"),
            "created_at",
            moment,
            number_format=MOMENT,
            is_chosen=False,
        ),
    ],
)

WORKFORCE = ListOf(
    id="workforce",
    name=_("Workforce"),
    about=_("Headcounts that shares are compared with, a row for each date and group."),
    rows=_workforce,
    order=["company__name", "reference_date", "staff_group", "pk"],
    columns=[
        ListColumn("company", _("Company"), "company__name", width=28),
        ListColumn("org_number", _("Organisation number"), "company__org_number"),
        ListColumn("date", _("Reference date"), "reference_date", day, 12, DAY),
        ListColumn(
            "group",
            _("Staff group"),
            "staff_group",
            labelled(dict(BaselineGroup.choices)),
        ),
        ListColumn("women", _("Women"), "women", width=10),
        ListColumn("men", _("Men"), "men", width=10),
        ListColumn("non_binary", _("Non-binary"), "non_binary", width=10),
        ListColumn("source", _("Source"), "source", width=30),
    ],
)

COMPANIES = ListOf(
    id="companies",
    name=_("Companies"),
    about=_("The partner companies."),
    rows=_companies,
    order=["org_number"],
    columns=[
        ListColumn("org_number", _("Organisation number"), "org_number"),
        ListColumn("name", _("Company"), "name", width=28),
        ListColumn(
            "size", _("Size"), "size_class", labelled(dict(SizeClass.choices)), 12
        ),
        ListColumn("municipality", _("Municipality code"), "municipality_code"),
        ListColumn("joined_on", _("Joined"), "joined_on", day, 12, DAY),
        ListColumn("left_on", _("Left"), "left_on", day, 12, DAY),
    ],
)
