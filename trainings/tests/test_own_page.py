"""A participant's own page: opened by a link, and closed to everybody else."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies import own
from companies.enums import CorrectionField
from companies.models import CorrectionRequest, PersonalLink
from companies.origins import known_facts
from companies.services import add_participant, change_participant
from companies.services.corrections import ask_for_correction
from companies.services.links import make_personal_link, revoke_personal_links
from companies.tests.factories import CompanyFactory, MembershipFactory
from core.history import CHANGED, write_history
from trainings.enums import OccasionStatus
from trainings.models import AccommodationNote
from trainings.own import next_session, own_requests, own_seats
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
    ParticipantFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

PAGES = ["own:page", "own:data", "own:readers", "own:correction-new"]
PAGE = reverse("own:page")
GONE = "This link opens no page"


@pytest.fixture(autouse=True)
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with override("en"):
        yield


@pytest.fixture
def anna():
    return ParticipantFactory(
        given_name="Anna", family_name="Berg", email="anna@example.org"
    )


def opening(participant):
    token = make_personal_link(participant=participant, actor=None)
    return reverse("own:open", args=[token])


def open_page(client, participant):
    return client.post(opening(participant))


@pytest.fixture
def own_browser(client, anna):
    """A browser in which Anna has opened her page."""
    open_page(client, anna)
    return client


# Opening


def test_looking_at_a_link_asks_first_and_changes_nothing(client, anna):
    url = opening(anna)

    response = client.get(url)

    assert response.status_code == 200
    assert "Open my page" in response.text
    assert "Anna" not in response.text
    assert not PersonalLink.objects.exclude(opened_at=None).exists()
    assert client.get(PAGE).status_code == 404


def test_opening_leads_to_a_page_whose_address_has_no_token(client, anna):
    response = open_page(client, anna)

    assert (response.status_code, response.url) == (302, "/me/")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Hello Anna" in page.text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "token", ["x", "x" * 43 + "." + "y" * 43, "x" * 3000, "p-7K3F9Q2M", "<script>"]
)
def test_a_link_that_is_none_is_not_found_and_says_what_to_do(client, method, token):
    response = getattr(client, method)(reverse("own:open", args=[token]))

    assert response.status_code == 404
    assert GONE in response.text
    assert "ask HR at your company" in response.text
    assert "<script>" not in response.text.partition("</head>")[2]


def test_expired_and_revoked_links_are_answered_like_wrong_ones(client, anna):
    expired = opening(anna)
    PersonalLink.objects.update(expires_at=timezone.now())
    first = client.post(expired)
    revoked = opening(anna)
    PersonalLink.objects.update(revoked_at=timezone.now())
    second = client.post(revoked)

    wrong = client.post(reverse("own:open", args=["x"]))
    assert {r.status_code for r in (first, second, wrong)} == {404}
    assert all(GONE in r.text for r in (first, second, wrong))


def test_a_link_opens_twice_and_in_two_browsers(client, anna, settings):
    url = opening(anna)
    other = Client()

    for browser in (client, other, client):
        assert browser.post(url).status_code == 302

    assert client.get(PAGE).status_code == other.get(PAGE).status_code == 200
    assert AuditEntry.objects.filter(action="companies.link_opened").count() == 3


def test_opening_gives_the_browser_a_new_session_key(client, anna, settings):
    client.get(opening(anna))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    open_page(client, anna)

    assert client.session.session_key != session.session_key
    assert "planted" not in client.session
    assert not client.session.exists(session.session_key)


def test_opening_ends_the_session_of_a_signed_in_user(client, anna):
    client.force_login(make_leader())

    open_page(client, anna)

    assert client.get(reverse("companies:participants")).status_code == 302
    assert client.get(PAGE).status_code == 200


def test_opening_anothers_link_changes_whose_page_it_is(own_browser):
    bo = ParticipantFactory(given_name="Bo", email="bo@example.org")

    open_page(own_browser, bo)

    text = own_browser.get(PAGE).text
    assert "Hello Bo" in text
    assert "Anna" not in text


def test_a_forged_form_opens_nothing(anna):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(opening(anna)).status_code == 403


# The session


@pytest.mark.parametrize("name", PAGES)
def test_without_a_link_there_is_no_page(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 404
    assert GONE in response.text


@pytest.mark.parametrize("name", PAGES)
def test_an_account_is_no_link(client, name):
    client.force_login(make_leader())

    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_a_page_stays_in_caches_or_referrers(own_browser, name):
    response = own_browser.get(reverse(name))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"


def test_the_page_of_a_link_stays_in_no_cache_or_referrer_either(client, anna):
    for url in (opening(anna), reverse("own:open", args=["x"])):
        response = client.get(url)
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "strict-origin"


def test_revoking_ends_an_open_session_at_once(own_browser, anna):
    assert own_browser.get(PAGE).status_code == 200

    revoke_personal_links(participant=anna, actor=make_leader())

    assert own_browser.get(PAGE).status_code == 404
    PersonalLink.objects.update(revoked_at=None)
    assert own_browser.get(PAGE).status_code == 404, "It does not come back."


def test_a_new_link_ends_the_session_of_the_old_one(own_browser, anna):
    make_personal_link(participant=anna, actor=None)

    assert own_browser.get(PAGE).status_code == 404


def test_an_expired_link_ends_its_session(own_browser):
    PersonalLink.objects.update(expires_at=timezone.now())

    assert own_browser.get(PAGE).status_code == 404


def move_back(client, **shifts):
    session = client.session
    for name, shift in shifts.items():
        session[f"own.{name}"] -= int(shift.total_seconds())
    session.save()


def test_two_hours_of_silence_end_the_session(own_browser):
    move_back(own_browser, seen=own.IDLE - dt.timedelta(seconds=30))
    assert own_browser.get(PAGE).status_code == 200

    move_back(own_browser, seen=own.IDLE + dt.timedelta(seconds=1))
    assert own_browser.get(PAGE).status_code == 404


def test_a_session_in_use_ends_after_eight_hours(own_browser):
    move_back(own_browser, begun=own.LONGEST - dt.timedelta(seconds=30))
    assert own_browser.get(PAGE).status_code == 200

    move_back(own_browser, begun=dt.timedelta(seconds=31))
    assert own_browser.get(PAGE).status_code == 404


def test_the_cookie_goes_when_the_browser_is_closed(own_browser, settings):
    cookie = own_browser.cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["max-age"], cookie["httponly"]) == ("", True)


def test_leaving_ends_the_session(own_browser):
    response = own_browser.post(reverse("own:leave"))

    assert response.url == reverse("own:about")
    assert own_browser.get(PAGE).status_code == 404


def test_leaving_without_a_page_signs_no_user_out(client):
    client.force_login(make_leader())

    client.post(reverse("own:leave"))

    assert client.get(reverse("companies:participants")).status_code == 200


def test_signing_in_as_a_user_ends_the_participants_session(own_browser):
    own_browser.force_login(make_leader())

    assert own_browser.get(PAGE).status_code == 404
    own_browser.post(reverse("account_logout"))
    assert own_browser.get(PAGE).status_code == 404


def test_a_participant_finds_nothing_of_the_portal(own_browser, anna):
    for name in ("home", "companies:participants", "trainings:occasions"):
        assert own_browser.get(reverse(name)).url.startswith("/accounts/login/")
    assert own_browser.get(anna.get_absolute_url()).status_code == 302


# Training


def test_seats_sessions_and_hours_are_the_participants_own(anna):
    seat = EnrolmentFactory(participant=anna)
    first = AttendanceFactory(
        enrolment=seat, minutes=90, certified_at=at("2026-03-05 08:00")
    )
    AttendanceFactory(enrolment=seat, minutes=60)
    SessionFactory(occasion=seat.occasion, starts_at=at("2026-09-01 08:00"))
    AttendanceFactory(enrolment__occasion=seat.occasion, session=first.session)

    (own_seat,) = own_seats(anna, now=at("2026-04-01 12:00"))

    assert own_seat.step == "has a seat"
    assert [one.hours for one in own_seat.sessions] == [Decimal("1.5"), 1, None]
    assert [one.is_past for one in own_seat.sessions] == [True, True, False]
    assert (own_seat.hours, own_seat.certified_hours) == (
        Decimal("2.5"),
        Decimal("1.5"),
    )


def test_time_under_dispute_is_not_certified(anna):
    certified = {"certified_at": at("2026-03-05 08:00")}
    disputed = certified | {"disputed_at": at("2026-03-06 08:00")}
    closed = disputed | {"dispute_closed_at": at("2026-03-07 08:00")}
    seat = EnrolmentFactory(participant=anna)
    for times in (certified, disputed, closed):
        AttendanceFactory(enrolment=seat, minutes=60, **times)

    (own_seat,) = own_seats(anna, now=at("2026-04-01 12:00"))

    assert (own_seat.hours, own_seat.certified_hours) == (3, 2)


def test_the_next_time_is_the_nearest_that_is_not_over(anna):
    seat = EnrolmentFactory(participant=anna)
    SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-01 08:00"))
    soon = SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-09 08:00"))
    waiting = EnrolmentFactory(participant=anna, confirmed_at=None)
    SessionFactory(occasion=waiting.occasion, starts_at=at("2026-03-08 08:00"))
    cancelled = EnrolmentFactory(
        participant=anna, occasion__status=OccasionStatus.CANCELLED
    )
    SessionFactory(occasion=cancelled.occasion, starts_at=at("2026-03-08 08:00"))
    now = at("2026-03-07 12:00")

    assert next_session(own_seats(anna, now=now), now=now).session == soon


def test_the_page_shows_times_places_and_hours(own_browser, anna):
    seat = EnrolmentFactory(participant=anna, occasion__place="Köping")
    AttendanceFactory(enrolment=seat, minutes=90)
    EnrolmentFactory(occasion__course__title="Somebody else's course")

    text = own_browser.get(PAGE).text

    assert "Köping" in text
    assert "2026-03-02 08:00" in text
    assert "1.50 hours" in text
    assert "Somebody else" not in text


@pytest.mark.parametrize("seats", [1, 12])
def test_the_page_costs_the_same_for_one_seat_and_for_twelve(
    own_browser, anna, seats, django_assert_max_num_queries
):
    for _ in range(seats):
        seat = AttendanceFactory(enrolment__participant=anna).enrolment
        AccommodationFactory(enrolment=seat)

    # Session, link; seats, sessions, attendance; requests, two of notes; programme.
    with django_assert_max_num_queries(9):
        own_browser.get(PAGE)


def test_a_note_is_shown_to_who_wrote_it(own_browser, anna):
    request = AccommodationFactory(enrolment__participant=anna)
    AccommodationNote.objects.create(accommodation=request, text="Sit in front")
    other = AccommodationFactory()
    AccommodationNote.objects.create(accommodation=other, text="Another's words")

    text = own_browser.get(PAGE).text

    assert "Sit in front" in text
    assert "Captions" in text
    assert "Another" not in text


def test_a_note_from_before_a_new_address_is_hidden(client, anna):
    """Who enters an address of their own for somebody reads nothing that is older."""
    request = AccommodationFactory(enrolment__participant=anna)
    AccommodationNote.objects.create(accommodation=request, text="Sit in front")
    change_participant(participant=anna, actor=make_leader(), email="evil@example.org")
    anna.refresh_from_db()

    (shown,) = own_requests(anna)
    open_page(client, anna)
    text = client.get(PAGE).text

    assert (shown.note, shown.is_hidden) == ("", True)
    assert "Sit in front" not in text
    assert "Captions" not in text
    assert "It is hidden here" in text


@pytest.mark.parametrize(
    ("times", "state"),
    [
        ({}, "waits for an answer"),
        ({"arranged_at": at("2026-01-22 09:00")}, "arranged"),
        ({"declined_at": at("2026-01-22 09:00")}, "declined"),
        ({"withdrawn_at": at("2026-01-22 09:00")}, "withdrawn"),
    ],
)
def test_a_request_says_how_far_it_has_come(anna, times, state):
    AccommodationFactory(enrolment__participant=anna, **times)

    assert [request.state for request in own_requests(anna)] == [state]


# Data, and where it came from


def facts(participant):
    return {fact.label: fact for fact in known_facts(participant)}


def test_each_value_tells_who_wrote_it_when(django_user_model):
    hr = MembershipFactory(user__name="Hanna HR").user
    leader = make_leader(name="Lea Ledare")
    person = add_participant(
        company=CompanyFactory(),
        actor=hr,
        number="198507099805",
        given_name="Anna",
        family_name="Berg",
    )
    change_participant(participant=person, actor=leader, job_title="Montör")
    change_participant(participant=person, actor=hr, mobile="+46701740635")
    person.refresh_from_db()

    found = facts(person)

    title, number = found["Job title"], found["Personal number"]
    assert (title.value, title.origin.who, title.origin.how) == (
        "Montör",
        leader,
        "written on the form",
    )
    assert (number.value, number.origin.who) == ("19850709-****", hr)
    assert found["Given name"].origin.who == hr
    assert found["E-mail address"].origin is None
    assert found["Mobile"].origin.at > title.origin.at


def test_a_value_from_a_list_or_a_package_says_so(anna):
    anna.job_title = "Svarvare"
    anna.save_without_historical_record()
    rows = type(anna).objects.filter(pk=anna.pk)
    hr = MembershipFactory().user
    write_history(rows, kind=CHANGED, reason="uploaded list", actor=hr)
    rows.update(mobile="+46701740635")
    write_history(rows, kind=CHANGED, reason="programme package")
    anna.refresh_from_db()

    found = facts(anna)

    title, mobile = found["Job title"].origin, found["Mobile"].origin
    assert (title.how, title.who) == ("from a list that was uploaded", hr)
    assert (mobile.how, mobile.who) == ("from a file with the whole programme", None)


def test_the_whole_number_is_on_no_page(client):
    person = add_participant(
        company=CompanyFactory(),
        actor=None,
        number="198507099805",
        given_name="Anna",
        family_name="Berg",
        email="anna@example.org",
    )
    open_page(client, person)

    texts = [client.get(reverse(name)).text for name in PAGES]

    assert "19850709-****" in texts[1]
    assert not any("9805" in text for text in texts)


# Corrections


def test_a_participant_asks_and_sees_the_answer(own_browser, anna):
    response = own_browser.post(
        reverse("own:correction-new"),
        {"field": "name", "text": "I am called Ana"},
        follow=True,
    )
    assert "Sent." in response.text
    correction = CorrectionRequest.objects.get()
    assert (correction.participant, correction.text) == (anna, "I am called Ana")

    CorrectionRequest.objects.update(
        declined_at=timezone.now(), answer="It is so in the register"
    )
    page = own_browser.get(reverse("own:correction", args=[correction.ref]))
    assert "I am called Ana" in page.text
    assert "It is so in the register" in page.text
    assert "left as it is" in own_browser.get(reverse("own:data")).text


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"field": "name", "text": ""}, "This field is required"),
        ({"field": "name", "text": "a\0b"}, "Null characters are not allowed"),
        ({"field": "name", "text": "x" * 5000}, "at most 1000 characters"),
        ({"field": "x", "text": "hello"}, "Select a valid choice"),
        ({"field": "number", "text": "It is 850709-9805"}, "personal number"),
        ({}, "This field is required"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(own_browser, posted, sentence):
    response = own_browser.post(reverse("own:correction-new"), posted)

    assert response.status_code == 200
    assert sentence in response.text
    assert not CorrectionRequest.objects.exists()


def test_a_posted_participant_or_answer_changes_nothing(own_browser, anna):
    bo = ParticipantFactory()
    own_browser.post(
        reverse("own:correction-new"),
        {
            "field": "other",
            "text": "hello",
            "participant": bo.pk,
            "answer": "yes",
            "corrected_at": "2026-01-01",
        },
    )

    correction = CorrectionRequest.objects.get()
    assert (correction.participant, correction.answer) == (anna, "")
    assert correction.is_open


def test_script_in_a_correction_is_text(own_browser, anna):
    correction = ask_for_correction(
        participant=anna, field=CorrectionField.OTHER, text="<script>alert(1)</script>"
    )

    text = own_browser.get(reverse("own:correction", args=[correction.ref])).text

    assert "&lt;script&gt;alert(1)" in text


def test_anothers_correction_is_not_found(own_browser):
    theirs = ask_for_correction(
        participant=ParticipantFactory(), field=CorrectionField.NAME, text="hello"
    )

    url = reverse("own:correction", args=[theirs.ref])

    assert own_browser.get(url).status_code == 404


# Who sees


def test_the_page_tells_who_may_see_and_who_has_looked(own_browser, anna, client):
    hr = MembershipFactory(company=anna.company, user__name="Hanna HR").user
    MembershipFactory(user__name="Utanför HR")
    reader = Client()
    reader.force_login(hr)
    reader.get(anna.get_absolute_url())
    reader.get(ParticipantFactory(company=anna.company).get_absolute_url())

    text = own_browser.get(reverse("own:readers")).text

    assert text.count("Hanna HR") == 2  # May see, and has looked once.
    assert "Read the page of a person" in text
    assert "Utanför" not in text


def test_links_are_told_with_their_times_and_never_in_full(own_browser, anna):
    digest = PersonalLink.objects.get().digest

    text = own_browser.get(reverse("own:readers")).text

    assert "Last opened" in text
    assert digest not in text


def test_the_participant_fetches_a_copy_of_all(own_browser):
    assert reverse("privacy:own-copy") in own_browser.get(reverse("own:data")).text

    response = own_browser.post(reverse("privacy:own-copy"))

    assert response["Content-Type"] == "application/zip"
    assert b"".join(response).startswith(b"PK")


# Who processes what and why


@pytest.mark.parametrize(
    ("language", "heading", "lang"),
    [
        ("sv", "Vem som hanterar dina uppgifter, och varför", "sv"),
        ("sv-easy", "Dina uppgifter", "sv"),
        ("en", "Who handles your data, and why", "en"),
        ("<script>", "Vem som hanterar dina uppgifter, och varför", "sv"),
    ],
)
def test_the_information_is_there_in_three_variants(client, language, heading, lang):
    response = client.get(reverse("own:about"), {"language": language})

    assert response.status_code == 200
    assert f"<h1>{heading}</h1>" in response.text
    assert f'<div lang="{lang}"' in response.text
    assert "<script>alert" not in response.text
