"""Whose rows a project leader may see, of those that a figure rests on."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from accounts.models import User
from companies.models import Participant
from trainings.models import Enrolment

Rows = TypeVar("Rows", QuerySet[Enrolment], QuerySet[Participant])


def sheltered(rows: Rows, user: User) -> tuple[Rows, int]:
    """Return the rows that the user may see, and how many there are besides.

    Those of people under protected identity need the named right.
    """
    visible = Participant.objects.visible_to(user).order_by().values("pk")
    mine = {"participant__in" if rows.model is Enrolment else "pk__in": visible}
    return rows.filter(**mine), rows.exclude(**mine).count()
