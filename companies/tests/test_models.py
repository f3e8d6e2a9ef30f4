import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.utils import timezone

from accounts.tests.factories import UserFactory, make_leader
from companies.enums import Gender
from companies.models import Company, Participant, Programme, person_key_of_number
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from core.tests.walls import refused

pytestmark = pytest.mark.django_db

NUMBER = "198507099805"


def test_there_is_one_programme():
    ProgrammeFactory(number="2019/1")

    assert refused(
        Programme.objects.bulk_create, objs=[ProgrammeFactory.build(pk=2, number="2")]
    )


@pytest.mark.parametrize(
    "values",
    [
        {"left_on": dt.date(2025, 8, 31)},
        {"size_class": "huge"},
        {"org_number": "999000-0001"},
    ],
)
def test_a_company_that_cannot_be_is_refused(values):
    CompanyFactory(org_number="999000-0001")

    assert refused(CompanyFactory, **values)


def test_a_company_cannot_succeed_itself():
    company = CompanyFactory()

    assert refused(Company.objects.filter(pk=company.pk).update, successor=company)


def test_a_company_counts_on_its_last_day():
    company = CompanyFactory(left_on=dt.date(2026, 3, 31))
    in_programme = Company.objects.in_programme

    assert list(in_programme(dt.date(2026, 3, 31), dt.date(2026, 4, 30))) == [company]
    assert company.was_partner(dt.date(2026, 3, 31), dt.date(2026, 4, 30))
    assert not in_programme(dt.date(2026, 4, 1), dt.date(2026, 4, 30)).exists()
    assert not company.was_partner(dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    before = company.joined_on - dt.timedelta(days=1)
    assert not in_programme(before, before).exists()
    assert not company.was_partner(before, before)


@pytest.mark.parametrize(
    "values", [{"women": -1}, {"staff_group": "boss"}, {"staff_group": "all"}]
)
def test_a_snapshot_that_cannot_be_is_refused(values):
    first = WorkforceSnapshotFactory()

    assert refused(WorkforceSnapshotFactory, company=first.company, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"no_number_reason": ""},
        {"encrypted_number": b"1:x"},
        {"gender": "other"},
        {"gender": ""},
        {"staff_group": "boss"},
    ],
)
def test_a_participant_that_cannot_be_is_refused(values):
    assert refused(ParticipantFactory, **values)


def test_a_person_is_once_in_a_company_and_one_person_in_two():
    first, second = CompanyFactory(), CompanyFactory()
    keyed = {"person_key": person_key_of_number(NUMBER)}
    ParticipantFactory(company=first, **keyed)

    assert refused(ParticipantFactory, company=first, **keyed)
    assert not refused(ParticipantFactory, company=second, **keyed)


def test_a_number_is_kept_encrypted_and_shown_as_a_mask():
    participant = ParticipantFactory.build(
        company=CompanyFactory(), no_number_reason=""
    )
    participant.set_number(NUMBER)
    participant.save()

    kept = Participant.objects.get()
    assert b"9805" not in bytes(kept.encrypted_number)
    assert kept.personal_number == NUMBER
    assert kept.number_mask == "19850709-****"
    assert kept.person_key == person_key_of_number(NUMBER)


def test_without_a_number_everybody_is_a_person_of_its_own():
    one, other = ParticipantFactory(), ParticipantFactory()

    assert one.person_key != other.person_key
    assert one.number_mask == ""


def test_a_protected_identity_is_keyed_by_its_own_ref():
    protected = ParticipantFactory.build(no_number_reason="", protected=True)

    protected.set_number(NUMBER)

    assert protected.person_key != person_key_of_number(NUMBER)
    assert str(protected) == protected.ref


def test_names_sort_as_in_a_swedish_dictionary():
    for name in ["Öst", "Zenit", "Ärling", "Ås", "Ahl", "Berg", "åre", "Vik"]:
        ParticipantFactory(family_name=name)

    names = Participant.objects.order_by("family_name")
    assert list(names.values_list("family_name", flat=True)) == [
        "Ahl",
        "Berg",
        "Vik",
        "Zenit",
        "åre",
        "Ås",
        "Ärling",
        "Öst",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("åsa öb", True),
        ("ÅSA", True),
        ("ÖBERG åsa", True),
        ("asa", False),
        ("50%", False),
    ],
)
def test_search_folds_the_case_of_swedish_letters(text, found):
    ParticipantFactory(given_name="Åsa", family_name="Öberg")

    assert Participant.objects.matching(text).exists() is found


def test_search_takes_signs_of_a_pattern_as_they_stand():
    ParticipantFactory(job_title="100% robot_ledare")

    assert Participant.objects.matching("100%").exists()
    assert Participant.objects.matching("t_l").exists()
    assert not Participant.objects.matching("r%t").exists()


def test_hr_sees_its_own_company_and_leaders_see_all():
    mine, theirs = ParticipantFactory(), ParticipantFactory()
    hr = MembershipFactory(company=mine.company).user

    assert list(Participant.objects.visible_to(hr)) == [mine]
    assert set(Participant.objects.visible_to(make_leader())) == {mine, theirs}


def test_strangers_see_nobody():
    ParticipantFactory()

    assert not Participant.objects.visible_to(UserFactory()).exists()
    assert not Participant.objects.visible_to(AnonymousUser()).exists()


def test_a_former_colleague_sees_nobody_beside_an_active_one():
    participant = ParticipantFactory()
    former = MembershipFactory(
        company=participant.company, ended_on=dt.date(2026, 1, 31)
    ).user
    MembershipFactory(company=participant.company)

    assert not Participant.objects.visible_to(former).exists()


def test_two_memberships_that_overlap_show_a_row_once():
    participant = ParticipantFactory()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    ending = MembershipFactory(company=participant.company, ended_on=tomorrow)
    MembershipFactory(company=participant.company, user=ending.user)

    assert Participant.objects.visible_to(ending.user).get() == participant


def test_protected_identities_need_a_named_right():
    protected = ParticipantFactory(protected=True)
    leader, entrusted = make_leader(), make_leader()
    right = Permission.objects.get(codename="view_protected_identities")
    entrusted.user_permissions.add(right)

    assert not Participant.objects.visible_to(leader).exists()
    assert list(Participant.objects.visible_to(entrusted)) == [protected]


def test_a_change_keeps_what_was_before():
    participant = ParticipantFactory(gender=Gender.UNKNOWN)

    participant.gender = Gender.WOMAN
    participant.save()

    kept = participant.history.values_list("gender", "history_type")
    assert list(kept) == [(Gender.WOMAN, "~"), (Gender.UNKNOWN, "+")]
