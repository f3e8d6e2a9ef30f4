"""Whose a list's file is, who may be sent one, and which files may not stay."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditMention, User
from companies.models import Membership, Participant
from companies.scoping import companies_of
from reporting.lists import LISTS
from reporting.models import ListChoice, ListExport

ABOUT_PEOPLE = [each.id for each in LISTS if each.person]


def readers_for(user: User) -> QuerySet[User]:
    """Return those to whom the user may have files sent: colleagues of the same role.

    Leaders for a leader, for HR those who are HR of one of the same companies today.
    """
    others = User.objects.with_roles().filter(is_active=True).exclude(pk=user.pk)
    if user.is_project_leader:
        return others.filter(**{f"holds_{Role.LEADER}": True}).order_by("email")
    today = timezone.localdate()
    colleagues = Membership.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=today),
        started_on__lte=today,
        company__in=companies_of(user),
    )
    return others.filter(pk__in=colleagues.values("user")).order_by("email")


def due_choices(today: dt.date) -> QuerySet[ListChoice]:
    """Return the kept lists whose files come by themselves today, or should have."""
    return ListChoice.objects.filter(due_on__lte=today, owner__is_active=True)


def people_in(export: ListExport) -> QuerySet[AuditMention, str]:
    """Return the refs of those whom a file is about, as the trail has it."""
    made = AuditMention.objects.filter(
        entry__action="reporting.list_made",
        entry__payload__subject_ref=str(export.pk),
    )
    return made.values_list("ref", flat=True)


def closed_lists() -> QuerySet[ListExport]:
    """Return files about people of whom one was erased, restricted or hidden since.

    Rather one too many than one too few: they are made anew in a minute.
    """
    since = OuterRef("requested_at")
    closed = Participant.objects.filter(
        Q(restricted_at__gte=since)
        | Q(erased_at__gte=since)
        | Q(protected=True, updated_at__gte=since)
    )
    about_people = ListExport.objects.exclude(file="").filter(list_id__in=ABOUT_PEOPLE)
    return about_people.filter(Exists(closed))
