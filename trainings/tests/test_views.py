"""The pages of an occasion, as HR and project leaders meet them."""

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

OCCASIONS = reverse("trainings:occasions")


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def browser(client, hr):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(hr.user)
    return client


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def leader_browser(client, leader):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(leader)
    return client


def page(name, occasion, *more):
    return reverse(f"trainings:{name}", args=[occasion.ref, *more])


def shown(response):
    return [occasion.ref for occasion in response.context["page"].rows]


# The list


def test_hr_sees_open_occasions_with_the_nearest_first(browser):
    later = SessionFactory(starts_at=at("2026-05-04 08:00")).occasion
    sooner = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion
    without = OccasionFactory()
    OccasionFactory(status=OccasionStatus.PLANNED)
    OccasionFactory(status=OccasionStatus.COMPLETED)

    response = browser.get(OCCASIONS)

    assert shown(response) == [sooner.ref, later.ref, without.ref]


def test_hr_finds_again_where_its_own_people_were(browser, hr):
    own = EnrolmentFactory(
        participant__company=hr.company, occasion__status=OccasionStatus.COMPLETED
    ).occasion
    EnrolmentFactory(occasion__status=OccasionStatus.COMPLETED)

    response = browser.get(OCCASIONS, {"status": "completed"})

    assert shown(response) == [own.ref]


def test_a_leader_sees_every_occasion_and_how_full_it_is(leader_browser):
    occasion = EnrolmentFactory(occasion__status=OccasionStatus.PLANNED).occasion
    EnrolmentFactory(occasion=occasion, withdrawn_at=at("2026-02-01 08:00"))

    response = leader_browser.get(OCCASIONS)

    assert shown(response) == [occasion.ref]
    assert "1 of 10" in response.text


@pytest.mark.parametrize("occasions", [1, 60])
def test_the_list_costs_the_same_for_one_and_for_sixty(
    leader_browser, occasions, django_assert_num_queries
):
    for _ in range(occasions):
        EnrolmentFactory(occasion=SessionFactory().occasion)
    leader_browser.get(OCCASIONS)

    # Session, user with roles, companies, navigation; the rows and their count.
    with django_assert_num_queries(6):
        leader_browser.get(OCCASIONS)


# The page


def test_hr_sees_only_its_own_people_on_an_occasion(browser, hr):
    own = EnrolmentFactory(
        participant__company=hr.company, participant__family_name="Vår"
    )
    EnrolmentFactory(occasion=own.occasion, participant__family_name="Deras")

    text = browser.get(page("occasion", own.occasion)).text

    assert "Anna Vår" in text
    assert "Deras" not in text
    assert "2 of 10 taken" in text


def test_an_occasion_that_is_not_open_is_not_found_by_strangers(browser):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    assert browser.get(page("occasion", occasion)).status_code == 404


def test_the_page_leaves_an_audit_entry_about_whom_it_showed(leader_browser, leader):
    seat = EnrolmentFactory()

    leader_browser.get(page("occasion", seat.occasion))

    entry = AuditEntry.objects.get(action="trainings.roster_read")
    assert entry.payload.actor == leader
    assert entry.payload.subject_ref == seat.occasion.ref
    assert people_of(entry) == [seat.participant.ref]


@pytest.mark.parametrize("name", ["occasion", "attendance"])
def test_a_protected_name_needs_the_named_right(leader_browser, leader, name):
    seat = EnrolmentFactory(
        participant__protected=True, participant__family_name="Hemlig"
    )
    SessionFactory(occasion=seat.occasion)

    without = leader_browser.get(page(name, seat.occasion)).text
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    with_right = leader_browser.get(page(name, seat.occasion)).text

    assert "Participant 1" in without
    assert "Hemlig" not in without
    assert seat.participant.ref not in without
    assert "Anna Hemlig" in with_right


def test_the_page_of_a_person_shows_the_hours(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)
    AttendanceFactory(enrolment=seat, minutes=60)
    AttendanceFactory(enrolment=seat, minutes=30, certified_at=at("2026-03-05 08:00"))

    text = browser.get(seat.participant.get_absolute_url()).text

    assert seat.occasion.ref in text
    assert '<td class="num">1.50</td>' in text
    assert '<td class="num">0.50</td>' in text


# Nominating and withdrawing


def test_hr_nominates_own_people(browser, hr):
    occasion = OccasionFactory()
    anna, eva, stranger = (
        ParticipantFactory(company=hr.company),
        ParticipantFactory(company=hr.company),
        ParticipantFactory(),
    )

    response = browser.post(
        page("nominate", occasion), {"people": [anna.ref, eva.ref]}, follow=True
    )
    refused = browser.post(page("nominate", occasion), {"people": [stranger.ref]})

    assert "2 people nominated" in response.text
    assert refused.context["form"].errors
    assert {e.participant for e in occasion.enrolments.all()} == {anna, eva}


