"""Codes for kiosks: who gives them, what opens with them, how guessing ends."""

import datetime as dt

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from companies.enums import IdentityProof
from companies.models import KioskCode
from companies.services.kiosk_codes import (
    issue_kiosk_code,
    sign_in_at_kiosk,
)
from companies.tests.coding import MOBILE, messages
from companies.tests.factories import MembershipFactory, ParticipantFactory
from companies.tests.kiosk import OWN_CODE, give, give_chosen, pass_time
from core.errors import DomainError

pytestmark = pytest.mark.django_db

QUARTER = dt.timedelta(minutes=15)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def anna():
    return ParticipantFactory(given_name="Anna", family_name="Berg")


def person(given_name="Anna", family_name="Berg", **values):
    return ParticipantFactory(given_name=given_name, family_name=family_name, **values)


def fail(times, name="Anna Berg"):
    for _time in range(times):
        assert sign_in_at_kiosk(name=name, code="999999") is None


def actions():
    return list(
        AuditEntry.objects.filter(action__startswith="companies.kiosk")
        .order_by("pk")
        .values_list("action", flat=True)
    )


# Given


def test_a_code_is_given_against_identity_and_kept_hashed(anna):
    leader = make_leader()

    code = issue_kiosk_code(
        participant=anna, proof=IdentityProof.PASSPORT, actor=leader, occasion="occ-1"
    )

    assert len(code) == 9
    assert code[4] == "-"
    row = KioskCode.objects.get()
    assert (row.participant, row.issued_by, row.proof) == (anna, leader, "passport")
    assert code.replace("-", "") not in row.digest
    assert row.chosen_at is None
    entry = AuditEntry.objects.get(action="companies.kiosk_code_issued")
    assert entry.payload.facts == {"proof": "passport", "occasion": "occ-1"}
    assert [mention.ref for mention in entry.mentions.all()] == [anna.ref]


def test_a_new_code_ends_the_old_one(anna):
    old = give(anna)

    new = give(anna)

    assert sign_in_at_kiosk(name="anna berg", code=old) is None
    assert sign_in_at_kiosk(name="anna berg", code=new).participant == anna
    assert KioskCode.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"restricted_at": timezone.now()}, "restricted"),
        ({"erased_at": timezone.now()}, "no person's any more"),
    ],
)
def test_who_has_no_page_gets_no_code(state, reason):
    with pytest.raises(DomainError, match=reason):
        give(person(**state))

    assert not KioskCode.objects.exists()


def test_who_is_merged_into_another_gets_no_code(anna):
    with pytest.raises(DomainError, match="no person's any more"):
        give(person(company=anna.company, merged_into=anna))


def test_hr_gives_its_own_people_no_code(anna):
    hr = MembershipFactory(company=anna.company).user

    with pytest.raises(DomainError, match="HR gives no codes"):
        give(anna, actor=hr)


def test_under_a_protected_identity_a_leader_with_the_right_gives_it():
    hidden = person(protected=True)

    for actor in (UserFactory(), make_leader()):
        with pytest.raises(DomainError, match="Only who may see the person"):
            give(hidden, actor=actor)
    code = give(hidden, actor=UserFactory(is_superuser=True))

    assert sign_in_at_kiosk(name="Anna Berg", code=code).participant == hidden


def test_a_supplier_gives_none_to_who_has_confirmed_a_contact(anna):
    anna.email, anna.email_confirmed_at = "anna@example.org", timezone.now()
    anna.save()

    with pytest.raises(DomainError, match="confirmed an address or a mobile"):
        give(anna, actor=UserFactory())

    assert not messages()


def test_what_is_confirmed_is_told_that_a_leader_gave_a_code():
    one = person(email="anna@example.org", mobile=MOBILE)
    one.email_confirmed_at = one.mobile_confirmed_at = timezone.now()
    one.save()

    give(one)

    (mail, text) = messages()
    assert mail[:2] == ("kiosk_code_given", "anna@example.org")
    assert "genast till projektkontoret" in mail[2]
    assert text[:2] == ("kiosk_code_given", MOBILE)
    assert len(text[2]) <= 160


@pytest.mark.parametrize("protected", [False, True])
def test_who_has_confirmed_nothing_or_is_protected_is_told_nothing(protected):
    one = person(email="anna@example.org", mobile=MOBILE, protected=protected)
    one.email_confirmed_at = timezone.now() if protected else None
    one.save()

    give(one, actor=UserFactory(is_superuser=True))

    assert not messages()


# Typed in


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " ")])
def test_a_given_code_is_read_as_people_write_it(anna, change):
    code = give(anna)

    assert sign_in_at_kiosk(name="Berg Anna", code=change(code)).participant == anna


def test_what_looks_alike_on_paper_is_alike(anna, monkeypatch):
    monkeypatch.setattr("secrets.choice", lambda _signs: "1")
    code = give(anna)
    assert code == "1111-1111"

    assert sign_in_at_kiosk(name="Anna Berg", code="IlLi-1iLl").participant == anna


