"""Co-financing, intensity and the ledger of a group, by numbers worked out by hand."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.enums import SizeClass
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.errors import DomainError
from core.tests.data.scans import pdf
from reporting.aid_words import room_in_words
from reporting.figures import Period
from reporting.figures.state_aid import CoFinancing
from reporting.models import (
    AidAward,
    AidDeclaration,
    DeMinimisRule,
    TrainingAidRule,
)
from reporting.selectors.state_aid import co_financing, company_aid, ledgers
from reporting.services.declarations import (
    attach_declaration,
    content_of,
    remove_declaration,
)
from reporting.services.state_aid import (
    change_group,
    enter_award,
    make_group,
    revoke_award,
)
from reporting.tests.aid import (
    NEW,
    OLD,
    cost,
    declaration,
    grant,
    group_of,
    rules,
    training_aid_rule,
    unit_cost,
)
from reporting.tests.attending import attend
from trainings.tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

QUARTER = Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def company():
    return CompanyFactory(name="Verkstad AB")


def certify(person, start, minutes, **more):
    times = {"recorded_at": at(start), "certified_at": at(start)}
    return attend(person, start=start, minutes=minutes, **times | more)


def worth(company, period=QUARTER):
    return co_financing(period, [company])[company.pk]


def refusal(act, *arguments, **details):
    with pytest.raises(DomainError) as said:
        act(*arguments, **details)
    return str(said.value)


def test_an_hour_is_worth_the_unit_cost_of_its_session_s_day(company):
    # 90 minutes at 300 kronor and 60 at 310.50: 450 + 310.50.
    person = ParticipantFactory(company=company)
    unit_cost("300", until=dt.date(2026, 1, 31))
    unit_cost("310.50", since=dt.date(2026, 2, 1))
    certify(person, "2026-01-31 23:30", 90)
    certify(person, "2026-02-01 00:30", 60)

    found = worth(company)

    assert found == CoFinancing(150, 0, Fraction("760.5"))
    assert found.shown == Decimal("760.50")


def test_a_later_unit_cost_takes_over_without_the_earlier_being_closed(company):
    person = ParticipantFactory(company=company)
    unit_cost("300")
    unit_cost("360", since=dt.date(2026, 2, 10))
    certify(person, "2026-02-09 08:00", 60)
    certify(person, "2026-02-10 08:00", 60)

    assert worth(company).kronor == 660


def test_money_is_rounded_once_from_the_exact_sum(company):
    # Ten minutes at 100.03 kronor are 16.671666… each; three of them 50.015, which
    # would be 50.01 of rounded parts.
    person = ParticipantFactory(company=company)
    unit_cost("100.03")
    for day in (2, 3, 4):
        certify(person, f"2026-02-0{day} 08:00", 10)

    assert worth(company).kronor == Fraction("50.015")
    assert worth(company).shown == Decimal("50.02")


def test_only_certified_and_undisputed_time_in_the_period_is_worth_something(company):
    person = ParticipantFactory(company=company)
    unit_cost("100")
    certify(person, "2026-02-02 08:00", 60)
    certify(person, "2026-02-03 08:00", 60, certified_at=None)
    certify(person, "2026-02-04 08:00", 60, disputed_at=at("2026-02-05 08:00"))
    certify(person, "2025-12-31 08:00", 60)
    certify(person, "2026-04-01 08:00", 60)

    assert worth(company) == CoFinancing(60, 0, Fraction(100))


def test_the_closest_occupational_group_and_region_decide():
    stockholm = CompanyFactory(municipality_code="0180")
    elsewhere = CompanyFactory(municipality_code="1980")
    unit_cost("100")
    unit_cost("120", county="01")
    unit_cost("200", occupation="72")
    unit_cost("230", occupation="7233", county="01")
    for of in (stockholm, elsewhere):
        for code in ("7233", "7212", "3115", ""):
            person = ParticipantFactory(company=of, role_code=code)
            certify(person, "2026-02-02 08:00", 60)

    found = co_financing(QUARTER, [stockholm, elsewhere])

    # 230 + 200 + 120 + 120, and 200 + 200 + 100 + 100.
    assert (found[stockholm.pk].kronor, found[elsewhere.pk].kronor) == (670, 600)


def test_time_without_a_unit_cost_is_counted_and_worth_nothing(company):
    person = ParticipantFactory(company=company)
    unit_cost("100", since=dt.date(2026, 2, 1))
    certify(person, "2026-01-20 08:00", 45)
    certify(person, "2026-02-02 08:00", 60)

    assert worth(company) == CoFinancing(105, 45, Fraction(100))


@pytest.mark.parametrize(
    ("size_class", "percent", "disadvantaged", "most"),
    [
        (SizeClass.LARGE, 50, 60, "550.00"),
        (SizeClass.MEDIUM, 60, 70, "660.00"),
        (SizeClass.SMALL, 70, 70, "770.00"),
        (SizeClass.MICRO, 70, 70, "770.00"),
    ],
)
def test_the_highest_aid_is_eligible_cost_times_intensity_by_size(
    size_class, percent, disadvantaged, most
):
    training_aid_rule()
    company = CompanyFactory(size_class=size_class)
    unit_cost("100")
    certify(ParticipantFactory(company=company), "2026-02-02 08:00", 60)
    cost(company, 1000, on=QUARTER.ends_on)
    cost(company, 9, on=dt.date(2026, 4, 1))

    (row,) = company_aid(QUARTER)

    assert (row.intensity, row.intensity_disadvantaged) == (percent, disadvantaged)
    assert row.most_aid == Decimal(most)


def test_without_a_rule_on_the_last_day_there_is_no_highest_aid(company):
    TrainingAidRule.objects.all().delete()

    (row,) = company_aid(QUARTER)

    assert (row.intensity, row.most_aid) == (None, None)


def test_a_company_that_left_is_listed_while_its_hours_are(company):
    company.left_on = dt.date(2025, 12, 31)
    company.save()
    assert company_aid(QUARTER) == []

    certify(ParticipantFactory(company=company), "2026-02-02 08:00", 60)

    assert [row.company for row in company_aid(QUARTER)] == [company]


def test_the_rules_that_are_known_are_entered_from_the_start():
    assert list(
        DeMinimisRule.objects.order_by("valid_from").values_list(
            "name", "euros", "years", "counting", "valid_from", "valid_until"
        )
    ) == [
        (OLD, 200_000, 3, "fiscal", dt.date(2014, 1, 1), dt.date(2023, 12, 31)),
        (NEW, 300_000, 3, "rolling", dt.date(2024, 1, 1), dt.date(2030, 12, 31)),
    ]
    assert [rule.intensity("medium") for rule in TrainingAidRule.objects.all()] == [
        60,
        60,
    ]


def test_the_companies_of_a_group_share_one_ceiling(leader, company):
    sister = CompanyFactory()
    group = group_of(company, sister)
    grant(group, 200_000, dt.date(2025, 3, 1), leader, company=company)

    sentence = refusal(
        grant, group, 100_001, dt.date(2026, 3, 1), leader, company=sister
    )
    grant(group, 100_000, dt.date(2026, 3, 1), leader, company=sister)

    assert sentence == (
        "The aid is more than the ceiling leaves, so all of it is refused. "
        "On 2026-03-01 100,000.00 euros is left of 300,000.00 euros, by (EU) "
        "2023/2831. More is free from 2028-03-02: 300,000.00 euros."
    )
    (ledger,) = ledgers([group], day=dt.date(2026, 3, 1))
    assert (ledger.room.used, ledger.room.left, ledger.warns) == (30_000_000, 0, True)
    assert {of.pk for of in ledger.companies} == {company.pk, sister.pk}
    assert ledger.counting == {award.pk for award in AidAward.objects.all()}


def test_aid_of_others_is_a_fact_even_above_the_ceiling(leader, company):
    group = group_of(company)
    grant(group, 300_000, dt.date(2026, 1, 1), leader)
    grant(group, 5, dt.date(2026, 1, 2), leader, origin="other")

    (ledger,) = ledgers([group], day=dt.date(2026, 1, 2))

    assert (ledger.room.is_exceeded, ledger.room.left) == (True, 0)


def test_aid_that_was_taken_back_no_longer_counts(leader, company):
    group = group_of(company)
    award = grant(group, 300_000, dt.date(2026, 1, 1), leader)
    refusal(grant, group, 1, dt.date(2026, 1, 2), leader)

    revoke_award(award=award, actor=leader)
    revoke_award(award=award, actor=leader)
    grant(group, 1, dt.date(2026, 1, 2), leader)

    (ledger,) = ledgers([group], day=dt.date(2026, 1, 2))
    assert (ledger.room.used, len(ledger.awards), len(ledger.counting)) == (100, 2, 1)
    assert AuditEntry.objects.filter(action="reporting.aid_award_revoked").count() == 1


def test_an_award_is_refused_with_the_reason(leader, company):
    group = group_of(company)
    other = CompanyFactory(name="Annan AB")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    def said(**changed):
        details = {"day": dt.date(2026, 1, 1), "euros": 1} | changed
        return refusal(grant, group, actor=leader, **details)

    assert said(company=other) == "Annan AB does not belong to this group."
    assert said(day=tomorrow) == (
        "Aid is entered when it has been granted, not before."
    )
    assert said(euros=0) == "Aid is more than zero."
    assert AidAward.objects.count() == 0


def test_the_regulation_is_the_one_in_force_on_the_day(leader, company):
    group = group_of(company)
    award = grant(group, 1, dt.date(2023, 12, 31), leader)
    assert award.rule.name == OLD
    wrong = {"granted_on": dt.date(2024, 1, 1), "rule": rules()[OLD]}
    sentence = refusal(
        enter_award,
        group=group,
        company=None,
        euros=Decimal(1),
        authority="ESF-rådet",
        origin="other",
        actor=leader,
        **wrong,
    )

    assert sentence == (
        "(EU) nr 1407/2013 is not in force on 2024-01-01. Choose the one that is."
    )


def test_a_day_without_a_rule_is_told_in_words(company):
    (ledger,) = ledgers([group_of(company)], day=dt.date(2031, 1, 1))

    assert room_in_words(ledger.room) == (
        "No rule of de minimis aid is entered for 2031-01-01, so nobody can tell what "
        "is left. Enter it in the administration."
    )


def test_a_company_belongs_to_one_group_at_most(leader, company):
    sister = CompanyFactory(name="Syster AB")
    first = make_group(
        name="Ett", fiscal_month=1, companies=[company, sister], actor=leader
    )

    assert (
        refusal(
            make_group, name="Två", fiscal_month=1, companies=[sister], actor=leader
        )
        == "Syster AB belongs to the group Ett already."
    )
    change_group(
        group=first, name="Ett", fiscal_month=9, companies=[company], actor=leader
    )
    make_group(name="Två", fiscal_month=1, companies=[sister], actor=leader)

    first.refresh_from_db()
    assert first.fiscal_month == 9
    assert [member.company for member in first.members.all()] == [company]


def test_a_group_is_refused_with_the_reason(leader, company):
    make_group(name="Ett", fiscal_month=1, companies=[company], actor=leader)

    def said(name, *companies):
        return refusal(
            make_group, name=name, fiscal_month=1, companies=companies, actor=leader
        )

    assert said(" ", CompanyFactory()) == "Give the group a name."
    assert said("Ett", CompanyFactory()) == "There is a group of this name already."
    assert said("Två") == "Choose at least one company."


def test_ledgers_of_many_groups_cost_as_many_queries_as_of_one(
    leader, django_assert_num_queries
):
    rules()
    groups = [group_of(CompanyFactory(), name=f"Grupp {n}") for n in range(5)]
    for group in groups:
        grant(group, 1, dt.date(2026, 1, 1), leader)

    with django_assert_num_queries(3):
        assert len(ledgers(groups)) == 5


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "declarations"


def attach(group, company, leader, **changed):
    details = {"signed_on": dt.date(2026, 1, 15), "file": declaration()}
    return attach_declaration(
        group=group, company=company, actor=leader, **details | changed
    )


def test_a_declaration_is_kept_sealed_and_goes_when_it_is_removed(
    leader, company, folder
):
    group = group_of(company)

    kept = attach(group, company, leader)

    (file,) = folder.iterdir()
    assert pdf() not in file.read_bytes()
    assert content_of(kept) == pdf()
    remove_declaration(declaration=kept, actor=leader)
    kept.refresh_from_db()
    assert (kept.file.name, kept.sealed_key) == ("", None)
    assert not AidDeclaration.objects.kept().exists()


def test_a_declaration_is_refused_with_the_reason(leader, company, folder):
    group = group_of(company)
    attach(group, company, leader)

    assert refusal(attach, group, company, leader) == "This file is attached already."
    other = CompanyFactory(name="Annan AB")
    assert refusal(attach, group, other, leader) == (
        "Annan AB does not belong to this group."
    )
    page = declaration(b"<html>", name="intyg.pdf")
    assert refusal(attach, group, company, leader, file=page) == (
        "This is a web page or a drawing, whatever its name says. Attach the scan as "
        "PDF, JPEG or PNG."
    )
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert refusal(attach, group, company, leader, signed_on=tomorrow) == (
        "A declaration cannot be signed on a day to come."
    )
    assert len(list(folder.iterdir())) == 1
