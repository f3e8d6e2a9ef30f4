"""Four months sent, one corrected, all later ones sent again: the chain, end to end."""

import datetime as dt
import re

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutboxMessage
from core.errors import DomainError
from reporting.models import StatisticsMonth, StatisticsPackage
from reporting.selectors.statistics import Kind, State
from reporting.services.statistics import mark_sent, tell_of_changes
from reporting.tasks import (
    build_statistics,
    check_statistics,
    start_corrections,
    start_statistics,
)
from reporting.tests.statistics import (
    APRIL,
    BO,
    FEBRUARY,
    JANUARY,
    MARCH,
    built,
    corrected,
    folder,
    leader,
    ledger,
    made,
    numbered,
    programme,
    send,
    sent,
    table,
    trained,
    unpacked,
)
from trainings.services.disputes import correct_attendance

__all__ = ["folder", "leader", "programme"]
pytestmark = pytest.mark.django_db

MONTHS = [JANUARY, FEBRUARY, MARCH, APRIL]


@pytest.fixture
def anna(programme):
    """Trained four hours in each of four months, and certified."""
    return numbered()


@pytest.fixture
def times(anna):
    return {
        month: trained(anna, f"{month:%Y-%m}-12 08:00", minutes=240) for month in MONTHS
    }


def states():
    book = ledger()
    return [book.line(month).state for month in MONTHS]


def correct(time, minutes, actor):
    """Change a certified time, and certify it anew."""
    correct_attendance(
        attendance=time, minutes=minutes, seen=time.minutes, why="Fel tid", actor=actor
    )
    time.refresh_from_db()
    type(time).objects.filter(pk=time.pk).update(certified_at=timezone.now())


def test_four_months_are_sent_one_is_corrected_and_all_later_ones_go_again(
    anna, times, leader
):
    send(leader, *MONTHS)
    assert states() == [State.SENT] * 4
    assert ledger().again == []

    correct(times[FEBRUARY], 120, leader)

    assert states() == [State.SENT, State.AGAIN, State.AGAIN, State.AGAIN]
    book = ledger()
    assert (book.again, book.causes) == ([FEBRUARY, MARCH, APRIL], [FEBRUARY])
    (change,) = book.changes[FEBRUARY]
    assert (change.ref, change.kind, change.fields) == (
        anna.ref,
        Kind.CHANGED,
        ["hours"],
    )
    assert (change.before["hours"], change.after["hours"]) == ("4", "2")

    package = corrected(leader)
    assert states() == [State.SENT, State.AGAIN, State.AGAIN, State.AGAIN]

    sent(package, leader)

    assert states() == [State.SENT] * 4
    assert (ledger().again, ledger().changes) == ([], {})
    with pytest.raises(DomainError, match=r"Inget|Nothing"):
        start_corrections(actor=leader)


def test_a_package_of_corrections_has_the_files_of_every_later_month(
    anna, times, leader
):
    send(leader, *MONTHS)
    correct(times[FEBRUARY], 120, leader)

    package = corrected(leader)

    names = [
        f"{month}2026_Projekt2019-99999.{ending}"
        for month in ("Februari", "Mars", "April")
        for ending in ("xlsx", "csv")
    ]
    assert unpacked(package).namelist() == [*names, "Andringar.pdf"]
    start = "2026-01-12"
    assert table(package, "Februari") == [f"198507099805;{start};;2;999009-3362;;"]
    assert table(package, "Mars") == [f"198507099805;{start};;4;999009-3362;;"]


def test_the_letter_tells_what_changed_and_names_nobody(anna, times, leader):
    send(leader, *MONTHS)
    correct(times[FEBRUARY], 120, leader)

    text = letter_of(corrected(leader))

    assert "Antal timmar: 4 → 2" in text
    assert "April2026_Projekt2019-99999" in text
    for secret in ("198507099805", "19850709", anna.ref, anna.family_name):
        assert secret not in text


def letter_of(package):
    with unpacked(package).open("Andringar.pdf") as letter:
        pages = pypdf.PdfReader(letter).pages
        return " ".join(page.extract_text() for page in pages)


def test_an_hour_that_is_certified_after_the_month_was_sent_sends_it_again(
    anna, times, leader
):
    send(leader, *MONTHS)

    trained(anna, "2026-03-20 08:00", minutes=60)

    assert ledger().again == [MARCH, APRIL]
    (change,) = ledger().changes[MARCH]
    assert (change.before["hours"], change.after["hours"]) == ("4", "5")


