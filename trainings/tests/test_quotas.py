"""Seats kept for companies: shared out by a leader, never more than there are."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from companies.tests.factories import CompanyFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Quota
from trainings.services.quotas import Share
from trainings.tests.browsing import leader, leader_browser, page
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

__all__ = ["leader", "leader_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

JANUARY = at("2026-01-10 09:00")
DAY = dt.date(2026, 2, 15)
FAR = "2999-02-15"


@pytest.fixture
def occasion():
    """Five seats, and the first session on 2 March."""
    return SessionFactory(occasion__capacity=5).occasion


@pytest.fixture
def steel():
    return CompanyFactory(name="Stål AB")


@pytest.fixture
def paper():
    return CompanyFactory(name="Papper AB")


def set_to(occasion, shares, actor):
    services.set_quotas(occasion=occasion, shares=shares, actor=actor, at=JANUARY)


def told(occasion):
    return {q.company: (q.seats, q.release_on) for q in occasion.quotas.all()}


def test_quotas_become_these_and_no_others(occasion, steel, paper, leader):
    QuotaFactory(occasion=occasion, company=paper, seats=2)

    set_to(occasion, {steel: Share(3, DAY)}, leader)

    assert told(occasion) == {steel: (3, DAY)}
    entry = AuditEntry.objects.get(action="trainings.quotas_set")
    assert (entry.payload.actor, entry.payload.subject_ref) == (leader, occasion.ref)
    assert entry.payload.facts == {
        "quotas_before": [f"{paper.org_number} 2 2026-02-15"],
        "quotas": [f"{steel.org_number} 3 2026-02-15"],
    }


def test_the_same_again_leaves_no_trace(occasion, steel, leader):
    QuotaFactory(occasion=occasion, company=steel, seats=2, release_on=DAY)

    set_to(occasion, {steel: Share(2, DAY)}, leader)

    assert not AuditEntry.objects.filter(action="trainings.quotas_set").exists()


def test_quotas_are_not_more_than_the_seats(occasion, steel, paper, leader):
    with pytest.raises(DomainError, match=r"6 seats, and the occasion has 5"):
        set_to(occasion, {steel: Share(3, DAY), paper: Share(3, DAY)}, leader)

    set_to(occasion, {steel: Share(3, DAY), paper: Share(2, DAY)}, leader)
    assert told(occasion) == {steel: (3, DAY), paper: (2, DAY)}


def test_a_quota_that_is_common_already_counts_no_more(occasion, steel, paper, leader):
    past = dt.date(2026, 1, 10)
    QuotaFactory(occasion=occasion, company=paper, seats=3, release_on=past)

    set_to(occasion, {paper: Share(3, past), steel: Share(5, DAY)}, leader)

    assert told(occasion) == {paper: (3, past), steel: (5, DAY)}


def test_seats_that_others_have_are_not_kept(occasion, steel, leader):
    EnrolmentFactory.create_batch(3, occasion=occasion)
    EnrolmentFactory(
        occasion=occasion,
        confirmed_at=None,
        offered_at=JANUARY,
        offer_expires_at=at("2026-01-12 09:00"),
    )

    with pytest.raises(DomainError, match=r"keep 2 unused seats, but only 1"):
        set_to(occasion, {steel: Share(2, DAY)}, leader)
    assert told(occasion) == {}

    set_to(occasion, {steel: Share(1, DAY)}, leader)
    assert told(occasion) == {steel: (1, DAY)}


def test_a_quota_below_what_its_company_has_taken_keeps_nothing(
    occasion, steel, leader
):
    EnrolmentFactory.create_batch(3, occasion=occasion, participant__company=steel)

    set_to(occasion, {steel: Share(2, DAY)}, leader)

    assert told(occasion) == {steel: (2, DAY)}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (dt.date(2026, 1, 10), "common already on 2026-01-10"),
        (dt.date(2026, 3, 3), "release the seats by 2026-03-02"),
    ],
)
def test_a_release_day_is_ahead_and_not_after_the_start(
    occasion, steel, leader, day, sentence
):
    with pytest.raises(DomainError, match=sentence):
        set_to(occasion, {steel: Share(1, day)}, leader)


def test_a_quota_is_for_somebody(occasion, steel, leader):
    with pytest.raises(DomainError, match="at least one seat"):
        set_to(occasion, {steel: Share(0, DAY)}, leader)


@pytest.mark.parametrize("status", [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED])
def test_quotas_of_an_occasion_that_is_over_stay(status, steel, leader):
    with pytest.raises(DomainError, match="is over"):
        set_to(OccasionFactory(status=status), {steel: Share(1, DAY)}, leader)


# On the page


@pytest.fixture
def open_occasion():
    return OccasionFactory(capacity=5)


def fields(company, seats, day):
    return {f"seats-{company.pk}": seats, f"day-{company.pk}": day}


def test_a_leader_shares_seats_out(leader_browser, open_occasion, steel, paper):
    url = page("quotas", open_occasion)
    assert url in leader_browser.get(open_occasion.get_absolute_url()).text
    assert "Stål AB" in leader_browser.get(url).text

    posted = fields(steel, "3", FAR) | fields(paper, "", "")
    response = leader_browser.post(url, posted, follow=True)

    assert "The quotas are saved." in response.text
    assert told(open_occasion) == {steel: (3, dt.date(2999, 2, 15))}
    shown = leader_browser.get(url).text
    assert 'value="3"' in shown
    assert f'value="{FAR}"' in shown


def test_an_emptied_quota_is_gone(leader_browser, open_occasion, steel):
    QuotaFactory(occasion=open_occasion, company=steel)

    leader_browser.post(page("quotas", open_occasion), fields(steel, "", ""))

    assert not Quota.objects.exists()


@pytest.mark.parametrize(
    ("seats", "day", "sentence"),
    [
        ("3", "", "Say from which day the seats are common."),
        ("", FAR, "Say how many seats are kept"),
        ("anka", FAR, "Enter a number of seats"),
        ("-1", FAR, "Enter a number of seats"),
        ("99999999999", FAR, "Enter a number of seats"),
        ("3", "15/2", "Write the day as YYYY-MM-DD"),
        ("6", FAR, "The quotas are 6 seats, and the occasion has 5."),
        ("1", "2020-01-01", "common already on 2020-01-01"),
    ],
)
def test_wrong_input_is_a_sentence_and_nothing_is_saved(
    leader_browser, open_occasion, steel, seats, day, sentence
):
    response = leader_browser.post(
        page("quotas", open_occasion), fields(steel, seats, day)
    )

    assert response.status_code == 200
    assert sentence in response.text
    assert not Quota.objects.exists()


def test_a_company_that_has_left_is_listed_with_its_quota_alone(
    leader_browser, open_occasion
):
    gone = CompanyFactory(name="Borta AB", left_on=dt.date(2026, 1, 1))
    url = page("quotas", open_occasion)
    assert "Borta AB" not in leader_browser.get(url).text

    QuotaFactory(occasion=open_occasion, company=gone)

    assert "Borta AB" in leader_browser.get(url).text


def test_what_a_company_holds_stands_beside(leader_browser, open_occasion, steel):
    EnrolmentFactory.create_batch(2, occasion=open_occasion, participant__company=steel)

    shown = leader_browser.get(page("quotas", open_occasion))

    rows = {company: held for company, _s, _d, held in shown.context["form"].rows()}
    assert rows[steel] == 2


def test_there_is_no_page_for_an_occasion_that_is_over(leader_browser, open_occasion):
    open_occasion.status = OccasionStatus.CANCELLED
    open_occasion.save()

    assert leader_browser.get(page("quotas", open_occasion)).status_code == 404
