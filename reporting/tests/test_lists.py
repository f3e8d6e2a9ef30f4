"""Lists as files: what is in them, for whom, and how long."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEntry, AuditMention
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import Participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)
from core.errors import DomainError
from reporting.figures import Period
from reporting.lists import LISTS, lists_of
from reporting.models import ListExport
from reporting.tasks import build_list, ring_for_lists, start_list
from reporting.tests.listing import cells_of, lines_of, make_list
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    SessionFactory,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "lists"


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def hr():
    return MembershipFactory()


def ids(user):
    return [each.id for each in lists_of(user)]


def test_each_role_has_its_lists():
    everything = [
        *("people", "workforce", "companies", "needs", "occasions", "seats"),
        *("attendance", "accommodations"),
    ]
    of_hr = ["people", "workforce", "needs", "occasions", "seats", "attendance"]

    assert ids(make_leader()) == everything
    assert ids(MembershipFactory().user) == of_hr
    assert ids(make_supplier()) == ["occasions"]
    assert ids(make_funder()) == []
    assert ids(UserFactory()) == []


def test_hr_gets_its_own_people_in_the_order_of_their_names(hr):
    berg = ParticipantFactory(
        company=hr.company, given_name="Åsa", family_name="Berg", gender="woman"
    )
    alm = ParticipantFactory(
        company=hr.company, given_name="Bo", family_name="Alm", gender="man"
    )
    ParticipantFactory()

    export = make_list(hr.user, columns=["ref", "given_name", "family_name", "gender"])

    assert lines_of(export) == [
        ["Reference", "Given name", "Family name", "Gender"],
        [alm.ref, "Bo", "Alm", "man"],
        [berg.ref, "Åsa", "Berg", "woman"],
    ]
    assert export.rows == 2


def test_columns_come_in_the_order_of_the_list(hr):
    export = make_list(hr.user, columns=["gender", "company"])

    assert lines_of(export) == [["Company", "Gender"]]


def test_a_workbook_has_times_and_numbers_as_such(hr):
    row = AttendanceFactory(
        enrolment__participant__company=hr.company,
        session__starts_at=dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC),
        minutes=95,
        certified_at=None,
    )

    export = make_list(
        hr.user,
        "attendance",
        ["ref", "starts_at", "minutes", "hours", "certified_at"],
        file_format="xlsx",
        days=MARCH,
    )

    assert cells_of(export) == [
        ("Participant", "Begins", "Minutes", "Hours", "Certified"),
        (row.enrolment.participant.ref, dt.datetime(2026, 3, 2, 8), 95, 1.58, None),
    ]


def test_days_are_local_and_both_included(hr):
    def sat(at):
        AttendanceFactory(
            enrolment__participant__company=hr.company,
            session=SessionFactory(starts_at=at, minutes=60),
            minutes=at.hour + 1,
        )

    sat(dt.datetime(2026, 2, 28, 22, 59, tzinfo=dt.UTC))
    sat(dt.datetime(2026, 2, 28, 23, 0, tzinfo=dt.UTC))
    sat(dt.datetime(2026, 3, 31, 21, 59, tzinfo=dt.UTC))
    sat(dt.datetime(2026, 3, 31, 22, 0, tzinfo=dt.UTC))

    export = make_list(hr.user, "attendance", ["minutes"], days=MARCH)

    assert lines_of(export) == [["Minutes"], ["24"], ["22"]]


def test_every_list_can_be_made_with_every_column():
    AccommodationFactory()
    AttendanceFactory()
    leader = make_leader()

    for each in LISTS:
        for file_format in ("csv", "xlsx"):
            export = make_list(leader, each.id, each.ids, file_format=file_format)
            lines = lines_of(export) if file_format == "csv" else cells_of(export)
            assert list(lines[0]) == [str(column.title) for column in each.columns]
            assert len(lines) == export.rows + 1


def test_people_under_protected_identity_need_the_named_right():
    hidden = ParticipantFactory(given_name="Anna", family_name="Ek", protected=True)
    seat = AttendanceFactory(enrolment__participant=hidden, minutes=60).enrolment
    AccommodationFactory(enrolment=seat)
    leader, entitled = make_leader(), make_leader()
    right = Permission.objects.get(codename="view_protected_identities")
    entitled.user_permissions.add(right)
    columns = ["ref", "given_name", "family_name", "minutes"]

    theirs = make_list(leader, "attendance", columns)
    all_of_them = make_list(entitled, "attendance", columns)
    needs = make_list(leader, "accommodations", ["ref", "kind"])

    assert lines_of(theirs)[1:] == []
    assert lines_of(all_of_them)[1:] == [[hidden.ref, "Anna", "Ek", "60"]]
    assert lines_of(needs)[1:] == []


def test_a_restricted_person_is_in_no_list_of_people_of_hr(hr):
    person = ParticipantFactory(company=hr.company, restricted_at=timezone.now())
    AttendanceFactory(enrolment__participant=person, minutes=60)

    people = make_list(hr.user, columns=["ref"])
    sat = make_list(hr.user, "attendance", ["ref", "given_name", "minutes"])

    assert lines_of(people) == [["Reference"]]
    assert lines_of(sat)[1:] == []


def test_the_trail_says_who_was_in_it(hr):
    anna = ParticipantFactory(company=hr.company)
    ParticipantFactory()

    make_list(hr.user, columns=["company", "ref"])

    (made,) = AuditEntry.objects.filter(action="reporting.list_made")
    assert [mention.ref for mention in AuditMention.objects.filter(entry=made)] == [
        anna.ref
    ]
    assert made.payload.facts["columns"] == ["company", "ref"]
    assert made.payload.facts["rows"] == 1


def test_asked_twice_it_is_one_file(hr):
    wanted = {"list_id": "people", "columns": ["ref"], "file_format": "csv"}

    first = start_list(**wanted, actor=hr.user)
    again = start_list(**wanted, actor=hr.user)
    other = start_list(**wanted | {"columns": ["gender"]}, actor=hr.user)
    colleague = MembershipFactory(company=hr.company)
    theirs = start_list(**wanted, actor=colleague.user)

    assert first == again
    assert len({first.pk, other.pk, theirs.pk}) == 3


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"list_id": "accommodations"}, "You may not see any row of this list."),
        ({"list_id": "no-such-list"}, "You may not see any row of this list."),
        ({"columns": ["ref", "salary"]}, "The list has no column “salary”."),
        ({"columns": []}, "Choose at least one column."),
    ],
)
def test_what_cannot_be_asked_for_is_refused(hr, wanted, sentence):
    usual = {"list_id": "people", "columns": ["ref"], "file_format": "csv"}

    with pytest.raises(DomainError) as refusal:
        start_list(**usual | wanted, actor=hr.user)

    assert str(refusal.value) == sentence
    assert not ListExport.objects.exists()


def test_who_lost_the_right_before_it_was_made_gets_a_sentence(hr):
    export = start_list(
        list_id="people", columns=["ref"], file_format="csv", actor=hr.user
    )
    hr.ended_on = timezone.localdate() - dt.timedelta(days=1)
    hr.save()

    build_list(str(export.pk))

    export.refresh_from_db()
    assert export.failure == "You may not see any row of this list."
    assert not export.file


def test_the_file_is_sealed_on_the_disk(hr, folder):
    person = ParticipantFactory(company=hr.company)

    make_list(hr.user, columns=["ref"])

    (file,) = folder.iterdir()
    assert person.ref.encode() not in file.read_bytes()


def test_after_some_days_the_file_is_gone_and_the_row_stays(hr, folder, committed):
    export = make_list(hr.user)
    ListExport.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))

    with committed(execute=True):
        call_command("erase_expired")

    export.refresh_from_db()
    assert (str(export.file), export.sealed_key) == ("", None)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "change", ["restricted_at", "erased_at", "protected"], ids=lambda word: word
)
def test_files_about_people_go_when_anybody_is_closed(hr, folder, change, committed):
    person = ParticipantFactory(company=hr.company)
    about_people = make_list(hr.user, columns=["ref"])
    about_nobody = make_list(hr.user, "workforce", ["company"])
    now = timezone.now()
    values = {change: True if change == "protected" else now, "updated_at": now}
    Participant.objects.filter(pk=person.pk).update(**values)

    with committed(execute=True):
        ring_for_lists()

    about_people.refresh_from_db()
    about_nobody.refresh_from_db()
    assert not about_people.file
    assert about_nobody.file
    assert len(list(folder.iterdir())) == 1


def test_a_company_that_has_nobody_gets_an_empty_list():
    hr = MembershipFactory(company=CompanyFactory())

    export = make_list(hr.user, columns=["ref"], file_format="xlsx")

    assert cells_of(export) == [("Reference",)]
    assert export.rows == 0
