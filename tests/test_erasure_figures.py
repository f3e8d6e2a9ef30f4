"""A person is erased, and every figure stays as it was."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from companies.models import Participant, Programme
from companies.services import add_participant
from companies.tests.factories import CompanyFactory
from kompetenslyft.package import load_package
from reporting.metrics_json import metrics_json
from reporting.selectors import period_metrics
from tests.erasing import YESTERDAY, erase, over, own_register
from tests.oracle.packages import PERIODS, make_package
from tests.package_files import SMALL
from tests.people import DETAILS
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)

__all__ = ["over", "own_register"]
pytestmark = pytest.mark.django_db


def _figures():
    return json.dumps([metrics_json(period_metrics(*days)) for days in PERIODS])


@pytest.mark.parametrize("seed", [None, 101, 102])
def test_every_figure_is_the_same_afterwards(seed, tmp_path):
    folder = SMALL
    if seed:
        make_package(folder := tmp_path / "package", seed=seed)
    load_package(folder)
    before = _figures()
    Programme.objects.update(retain_until=YESTERDAY)

    call_command("erase_expired")

    assert not Participant.objects.filter(erased_at=None).exists()
    assert _figures() == before


def test_some_erased_leave_the_figures_of_all(tmp_path):
    load_package(SMALL)
    before = _figures()
    Programme.objects.update(retain_until=YESTERDAY)

    for participant in Participant.objects.order_by("ref")[:40]:
        participant.refresh_from_db()
        if not participant.erased_at:
            erase(participant)

    assert Participant.objects.filter(erased_at=None).exists()
    assert _figures() == before


def test_the_age_is_that_of_the_row_that_decides(over):
    """The row attended first was born in 1996, the other says 1960: she was 29."""
    rows = [
        add_participant(
            company=CompanyFactory(),
            actor=None,
            number="199603039984",
            **DETAILS,
        )
        for _ in range(2)
    ]
    Participant.objects.filter(pk=rows[1].pk).update(birth_date="1960-01-01")
    occasion = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion
    later = SessionFactory(occasion=occasion, starts_at=at("2026-03-09 08:00"))
    for row, session in zip(rows, [occasion.sessions.first(), later], strict=True):
        seat = EnrolmentFactory(participant=row, occasion=session.occasion)
        AttendanceFactory(enrolment=seat, session=session)

    erase(rows[1])

    ages = Participant.objects.values_list("age_at_entry", flat=True)
    assert list(ages) == [29, 29]
    days = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
    found = metrics_json(period_metrics(*days))["indicators"]
    counts = {row["code"]: row["entered"]["total"] for row in found}
    assert (counts["EECO07"], counts["EECO08"]) == (1, 0)
