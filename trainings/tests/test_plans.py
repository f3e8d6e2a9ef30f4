"""What leader and supplier settle together: the plan, comments, agreement."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from core.errors import DomainError
from trainings import services
from trainings.enums import Delivery, OccasionStatus, Side
from trainings.models import Occasion, PlanAgreement, PlanComment
from trainings.selectors.planning import (
    agreements,
    digest_of_basics,
    plan_of,
    side_of,
)
from trainings.services.planning import PlanChangedError
from trainings.tests.factories import (
    AccessibilityCardFactory,
    EnrolmentFactory,
    OccasionFactory,
    PlannedNeedFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED)


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def supplier(planned):
    return make_supplier(planned)


def values(**changes):
    return {
        "outline": "Mer övning.",
        "place": "Sala",
        "delivery": Delivery.ON_SITE,
        "capacity": 8,
        "least_participants": None,
        "decide_on": None,
    } | changes


def change(occasion, actor, *, seen=None, **changes):
    return services.change_plan(
        occasion=occasion, values=values(**changes), actor=actor, seen=seen
    )


def refused(sentence, act, *args, **kwargs):
    with pytest.raises(DomainError, match=sentence):
        act(*args, **kwargs)


# Changing


def test_the_supplier_changes_the_plan_with_history_and_trail(planned, supplier):
    change(planned, supplier)

    planned.refresh_from_db()
    assert (planned.outline, planned.place, planned.capacity) == (
        "Mer övning.",
        "Sala",
        8,
    )
    assert planned.history.first().history_user == supplier
    entry = AuditEntry.objects.get(action="trainings.plan_changed")
    assert entry.payload.facts == {"fields": ["outline", "place", "capacity"]}


def test_the_same_plan_again_leaves_no_trace(planned, supplier):
    change(planned, supplier)
    change(planned, supplier)

    assert planned.history.count() == 2
    assert AuditEntry.objects.filter(action="trainings.plan_changed").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"capacity": 0}, "at least one seat"),
        ({"outline": "Anna, 850709-9805"}, "personal number"),
        ({"least_participants": 3}, "Give both the fewest"),
        ({"decide_on": dt.date(2026, 2, 20)}, "Give both the fewest"),
        (
            {"least_participants": 9, "decide_on": dt.date(2026, 2, 20)},
            "at most the seats",
        ),
        (
            {"least_participants": 3, "decide_on": dt.date(2026, 3, 2)},
            "first session is on 2026-03-02. Decide before",
        ),
    ],
)
def test_a_plan_that_does_not_go_together_is_refused(
    planned, leader, changes, sentence
):
    SessionFactory(occasion=planned)

    refused(sentence, change, planned, leader, **changes)

    planned.refresh_from_db()
    assert planned.place == "Västerås"


def test_the_seats_are_not_fewer_than_the_people_planned_for(planned, leader):
    PlannedNeedFactory(occasion=planned, headcount=4)
    PlannedNeedFactory(occasion=planned, headcount=3)
    gone = PlannedNeedFactory(occasion=planned, headcount=9).need
    gone.withdrawn_at = at("2026-01-10 09:00")
    gone.save()

    refused(
        "planned for 7 people of the companies' needs, and would have 6 seats",
        change,
        planned,
        leader,
        capacity=6,
    )

    assert change(planned, leader, capacity=7).capacity == 7


def test_the_seats_are_not_planned_below_those_taken(planned, leader):
    """A package may bring seats on an occasion that is planned."""
    EnrolmentFactory.create_batch(2, occasion=planned)

    refused(
        "More seats than that are taken or offered: 2",
        change,
        planned,
        leader,
        capacity=1,
    )
    change(planned, leader, capacity=2)

    assert Occasion.objects.get(pk=planned.pk).capacity == 2


def test_nobody_overwrites_what_was_saved_meanwhile(planned, leader, supplier):
    shown = digest_of_basics(planned)
    change(planned, supplier, seen=shown)

    with pytest.raises(PlanChangedError):
        change(planned, leader, seen=shown, place="Köping")
    now = digest_of_basics(Occasion.objects.get(pk=planned.pk))
    change(planned, leader, seen=now, place="Köping")

    assert Occasion.objects.get(pk=planned.pk).place == "Köping"


@pytest.mark.parametrize(
    "status", [s for s in OccasionStatus if s != OccasionStatus.PLANNED]
)
def test_a_plan_is_settled_once_the_occasion_is_opened(
    planned, leader, supplier, status
):
    digest = plan_of(planned).digest
    planned.status = status
    planned.save()

    for actor in (leader, supplier):
        refused("opened|is over", change, planned, actor)
        refused(
            "opened|is over",
            services.comment_on_plan,
            occasion=planned,
            text="Hej",
            actor=actor,
        )
        refused(
            "opened|is over",
            services.agree_to_plan,
            occasion=planned,
            digest=digest,
            actor=actor,
        )


@pytest.mark.parametrize("make", [UserFactory, make_supplier])
def test_nobody_else_plans(planned, make):
    stranger = make()

    sentence = "Only project leaders and the training supplier"
    refused(sentence, change, planned, stranger)
    refused(
        sentence,
        services.comment_on_plan,
        occasion=planned,
        text="Hej",
        actor=stranger,
    )
    digest = plan_of(planned).digest
    refused(
        sentence,
        services.agree_to_plan,
        occasion=planned,
        digest=digest,
        actor=stranger,
    )
    assert side_of(stranger, planned) is None


# Comments


def test_a_comment_has_its_writer_and_its_time(planned, supplier):
    services.comment_on_plan(occasion=planned, text=" Går det bra? ", actor=supplier)

    comment = PlanComment.objects.get()
    assert (comment.text, comment.written_by) == ("Går det bra?", supplier)
    entry = AuditEntry.objects.get(action="trainings.plan_commented")
    assert entry.payload.facts == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n", "Write something first"),
        ("Anna, 19850709-9805, kan inte", "personal number"),
    ],
)
def test_a_comment_says_something_and_nothing_about_persons(
    planned, leader, text, sentence
):
    refused(
        sentence, services.comment_on_plan, occasion=planned, text=text, actor=leader
    )

    assert not PlanComment.objects.exists()


# Agreement


def agree(occasion, actor, digest=None):
    digest = digest or plan_of(Occasion.objects.get(pk=occasion.pk)).digest
    return services.agree_to_plan(occasion=occasion, digest=digest, actor=actor)


def standing(occasion):
    """Return by side whether it agreed, and whether to the plan as it stands."""
    occasion.refresh_from_db()
    return {
        one.side: one.is_current if one.newest else None
        for one in agreements(occasion, plan_of(occasion).digest)
    }


def test_each_side_agrees_for_itself(planned, leader, supplier):
    assert standing(planned) == {Side.LEADER: None, Side.SUPPLIER: None}

    agree(planned, supplier)
    assert standing(planned) == {Side.LEADER: None, Side.SUPPLIER: True}
    agree(planned, leader)

    assert standing(planned) == {Side.LEADER: True, Side.SUPPLIER: True}
    mine = PlanAgreement.objects.get(side=Side.LEADER)
    assert (mine.agreed_by, len(mine.digest)) == (leader, 64)
    entries = AuditEntry.objects.filter(action="trainings.plan_agreed").order_by("pk")
    assert [entry.payload.facts for entry in entries] == [
        {"side": "supplier"},
        {"side": "leader"},
    ]


def test_a_leader_who_also_works_for_the_supplier_agrees_for_one_side(planned):
    leader = make_leader()
    leader.provider_staff.create(
        provider=planned.provider, started_on=dt.date(2025, 9, 1)
    )

    agree(planned, leader)

    assert standing(planned) == {Side.LEADER: True, Side.SUPPLIER: None}


def _change_basics(occasion, actor):
    change(occasion, actor)


def _add_session(occasion, actor):
    SessionFactory(occasion=occasion, starts_at=at("2026-03-09 08:00"))


def _move_session(occasion, actor):
    session = occasion.sessions.get()
    session.minutes = 200
    session.save()


def _change_card(occasion, actor):
    card = occasion.accessibility
    card.captions = "yes"
    card.save()


@pytest.mark.parametrize(
    "act", [_change_basics, _add_session, _move_session, _change_card]
)
def test_whatever_is_changed_is_not_agreed_to(planned, leader, supplier, act):
    SessionFactory(occasion=planned)
    AccessibilityCardFactory(occasion=planned)
    shown = plan_of(planned).digest
    agree(planned, supplier)

    act(planned, leader)

    assert standing(planned)[Side.SUPPLIER] is False
    refused("Somebody has changed the plan meanwhile", agree, planned, leader, shown)


def test_a_comment_changes_no_plan(planned, leader, supplier):
    agree(planned, supplier)

    services.comment_on_plan(occasion=planned, text="Tack!", actor=leader)

    assert standing(planned)[Side.SUPPLIER] is True


def test_a_plan_changed_back_is_the_plan_that_was_agreed_to(planned, leader, supplier):
    change(planned, leader)
    agree(planned, supplier)
    change(planned, leader, place="Köping")
    agree(planned, supplier)
    change(planned, leader)

    assert standing(planned)[Side.SUPPLIER] is True
    refused("This side has agreed to the plan", agree, planned, supplier)
