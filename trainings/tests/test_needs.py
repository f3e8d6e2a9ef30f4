"""A company's needs: stated, changed, withdrawn, and everything that is refused."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from companies.tests.factories import CompanyFactory
from core.errors import DomainError
from trainings.enums import OccasionStatus
from trainings.models import Need
from trainings.services import change_need, state_need, withdraw_need
from trainings.tests.factories import CourseFactory, NeedFactory, PlannedNeedFactory, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TOMORROW = timezone.localdate() + dt.timedelta(days=1)
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.fixture
def hr():
    return UserFactory()


def state(hr, company=None, **details):
    given = {"theme": "automation", "headcount": 4, "priority": 1} | details
    return state_need(company=company or CompanyFactory(), actor=hr, **given)


def change(hr, need, **details):
    names = ("theme", "role_code", "headcount", "priority", "wanted_by")
    given = {name: getattr(need, name) for name in names}
    return change_need(need=need, actor=hr, **given | details)


def entry(action):
    return AuditEntry.objects.get(action=action).content


# Stated


def test_a_need_is_stated_with_who_and_leaves_a_trace(hr):
    company = CompanyFactory()

    need = state(hr, company, role_code="7233", wanted_by=TOMORROW)

    kept = Need.objects.values_list(
        "company", "theme", "role_code", "headcount", "priority", "wanted_by"
    )
    assert kept.get() == (company.pk, "automation", "7233", 4, 1, TOMORROW)
    assert need.history.get().history_user == hr
    said = entry("trainings.need_stated")
    assert (said.actor, said.subject_ref) == (hr, need.ref)
    assert said.facts == {"company": company.org_number, "headcount": 4}


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"theme": "  "}, "Say what the need is about."),
        ({"theme": "x" * 61}, "A theme has at most 60 characters."),
        (
            {"theme": "kurs för 19850709-9805"},
            "A theme is about no person. Take the number out.",
        ),
        ({"headcount": 0}, "A need is for at least one person."),
        ({"priority": 0}, "A priority is 1, 2 or 3; 1 is the highest."),
        ({"priority": 4}, "A priority is 1, 2 or 3; 1 is the highest."),
        (
            {"role_code": "723"},
            "A role code (SSYK) has four digits, such as 7233.",
        ),
        (
            {"role_code": "svet"},
            "A role code (SSYK) has four digits, such as 7233.",
        ),
        (
            {"wanted_by": YESTERDAY},
            "The day by which it is wanted has passed.",
        ),
    ],
)
def test_what_is_no_need_is_refused(hr, details, sentence):
    with pytest.raises(DomainError) as refusal:
        state(hr, **details)

    assert str(refusal.value) == sentence
    assert not Need.objects.exists()


def test_a_need_for_today_is_in_time(hr):
    assert state(hr, wanted_by=timezone.localdate()).wanted_by == timezone.localdate()


def test_a_company_that_left_states_nothing(hr):
    company = CompanyFactory(name="Borta AB", left_on=YESTERDAY)

    with pytest.raises(DomainError) as refusal:
        state(hr, company)

    assert str(refusal.value) == (
        f"Borta AB left the programme on {YESTERDAY.isoformat()}."
    )


def test_on_its_last_day_a_company_still_states_needs(hr):
    assert state(hr, CompanyFactory(left_on=timezone.localdate())).pk


# One theme is one theme


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Automation ", "automation"),
        ("UNDERHÅLL  och\tfelsökning", "Underhåll och felsökning"),
        ("Svetsning", "Svetsning"),
    ],
)
def test_a_theme_takes_the_spelling_in_use(hr, typed, kept):
    CourseFactory(theme="automation")
    NeedFactory(theme="Underhåll och felsökning")

    assert state(hr, theme=typed).theme == kept


def test_the_courses_spelling_goes_before_that_of_a_need(hr):
    NeedFactory(theme="ROBOTIK")
    CourseFactory(theme="Robotik")

    assert state(hr, theme="robotik").theme == "Robotik"


def test_the_only_need_of_a_theme_may_be_spelled_anew(hr):
    need = NeedFactory(theme="robotik")

    assert change(hr, need, theme="Robotik").theme == "Robotik"
    NeedFactory(theme="Robotik")
    assert change(hr, need, theme="ROBOTIK").theme == "Robotik"


# Changed


def test_a_change_keeps_before_and_after_and_who(hr):
    need = NeedFactory(headcount=5, priority=2)

    change(hr, need, headcount=7, priority=1)

    after, before = need.history.all()
    assert (before.headcount, after.headcount, after.history_user) == (5, 7, hr)
    assert entry("trainings.need_changed").facts == {
        "fields": ["headcount", "priority"]
    }


def test_a_need_saved_as_it_was_writes_nothing(hr):
    need = NeedFactory()

    change(hr, need)

    assert need.history.count() == 1
    assert not AuditEntry.objects.exists()


def test_a_need_is_for_no_fewer_than_are_planned_for(hr):
    need = NeedFactory(headcount=10)
    PlannedNeedFactory(need=need, headcount=4)
    PlannedNeedFactory(need=need, headcount=2)
    PlannedNeedFactory(
        need=need, headcount=3, occasion__status=OccasionStatus.CANCELLED
    )

    with pytest.raises(DomainError) as refusal:
        change(hr, need, headcount=5)

    assert str(refusal.value) == (
        "6 people are planned for already. The need cannot be for fewer."
    )
    assert Need.objects.get().headcount == 10
    assert change(hr, need, headcount=6).headcount == 6


def test_a_day_that_has_passed_may_stay_and_not_be_set(hr):
    need = NeedFactory(wanted_by=YESTERDAY)

    assert change(hr, need, headcount=6).wanted_by == YESTERDAY
    with pytest.raises(DomainError, match="has passed"):
        change(hr, need, wanted_by=YESTERDAY - dt.timedelta(days=1))


@pytest.mark.parametrize(
    "details",
    [{"theme": ""}, {"headcount": 0}, {"priority": 9}, {"role_code": "72333"}],
)
def test_a_change_to_what_is_no_need_is_refused(hr, details):
    need = NeedFactory()

    with pytest.raises(DomainError):
        change(hr, need, **details)

    assert need.history.count() == 1


# Withdrawn


def test_a_withdrawn_need_is_kept_with_time_and_who(hr):
    need = NeedFactory()

    withdraw_need(need=need, actor=hr, at=at("2026-03-02 08:00"))

    assert Need.objects.get().withdrawn_at == at("2026-03-02 08:00")
    assert list(Need.objects.current()) == []
    assert need.history.latest().history_user == hr
    assert entry("trainings.need_withdrawn").subject_ref == need.ref


def test_a_withdrawn_need_is_neither_changed_nor_withdrawn_again(hr):
    need = NeedFactory(company__name="Alfa AB", withdrawn_at=timezone.now())

    for act in (
        lambda: change(hr, need, headcount=9),
        lambda: withdraw_need(need=need, actor=hr),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert str(refusal.value) == "Alfa AB, automation: this need was withdrawn."
    assert need.history.count() == 1
