"""The planning board in the browser: for both sides, and for nobody else."""

import pytest

from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory
from trainings import services
from trainings.enums import OccasionStatus, Provision, Side
from trainings.models import AccessibilityCard, Occasion, PlanAgreement, PlanComment
from trainings.selectors.planning import CARD, plan_of
from trainings.tests.browsing import page
from trainings.tests.factories import (
    AccessibilityCardFactory,
    OccasionFactory,
    ProviderStaffFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

RULE = {
    "first_on": "2026-03-02",
    "every": "1",
    "how_often": "2",
    "starts": "08:00",
    "ends": "12:00",
    "minutes": "210",
}


@pytest.fixture
def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED)


@pytest.fixture
def supplier(planned):
    return make_supplier(planned)


@pytest.fixture
def browser(client, supplier):
    client.force_login(supplier)
    return client


def times(occasion):
    return [str(one) for one in services.sessions.taken_times(occasion)]


# The board


def test_both_sides_see_the_board_of_a_planned_occasion(client, planned, supplier):
    SessionFactory(occasion=planned)
    for user in (supplier, make_leader()):
        client.force_login(user)
        board = client.get(page("plan", planned))
        assert page("plan", planned) in client.get(page("occasion", planned)).text
        assert board.status_code == 200
        assert page("plan-sessions", planned) in board.text
        assert page("plan-change", planned) in board.text


@pytest.mark.parametrize(
    "make", [lambda: MembershipFactory().user, make_supplier], ids=["HR", "another"]
)
@pytest.mark.parametrize("status", [OccasionStatus.PLANNED, OccasionStatus.OPEN])
def test_the_board_is_not_there_for_others(client, planned, make, status):
    session = SessionFactory(occasion=planned)
    Occasion.objects.update(status=status)
    client.force_login(make())

    names = ("plan", "plan-change", "plan-card", "plan-sessions")
    for url in (
        *(page(name, planned) for name in names),
        page("plan-session", planned, session.ref),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, RULE).status_code in {404, 405}
    for name in ("plan-comment", "plan-agree"):
        assert client.post(page(name, planned)).status_code == 404


def test_who_works_for_the_supplier_beside_being_hr_sees_the_board(client, planned):
    hr = MembershipFactory().user
    ProviderStaffFactory(provider=planned.provider, user=hr)
    client.force_login(hr)

    assert client.get(page("plan", planned)).status_code == 200


def test_once_open_the_supplier_reads_and_the_leader_still_moves(
    client, planned, supplier
):
    session = SessionFactory(occasion=planned)
    AccessibilityCardFactory(occasion=planned)
    Occasion.objects.update(status=OccasionStatus.OPEN)
    url = page("plan-session", planned, session.ref)

    client.force_login(supplier)
    read = client.get(page("plan", planned))
    assert url not in read.text
    assert page("plan-comment", planned) not in read.text
    assert client.get(url).url == page("plan", planned)
    refused = client.post(url, {"day": "2026-03-03"} | RULE)
    assert "Ask the project leader to change it." in refused.text

    client.force_login(make_leader())
    assert url in client.get(page("plan", planned)).text
    assert client.get(page("plan-change", planned)).url == page("plan", planned)
    client.post(url, {"day": "2026-03-03"} | RULE)
    assert times(planned) == ["2026-03-03 08:00–12:00"]


# Content and place


PLAN = {"place": "Sala", "delivery": "blended", "capacity": "8", "outline": "Mer"}


def test_the_plan_is_changed_on_its_form(browser, planned):
    response = browser.post(
        page("plan-change", planned), PLAN | _seen(browser, planned)
    )

    assert response.url == page("plan", planned)
    planned.refresh_from_db()
    assert (planned.place, planned.delivery, planned.outline) == (
        "Sala",
        "blended",
        "Mer",
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "1001"}, "capacity"),
        ({"capacity": "många"}, "capacity"),
        ({"delivery": "post"}, "delivery"),
        ({"place": "x" * 201}, "place"),
        ({"outline": "x" * 10_001}, "outline"),
        ({"least_participants": "9", "decide_on": "2026-02-01"}, "__all__"),
        ({"least_participants": "2"}, "__all__"),
        ({"decide_on": "i mars"}, "decide_on"),
        ({"place": "Sal\x00a"}, "place"),
    ],
)
def test_a_plan_that_is_wrong_is_a_sentence(browser, planned, wrong, field):
    posted = PLAN | _seen(browser, planned) | wrong

    response = browser.post(page("plan-change", planned), posted)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert Occasion.objects.get(pk=planned.pk).place == "Västerås"


