"""Every row that a figure rests on can be answered for, whichever way it changed."""

import shutil

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from companies.models import Company, Participant, Programme, WorkforceSnapshot
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from core.changes import readable_fields
from core.history import is_tracked
from kompetenslyft.package import load_package
from networks.models import MeetingAttendance, NetworkMember
from networks.tests.factories import MeetingAttendanceFactory, NetworkMemberFactory
from tests.package_files import SMALL, change
from tests.test_admin import page, post
from trainings.enums import OccasionStatus
from trainings.models import (
    Accommodation,
    Attendance,
    Course,
    Enrolment,
    Occasion,
    ProviderStaff,
    Session,
)
from trainings.services import cancel_occasion
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderFactory,
    ProviderStaffFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = pytest.mark.django_db

FIGURES_REST_ON = {
    Programme,
    Company,
    Participant,
    WorkforceSnapshot,
    Course,
    Occasion,
    Session,
    Enrolment,
    Attendance,
    Accommodation,
    NetworkMember,
    MeetingAttendance,
}


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def leader(client):
    leader = make_leader()
    client.force_login(leader)
    return leader


def tracked():
    return {model for model in apps.get_models() if is_tracked(model)}


def untold():
    """Return the rows whose newest record is not what they are now."""
    found = []
    for model in tracked():
        fields = [field.attname for field in model.history.model.tracked_fields]
        newest = {}
        for record in model.history.order_by("history_id").values(*fields):
            newest[record["id"]] = record
        found += [
            (model.__name__, row["id"])
            for row in model.objects.values(*fields)
            if newest.get(row["id"]) != row
        ]
    return found


def records():
    """Return how many records all histories have."""
    return sum(model.history.count() for model in tracked())


def shown(client, row):
    """Return the changes on the history page of a row in the admin."""
    changes = client.get(page(row, "history")).context["page_obj"].changes
    return [(c.field, c.before, c.after, c.who) for c in changes]


# Written


def test_what_a_figure_rests_on_keeps_a_history():
    assert tracked() >= FIGURES_REST_ON


def test_the_invented_programme_has_a_history_of_every_row():
    call_command("seed_demo", participants=40)

    assert {model for model in FIGURES_REST_ON if not model.objects.exists()} == set()
    assert untold() == []


def test_a_package_leaves_a_history_of_every_row_made_and_changed(tmp_path):
    folder = shutil.copytree(SMALL, tmp_path / "package")
    load_package(folder)
    assert untold() == []
    made = records()
    change(folder / "programme.csv", 2, planned_participants="321")
    change(folder / "companies.csv", 2, left_on="2027-12-31")
    change(folder / "courses.csv", 2, required_percent="79")
    change(folder / "occasions.csv", 2, place="Sala")
    change(folder / "sessions.csv", 2, ends_at="2025-10-25T12:45")
    change(folder / "participants.csv", 2, job_title="Förman")
    change(folder / "workforce.csv", 2, source="Ny källa")
    change(folder / "network_members.csv", 2, left_on="2026-12-31")
    change(folder / "meeting_attendance.csv", 2, minutes="1")
    change(folder / "accommodations.csv", 2, outcome="")
    outcome = load_package(folder)

    assert outcome.errors == ()
    assert records() == made + sum(count.changed for count in outcome.counts)
    assert {count.file for count in outcome.counts if count.changed} == {
        "programme.csv",
        "companies.csv",
        "courses.csv",
        "occasions.csv",
        "sessions.csv",
        "participants.csv",
        "workforce.csv",
        "network_members.csv",
        "meeting_attendance.csv",
    }
    assert untold() == []


def test_the_same_package_again_leaves_no_record():
    load_package(SMALL)
    made = records()

    load_package(SMALL)

    assert records() == made


