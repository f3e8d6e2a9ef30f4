"""What the form makes of what is written; saving is seen in test_views."""

import pytest

from companies.enums import Gender
from companies.forms import ParticipantForm
from companies.models import Participant
from companies.tests.factories import CompanyFactory, ParticipantFactory

pytestmark = pytest.mark.django_db

EVA = {"number": "850709-9805", "given_name": "Eva", "family_name": "Öst"}


def test_an_absent_gender_and_birth_date_are_left_to_the_number():
    form = ParticipantForm(EVA, companies=[CompanyFactory()])

    assert form.is_valid()
    assert form.details["gender"] == ""
    assert form.details["birth_date"] is None
    assert form.new_number == "850709-9805"


@pytest.mark.parametrize(
    ("number", "reason", "new_number"),
    [("", "", None), ("850709-9805", "", "850709-9805"), ("", "wrong person", "")],
)
def test_an_empty_number_leaves_the_stored_one_unless_a_reason_takes_it(
    number, reason, new_number
):
    person = ParticipantFactory.build(company=CompanyFactory(), no_number_reason="")
    person.set_number("198507099805")
    person.save()

    form = ParticipantForm(
        EVA | {"number": number, "no_number_reason": reason, "gender": Gender.WOMAN},
        instance=person,
        companies=[person.company],
    )

    assert form.is_valid(), form.errors
    assert form.new_number == new_number


def test_the_birth_date_of_a_stored_number_is_not_for_writing():
    person = ParticipantFactory.build(company=CompanyFactory(), no_number_reason="")
    person.set_number("198507099805")
    person.save()

    form = ParticipantForm(
        EVA | {"number": "", "gender": Gender.WOMAN, "birth_date": "1999-01-01"},
        instance=person,
        companies=[person.company],
    )

    assert form.is_valid(), form.errors
    assert form.details["birth_date"] == Participant.objects.get().birth_date


@pytest.mark.parametrize(
    ("birth_date", "number"),
    [("2999-01-01", ""), ("1970-01-01", "850709-9805")],
)
def test_a_birth_date_that_cannot_be_is_refused(birth_date, number):
    typed = EVA | {"number": number, "birth_date": birth_date, "gender": Gender.WOMAN}
    if not number:
        typed["no_number_reason"] = "posted_worker"

    form = ParticipantForm(typed, companies=[CompanyFactory()])

    assert list(form.errors) == ["birth_date"]


def test_only_the_users_companies_can_be_chosen():
    own, other, stranger = CompanyFactory.create_batch(3)

    form = ParticipantForm(companies=[own, other])

    assert list(form.fields["company"].queryset) == [own, other]
    assert stranger not in form.fields["company"].queryset


def test_a_known_person_is_not_moved_to_another_company():
    person = ParticipantFactory()

    form = ParticipantForm(
        instance=person, companies=[person.company, CompanyFactory()]
    )

    assert "company" not in form.fields


def test_browsers_are_asked_not_to_fill_in_other_peoples_data():
    form = ParticipantForm(companies=[CompanyFactory()])

    filled = {field.widget.attrs["autocomplete"] for field in form.fields.values()}
    assert filled == {"off"}
