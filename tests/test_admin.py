"""The project leaders' workplace: what it shows, keeps, refuses and writes down."""

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry, AuditPayload, User
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from companies.models import Company, Membership
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from networks.models import MeetingAttendance, NetworkMember
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkFactory,
    NetworkMemberFactory,
)
from trainings.enums import OccasionStatus
from trainings.models import Need, Occasion, Session
from trainings.services.occasions import lock
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

OK, MOVED, BAD, FORBIDDEN, NOT_FOUND = 200, 302, 400, 403, 404


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def leader(client):
    """A project leader, signed in."""
    leader = make_leader()
    client.force_login(leader)
    return leader


def may_see_protected(user):
    """Give the named right."""
    user.user_permissions.add(
        Permission.objects.get(codename="view_protected_identities")
    )
    return user


def page(row, name="change", *more):
    """Return the address of a row's page."""
    model = row._meta
    address = f"admin:{model.app_label}_{model.model_name}_{name}"
    return reverse(address, args=[row.pk, *more])


def filled(form):
    """Return what a browser would post of an untouched form."""
    return dict(part for bound in form for part in _parts(bound))


def _parts(bound):
    value = bound.value()
    widget = bound.field.widget
    if hasattr(widget, "decompress"):
        for suffix, part in zip(
            widget.widgets_names, widget.decompress(bound.initial), strict=True
        ):
            yield f"{bound.html_name}{suffix}", "" if part is None else str(part)
    elif value is None or value is False:
        return
    else:
        yield bound.html_name, value if isinstance(value, list) else str(value)


def post(client, row, **changes):
    """Open the row's page, change some of its values and save; return the answer."""
    shown = client.get(page(row)).context
    values = filled(shown["adminform"].form)
    for inline in shown["inline_admin_formsets"]:
        values |= filled(inline.formset.management_form)
        for form in inline.formset.initial_forms:
            values |= filled(form)
    return client.post(page(row), values | changes)


def faults(response):
    """Return every message of the form and its inlines, by field."""
    context = response.context
    found = dict(context["adminform"].form.errors)
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= form.errors
    return found


def acts(action):
    return list(AuditEntry.objects.filter(action=action))


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


# Occasions


def test_the_seats_are_not_fewer_than_those_confirmed(client, leader):
    occasion = OccasionFactory(capacity=3)
    EnrolmentFactory.create_batch(2, occasion=occasion)
    EnrolmentFactory(occasion=occasion, withdrawn_at=at("2026-01-20 09:00"))

    refused = post(client, occasion, capacity="1")

    sentence = "More seats than that are confirmed: 2."
    assert faults(refused) == {"capacity": [sentence]}
    assert post(client, occasion, capacity="2").status_code == MOVED
    assert Occasion.objects.get().capacity == 2


def test_a_session_is_not_shorter_than_what_is_recorded(client, leader):
    session = AttendanceFactory(minutes=200).session

    refused = post(client, session.occasion, **{"sessions-0-minutes": "199"})

    sentence = "More minutes than that are recorded: 200."
    assert faults(refused) == {"minutes": [sentence]}
    saved = post(client, session.occasion, **{"sessions-0-minutes": "200"})
    assert saved.status_code == MOVED
    assert Session.objects.get().minutes == 200


def test_a_session_does_not_start_after_it_was_recorded(client, leader):
    """It was recorded at its end, 12:30."""
    session = AttendanceFactory().session
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
    session = SessionFactory()
    moved = {"sessions-0-minutes": "60"}

    assert post(client, session.occasion, **moved).status_code == MOVED
    assert Session.objects.get().minutes == 60


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
    session = SessionFactory(ref="s-00000001")

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


# Accounts


def right():
    return str(Permission.objects.get(codename="view_protected_identities").pk)


def test_a_leader_without_the_named_right_cannot_give_it(client, leader):
    assert post(client, leader, user_permissions=[right()]).status_code == MOVED

    assert not leader.user_permissions.exists()
    (entry,) = acts("accounts.saved_user")
    assert entry.payload.facts["rights"] == []


def test_a_leader_with_the_named_right_gives_it_and_that_is_written_down(
    client, leader
):
    may_see_protected(leader)
    colleague = make_leader()

    assert post(client, colleague, user_permissions=[right()]).status_code == MOVED

    assert colleague.user_permissions.get().codename == "view_protected_identities"
    (entry,) = acts("accounts.saved_user")
    assert entry.payload.subject_ref == str(colleague.pk)
    assert entry.payload.facts == {
        "fields": ["user_permissions"],
        "rights": ["companies.view_protected_identities"],
    }


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("is_superuser", [True, False])
def test_an_account_with_the_named_right_is_changed_only_by_such_a_one(
    client, leader, is_active, is_superuser
):
    stronger = UserFactory(is_active=is_active, is_superuser=is_superuser)
    if not is_superuser:
        may_see_protected(stronger)
    new = {"password1": "fyra-fina-fiskar", "password2": "fyra-fina-fiskar"}
    set_password = reverse("admin:auth_user_password_change", args=[stronger.pk])

    assert client.post(page(stronger), {}).status_code == FORBIDDEN
    assert client.post(set_password, new).status_code == FORBIDDEN
    assert User.objects.get(pk=stronger.pk).check_password("correct horse")

    may_see_protected(leader)
    assert client.get(set_password).status_code == OK
    assert post(client, stronger, name="Eva").status_code == MOVED


def test_setting_a_password_is_written_down_once_it_is_set(client, leader):
    colleague = UserFactory()
    url = reverse("admin:auth_user_password_change", args=[colleague.pk])
    new = {"usable_password": "true", "password1": "fyra-fina-fiskar"}

    client.post(url, new | {"password2": "andra-fina-fiskar"})
    assert not acts("accounts.password_set")

    client.post(url, new | {"password2": "fyra-fina-fiskar"})
    (entry,) = acts("accounts.password_set")
    assert entry.payload.actor == leader
    assert entry.payload.subject_ref == str(colleague.pk)
    assert entry.payload.facts == {}


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


# People


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
