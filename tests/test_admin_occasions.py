"""Occasions and keys in the admin: what may change once people rest on it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_leader
from companies.models import Company
from companies.tests.factories import CompanyFactory, ProgrammeFactory
from networks.tests.factories import MeetingFactory, NetworkFactory
from tests.admin_pages import MOVED, english, faults, filled, leader, page, post
from trainings.enums import OccasionStatus
from trainings.models import Need, Occasion, Quota, Session
from trainings.services import move_up
from trainings.services.occasions import lock
from trainings.tests.factories import (
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    PlannedNeedFactory,
    ProviderFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

__all__ = ["english", "leader"]
pytestmark = pytest.mark.django_db


# Occasions


def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED)


def test_the_seats_are_not_fewer_than_those_confirmed(client, leader):
    occasion = OccasionFactory(capacity=3)
    EnrolmentFactory.create_batch(2, occasion=occasion)
    EnrolmentFactory(occasion=occasion, withdrawn_at=at("2026-01-20 09:00"))

    refused = post(client, occasion, capacity="1")

    sentence = "More seats than that are taken or offered: 2."
    assert faults(refused) == {"capacity": [sentence]}
    assert post(client, occasion, capacity="2").status_code == MOVED
    assert Occasion.objects.get().capacity == 2


def test_the_seats_are_not_fewer_than_those_offered_and_more_are_offered(
    client, leader
):
    occasion = OccasionFactory(capacity=2)
    line = EnrolmentFactory.create_batch(3, occasion=occasion, confirmed_at=None)
    move_up(occasion)

    refused = post(client, occasion, capacity="1")

    sentence = "More seats than that are taken or offered: 2."
    assert faults(refused) == {"capacity": [sentence]}
    assert post(client, occasion, capacity="3").status_code == MOVED
    for row in line:
        row.refresh_from_db()
    assert [row.has_open_offer for row in line] == [True, True, True]


@pytest.mark.parametrize("status", OccasionStatus.values)
def test_the_seats_are_not_fewer_than_the_people_it_is_planned_for(
    client, leader, status
):
    occasion = OccasionFactory(status=status, capacity=5)
    PlannedNeedFactory(occasion=occasion, headcount=4)

    saved = post(client, occasion, capacity="3")

    if status in {OccasionStatus.COMPLETED, OccasionStatus.CANCELLED}:
        assert saved.status_code == MOVED
        return
    sentence = (
        "It is planned for 4 people of the companies' needs, and would have 3 seats. "
        "Take needs off it first."
    )
    assert faults(saved) == {"capacity": [sentence]}


def test_a_session_is_not_shorter_than_what_is_recorded(client, leader):
    session = AttendanceFactory(minutes=200, enrolment__occasion=planned()).session

    refused = post(client, session.occasion, **{"sessions-0-minutes": "199"})

    sentence = "More minutes than that are recorded: 200."
    assert faults(refused) == {"minutes": [sentence]}
    saved = post(client, session.occasion, **{"sessions-0-minutes": "200"})
    assert saved.status_code == MOVED
    assert Session.objects.get().minutes == 200


def test_a_session_does_not_start_after_it_was_recorded(client, leader):
    """It was recorded at its end, 12:30."""
    session = AttendanceFactory(enrolment__occasion=planned()).session
    later = {
        "sessions-0-starts_at_0": "2026-03-02",
        "sessions-0-starts_at_1": "12:31:00",
        "sessions-0-ends_at_0": "2026-03-02",
        "sessions-0-ends_at_1": "17:00:00",
    }

    refused = post(client, session.occasion, **later)

    assert faults(refused) == {"starts_at": ["Attendance was recorded before that."]}
    later["sessions-0-starts_at_1"] = "12:30:00"
    assert post(client, session.occasion, **later).status_code == MOVED


def test_a_session_without_attendance_may_move(client, leader):
    session = SessionFactory(occasion=planned())
    moved = {"sessions-0-minutes": "60"}

    assert post(client, session.occasion, **moved).status_code == MOVED
    assert Session.objects.get().minutes == 60


OPENED = [
    status for status in OccasionStatus.values if status != OccasionStatus.PLANNED
]


@pytest.mark.parametrize("status", OPENED)
def test_once_opened_sessions_change_in_the_plan_alone(client, leader, status):
    """There people are told, deadlines follow, and the card holds the first day."""
    session = SessionFactory(occasion__status=status)
    managed = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1"}
    moved = {
        "sessions-0-id": str(session.pk),
        "sessions-0-occasion": str(session.occasion.pk),
        "sessions-0-minutes": "60",
        **{f"sessions-{name}": count for name, count in managed.items()},
    }

    saved = post(client, session.occasion, place="Sala", **moved)

    assert saved.status_code == MOVED
    assert Session.objects.get().minutes == 240
    assert Occasion.objects.get().place == "Sala"
    shown = client.get(page(session.occasion)).text
    assert reverse("trainings:plan", args=[session.occasion.ref]) in shown


@pytest.mark.parametrize("status", OccasionStatus.values)
def test_quotas_change_on_their_page_alone(client, leader, status):
    quota = QuotaFactory(occasion__status=status)
    managed = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1"}
    more = {
        "quotas-0-id": str(quota.pk),
        "quotas-0-occasion": str(quota.occasion.pk),
        "quotas-0-seats": "9",
        **{f"quotas-{name}": count for name, count in managed.items()},
    }

    assert post(client, quota.occasion, **more).status_code == MOVED

    assert Quota.objects.get().seats == 2
    shown = client.get(page(quota.occasion)).text
    assert reverse("trainings:quotas", args=[quota.occasion.ref]) in shown


@pytest.mark.django_db(transaction=True)
def test_saving_an_occasion_does_not_undo_a_step_taken_meanwhile(client):
    client.force_login(make_leader())
    occasion = OccasionFactory(place="Västerås")
    answers = []

    def save():
        try:
            answers.append(client.post(page(occasion), values))
        finally:
            connection.close()

    shown = client.get(page(occasion)).context
    values = filled(shown["adminform"].form) | {"place": "Sala"}
    for inline in shown["inline_admin_formsets"]:
        values |= filled(inline.formset.management_form)
    saving = threading.Thread(target=save)
    with transaction.atomic():
        held = lock(occasion)
        held.status = OccasionStatus.ONGOING
        held.save()
        saving.start()
        saving.join(timeout=1)  # By then it waits for this transaction.
    saving.join()

    assert [answer.status_code for answer in answers] == [MOVED]
    saved = Occasion.objects.get()
    assert (saved.place, saved.status) == ("Sala", OccasionStatus.ONGOING)


# Keys


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (ProgrammeFactory, "number"),
        (CompanyFactory, "org_number"),
        (ProviderFactory, "ref"),
        (CourseFactory, "code"),
        (OccasionFactory, "ref"),
        (NetworkFactory, "ref"),
        (MeetingFactory, "ref"),
    ],
)
def test_a_key_is_set_once(client, leader, make, key):
    row = make()
    add = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_add")

    assert key not in client.get(page(row)).context["adminform"].form.fields
    if make is not ProgrammeFactory:
        assert key in client.get(add).context["adminform"].form.fields


def test_the_ref_of_a_need_or_a_session_stays(client, leader):
    need = Need.objects.create(
        ref="need-1", company=CompanyFactory(), theme="el", headcount=1, priority=1
    )
    session = SessionFactory(ref="s-00000001", occasion=planned())

    assert post(client, need, ref="need-2", theme="robot").status_code == MOVED
    moved = {"sessions-0-ref": "s-00000002", "sessions-0-minutes": "60"}
    assert post(client, session.occasion, **moved).status_code == MOVED

    assert Need.objects.values_list("ref", "theme").get() == ("need-1", "robot")
    assert Session.objects.values_list("ref", "minutes").get() == ("s-00000001", 60)


@pytest.mark.parametrize("make", [CompanyFactory, ProviderFactory])
@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("999009-3363", "This is not an organisation number, such as 999009-3362."),
        ("9990093362", "An organisation number is written as NNNNNN-NNNN."),
    ],
)
def test_an_organisation_number_is_checked(make, number, sentence):
    row = make()
    row.org_number = number

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()

    assert refusal.value.message_dict == {"org_number": [sentence]}


def test_a_company_with_a_right_number_is_added(client, leader):
    add = reverse("admin:companies_company_add")
    values = {
        "org_number": "999009-3362",
        "name": "Gruvteknik AB",
        "size_class": "medium",
        "joined_on": "2025-09-01",
    }
    for inline in client.get(add).context["inline_admin_formsets"]:
        values |= filled(inline.formset.management_form)

    refused = client.post(add, values | {"org_number": "999009-3363"})

    assert list(faults(refused)) == ["org_number"]
    assert client.post(add, values).status_code == MOVED
    assert Company.objects.get().org_number == "999009-3362"
