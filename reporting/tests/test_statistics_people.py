"""Who stands in a month's file: start, end, hours, and the forms of numbers."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.enums import Gender
from companies.models import Company, Participant, Programme
from companies.services.merging import merge_participants
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.errors import DomainError
from reporting.models import StatisticsRow
from reporting.selectors.statistics import Kind, Why
from reporting.statistics.people import legal_sex, protected_form
from reporting.tasks import start_statistics
from reporting.tests.statistics import (
    ANNA,
    APRIL,
    BO,
    FEBRUARY,
    JANUARY,
    MARCH,
    corrected,
    entitle,
    folder,
    leader,
    ledger,
    made,
    numbered,
    programme,
    send,
    table,
    trained,
)

__all__ = ["folder", "leader", "programme"]
pytestmark = pytest.mark.django_db


def codes(month):
    check = ledger().checks[month]
    return [finding.rule.code for finding in check.findings]


def people(month):
    return {
        one.ref: (one.started_on, one.ended_on, one.certified_minutes)
        for one in ledger().checks[month].reported
    }


def test_only_certified_time_of_the_month_counts(programme):
    anna = numbered()
    trained(anna, "2026-01-31 20:00", minutes=60)
    trained(anna, "2026-02-01 00:00", minutes=120)
    trained(anna, "2026-02-28 23:00", minutes=30)
    trained(anna, "2026-02-10 08:00", minutes=240, certified_at=None)

    start = dt.date(2026, 1, 31)
    assert people(JANUARY) == {anna.ref: (start, None, 60)}
    assert people(FEBRUARY) == {anna.ref: (start, None, 150)}
    assert people(MARCH) == {}


def test_who_certified_nothing_is_left_out_and_told(programme):
    anna = numbered()
    trained(anna, "2026-01-12 08:00", certified_at=None)

    assert people(JANUARY) == {}
    assert codes(JANUARY) == ["hours-not-certified"]


def test_the_start_is_the_first_attendance_at_any_company(programme):
    anna = numbered()
    same = numbered(company=CompanyFactory(org_number="999156-1680"))
    trained(anna, "2026-01-12 08:00")
    trained(same, "2026-02-12 08:00")

    assert people(FEBRUARY) == {same.ref: (dt.date(2026, 1, 12), None, 240)}


def test_one_person_at_two_companies_is_two_rows_and_a_warning(programme):
    anna = numbered()
    same = numbered(company=CompanyFactory(org_number="999156-1680"))
    trained(anna, "2026-01-12 08:00")
    trained(same, "2026-01-13 08:00")

    assert set(people(JANUARY)) == {anna.ref, same.ref}
    assert codes(JANUARY) == ["person-twice"]


def test_a_company_that_left_ends_its_people_in_the_month_of_its_last_day(
    programme, leader
):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    trained(anna, "2026-02-03 08:00")
    send(leader, JANUARY, FEBRUARY)

    Company.objects.update(left_on=dt.date(2026, 2, 20))

    start, end = dt.date(2026, 1, 12), dt.date(2026, 2, 20)
    assert people(JANUARY) == {anna.ref: (start, None, 240)}
    assert people(FEBRUARY) == {anna.ref: (start, end, 240)}
    assert ledger().causes == [FEBRUARY]


def test_who_left_without_an_hour_in_the_month_is_told_once(programme):
    anna = numbered()
    same = numbered(company=CompanyFactory(org_number="999156-1680"))
    trained(anna, "2026-01-12 08:00")
    trained(same, "2026-01-13 08:00")
    Company.objects.update(left_on=dt.date(2026, 3, 31))

    first = min(anna.ref, same.ref)
    assert people(MARCH) == {first: (dt.date(2026, 1, 12), dt.date(2026, 3, 31), 0)}
    assert people(APRIL) == {}


@pytest.fixture
def at_two(programme):
    """One person at two companies, with time at both in January alone."""
    first = numbered(ref="p-AAAAAAAA")
    second = numbered(
        ref="p-BBBBBBBB", company=CompanyFactory(org_number="999156-1680")
    )
    trained(first, "2026-01-12 08:00")
    trained(second, "2026-01-13 08:00")
    return first, second


def leave(person, month, day):
    left_on = dt.date(2026, month, day)
    Company.objects.filter(pk=person.company_id).update(left_on=left_on)


def test_an_end_is_told_by_the_company_left_last_whatever_is_read(at_two, leader):
    first, second = at_two
    leave(first, 2, 10)
    leave(second, 3, 20)

    package, _january = send(leader, JANUARY, MARCH)[::-1]

    (row,) = StatisticsRow.objects.filter(part__package=package)
    assert row.person_ref == second.ref
    assert set(people(MARCH)) == {second.ref}
    assert ledger().again == []


def test_an_end_is_told_by_a_row_that_can_be_reported(at_two):
    first, second = at_two
    for person in at_two:
        leave(person, 3, 20)
    Participant.objects.filter(pk=first.pk).update(restricted_at=timezone.now())

    assert set(people(MARCH)) == {second.ref}

    trained(first, "2026-03-02 08:00")
    assert set(people(MARCH)) == {second.ref}
    assert ledger().checks[MARCH].left_out == 1


def test_who_goes_on_at_another_company_has_not_left(programme):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    Company.objects.update(left_on=dt.date(2026, 1, 31))
    same = numbered(company=CompanyFactory(org_number="999156-1680"))
    trained(same, "2026-02-13 08:00")

    assert people(JANUARY) == {anna.ref: (dt.date(2026, 1, 12), None, 240)}


def test_the_programmes_last_month_ends_everybody(programme):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    Programme.objects.update(ends_on=dt.date(2026, 3, 31))

    assert people(MARCH) == {anna.ref: (dt.date(2026, 1, 12), dt.date(2026, 3, 31), 0)}


def test_who_has_no_number_is_left_out_until_it_comes(leader):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    posted = ParticipantFactory(company=anna.company)
    trained(posted, "2026-01-12 08:00")
    send(leader, JANUARY)
    assert codes(JANUARY) == ["number-missing"]

    posted.no_number_reason = ""
    posted.set_number(BO)
    posted.save()

    (change,) = ledger().changes[JANUARY]
    assert (change.ref, change.kind) == (posted.ref, Kind.ADDED)


def test_a_number_that_changes_sends_the_month_again(leader):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    send(leader, JANUARY)

    anna.set_number(BO)
    anna.save()

    (change,) = ledger().changes[JANUARY]
    assert (change.before["number"], change.after["number"]) == (ANNA, BO)


# Protected identities


def protect(person):
    person.protected = True
    person.set_number(person.personal_number)
    person.save()


def test_a_woman_under_protected_identity_stands_in_the_authoritys_form(leader):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    send(leader, JANUARY)
    protect(anna)
    named = entitle(leader)

    (change,) = ledger().changes[JANUARY]
    package = corrected(named)

    assert (change.fields, change.after["number"]) == (["number"], "19850709Tf29")
    assert table(package, "Januari")[0].startswith("19850709Tf29;2026-01-12;;4;")


def test_a_man_under_protected_identity_stops_the_file_until_the_form_is_set(
    leader, settings
):
    bo = numbered(BO, birth_date=dt.date(1970, 10, 3), gender=Gender.MAN)
    trained(bo, "2026-01-12 08:00")
    protect(bo)
    named = entitle(leader)

    assert codes(JANUARY) == ["protected-form"]
    with pytest.raises(DomainError):
        start_statistics(month=JANUARY, actor=named)
    settings.STATISTICS_PROTECTED_MAN = "Tf19"

    assert table(made(JANUARY, named), "Januari")[0].startswith("19701003Tf19;")


@pytest.mark.parametrize(
    ("number", "gender", "sex"),
    [
        (ANNA, Gender.MAN, Gender.WOMAN),
        (BO, Gender.NON_BINARY, Gender.MAN),
        ("", Gender.WOMAN, Gender.WOMAN),
        ("", Gender.NON_BINARY, Gender.UNKNOWN),
        ("", Gender.UNKNOWN, Gender.UNKNOWN),
        ("198507099806", Gender.WOMAN, Gender.UNKNOWN),
    ],
)
def test_the_legal_sex_is_the_numbers_and_without_one_the_rows(number, gender, sex):
    assert legal_sex(number, gender, today=dt.date(2026, 4, 1)) == sex


def test_without_a_birth_date_or_a_form_there_is_none():
    born = dt.date(1985, 7, 9)

    assert protected_form(born, Gender.WOMAN) == "19850709Tf29"
    assert protected_form(born, Gender.MAN) == ""
    assert protected_form(born, Gender.UNKNOWN) == ""
    assert protected_form(None, Gender.WOMAN) == ""


def test_a_legal_sex_that_nobody_can_tell_stops_the_file(programme):
    alex = ParticipantFactory(
        company__org_number="999009-3362", gender=Gender.NON_BINARY, protected=True
    )
    trained(alex, "2026-01-12 08:00")

    assert codes(JANUARY) == ["protected-sex"]


def test_a_leader_without_the_right_makes_no_file_with_protected_people(leader):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    protect(anna)

    with pytest.raises(DomainError):
        start_statistics(month=JANUARY, actor=leader)


# Merged after sending


def test_a_merge_moves_the_row_to_the_one_that_was_kept(leader):
    anna = numbered()
    double = ParticipantFactory(company=anna.company, protected=False)
    trained(anna, "2026-01-12 08:00")
    trained(double, "2026-01-13 08:00")
    send(leader, JANUARY)

    merge_participants(kept=anna, absorbed=double, taken=frozenset(), actor=leader)

    (change,) = ledger().changes[JANUARY]
    assert (change.ref, change.before["hours"], change.after["hours"]) == (
        anna.ref,
        "4",
        "8",
    )


def test_a_row_that_was_sent_and_merged_away_says_into_which(leader):
    anna = numbered()
    double = numbered(BO, company=anna.company)
    trained(anna, "2026-01-12 08:00")
    trained(double, "2026-01-13 08:00")
    send(leader, JANUARY)
    double.no_number_reason = "posted_worker"
    double.set_number("")
    double.save()

    merge_participants(kept=anna, absorbed=double, taken=frozenset(), actor=leader)

    changes = {change.ref: change for change in ledger().changes[JANUARY]}
    gone = changes[double.ref]
    assert (gone.kind, gone.why, gone.merged_into) == (
        Kind.REMOVED,
        Why.MERGED,
        anna.ref,
    )
    assert changes[anna.ref].fields == ["hours"]


def test_an_overview_costs_as_many_queries_for_many_as_for_one(
    programme, django_assert_num_queries
):
    anna = numbered()
    trained(anna, "2026-01-12 08:00")
    for number in range(4):
        one = ParticipantFactory(company=anna.company)
        trained(one, f"2026-0{number + 1}-12 08:00")

    with django_assert_num_queries(6):
        ledger()
