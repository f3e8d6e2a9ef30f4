"""A supplier's own occasions, and who is kept out of them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion
from trainings.selectors import next_sessions, unrecorded_sessions
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderStaffFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OCCASIONS = reverse("trainings:occasions")


@pytest.fixture
def occasion():
    return OccasionFactory(status=OccasionStatus.ONGOING)


@pytest.fixture
def supplier(occasion):
    return make_supplier(occasion)


@pytest.fixture
def browser(client, supplier):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(supplier)
    return client


def page(name, occasion, *more):
    return reverse(f"trainings:{name}", args=[occasion.ref, *more])


def seat_of(occasion, **values):
    return EnrolmentFactory(occasion=occasion, **values)


# Whose occasions


def test_a_supplier_runs_its_own_occasions_and_no_others(occasion, supplier):
    OccasionFactory()

    assert list(Occasion.objects.run_by(supplier)) == [occasion]
    assert list(Occasion.objects.visible_to(supplier)) == [occasion]


def test_two_times_with_a_supplier_show_an_occasion_once(occasion, supplier):
    ProviderStaffFactory(
        provider=occasion.provider, user=supplier, ended_on=dt.date(2999, 1, 1)
    )

    assert Occasion.objects.run_by(supplier).count() == 1


@pytest.mark.parametrize(
    ("started", "ended", "found"),
    [(-10, -1, 0), (-10, 0, 1), (0, None, 1), (1, None, 0)],
)
def test_a_supplier_runs_occasions_from_the_first_to_the_last_day(
    occasion, started, ended, found
):
    today = timezone.localdate()
    make_supplier(occasion)  # A colleague who is active opens nothing.
    staff = ProviderStaffFactory(
        provider=occasion.provider,
        started_on=today + dt.timedelta(days=started),
        ended_on=None if ended is None else today + dt.timedelta(days=ended),
    )

    assert Occasion.objects.run_by(staff.user).count() == found
    assert Enrolment.objects.run_by(staff.user).count() == 0


@pytest.mark.parametrize("status", OccasionStatus)
def test_the_list_has_own_occasions_in_every_stage(browser, occasion, status):
    OccasionFactory(status=OccasionStatus.OPEN)
    Occasion.objects.filter(pk=occasion.pk).update(status=status)

    response = browser.get(OCCASIONS)

    assert response.context["page"].rows == [occasion]


@pytest.mark.parametrize("occasions", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(
    browser, occasion, occasions, django_assert_num_queries
):
    for _ in range(occasions):
        started = SessionFactory(occasion__provider=occasion.provider).occasion
        seat_of(started)
    browser.get(OCCASIONS)

    # Session, user with roles, companies, supplier, navigation; rows and their count.
    with django_assert_num_queries(7):
        browser.get(OCCASIONS)


def test_the_list_says_what_waits_to_be_entered_and_what_comes(browser, occasion):
    seat_of(occasion)
    SessionFactory.create_batch(2, occasion=occasion)
    SessionFactory(
        occasion=occasion,
        starts_at=at("2999-03-02 08:00"),
        ends_at=at("2999-03-02 12:30"),
    )

    text = browser.get(OCCASIONS).text

    assert "2 sessions to enter" in text
    assert "2999-03-02 08:00" in text


def test_what_waits_of_another_supplier_is_not_counted(occasion, supplier):
    seat_of(occasion)
    own = SessionFactory(occasion=occasion)
    theirs = SessionFactory()
    seat_of(theirs.occasion)

    assert list(unrecorded_sessions(supplier)) == [own]
    assert list(unrecorded_sessions(make_leader())) == [own, theirs]
    assert not next_sessions(make_leader())


def test_the_start_page_leads_to_the_own_occasions(browser, occasion):
    seat_of(occasion)
    SessionFactory(occasion=occasion)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    SessionFactory(
        occasion=occasion,
        starts_at=tomorrow,
        ends_at=tomorrow + dt.timedelta(hours=5),
    )
    SessionFactory()

    response = browser.get(reverse("home"))

    titles = [step.title for step in response.context["steps"]]
    assert titles == [
        "1 session has no attendance",
        f"Next session: {timezone.localtime(tomorrow):%Y-%m-%d %H:%M}",
    ]
    assert response.context["taught"] == [occasion]
    assert "has no role yet" not in response.text


def test_a_supplier_without_occasions_is_told_so(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(make_supplier())

    assert "Nothing is planned now" in client.get(reverse("home")).text
    assert "No occasion here" in client.get(OCCASIONS).text


# Who is kept out


@pytest.mark.parametrize(
    "make",
    [
        UserFactory,
        make_funder,
        make_supplier,
        lambda: make_supplier(Occasion.objects.get(), ended_on=dt.date(2026, 1, 31)),
    ],
    ids=["nobody", "funder", "another supplier", "former staff"],
)
@pytest.mark.parametrize("status", [OccasionStatus.OPEN, OccasionStatus.ONGOING])
def test_who_does_not_run_the_occasion_does_not_find_it(client, occasion, make, status):
    Occasion.objects.update(status=status)
    seat = seat_of(occasion)
    session = SessionFactory(occasion=occasion)
    user = make()
    client.force_login(user)

    for address in (
        page("occasion", occasion),
        page("attendance", occasion),
        page("seat", occasion, seat.ref),
    ):
        assert client.get(address).status_code == 404
    posted = {f"{seat.ref}:{session.ref}": "60", "seen": "{}"}
    assert client.post(page("attendance", occasion), posted).status_code == 404
    assert not Attendance.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="trainings.").exists()


def test_what_is_hrs_and_the_leaders_is_not_there_for_a_supplier(browser, occasion):
    waiting = seat_of(occasion, confirmed_at=None)

    for address in (
        page("nominate", occasion),
        page("withdraw", occasion, waiting.ref),
        page("confirm", occasion),
        page("occasion-step", occasion, "cancel"),
        waiting.participant.get_absolute_url(),
        reverse("companies:participants"),
        reverse("trainings:uploads"),
        reverse("workforce"),
    ):
        assert browser.post(address).status_code in {404, 405}, address
        assert browser.get(address).status_code in {404, 405}, address
    assert Enrolment.objects.get().is_live


# Time


def test_a_supplier_enters_the_time_of_own_occasions(browser, occasion, supplier):
    seat = seat_of(occasion)
    session = SessionFactory(occasion=occasion)

    response = browser.post(
        page("attendance", occasion),
        {f"{seat.ref}:{session.ref}": "180", "seen": "{}"},
        follow=True,
    )

    assert "1 value saved." in response.text
    row = Attendance.objects.get()
    assert (row.minutes, row.recorded_by) == (180, supplier)
    assert row.history.get().history_user == supplier


def test_the_grid_has_everybody_with_a_seat(browser, occasion):
    for name in ("Ahl", "Berg"):
        seat_of(occasion, participant__family_name=name)
    SessionFactory(occasion=occasion)

    text = browser.get(page("attendance", occasion)).text

    assert "Anna Ahl" in text
    assert "Anna Berg" in text


@pytest.mark.parametrize(
    "make",
    [
        UserFactory,
        make_funder,
        make_supplier,
        lambda: (
            MembershipFactory(company=Enrolment.objects.get().participant.company).user
        ),
        lambda: make_supplier(Occasion.objects.get(), ended_on=dt.date(2026, 1, 31)),
    ],
    ids=["nobody", "funder", "another supplier", "own HR", "former staff"],
)
def test_nobody_else_enters_time_past_the_page(occasion, make):
    seat = seat_of(occasion)
    session = SessionFactory(occasion=occasion)

    with pytest.raises(DomainError, match="training supplier"):
        services.record_attendance(
            occasion=occasion, minutes={(seat.pk, session.pk): 60}, actor=make()
        )

    assert not Attendance.objects.exists()


def test_time_certified_meanwhile_stays_also_for_a_supplier(browser, occasion):
    row = AttendanceFactory(
        enrolment__occasion=occasion, minutes=200, certified_at=at("2026-03-04 08:00")
    )
    cell = f"{row.enrolment.ref}:{row.session.ref}"

    browser.post(page("attendance", occasion), {cell: "10", "seen": "{}"})

    assert Attendance.objects.get().minutes == 200
