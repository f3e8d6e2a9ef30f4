"""The project leaders' workplace: what it shows of history, keeps and deletes."""

import pytest
from django.urls import reverse

from accounts.models import AuditPayload
from accounts.tests.trail import people_of
from companies.models import Membership
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkMemberFactory,
)
from tests.admin_pages import (
    FORBIDDEN,
    MOVED,
    NOT_FOUND,
    OK,
    acts,
    english,
    leader,
    may_see_protected,
    page,
    post,
)
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
)

__all__ = ["english", "leader"]
pytestmark = pytest.mark.django_db


# History


TRACKED = [
    ProgrammeFactory,
    CompanyFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
    CourseFactory,
    OccasionFactory,
    EnrolmentFactory,
    AttendanceFactory,
    AccommodationFactory,
    NetworkMemberFactory,
    MeetingFactory,
    MeetingAttendanceFactory,
]
PERSONAL = {
    EnrolmentFactory: "participant",
    AttendanceFactory: "enrolment__participant",
    AccommodationFactory: "enrolment__participant",
    NetworkMemberFactory: "participant",
    MeetingAttendanceFactory: "participant",
}


@pytest.mark.parametrize("make", TRACKED)
def test_history_is_a_list_and_an_old_version_no_form(client, leader, make):
    row = make()
    version = row.history.get().pk
    old = page(row, "simple_history", version)

    listed = client.get(page(row, "history"))

    assert listed.status_code == OK
    assert old not in listed.text
    assert client.get(old).status_code == NOT_FOUND
    assert client.post(old, {}).status_code == NOT_FOUND


@pytest.mark.parametrize("make", [ParticipantFactory, *PERSONAL])
def test_reading_the_history_of_a_person_leaves_an_entry(client, leader, make):
    row = make()

    client.get(page(row, "history"))

    (entry,) = acts("admin.history_read")
    own = "" if make is ParticipantFactory else str(getattr(row, "ref", row.pk))
    assert (entry.payload.actor, entry.payload.subject_ref) == (leader, own)
    assert people_of(entry) == [row.person_ref]


@pytest.mark.parametrize("make", [ParticipantFactory, *PERSONAL])
def test_the_history_of_a_protected_person_needs_the_named_right(client, leader, make):
    path = f"{PERSONAL[make]}__protected" if make in PERSONAL else "protected"
    row = make(**{path: True})

    assert client.get(page(row, "history")).status_code == NOT_FOUND
    assert not acts("admin.history_read")

    may_see_protected(leader)
    assert client.get(page(row, "history")).status_code == OK


# Rows that are deleted, and rows that are kept


def deleted():
    entries = AuditPayload.objects.filter(entry__action="companies.deleted_membership")
    return sorted((e.subject_ref, e.facts["user"]) for e in entries)


def test_deleting_a_membership_is_written_down(client, leader):
    gone = MembershipFactory()

    client.post(page(gone, "delete"), {"post": "yes"})

    assert not Membership.objects.exists()
    assert deleted() == [(gone.company.org_number, str(gone.user_id))]


def test_deleting_several_memberships_is_written_down(client, leader):
    gone = MembershipFactory.create_batch(2)
    chosen = {
        "action": "delete_selected",
        "_selected_action": [membership.pk for membership in gone],
        "post": "yes",
    }

    client.post(reverse("admin:companies_membership_changelist"), chosen)

    assert not Membership.objects.exists()
    assert deleted() == sorted((m.company.org_number, str(m.user_id)) for m in gone)


def test_deleting_a_membership_on_the_company_page_is_written_down(client, leader):
    gone = MembershipFactory()

    post(client, gone.company, **{"memberships-0-DELETE": "on"})

    assert not Membership.objects.exists()
    assert deleted() == [(gone.company.org_number, str(gone.user_id))]


@pytest.mark.parametrize(
    "make", [NetworkMemberFactory, MeetingFactory, MeetingAttendanceFactory]
)
def test_what_figures_rest_on_is_not_deleted(client, leader, make):
    row = make()

    answer = client.post(page(row, "delete"), {"post": "yes"})

    assert answer.status_code == FORBIDDEN
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_change_of_a_meeting_keeps_the_value_before_it(client, leader):
    row = MeetingAttendanceFactory(minutes=120)

    assert post(client, row, minutes="90").status_code == MOVED

    after, before = row.history.all()
    assert (before.minutes, after.minutes) == (120, 90)
    assert after.history_user == leader
