"""Who may see what, per person and per company, on the page."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import InvitedRole
from accounts.models import AuditEntry, Invitation, User
from accounts.tests.factories import (
    UserFactory,
    make_funder,
    make_leader,
)
from companies.models import Company
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
)
from kompetenslyft.rights import companies_for, rights_for
from tests.rights import give_named_right, staff_of
from trainings.models import Provider
from trainings.tests.factories import (
    EnrolmentFactory,
    ProviderFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader(name="Leda Ledare")


def told(rights):
    return [(right.name, right.role, right.place) for right in rights]


def test_a_leader_sees_every_right_by_person(leader):
    MembershipFactory(user__name="Hanna", company__name="Arosverken AB")
    MembershipFactory(user__name="Borta", ended_on="2026-01-31")
    MembershipFactory(user__name="Stängd", user__is_active=False)
    make_funder(name="Fia")
    staff_of(ProviderFactory(name="YH Exempel"), name="Sara")
    give_named_right(leader)
    User.objects.create_superuser("drift@example.org", name="Drift")

    assert told(rights_for(leader)) == [
        ("Drift", "Operator, with every right", ""),
        ("Fia", "Funder", ""),
        ("Hanna", "Company HR", "Arosverken AB"),
        ("Leda Ledare", "Project leader", ""),
        ("Leda Ledare", "Named right: protected identities", ""),
        ("Sara", "Supplier", "YH Exempel"),
    ]


def test_hr_sees_the_colleagues_of_its_own_companies_and_nobody_else(leader):
    hr = MembershipFactory(user__name="Hanna", company__name="Arosverken AB")
    MembershipFactory(company=hr.company, user__name="Henrik")
    MembershipFactory(user__name="Annan")
    make_funder(name="Fia")

    assert told(rights_for(hr.user)) == [
        ("Hanna", "Company HR", "Arosverken AB"),
        ("Henrik", "Company HR", "Arosverken AB"),
    ]


def test_everybody_else_sees_the_own_rights(leader):
    funder = make_funder(name="Fia")
    staff = staff_of(ProviderFactory(name="YH Exempel"), name="Sara")

    assert told(rights_for(funder)) == [("Fia", "Funder", "")]
    assert told(rights_for(staff.user)) == [("Sara", "Supplier", "YH Exempel")]
    assert rights_for(UserFactory()) == []


def test_a_right_tells_who_invited_and_what_the_account_is(leader):
    hr = MembershipFactory(started_on=timezone.localdate())
    now = timezone.now()
    Invitation.objects.create(
        email=hr.user.email,
        role=InvitedRole.HR,
        place=hr.company.org_number,
        invited_by=leader,
        link_digest="0" * 64,
        expires_at=now,
        accepted_at=now,
        accepted_by=hr.user,
    )
    Authenticator.objects.create(user=hr.user, type=Authenticator.Type.TOTP, data={})
    User.objects.filter(pk=hr.user.pk).update(last_login=now)

    (right,) = [row for row in rights_for(leader) if row.email == hr.user.email]

    assert (right.invited_by, right.invited_on) == (
        "Leda Ledare",
        timezone.localdate(),
    )
    assert (right.has_second_factor, right.last_sign_in) == (True, now)
    assert (right.started_on, right.ended_on) == (timezone.localdate(), None)


def test_recovery_codes_alone_are_no_second_factor(leader):
    codes = Authenticator.Type.RECOVERY_CODES
    Authenticator.objects.create(user=leader, type=codes, data={})

    assert not rights_for(leader)[0].has_second_factor


def test_a_company_tells_who_may_see_its_people_and_why(leader):
    hr = MembershipFactory(user__name="Hanna", company__name="Arosverken AB")
    MembershipFactory(company=hr.company, user__name="Borta", ended_on="2026-01-31")
    provider = ProviderFactory(name="YH Exempel")
    staff_of(provider, name="Sara")
    seat = EnrolmentFactory(
        participant__company=hr.company, occasion__provider=provider
    )
    EnrolmentFactory(participant__company=hr.company, occasion=seat.occasion)
    give_named_right(make_leader(name="Lova"))

    (company,) = companies_for(hr.user)

    assert [(row.role, row.names, row.why) for row in company.readers] == [
        (
            "HR of Arosverken AB",
            ("Hanna",),
            "The company employs the people and entered them.",
        ),
        (
            "Project leaders",
            ("Leda Ledare", "Lova"),
            "They run the programme. Protected identities are kept from them.",
        ),
        (
            "Project leaders with the named right",
            ("Lova",),
            "They see people under protected identity, too.",
        ),
        (
            "Supplier: YH Exempel",
            ("Sara",),
            "2 people of the company are on its occasions.",
        ),
        (
            "Funder",
            (),
            "Sees figures of the programme and its companies, and no person.",
        ),
    ]


def test_leaders_see_this_of_every_company_and_others_of_none(leader):
    CompanyFactory(name="B AB")
    CompanyFactory(name="A AB")

    assert [company.name for company in companies_for(leader)] == ["A AB", "B AB"]
    assert companies_for(make_funder()) == []


def test_two_suppliers_of_one_name_are_two(leader):
    company = CompanyFactory()
    for name in ("Sara", "Sven"):
        provider = ProviderFactory(name="YH Exempel")
        staff_of(provider, name=name)
        EnrolmentFactory(participant__company=company, occasion__provider=provider)

    (readers,) = companies_for(leader)

    suppliers = [row.names for row in readers.readers if "YH" in row.role]
    assert suppliers == [("Sara",), ("Sven",)]


@pytest.mark.parametrize("make", [make_leader, lambda: MembershipFactory().user])
def test_the_page_costs_no_more_for_many_than_for_few(client, make, connection_queries):
    user = make()
    client.force_login(user)
    company = Company.objects.first() or CompanyFactory()

    def cost():
        client.get(reverse("rights"))
        with connection_queries() as queries:
            assert client.get(reverse("rights")).status_code == 200
        return len(queries)

    def fill():
        provider = ProviderFactory()
        staff_of(provider)
        EnrolmentFactory(participant__company=company, occasion__provider=provider)
        MembershipFactory(company=company)
        MembershipFactory()
        make_funder()
        Invitation.objects.create(
            email=f"{Provider.objects.count()}@example.org",
            role=InvitedRole.HR,
            place=company.org_number,
            invited_by=user,
            link_digest="0" * 64,
            expires_at=timezone.now(),
        )

    fill()
    few = cost()
    for _number in range(5):
        fill()

    assert cost() == few


@pytest.fixture
def connection_queries():
    from django.db import connection  # noqa: PLC0415 - Django is set up by now.

    return lambda: CaptureQueriesContext(connection)


def test_looking_at_everybodys_rights_is_written_down_once(client, leader):
    client.force_login(leader)

    client.get(reverse("rights"))

    (entry,) = AuditEntry.objects.filter(action="accounts.listed_rights")
    assert entry.payload.facts == {"count": 1}


def test_looking_at_the_own_rights_is_not(client):
    client.force_login(make_funder())

    assert client.get(reverse("rights")).status_code == 200

    assert not AuditEntry.objects.filter(action="accounts.listed_rights").exists()


def test_the_page_lists_invitations_of_the_own_company_only(client, leader):
    hr, other = MembershipFactory(), MembershipFactory()
    for number, row in enumerate((hr, other)):
        Invitation.objects.create(
            email=f"asked{number}@example.org",
            role=InvitedRole.HR,
            place=row.company.org_number,
            invited_by=leader,
            link_digest="0" * 64,
            expires_at=timezone.now(),
        )
    client.force_login(hr.user)

    page = client.get(reverse("rights")).content.decode()

    assert "asked0@example.org" in page
    assert "asked1@example.org" not in page
    assert "too old" in page


def test_a_stranger_is_led_to_the_sign_in(client):
    response = client.get(reverse("rights"))

    assert response.url == f"{reverse('account_login')}?next=/rights/"


def test_each_cell_says_what_it_is_where_rows_are_stacked(client, leader):
    hr = MembershipFactory()
    Invitation.objects.create(
        email="asked@example.org",
        role=InvitedRole.HR,
        place=hr.company.org_number,
        invited_by=leader,
        link_digest="0" * 64,
        expires_at=timezone.now(),
    )
    client.force_login(leader)

    page = client.get(reverse("rights")).text

    tables = page.split("<table")[1:]
    assert len(tables) == 4
    for table in tables:
        headings = re.findall(r'<th scope="col"[^>]*>([^<]+)<', table)
        rows = table.split("<tr")[2:]
        assert rows
        for row in rows:
            labels = re.findall(r'<td[^>]*data-label="([^"]+)"', row)
            assert labels == headings[1:]


def test_the_words_on_roles_promise_nothing_that_is_not_there_yet(client, leader):
    client.force_login(leader)

    page = client.get(reverse("rights")).text

    roles = page.partition('<h2 id="roles">')[2]
    may_do = re.findall(r'data-label="May do">([^<]+)<', roles)
    assert may_do == [
        (
            "Run the programme, answer requests for corrections, invite, end rights, "
            "issue reports."
        ),
        (
            "Enter and upload people, nominate, withdraw, answer requests for "
            "corrections, invite colleagues to HR."
        ),
        "Enter time.",
        "Ask for corrections, download a copy of all that is held.",
        "Download and check reports.",
    ]
