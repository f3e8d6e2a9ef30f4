"""The participant's own page about letters, and the admin's about news."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.facts import NOTICES
from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings.enums import NoticeKind
from trainings.models import Notice, NoticeChoice
from trainings.services.notices import tell
from trainings.tests.factories import CourseFactory, EnrolmentFactory, OccasionFactory
from trainings.tests.own import anna, open_page, own_browser  # noqa: F401
from trainings.tests.telling import after_the_pause, make_seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAGE = reverse("own:letters")


def text_of(response):
    return response.content.decode()


def test_a_participant_chooses_letters(own_browser, anna):  # noqa: F811
    response = own_browser.post(PAGE, {"level": "changes", "language": "en"})

    assert response.status_code == 302
    assert "Saved." in text_of(own_browser.get(PAGE))
    (choice,) = NoticeChoice.objects.all()
    assert (choice.participant, choice.level, choice.language) == (
        anna,
        "changes",
        "en",
    )


@pytest.mark.parametrize(
    "wrong",
    [{}, {"level": "all"}, {"level": "x", "language": "sv"}, {"level": "\x00"}],
)
def test_a_wrong_choice_is_refused_on_the_page(own_browser, wrong):  # noqa: F811
    response = own_browser.post(PAGE, wrong)

    assert response.status_code == 200
    assert not NoticeChoice.objects.exists()


def test_the_page_begins_with_what_is_in_force(own_browser, anna):  # noqa: F811
    form = own_browser.get(PAGE).context["form"]
    assert (form["level"].value(), form["language"].value()) == ("all", "sv")

    own_browser.post(PAGE, {"level": "answer", "language": "en"})

    form = own_browser.get(PAGE).context["form"]
    assert (form["level"].value(), form["language"].value()) == ("answer", "en")


def test_the_page_shows_the_own_news_also_those_without_a_letter(
    own_browser,  # noqa: F811
    anna,  # noqa: F811
):
    seat = make_seat(participant=anna)
    tell(enrolments=[seat], kind=NoticeKind.CONFIRMED)
    after_the_pause()
    seat.withdrawn_at = timezone.now()
    seat.save()
    anna.email = ""
    anna.save()
    tell(enrolments=[seat], kind=NoticeKind.WITHDRAWN)
    after_the_pause()
    open_page(own_browser, anna)  # With the address the earlier link ended.
    page = text_of(own_browser.get(PAGE))

    assert "You get no letters now: there is no e-mail address" in page
    assert "A place on a training" in page
    assert "A letter was written" in page
    assert "A place that was taken back" in page
    assert "No letter: there is no e-mail address" in page


def test_who_has_no_address_reads_that_the_news_are_here_and_not_in_letters(client):
    bo = ParticipantFactory(email="")
    open_page(client, bo)
    tell(enrolments=[EnrolmentFactory(participant=bo)], kind=NoticeKind.CONFIRMED)

    own_page, news = (text_of(client.get(url)) for url in (reverse("own:page"), PAGE))

    assert "are told here, and not by e-mail" in own_page
    assert "come by e-mail" not in own_page + news
    assert "You get no letters now" in news
    assert "A letter is on its way" not in news


def test_nobody_elses_news_are_on_the_page(own_browser):  # noqa: F811
    occasion = OccasionFactory(course=CourseFactory(title="Hemligt"))
    tell(enrolments=[EnrolmentFactory(occasion=occasion)], kind=NoticeKind.CONFIRMED)

    assert "Hemligt" not in text_of(own_browser.get(PAGE))


def test_the_own_page_leads_to_the_letters(own_browser):  # noqa: F811
    assert PAGE in text_of(own_browser.get(reverse("own:page")))


def test_hr_has_no_way_to_choose_for_its_people(client):
    company = ParticipantFactory().company
    client.force_login(MembershipFactory(company=company).user)

    assert client.post(PAGE, {"level": "changes", "language": "sv"}).status_code == 404
    assert not NoticeChoice.objects.exists()


def test_the_admin_says_how_many_news_wait(client):
    client.force_login(make_leader())
    tell(enrolments=[EnrolmentFactory()], kind=NoticeKind.CONFIRMED)
    page = text_of(client.get(reverse("admin:trainings_notice_changelist")))

    assert "1 piece of news waits to be told." in page
    for state, count in (("untold", 1), ("told", 0), ("dropped", 0)):
        address = reverse("admin:trainings_notice_changelist")
        shown = client.get(address, {"state": state})
        assert shown.context["cl"].result_count == count, state


def test_the_list_of_news_costs_the_same_for_more_rows(client):
    client.force_login(make_leader())
    address = reverse("admin:trainings_notice_changelist")
    counts = []
    for _time in range(2):
        for _row in range(3):
            Notice.objects.create(enrolment=EnrolmentFactory(), kind="confirmed")
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_news_are_called_the_same_everywhere():
    assert {kind.value: kind.label for kind in NoticeKind} == {
        code: str(words) for code, words in NOTICES.items()
    }