def test_a_snapshot_changed_on_the_companys_page_tells_who(client, leader):
    snapshot = WorkforceSnapshotFactory(women=25)

    assert (
        post(client, snapshot.company, **{"workforce-0-women": "26"}).status_code == 302
    )

    assert untold() == []
    after, before = snapshot.history.all()
    assert (before.women, after.women, after.history_user) == (25, 26, leader)


def test_a_step_of_an_occasion_tells_who_took_it(leader):
    """Here no request says who it is."""
    occasion = OccasionFactory()

    cancel_occasion(occasion=occasion, actor=leader, reason="Få kunde komma.")

    after, before = occasion.history.all()
    assert (before.status, after.status) == ("open", "cancelled")
    assert after.history_user == leader
    assert untold() == []


def test_a_step_taken_in_the_admin_tells_who(client, leader):
    occasion = SessionFactory().occasion
    chosen = {"action": "start", "_selected_action": [occasion.pk]}

    client.post(reverse("admin:trainings_occasion_changelist"), chosen)

    assert shown(client, occasion)[0] == ("Status", "open", "ongoing", leader)
    assert untold() == []


# Shown in the admin


def test_the_admin_tells_of_the_sessions_beside_their_occasion(client, leader):
    session = SessionFactory(
        occasion__status=OccasionStatus.PLANNED,
        starts_at=at("2026-03-02 08:00"),
        ends_at=at("2026-03-02 12:00"),
    )
    SessionFactory()  # Of another occasion.
    moved = {
        "sessions-0-starts_at_0": "2026-03-03",
        "sessions-0-starts_at_1": "08:00:00",
        "sessions-0-ends_at_0": "2026-03-03",
        "sessions-0-ends_at_1": "11:00:00",
        "sessions-0-minutes": "180",
    }
    assert post(client, session.occasion, **moved).status_code == 302

    answer = client.get(page(session.occasion, "history"))

    told = answer.context["session_changes"]
    assert {change.row for change in told} == {"2026-03-03 08:00"}
    assert [(c.field, c.before, c.after, c.who) for c in told] == [
        ("Starts", "2026-03-02 08:00", "2026-03-03 08:00", leader),
        ("Ends", "2026-03-02 12:00", "2026-03-03 11:00", leader),
        ("Teaching time, minutes", "240", "180", leader),
        ("Starts", "", "2026-03-02 08:00", None),
        ("Ends", "", "2026-03-02 12:00", None),
        ("Teaching time, minutes", "", "240", None),
    ]
    assert "2026-03-02 12:00" in answer.text
    assert untold() == []


def test_the_admin_shows_each_value_in_words_before_and_after(client, leader):
    snapshot = WorkforceSnapshotFactory(company__name="Ödmans AB", women=25)
    post(client, snapshot, women="26")

    newest, *made = shown(client, snapshot)

    assert newest == ("Women", "25", "26", leader)
    assert ("Company", "", "Ödmans AB", None) in made
    assert ("Staff group", "", "all staff", None) in made
    assert not [field for field, *_ in made if field in {"ID", "Updated at"}]


def test_a_change_over_the_edge_of_a_page_is_told(client, leader):
    snapshot = WorkforceSnapshotFactory(women=0)
    for women in range(1, 101):
        snapshot.women = women
        snapshot.save()

    changes = shown(client, snapshot)

    assert changes[-1][:3] == ("Women", "0", "1")


def test_the_admin_shows_of_a_number_only_the_mask(client, leader):
    person = ParticipantFactory()
    person.set_number("198507099805")
    person.no_number_reason = ""
    person.save()

    text = client.get(page(person, "history")).text

    assert ("Personal number, stored anew", "", "19850709-****") in [
        change[:3] for change in shown(client, person)
    ]
    assert "9805" not in text
    assert str(person.person_key) not in text
    assert "&#x27;" not in text  # As bytes would be written.


def test_keys_and_what_is_sealed_are_nobodys_to_read():
    hidden = {"person_key", "person_key_next", "encrypted_number"}

    assert hidden.isdisjoint(readable_fields(Participant.history))
    assert "job_title" in readable_fields(Participant.history)