def test_those_already_in_are_marked_and_cannot_be_chosen(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)

    text = browser.get(page("nominate", seat.occasion)).text

    assert f'value="{seat.participant.ref}"' not in text
    assert "nominated</span>" in text


def test_nominating_searches_without_telling_the_address(browser, hr):
    occasion = OccasionFactory()
    ParticipantFactory(company=hr.company, family_name="Åkesson")
    ParticipantFactory(company=hr.company, family_name="Berg")

    response = browser.post(page("nominate", occasion), {"search": "ÅKE"}, follow=True)

    assert [row.family_name for row in response.context["page"].rows] == ["Åkesson"]
    assert response.redirect_chain == [(page("nominate", occasion), 302)]


def test_a_refused_nomination_keeps_what_was_chosen(browser, hr):
    occasion = OccasionFactory()
    anna, eva = ParticipantFactory.create_batch(2, company=hr.company)
    EnrolmentFactory(occasion=occasion, participant__person_key=anna.person_key)

    response = browser.post(page("nominate", occasion), {"people": [anna.ref, eva.ref]})

    assert "Already has a place on this occasion: Anna Berg" in response.text
    assert "another company" not in response.text
    assert response.text.count(" checked") == 2
    assert occasion.enrolments.count() == 1


def test_nominating_nobody_is_a_sentence(browser, hr):
    ParticipantFactory(company=hr.company)

    response = browser.post(page("nominate", OccasionFactory()), {})

    assert "Choose at least one person." in response.text


def test_hr_withdraws_an_own_person_after_one_more_question(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)
    url = page("withdraw", seat.occasion, seat.ref)

    asked = browser.get(url)
    seat.refresh_from_db()
    assert "Withdraw Anna Berg" in asked.text
    assert seat.is_live

    browser.post(url)
    seat.refresh_from_db()
    assert seat.withdrawn_by == hr.user


def test_another_companys_seat_is_not_found(browser, hr):
    own = EnrolmentFactory(participant__company=hr.company)
    theirs = EnrolmentFactory(occasion=own.occasion)

    response = browser.post(page("withdraw", own.occasion, theirs.ref))

    assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_live


def test_hr_is_offered_to_withdraw_a_nomination_and_not_to_decline_it(browser, hr):
    waiting = EnrolmentFactory(participant__company=hr.company, confirmed_at=None)

    browser.post(page("withdraw", waiting.occasion, waiting.ref), {"decline": ""})

    text = browser.get(waiting.occasion.get_absolute_url()).text
    waiting.refresh_from_db()
    assert (waiting.declined_at, waiting.withdrawn_by) == (None, hr.user)
    assert "Decline" not in text


# What leaders do


def test_a_leader_declines_a_nomination_that_waits(leader_browser, leader):
    waiting = EnrolmentFactory(confirmed_at=None)
    url = page("withdraw", waiting.occasion, waiting.ref)
    assert (
        "Decline Anna Berg"
        in leader_browser.get(page("occasion", waiting.occasion)).text
    )
    asked = leader_browser.get(url).text
    assert "Decline Anna Berg" in asked
    assert 'name="decline"' in asked

    leader_browser.post(url, {"decline": ""})

    waiting.refresh_from_db()
    assert (waiting.declined_by, waiting.withdrawn_at) == (leader, None)


def test_a_seat_that_was_given_meanwhile_is_not_declined(leader_browser):
    seat = EnrolmentFactory()
    url = page("withdraw", seat.occasion, seat.ref)
    assert 'name="decline"' not in leader_browser.get(url).text

    response = leader_browser.post(url, {"decline": ""}, follow=True)

    seat.refresh_from_db()
    assert seat.is_live
    assert "This person has a seat. Withdraw it instead." in response.text


def test_a_leader_gives_seats_and_hears_for_how_many_there_was_none(leader_browser):
    occasion = OccasionFactory(capacity=1)
    line = [EnrolmentFactory(occasion=occasion, confirmed_at=None) for _ in range(3)]

    response = leader_browser.post(
        page("confirm", occasion), {"enrolments": [e.ref for e in line]}, follow=True
    )

    assert "1 seat given." in response.text
    assert "No seat was left for 2 people" in response.text
    assert occasion.enrolments.confirmed().count() == 1