def test_a_dispute_takes_the_hours_out_until_it_is_closed(anna, times, leader):
    send(leader, *MONTHS)
    now = timezone.now()
    row = type(times[APRIL]).objects.filter(pk=times[APRIL].pk)

    row.update(disputed_at=now)
    (change,) = ledger().changes[APRIL]
    row.update(dispute_closed_at=now)

    assert (change.kind, change.why) == (Kind.REMOVED, "no_time")
    assert ledger().again == []


def test_minutes_that_do_not_change_the_whole_hours_change_no_file(anna, times, leader):
    send(leader, *MONTHS)

    type(times[MARCH]).objects.filter(pk=times[MARCH].pk).update(minutes=299)

    assert ledger().again == []


def test_an_earlier_start_changes_every_month_that_tells_it(anna, times, leader):
    send(leader, *MONTHS)

    trained(anna, "2026-01-05 08:00", minutes=10)

    assert ledger().causes == MONTHS
    assert [change.fields for change in ledger().changes[APRIL]] == [["started_on"]]


def test_a_month_is_refused_while_the_one_before_it_is_not_sent(anna, times, leader):
    made(JANUARY, leader)

    with pytest.raises(DomainError) as refusal:
        start_statistics(month=FEBRUARY, actor=leader)

    assert "anuar" in str(refusal.value)
    assert StatisticsPackage.objects.count() == 1


def test_a_month_in_which_nobody_certified_is_passed_over(anna, leader):
    trained(anna, "2026-01-12 08:00")
    trained(anna, "2026-03-12 08:00")

    send(leader, JANUARY, MARCH)

    assert states() == [State.SENT, State.EMPTY, State.SENT, State.EMPTY]


def test_a_month_that_was_empty_and_gets_an_hour_late_goes_with_the_corrections(
    anna, leader
):
    trained(anna, "2026-01-12 08:00")
    trained(anna, "2026-03-12 08:00")
    send(leader, JANUARY, MARCH)

    trained(anna, "2026-02-12 08:00")
    assert ledger().again == [FEBRUARY, MARCH]
    with pytest.raises(DomainError):
        start_statistics(month=FEBRUARY, actor=leader)
    package = sent(corrected(leader), leader)

    told = " ".join(letter_of(package).split())
    assert re.search("för första gången, med 1 rad|first time, with 1 row", told)
    assert told.count("Inget har ändrats") == 1
    assert states() == [State.SENT, State.SENT, State.SENT, State.EMPTY]
    assert ledger().again == []


def test_a_new_month_waits_while_an_earlier_one_is_to_be_sent_again(
    anna, times, leader
):
    send(leader, JANUARY, FEBRUARY)
    correct(times[JANUARY], 60, leader)

    with pytest.raises(DomainError):
        start_statistics(month=MARCH, actor=leader)
    sent(corrected(leader), leader)

    assert made(MARCH, leader).parts.get().people == 1


def test_what_changes_between_making_and_sending_is_found_when_it_is_sent(
    anna, times, leader
):
    package = made(JANUARY, leader)
    correct(times[JANUARY], 60, leader)

    sent(package, leader)

    (change,) = ledger().changes[JANUARY]
    assert (change.before["hours"], change.after["hours"]) == ("4", "1")


def test_a_file_that_was_sent_before_a_correction_goes_again_after_it(
    anna, times, leader
):
    send(leader, JANUARY, FEBRUARY)
    march = made(MARCH, leader)
    correct(times[JANUARY], 60, leader)
    correction = corrected(leader)
    sent(march, leader)
    sent(correction, leader)

    assert (ledger().causes, ledger().again) == ([], [MARCH])
    sent(corrected(leader), leader)

    assert ledger().again == []


def test_the_day_of_sending_decides_which_file_came_first(anna, times, leader):
    send(leader, JANUARY)
    february = made(FEBRUARY, leader)
    correct(times[JANUARY], 60, leader)
    correction = corrected(leader)
    yesterday = timezone.now() - dt.timedelta(days=1)
    StatisticsPackage.objects.filter(pk=february.pk).update(finished_at=yesterday)

    sent(correction, leader)
    mark_sent(package=february, sent_on=timezone.localdate(yesterday), actor=leader)

    assert (ledger().causes, ledger().again) == ([], [FEBRUARY])


