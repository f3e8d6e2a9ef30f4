"""Facts of the audit trail as people read them: labels, words for codes, names."""

import pytest
from django.utils import translation

from accounts.audit import record, record_rows
from accounts.facts import label_of
from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from accounts.trail_words import tell
from companies.tests.factories import CompanyFactory
from trainings.tests.factories import ProviderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ANNA, BO = "p-0000000A", "p-0000000B"


@pytest.fixture
def company():
    return CompanyFactory(org_number="999009-3362", name="Gruvteknik AB")


@pytest.fixture
def provider():
    return ProviderFactory(ref="pr-0000001", name="Kurser AB")


def told(entry):
    return tell([AuditEntry.objects.get(pk=entry.pk)])[entry.pk]


def facts(action, subject=None, **said):
    return dict(told(record(None, action, subject, **said)).facts)


# Names of rows


def test_a_company_and_a_provider_are_told_by_name(company, provider):
    invited = facts("accounts.invited", role="hr", place="999009-3362")
    supplier = facts("accounts.invited", role="supplier", place="pr-0000001")

    assert invited == {"Role": "Company HR", "Company or provider": "Gruvteknik AB"}
    assert supplier == {"Role": "Supplier", "Company or provider": "Kurser AB"}
    assert facts("companies.list_uploaded", company="999009-3362") == {
        "Company": "Gruvteknik AB"
    }


def test_a_company_that_is_gone_is_told_by_its_number():
    assert facts("companies.list_uploaded", company="999009-3362") == {
        "Company": "999009-3362"
    }


def test_users_are_told_by_name():
    hanna, bo = UserFactory(name="Hanna Rask"), UserFactory(name="Bo Ek")

    ended = facts("companies.membership_ended", user=str(hanna.pk))
    read = facts(
        "accounts.trail_read", actors=[str(bo.pk), str(hanna.pk), "x", "9" * 40]
    )

    assert ended == {"User": "Hanna Rask"}
    assert read == {"Done by": f"Bo Ek, Hanna Rask, x, {'9' * 40}"}


def test_rows_of_a_kind_that_has_names_are_told_by_name():
    users = [UserFactory(name="Hanna Rask"), UserFactory(name="Bo Ek")]

    entry = record_rows(None, "admin.listed", users, kind="accounts.user")

    assert told(entry).facts == {"Kind": "User", "Shown rows": "Hanna Rask, Bo Ek"}


def test_the_row_that_an_entry_is_about_is_told_by_name_and_key(company, provider):
    hanna = UserFactory(name="Hanna Rask")
    rows = [told(record(None, "a.b", row)) for row in (company, provider, hanna)]

    assert [(row.kind, row.row) for row in rows] == [
        ("Company", "Gruvteknik AB (999009-3362)"),
        ("Training provider", "Kurser AB (pr-0000001)"),
        ("User", f"Hanna Rask ({hanna.pk})"),
    ]


def test_many_entries_cost_a_query_for_each_kind_of_name(
    company, provider, django_assert_num_queries
):
    user = UserFactory()
    for _ in range(20):
        record(None, "accounts.invited", company, place=provider.ref)
        record(None, "companies.membership_ended", company, user=str(user.pk))
    entries = list(AuditEntry.objects.select_related("payload"))

    with django_assert_num_queries(3):
        tell(entries)


# Words for codes


@pytest.mark.parametrize(
    ("action", "said", "read"),
    [
        (
            "accounts.signed_in",
            {"method": ["password", "totp"]},
            {"Way in": "password, app with codes"},
        ),
        ("accounts.signed_in", {"method": ["freja"]}, {"Way in": "freja"}),
        (
            "accounts.second_factor_added",
            {"kind": "webauthn", "ended": 2},
            {"Kind": "passkey", "Sessions ended": "2"},
        ),
        (
            "accounts.second_factors_removed",
            {"kinds": ["recovery_codes", "totp"], "ended": 0},
            {"Kinds": "recovery code, app with codes", "Sessions ended": "0"},
        ),
        (
            "accounts.changed_roles",
            {"roles": ["funder", "leader"]},
            {"Roles": "Funder, Project leader"},
        ),
        (
            "accounts.trail_read",
            {"sought": "companies.read", "first": "2026-03-01", "entries": 3},
            {
                "What was done": "Read the page of a person",
                "From and including": "2026-03-01",
                "Entries": "3",
            },
        ),
        (
            "accounts.page_saved",
            {"page": "privacy", "language": "sv-easy"},
            {"Page": "How personal data are handled", "Language": "easy Swedish"},
        ),
        (
            "accounts.head_mailed",
            {"month": "2026-10", "letters": 2},
            {"Month": "October 2026", "Letters": "2"},
        ),
        (
            "accounts.trail_verified",
            {"faults": ["content_other:17", "guard_off:1", "guard_off:2"]},
            {
                "Faults": "The content of entry 17 was changed."
                " 1 trigger that refuses changes of the trail is not in force."
                " 2 triggers that refuse changes of the trail are not in force."
            },
        ),
        (
            "accounts.letter_cancelled",
            {"kind": "correction_answered"},
            {"Kind": "answer to a correction"},
        ),
        (
            "companies.restricted",
            {"basis": "contested"},
            {"Why": "The person says that the data are wrong"},
        ),
        (
            "companies.correction_asked",
            {"by": "participant", "field": "hours"},
            {"By whom": "the participant", "Concerns": "hours of training"},
        ),
        (
            "companies.list_read",
            {"show": "faulty", "page": 2},
            {"Kinds of rows": "With errors", "Page": "2"},
        ),
        (
            "companies.merged",
            {"fields": ["email", "number"], "trainings.enrolment.participant": 2},
            {"Fields": "e-mail address, personal number", "Enrolments": "2"},
        ),
        (
            "companies.person_keys_swapped",
            {"companies_participant": 300, "companies_importrow": 4},
            {"Participants": "300", "Rows of uploaded lists": "4"},
        ),
        (
            "kompetenslyft.loaded_programme",
            {"participants": "300 rows, 12 new, 3 changed"},
            {"Participants": "300 rows, 12 new, 3 changed"},
        ),
        (
            "kompetenslyft.erased_expired",
            {"participants": 3, "sessions": 7},
            {
                "People in a company's list, blanked": "3",
                "Sign-ins that are over, deleted": "7",
            },
        ),
        ("reporting.downloaded", {"copy": "funder"}, {"Copy": "funder's copy"}),
        ("companies.new_thing", {"made_up": "x"}, {"made_up": "x"}),
    ],
)
def test_facts_are_told_in_words(action, said, read):
    assert facts(action, **said) == read


def test_what_a_user_got_is_told_by_the_fields_of_the_form():
    rights = ["companies.view_protected_identities"]
    said = {"fields": ["email", "is_active", "password1"], "rights": rights}

    assert facts("accounts.saved_user", UserFactory(), **said) == {
        "Fields": "e-mail address, may sign in, password",
        "Named rights": "people under protected identity",
    }


def test_facts_are_told_in_the_readers_language():
    with translation.override("sv"):
        assert facts("accounts.changed_roles", roles=["leader"]) == {
            "Roller": "Projektledare"
        }
        assert facts("kompetenslyft.dumped_programme", sessions=3) == {"Kurspass": "3"}


def test_an_erased_entry_has_nothing_to_tell():
    entry = record(None, "companies.listed", people=[ANNA, BO], rows=3)
    entry.payload.delete()

    assert told(entry) == type(told(entry))("", "", {})


def test_a_kind_of_row_that_is_gone_keeps_its_own_name():
    assert label_of("companies.merged", "gone.row.participant") == "gone.row"
