"""What a course says of itself, on the page of an occasion and in the admin."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.tests.factories import CompanyFactory, MembershipFactory
from tests.admin_pages import MOVED, faults, page, post
from trainings.models import Course, Need
from trainings.tests.factories import (
    CourseFactory,
    NeedFactory,
    OccasionFactory,
    PlannedNeedFactory,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TOLD = {
    "content": "Robotar, säkert.\n\nÖvning i verkstad.",
    "goals": "Kunna programmera en rörelse.",
    "prerequisites": "Läsa ritning.",
    "public_course": "Automationsteknik 1",
    "public_course_code": "AUOAUT01S",
}


@pytest.fixture
def occasion():
    course = CourseFactory(
        **TOLD, seqf_level=4, covers_accessibility=True, covers_gender_equality=True
    )
    return OccasionFactory(course=course, outline="Med egna robotar.")


def read_by(client, user, occasion):
    client.force_login(user)
    return client.get(occasion.get_absolute_url()).text


def test_everybody_who_sees_the_occasion_reads_what_is_taught(client, occasion):
    readers = (make_leader(), MembershipFactory().user, make_supplier(occasion))

    for text in (read_by(client, reader, occasion) for reader in readers):
        for words in (
            "<p>Robotar, säkert.</p>",
            "<p>Övning i verkstad.</p>",
            "Med egna robotar.",
            "Kunna programmera en rörelse.",
            "Läsa ritning.",
            "Automationsteknik 1 (AUOAUT01S)",
            "<dd>4</dd>",
            "accessibility, gender equality",
            "at least 80 % of the time",
        ):
            assert text.count(words) == 1, words


def test_what_a_course_does_not_say_has_no_heading(client):
    text = read_by(client, make_leader(), OccasionFactory())

    for heading in ("Content", "Goals", "Prerequisites", "SeQF level", "Covers"):
        assert f">{heading}<" not in text
    assert "In public education" not in text


def test_what_a_course_says_is_text_and_no_markup(client):
    occasion = OccasionFactory(course__content="<script>alert(1)</script>")

    text = read_by(client, make_leader(), occasion)

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


# In the admin


@pytest.fixture
def leader(client):
    user = make_leader()
    client.force_login(user)
    return user


def test_a_leader_writes_what_is_taught(client, leader):
    course = CourseFactory()

    assert post(client, course, **TOLD).status_code == MOVED

    kept = Course.objects.values(*TOLD).get()
    assert kept == TOLD | {"content": kept["content"]}
    assert kept["content"].split() == TOLD["content"].split()
    assert course.history.latest().history_user == leader


def test_every_field_of_a_course_is_in_the_form(client, leader):
    form = client.get(reverse("admin:trainings_course_add")).context["adminform"].form

    editable = {field.name for field in Course._meta.fields if field.editable}
    assert set(form.fields) == editable - {"id", "created_at", "updated_at"}


def test_a_need_mended_in_the_admin_keeps_the_rules_and_who(client, leader):
    NeedFactory(theme="Robotik")
    need = NeedFactory(headcount=5)
    PlannedNeedFactory(need=need, headcount=3)

    refused = post(client, need, headcount="2", priority="4", role_code="12")

    assert set(faults(refused)) == {"headcount", "priority", "role_code"}
    assert faults(refused)["headcount"] == [
        "3 people are planned for already. The need cannot be for fewer."
    ]
    assert post(client, need, headcount="3", theme="robotik").status_code == MOVED
    kept = Need.objects.get(pk=need.pk)
    assert (kept.headcount, kept.theme) == (3, "Robotik")
    assert need.history.latest().history_user == leader


YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("theme", "850709-9805", "A theme is about no person. Take the number out."),
        ("headcount", "0", "A need is for at least one person."),
        ("wanted_by", YESTERDAY, "The day by which it is wanted has passed."),
        ("role_code", "12", "A role code (SSYK) has four digits, such as 7233."),
    ],
)
def test_the_admin_refuses_of_a_need_what_the_services_refuse(
    client, leader, field, value, sentence
):
    need = NeedFactory()

    assert faults(post(client, need, **{field: str(value)})) == {field: [sentence]}


def test_a_day_that_has_passed_may_stay_in_the_admin(client, leader):
    need = NeedFactory(wanted_by=YESTERDAY)

    assert post(client, need, headcount="4").status_code == MOVED
    assert Need.objects.get().wanted_by == YESTERDAY


def test_a_company_that_left_states_no_need_in_the_admin(client, leader):
    company = CompanyFactory(name="Borta AB", left_on=YESTERDAY)
    add = reverse("admin:trainings_need_add")
    need = {"ref": "need-1", "theme": "el", "headcount": "2", "priority": "1"}

    refused = client.post(add, need | {"company": company.pk})

    sentence = f"Borta AB left the programme on {YESTERDAY.isoformat()}."
    assert faults(refused) == {"company": [sentence]}
    assert not Need.objects.exists()


def test_a_need_that_was_withdrawn_is_only_read_in_the_admin(client, leader):
    need = NeedFactory(withdrawn_at=timezone.now())

    assert client.get(page(need)).status_code == 200
    assert client.post(page(need), {"headcount": "9"}).status_code == 403


def test_no_need_is_deleted_in_the_admin(client, leader):
    need = NeedFactory()
    address = reverse("admin:trainings_need_delete", args=[need.pk])

    assert client.post(address, {"post": "yes"}).status_code == 403
    assert client.get(page(need, "history")).status_code == 200
    assert Need.objects.exists()
