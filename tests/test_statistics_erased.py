"""Somebody is erased after a month was sent: what was told of the person goes too."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.models import Programme
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.held_statistics import statistics
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.privacy.retention import erase_expired
from reporting.models import StatisticsPackage, StatisticsRow
from reporting.selectors.statistics import Kind as Change
from reporting.selectors.statistics import Why
from reporting.tests.statistics import (
    ANNA,
    BO,
    FEBRUARY,
    JANUARY,
    corrected,
    folder,
    leader,
    ledger,
    numbered,
    programme,
    send,
    sent,
    trained,
)

__all__ = ["folder", "leader", "programme"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def anna(programme):
    return numbered()


@pytest.fixture
def two_months(anna, leader):
    """January and February with Anna, February with Bo, both sent."""
    bo = numbered(BO, company=anna.company)
    trained(anna, "2026-01-12 08:00")
    trained(anna, "2026-02-12 08:00")
    trained(bo, "2026-02-12 08:00")
    return send(leader, JANUARY, FEBRUARY)


def erase(person):
    erase_person(participant=person, basis="asked", actor=None, order="T 12-26")


def test_what_was_sent_is_blanked_and_the_files_go(
    anna, two_months, folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        erase(anna)

    rows = StatisticsRow.objects.filter(person_ref=anna.ref)
    assert [(row.sealed, row.salt) for row in rows] == [(None, None)] * 2
    assert StatisticsRow.objects.exclude(sealed=None).count() == 1
    assert list(folder.glob("*")) == []
    assert not StatisticsPackage.objects.exclude(file="").exists()


def test_its_months_are_sent_again_without_the_person(anna, two_months, leader):
    erase(anna)

    assert ledger().again == [JANUARY, FEBRUARY]
    (change,) = ledger().changes[FEBRUARY]
    assert (change.ref, change.kind, change.why) == (
        anna.ref,
        Change.REMOVED,
        Why.ERASED,
    )
    assert change.before == {}

    again = sent(corrected(leader), leader)

    assert [part.people for part in again.parts.all()] == [0, 1]
    assert ledger().again == []


def test_the_consequences_count_what_goes(anna, two_months):
    goes = consequences(anna).goes

    assert (goes[Kind.STATISTICS], goes[Kind.STATISTICS_FILES]) == (2, 2)


def test_what_is_kept_long_enough_goes_with_the_rest(anna, two_months, settings):
    settings.STATISTICS_FILE_DAYS = 35
    StatisticsPackage.objects.update(finished_at=timezone.now() - dt.timedelta(days=36))

    counts = erase_expired().counts
    assert (counts[Kind.STATISTICS_FILES], counts[Kind.STATISTICS]) == (2, 0)

    settings.STATISTICS_KEPT_DAYS = 0
    Programme.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))

    assert erase_expired(simulate=True).counts[Kind.STATISTICS] == 3
    assert StatisticsRow.objects.count() == 3
    assert erase_expired().counts[Kind.STATISTICS] == 3
    assert StatisticsRow.objects.count() == 0


def test_the_person_may_read_what_was_sent_and_of_the_number_the_mask(anna, two_months):
    own = statistics([anna], with_number=False).rows
    handed = statistics([anna], with_number=True).rows

    assert [row["month"] for row in own] == ["2026-01", "2026-02"]
    assert own[0]["sent_on"] == timezone.localdate()
    assert own[0]["said"] == {
        "number": "19850709-****",
        "started_on": "2026-01-12",
        "hours": "4",
        "org_number": "999009-3362",
    }
    assert handed[0]["said"]["number"] == ANNA
