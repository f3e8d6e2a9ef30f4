"""People in the admin: offered, filtered and written down."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.tests.trail import people_of
from companies.tests.factories import ParticipantFactory
from networks.models import MeetingAttendance, NetworkMember
from networks.tests.factories import MeetingAttendanceFactory, NetworkMemberFactory
from tests.admin_pages import (
    BAD,
    MOVED,
    acts,
    english,
    faults,
    leader,
    may_see_protected,
    post,
)

__all__ = ["english", "leader"]
pytestmark = pytest.mark.django_db


def offered(client, **more):
    """Return what the participant field of a network's member offers."""
    source = {
        "app_label": "networks",
        "model_name": "networkmember",
        "field_name": "participant",
    }
    answer = client.get(reverse("admin:autocomplete"), source | more).json()
    return [row["id"] for row in answer["results"]]


def test_people_whom_a_field_offers_are_written_down(client, leader):
    shown = ParticipantFactory(ref="p-00000001")
    ParticipantFactory(ref="p-00000002")

    assert offered(client, term="p-00000001") == [str(shown.pk)]

    (entry,) = acts("admin.looked_up")
    assert entry.payload.actor == leader
    assert entry.payload.facts == {"kind": "companies.participant"}
    assert people_of(entry) == ["p-00000001"]


@pytest.mark.parametrize("number", ["2", "last"])
def test_only_the_page_that_a_field_offers_is_written_down(client, leader, number):
    """Twenty to a page, by family name."""
    for serial in range(21):
        ParticipantFactory(ref=f"p-{serial:02}", family_name=f"Berg {serial:02}")

    assert len(offered(client, page=number)) == 1

    (entry,) = acts("admin.looked_up")
    assert people_of(entry) == ["p-20"]


def test_the_log_of_the_admin_has_no_name(client, leader):
    anna = ParticipantFactory(given_name="Anna", family_name="Berg", ref="p-00000001")
    member = NetworkMemberFactory(participant=anna)
    met = MeetingAttendanceFactory(participant=anna)

    post(client, member, left_on="2026-05-01")
    post(client, met, minutes="60")

    assert sorted(LogEntry.objects.values_list("object_repr", flat=True)) == [
        "Nätverk Produktionschef, Träff 1, p-00000001",
        "Nätverk Produktionschef, p-00000001",
    ]


@pytest.mark.parametrize(
    "lookup",
    ["family_name", "given_name__startswith", "birth_date", "email", "company__name"],
)
def test_people_are_not_filtered_by_what_names_them(client, leader, lookup):
    people = reverse("admin:companies_participant_changelist")

    assert client.get(people, {lookup: "Berg"}).status_code == BAD


def test_people_are_filtered_by_what_stands_beside_the_list(client, leader):
    people = reverse("admin:companies_participant_changelist")
    anna = ParticipantFactory(job_title="Svetsare")
    ParticipantFactory(gender="man", staff_group="manager")

    for beside in (
        {"company__id__exact": anna.company_id},
        {"gender__exact": "woman"},
        {"staff_group__exact": "blue_collar"},
    ):
        listed = client.get(people, beside).context["cl"].result_list
        assert list(listed) == [anna]


@pytest.mark.parametrize(
    ("make", "model"),
    [
        (NetworkMemberFactory, NetworkMember),
        (MeetingAttendanceFactory, MeetingAttendance),
    ],
)
def test_a_protected_person_is_chosen_only_with_the_named_right(
    client, leader, make, model
):
    row = make()
    hidden = ParticipantFactory(protected=True)

    refused = post(client, row, participant=str(hidden.pk))

    assert list(faults(refused)) == ["participant"]
    assert str(hidden.pk) not in offered(client)

    may_see_protected(leader)
    assert post(client, row, participant=str(hidden.pk)).status_code == MOVED
    assert model.objects.get().participant == hidden