def test_two_leaders_who_ask_at_once_get_one_package(anna, times, leader):
    first = start_statistics(month=JANUARY, actor=leader)
    second = start_statistics(month=JANUARY, actor=leader)

    assert first == second


def test_of_two_files_of_a_month_only_one_is_marked(anna, times, leader):
    first, second = made(JANUARY, leader), made(JANUARY, leader)
    sent(first, leader)

    with pytest.raises(DomainError, match="2026"):
        sent(second, leader)
    with pytest.raises(DomainError):
        sent(first, leader)

    month = StatisticsMonth.objects.get(month=JANUARY)
    second.refresh_from_db()
    assert (month.sent_in, second.sent_at) == (first, None)


def test_a_package_is_sent_on_a_day_from_its_making_to_today(anna, times, leader):
    package = made(JANUARY, leader)
    for days in (-1, 1):
        day = timezone.localdate() + dt.timedelta(days=days)
        with pytest.raises(DomainError):
            mark_sent(package=package, sent_on=day, actor=leader)

    assert ledger().sent == {}


def test_a_failed_package_keeps_nothing_and_is_made_anew(anna, times, leader):
    package = start_statistics(month=JANUARY, actor=leader)
    number, anna.encrypted_number = anna.encrypted_number, b"1:noise"
    anna.save()

    build_statistics(str(package.pk))
    package.refresh_from_db()
    anna.encrypted_number = number
    anna.save()

    assert package.failed_at
    assert (str(package.file), package.parts.get().rows.count()) == ("", 0)
    assert built(start_statistics(month=JANUARY, actor=leader)) != package


def test_leaders_are_told_once_of_a_month_that_changed_and_of_nobody(
    anna, times, leader
):
    send(leader, *MONTHS)
    assert tell_of_changes() == 0
    correct(times[FEBRUARY], 120, leader)

    check_statistics()
    check_statistics()

    letter = OutboxMessage.objects.get(kind="statistics_changed")
    assert letter.recipient == leader.email
    sent(corrected(leader), leader)
    correct(times[FEBRUARY], 60, leader)
    assert tell_of_changes() == 1


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (dt.date(2025, 8, 1), "2025-09-01"),
        (dt.date(2027, 9, 1), "2027-08-31"),
        (dt.date(2027, 8, 1), "2027-09-01"),
    ],
)
def test_a_month_outside_the_programme_or_not_over_is_refused(leader, month, sentence):
    with pytest.raises(DomainError, match=sentence):
        start_statistics(month=month, actor=leader)

    assert not StatisticsMonth.objects.exists()


def test_two_people_stand_in_the_order_of_their_refs(anna, times, leader):
    bo = numbered(BO, company=anna.company, ref="p-00000000")
    trained(bo, "2026-01-20 08:00", minutes=90)

    package = made(JANUARY, leader)

    assert table(package, "Januari") == [
        "197010632391;2026-01-20;;1;999009-3362;;",
        "198507099805;2026-01-12;;4;999009-3362;;",
    ]


def test_the_walk_by_the_pages(client, anna, times, leader):
    client.force_login(leader)
    for month in MONTHS:
        client.post(reverse("reporting:statistics-new", args=[month]))
        package = built(StatisticsPackage.objects.latest("requested_at"))
        page = client.get(package.get_absolute_url())
        assert page.status_code == 200
        day = {"sent_on": timezone.localdate().isoformat()}
        client.post(reverse("reporting:statistics-sent", args=[package.pk]), day)
    correct(times[FEBRUARY], 120, leader)

    overview = client.get(reverse("reporting:statistics"))
    february = client.get(reverse("reporting:statistics-month", args=[FEBRUARY]))

    assert overview.context["ledger"].again == [FEBRUARY, MARCH, APRIL]
    assert anna.ref in february.content.decode()
    assert [told.differences for told in february.context["changes"]] == [
        [("Antal timmar", "4", "2")]
    ]

    client.post(reverse("reporting:statistics-corrections-new"))
    package = built(StatisticsPackage.objects.latest("requested_at"))
    fetched = client.get(reverse("reporting:statistics-download", args=[package.pk]))
    letter = client.get(reverse("reporting:statistics-file", args=[package.pk, 7]))
    client.post(reverse("reporting:statistics-sent", args=[package.pk]), day)

    assert b"".join(fetched)[:2] == b"PK"
    assert letter.headers["Content-Type"] == "application/pdf"
    assert client.get(reverse("reporting:statistics")).context["ledger"].again == []