def test_a_name_without_a_code_and_a_wrong_code_are_answered_alike(anna):
    give_chosen(anna)

    assert sign_in_at_kiosk(name="Nils Ek", code=OWN_CODE) is None
    assert sign_in_at_kiosk(name="Anna Berg", code="271829") is None
    assert sign_in_at_kiosk(name="", code=OWN_CODE) is None


@pytest.mark.parametrize(
    ("name", "has_code"), [("Anna Berg", True), ("Nils Ek", False)]
)
def test_each_answer_costs_the_hash_of_one_code(anna, monkeypatch, name, has_code):
    """So that the time tells nothing: a name without a code is hashed, too."""
    give_chosen(anna)
    hashed, encode = [], MD5PasswordHasher.encode

    def counted(self, password, salt):
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    assert sign_in_at_kiosk(name=name, code="999999") is None

    assert hashed == ["999999"]


def test_namesakes_come_each_to_their_own_page(anna):
    other = person()
    give_chosen(anna, "271828")
    give_chosen(other, "314159")

    assert sign_in_at_kiosk(name="Anna Berg", code="271828").participant == anna
    assert sign_in_at_kiosk(name="Anna Berg", code="314159").participant == other
    assert {code.tries for code in KioskCode.objects.all()} == {0}


def test_namesakes_with_the_same_code_come_to_no_page(anna):
    give_chosen(anna)
    give_chosen(person())

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE) is None


def test_one_person_at_two_companies_comes_to_the_page_of_the_newer_code(anna):
    same = person(person_key=anna.person_key)
    give_chosen(anna)
    give_chosen(same)

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE).participant == same


# Wrong codes


def test_after_five_wrong_codes_it_rests_for_a_quarter_of_an_hour(anna):
    code = give_chosen(anna)
    fail(5)

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE) is None
    pass_time(code, QUARTER - dt.timedelta(seconds=20))
    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE) is None
    pass_time(code, dt.timedelta(seconds=21))
    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE).participant == anna

    code.refresh_from_db()
    assert (code.tries, code.locked_until) == (0, None)
    assert actions()[2:] == [
        *["companies.kiosk_failed"] * 4,
        "companies.kiosk_code_rests",
        "companies.kiosk_entered",
    ]


def test_the_fifth_may_be_the_right_one(anna):
    code = give_chosen(anna)
    fail(4)

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE).participant == anna

    code.refresh_from_db()
    assert (code.tries, code.locked_until) == (0, None)


def test_after_ten_wrong_codes_it_ends_and_a_new_one_is_needed(anna):
    code = give_chosen(anna)
    fail(5)
    pass_time(code, QUARTER)
    fail(5)
    pass_time(code, QUARTER)

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE) is None

    code.refresh_from_db()
    assert code.ended_at
    assert actions()[2:] == [
        *["companies.kiosk_failed"] * 4,
        "companies.kiosk_code_rests",
        *["companies.kiosk_failed"] * 4,
        "companies.kiosk_code_spent",
    ]
    assert sign_in_at_kiosk(name="Anna Berg", code=give(anna)).participant == anna


def test_each_wrong_code_with_a_name_that_is_there_is_in_the_trail(anna):
    give_chosen(anna)

    sign_in_at_kiosk(name="Anna Berg", code="999999", kiosk="k-1")
    sign_in_at_kiosk(name="Nils Ek", code="999999", kiosk="k-1")

    entry = AuditEntry.objects.get(action="companies.kiosk_failed")
    assert entry.payload.facts == {"by": "stranger", "kiosk": "k-1"}
    assert [mention.ref for mention in entry.mentions.all()] == [anna.ref]


def test_wrong_codes_while_it_rests_do_not_count(anna):
    code = give_chosen(anna)

    fail(30)

    code.refresh_from_db()
    assert (code.tries, code.ended_at) == (5, None)


def test_a_wrong_code_counts_for_every_code_of_that_name_and_no_other(anna):
    eva = person(given_name="Eva")
    codes = [
        give_chosen(one, digits) for one, digits in ((anna, "271828"), (eva, "314159"))
    ]
    namesake = give_chosen(person(), "161803")

    fail(5)

    for code in (*codes, namesake):
        code.refresh_from_db()
    assert [code.tries for code in (*codes, namesake)] == [5, 0, 5]
    assert sign_in_at_kiosk(name="Anna Berg", code="161803") is None
    assert sign_in_at_kiosk(name="Eva Berg", code="314159").participant == eva


def test_a_namesake_who_comes_in_wakes_no_code_that_rests(anna):
    code = give_chosen(anna, "271828")
    fail(5)
    namesake = person()
    give_chosen(namesake, "314159")

    assert sign_in_at_kiosk(name="Anna Berg", code="314159").participant == namesake

    code.refresh_from_db()
    assert code.tries == 5
    assert code.locked_until > timezone.now()