def test_what_somebody_saved_meanwhile_is_told_before_it_is_overwritten(
    browser, planned
):
    seen = _seen(browser, planned)
    browser.post(page("plan-change", planned), PLAN | seen)
    mine = PLAN | {"place": "Köping"}

    refused = browser.post(page("plan-change", planned), mine | seen)
    assert refused.context["form"].errors == {
        "__all__": [
            "Somebody has changed this meanwhile. Nothing of yours is saved yet."
        ],
        "place": ["By now it says: Sala"],
    }
    again = refused.context["form"]["seen"].value()
    browser.post(page("plan-change", planned), mine | {"seen": again})

    assert Occasion.objects.get(pk=planned.pk).place == "Köping"


def _seen(browser, occasion, name="plan-change"):
    return {"seen": browser.get(page(name, occasion)).context["form"]["seen"].value()}


# The card


def test_a_card_begins_with_the_venues_last_and_is_saved(browser, planned):
    last = AccessibilityCardFactory(
        captions=Provision.YES, occasion__provider=planned.provider
    )
    url = page("plan-card", planned)

    shown = browser.get(url)
    assert f"Filled in from {last.occasion.ref}." in shown.text
    form = shown.context["form"]
    posted = {name: form[name].value() or "" for name in [*CARD, "seen"]}
    missing = browser.post(url, posted | {"contact": "Kansliet"})
    saved = browser.post(url, posted | {"contact": "Kansliet", "ask_by": "2026-02-01"})

    assert missing.context["form"].errors == {"ask_by": ["This field is required."]}
    assert saved.url == page("plan", planned)
    card = AccessibilityCard.objects.get(occasion=planned)
    assert (card.captions, card.contact) == (Provision.YES, "Kansliet")
    assert "Filled in from" not in browser.get(url).text


def test_a_card_saved_meanwhile_is_told(browser, planned):
    seen = _seen(browser, planned, "plan-card")
    AccessibilityCardFactory(occasion=planned, captions=Provision.YES)
    said = AccessibilityCardFactory.build(occasion=None)
    posted = {name: getattr(said, name) for name in CARD} | seen

    response = browser.post(page("plan-card", planned), posted)

    assert response.context["form"].errors == {
        "__all__": [
            "Somebody has changed this meanwhile. Nothing of yours is saved yet."
        ],
        "captions": ["By now it says: yes"],
    }


# Comments and agreement


def test_a_comment_is_written_and_read_newest_last(browser, planned, supplier):
    for text in ("Först", "Sedan <b>"):
        response = browser.post(page("plan-comment", planned), {"text": text})

    assert response.url == f"{page('plan', planned)}#comments"
    text = browser.get(page("plan", planned)).text
    assert text.index("Först") < text.index("Sedan &lt;b&gt;")
    assert str(supplier) in text


def test_a_refused_comment_stands_in_its_field(browser, planned):
    said = "Anna 850709-9805 kommer"

    response = browser.post(page("plan-comment", planned), {"text": said})

    assert "seems to hold a personal number" in response.text
    assert response.context["comment_form"]["text"].value() == said
    assert not PlanComment.objects.exists()


def test_what_was_shown_is_what_is_agreed_to(browser, planned):
    shown = browser.get(page("plan", planned)).context["plan"].digest
    SessionFactory(occasion=planned)

    late = browser.post(page("plan-agree", planned), {"digest": shown}, follow=True)
    assert "Somebody has changed the plan meanwhile" in late.text
    assert not PlanAgreement.objects.exists()
    now = {"digest": plan_of(planned).digest}
    done = browser.post(page("plan-agree", planned), now, follow=True)

    assert "You have agreed to the plan." in done.text
    assert "Agree as training supplier" not in done.text
    assert PlanAgreement.objects.get().side == Side.SUPPLIER
    SessionFactory(occasion=planned, starts_at=at("2026-03-09 08:00"))
    assert "the plan has been changed since" in browser.get(page("plan", planned)).text


@pytest.mark.parametrize("digest", ["", "x" * 500, "\x00"])
def test_a_digest_that_is_none_is_refused(browser, planned, digest):
    response = browser.post(page("plan-agree", planned), {"digest": digest})

    assert response.url == page("plan", planned)
    assert not PlanAgreement.objects.exists()


# What it costs


def test_the_board_asks_as_often_whatever_it_shows(
    browser, planned, supplier, django_assert_num_queries
):
    def build(count):
        for number in range(count):
            SessionFactory(
                occasion=planned, starts_at=at(f"2026-{number + 3:02}-02 08:00")
            )
            services.comment_on_plan(occasion=planned, text="Hej", actor=supplier)
        AccessibilityCardFactory(occasion=planned)

    build(1)
    with django_assert_num_queries(10):
        browser.get(page("plan", planned))
    planned.sessions.all().delete()
    planned.accessibility.delete()
    build(9)
    with django_assert_num_queries(10):
        browser.get(page("plan", planned))