def test_hr_gives_no_seats(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company, confirmed_at=None)

    response = browser.post(page("confirm", seat.occasion), {"enrolments": [seat.ref]})

    assert response.status_code == 404
    assert not Enrolment.objects.confirmed().exists()


def test_the_steps_of_an_occasion_are_offered_asked_and_taken(leader_browser):
    occasion = SessionFactory(occasion__status=OccasionStatus.PLANNED).occasion
    url = page("occasion-step", occasion, "open")
    assert url in leader_browser.get(page("occasion", occasion)).text

    leader_browser.get(url)
    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.PLANNED

    leader_browser.post(url)
    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.OPEN


def test_a_refused_step_is_a_sentence(leader_browser):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    response = leader_browser.post(page("occasion-step", occasion, "open"), follow=True)

    assert "Add at least one session" in response.text


def test_a_step_that_does_not_exist_is_not_found(leader_browser):
    response = leader_browser.post(page("occasion-step", OccasionFactory(), "burn"))

    assert response.status_code == 404


# The grid


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


def cell(seat, session):
    return f"{seat.ref}:{session.ref}"


def save(browser, occasion, cells, seen=None, **more):
    return browser.post(
        page("attendance", occasion), cells | {"seen": json.dumps(seen or {})} | more
    )


def test_minutes_are_saved_cell_by_cell(leader_browser, leader, seat, session):
    second = SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-03 08:00"))

    response = save(
        leader_browser,
        seat.occasion,
        {cell(seat, session): "240", cell(seat, second): "0"},
    )

    assert response.url == page("attendance", seat.occasion)
    rows = Attendance.objects.order_by("session__starts_at")
    assert [(row.minutes, row.recorded_by) for row in rows] == [
        (240, leader),
        (0, leader),
    ]


def test_empty_cells_save_nothing(leader_browser, seat, session):
    save(leader_browser, seat.occasion, {cell(seat, session): ""})

    assert not Attendance.objects.exists()


@pytest.mark.parametrize("written", ["241", "-1", "4 h", "1.5", "²"])
def test_a_fault_stands_beside_its_cell_and_nothing_is_saved(
    leader_browser, seat, session, written
):
    other = EnrolmentFactory(occasion=seat.occasion)

    response = save(
        leader_browser,
        seat.occasion,
        {cell(seat, session): written, cell(other, session): "60"},
    )

    name = cell(seat, session)
    assert response.context["form"].errors == {name: ["Enter 0 to 240 minutes."]}
    assert f'href="#id_{name}"' in response.text
    assert f'id="id_{name}_error"' in response.text
    assert f'value="{written}"' in response.text
    assert not Attendance.objects.exists()


def test_each_cell_is_named_by_person_and_session(leader_browser, seat, session):
    text = leader_browser.get(page("attendance", seat.occasion)).text

    assert 'aria-label="Anna Berg, 2026-03-02 08:00, minutes"' in text


def test_everybody_present_fills_only_empty_cells_and_saves_nothing(
    leader_browser, seat, session
):
    late = EnrolmentFactory(occasion=seat.occasion)

    response = save(
        leader_browser,
        seat.occasion,
        {cell(seat, session): "", cell(late, session): "30"},
        fill=session.ref,
    )

    values = {
        name: response.context["form"][name].value()
        for name in (cell(seat, session), cell(late, session))
    }
    assert values == {cell(seat, session): 240, cell(late, session): "30"}
    assert not Attendance.objects.exists()


def test_a_session_that_has_not_begun_cannot_be_filled_in(leader_browser, seat):
    coming = SessionFactory(
        occasion=seat.occasion, starts_at=timezone.now() + dt.timedelta(days=1)
    )

    text = leader_browser.get(page("attendance", seat.occasion)).text
    answer = save(leader_browser, seat.occasion, {cell(seat, coming): "60"})

    assert f'name="{cell(seat, coming)}"' not in text
    assert "not begun" in text
    assert "was moved meanwhile and has not begun" in answer.text
    assert not Attendance.objects.exists()


def test_certified_time_is_shown_and_not_offered_for_change(
    leader_browser, seat, session
):
    AttendanceFactory(
        enrolment=seat,
        session=session,
        minutes=200,
        certified_at=at("2026-03-04 08:00"),
    )

    text = leader_browser.get(page("attendance", seat.occasion)).text
    response = save(leader_browser, seat.occasion, {cell(seat, session): "100"})

    assert f'name="{cell(seat, session)}"' not in text
    assert "<strong>200</strong>" in text
    assert "Anna Berg was certified meanwhile" in response.text
    assert Attendance.objects.get().minutes == 200