def test_the_admin_shows_of_an_erased_person_that_it_is(client, leader):
    person = ParticipantFactory(job_title="Svetsare")
    person.job_title = "Montör"
    person.save()
    person.erased_at = person.created_at
    person.save()

    assert [change[:3] for change in shown(client, person)] == [
        ("Erased", "", ""),
        ("Changed", "erased", "erased"),
        ("Entered", "", ""),
    ]


@pytest.mark.parametrize(
    ("make", "field", "value", "told"),
    [
        (ProgrammeFactory, "planned_participants", 9, None),
        (CompanyFactory, "left_on", "2026-12-31", ("Last day", "", "2026-12-31")),
        (CourseFactory, "theme", "hydraulik", ("Theme", "automation", "hydraulik")),
        (CourseFactory, "covers_accessibility", True, None),
        (OccasionFactory, "capacity", 11, ("Seats", "10", "11")),
        (EnrolmentFactory, "confirmed_at", None, ("Confirmed", "2026-01-12 09:00", "")),
        (AttendanceFactory, "minutes", 60, ("Minutes", "240", "60")),
        (AccommodationFactory, "kind", "remote", None),
        (NetworkMemberFactory, "left_on", "2026-12-31", None),
        (MeetingAttendanceFactory, "minutes", 60, ("Minutes", "120", "60")),
    ],
)
def test_the_admin_tells_of_every_kind_of_row(client, leader, make, field, value, told):
    row = make()
    setattr(row, field, value)
    row._history_user = leader
    row.save()

    newest = shown(client, row)[0]

    assert newest[3] == leader
    assert newest[:3] == told or told is None


@pytest.mark.parametrize("records", [1, 60])
def test_a_history_in_the_admin_costs_the_same_for_one_and_for_sixty(
    client, leader, records, django_assert_num_queries
):
    row = NetworkMemberFactory()
    for _ in range(records):
        row.save()
    client.get(page(row, "history"))

    with django_assert_num_queries(18):
        client.get(page(row, "history"))


# Staff of suppliers


def acts(action):
    entries = AuditEntry.objects.filter(action=action)
    return [(e.content.actor, e.content.subject_ref) for e in entries]


def test_a_leader_gives_and_ends_a_suppliers_role_in_the_admin(client, leader):
    provider, user = ProviderFactory(), UserFactory()

    answer = post(
        client,
        provider,
        **{
            "staff-TOTAL_FORMS": "1",
            "staff-0-provider": str(provider.pk),
            "staff-0-user": str(user.pk),
            "staff-0-started_on": "2026-01-01",
        },
    )
    assert answer.status_code == 302
    assert ProviderStaff.objects.get().user == user
    assert acts("trainings.changed_staff") == [(leader, provider.ref)]

    post(client, provider, **{"staff-0-ended_on": "2026-02-01"})
    assert str(ProviderStaff.objects.get().ended_on) == "2026-02-01"
    assert len(acts("trainings.changed_staff")) == 2


def test_a_role_deleted_in_the_admin_says_whose_it_was(client, leader):
    staff = ProviderStaffFactory()

    post(client, staff.provider, **{"staff-0-DELETE": "on"})

    entry = AuditEntry.objects.get(action="trainings.deleted_staff")
    assert entry.content.facts == {"user": str(staff.user_id)}
    assert entry.content.actor == leader
    assert not ProviderStaff.objects.exists()


def test_a_page_of_a_provider_saved_unchanged_writes_nothing(client, leader):
    staff = ProviderStaffFactory()

    post(client, staff.provider, **{"initial-staff-0-started_on": "2025-09-01"})

    assert not acts("trainings.changed_staff")


def test_a_supplier_has_no_admin(client):
    row = AttendanceFactory()
    client.force_login(make_supplier(row.session.occasion))

    answer = client.get(page(row, "history"))

    assert answer.status_code in {302, 403, 404}
    assert CompanyFactory().name not in answer.text