def test_two_leaders_do_not_overwrite_each_other_unknowingly(
    leader_browser, seat, session
):
    name = cell(seat, session)
    AttendanceFactory(enrolment=seat, session=session, minutes=100)

    response = save(leader_browser, seat.occasion, {name: "240"}, seen={name: 60})
    assert "Somebody else has entered 100 meanwhile." in response.text
    assert Attendance.objects.get().minutes == 100

    seen = json.loads(response.context["form"]["seen"].value())
    save(leader_browser, seat.occasion, {name: "240"}, seen=seen)
    assert Attendance.objects.get().minutes == 240


def test_a_cell_that_was_left_alone_is_not_written_over(leader_browser, seat, session):
    name = cell(seat, session)
    other = EnrolmentFactory(occasion=seat.occasion)
    AttendanceFactory(enrolment=seat, session=session, minutes=100)

    save(
        leader_browser,
        seat.occasion,
        {name: "60", cell(other, session): "240"},
        seen={name: 60},
    )

    minutes = dict(Attendance.objects.values_list("enrolment__ref", "minutes"))
    assert minutes == {seat.ref: 100, other.ref: 240}


@pytest.mark.parametrize("seen", ["not json", "[1]", '"x"', ""])
def test_a_damaged_page_is_never_an_error_of_the_server(
    leader_browser, seat, session, seen
):
    response = leader_browser.post(
        page("attendance", seat.occasion), {cell(seat, session): "60", "seen": seen}
    )

    assert response.status_code in {200, 302}


def test_who_gave_the_seat_up_keeps_the_time_and_gets_no_more(leader_browser):
    seat = EnrolmentFactory(withdrawn_at=at("2026-03-03 08:00"))
    session = SessionFactory(occasion=seat.occasion)
    AttendanceFactory(enrolment=seat, session=session, minutes=120)

    text = leader_browser.get(page("attendance", seat.occasion)).text

    assert "<strong>120</strong>" in text
    assert "no seat any more" in text
    assert "Anna Berg" in text


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("", "Nothing was changed."), ("60", "Anna Berg has lost the seat meanwhile.")],
)
def test_who_was_withdrawn_meanwhile_blocks_only_what_was_written(
    leader_browser, written, sentence
):
    anna = ParticipantFactory(family_name="Berg")
    seat = EnrolmentFactory(participant=anna, withdrawn_at=at("2026-03-03 08:00"))
    was_there, was_not = SessionFactory.create_batch(2, occasion=seat.occasion)
    AttendanceFactory(enrolment=seat, session=was_there, minutes=120)
    url = page("attendance", seat.occasion)

    response = leader_browser.post(
        url, {cell(seat, was_not): written, "seen": "{}"}, follow=True
    )

    assert sentence in response.text
    assert "certified meanwhile" not in response.text


def test_the_grid_costs_the_same_for_one_and_for_forty(
    leader_browser, seat, session, django_assert_num_queries
):
    def count():
        with django_assert_num_queries(10):
            leader_browser.get(page("attendance", seat.occasion))

    leader_browser.get(page("attendance", seat.occasion))
    count()
    EnrolmentFactory.create_batch(39, occasion=seat.occasion)
    for day in range(3, 14):
        SessionFactory(occasion=seat.occasion, starts_at=at(f"2026-03-{day:02} 08:00"))
    count()


def test_hr_has_no_grid(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)

    assert browser.get(page("attendance", seat.occasion)).status_code == 404


def test_the_list_of_an_occasion_that_is_over_offers_nothing_to_change(
    leader_browser,
):
    waiting = EnrolmentFactory(occasion__status="completed", confirmed_at=None)
    EnrolmentFactory(occasion=waiting.occasion)

    html = leader_browser.get(waiting.occasion.get_absolute_url()).content.decode()

    assert "/withdraw/" not in html
    assert 'name="enrolments"' not in html


def test_what_waits_for_a_leader_is_a_list_of_its_own(leader_browser):
    waits = EnrolmentFactory(confirmed_at=None).occasion
    begun = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion
    EnrolmentFactory(occasion=begun)
    recorded = AttendanceFactory().enrolment.occasion

    for todo, found in (("seats", waits), ("attendance", begun)):
        html = leader_browser.get(f"{OCCASIONS}?todo={todo}").content.decode()

        shown = [o for o in (waits, begun, recorded) if o.get_absolute_url() in html]
        assert shown == [found]


def test_cancelling_says_first_whom_it_concerns(leader_browser):
    seat = EnrolmentFactory()
    EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)
    EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)

    html = leader_browser.get(f"{seat.occasion.get_absolute_url()}cancel/")

    assert "lose it: 1. Are nominated or in line: 2." in html.content.decode()
