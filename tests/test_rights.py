"""Who may see what, on the page; ending a right; and that the words are true."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import InvitedRole, Role
from accounts.models import AuditEntry, Invitation, RoleGrant, User
from accounts.tests.factories import (
    RoleGrantFactory,
    UserFactory,
    make_funder,
    make_leader,
)
from companies.models import Company, Membership, Participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)
from kompetenslyft.rights import companies_for, rights_for
from trainings.access import who_may_see
from trainings.models import Enrolment, Provider, ProviderStaff
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    ProviderFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with override("en"):
        yield


@pytest.fixture
def leader():
    return make_leader(name="Leda Ledare")


def staff_of(provider, **user):
    return ProviderStaff.objects.create(
        provider=provider,
        user=UserFactory(**user),
        started_on=dt.date(2025, 9, 1),
    )


def give_named_right(user):
    right = Permission.objects.get(codename="view_protected_identities")
    user.user_permissions.add(right)
    return User.objects.get(pk=user.pk)


def told(rights):
    return [(right.name, right.role, right.place) for right in rights]


# Per person


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


# Per company


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


# The words are what the rules do


def world():
    """Two companies, two suppliers, a user of every kind, and people of every kind."""
    hr = MembershipFactory(user__name="Hanna")
    other = MembershipFactory(user__name="Annan")
    MembershipFactory(
        company=hr.company, user__name="Borta", ended_on=dt.date(2026, 1, 31)
    )
    ours, theirs = ProviderFactory(), ProviderFactory()
    staff_of(ours, name="Sara")
    staff_of(theirs, name="Sven")
    make_leader(name="Leda")
    give_named_right(make_leader(name="Lova"))
    RoleGrantFactory(user=UserFactory(name="Före"), ended_on=dt.date(2026, 1, 31))
    make_funder(name="Fia")
    UserFactory(name="Ingen")

    def person(**values):
        return ParticipantFactory(company=hr.company, **values)

    def seat(**values):
        return EnrolmentFactory(
            participant__company=hr.company, occasion__provider=ours, **values
        ).participant

    now = timezone.now()
    left = EnrolmentFactory(
        participant__company=hr.company, occasion__provider=ours, withdrawn_at=now
    )
    was_there = EnrolmentFactory(
        participant__company=hr.company, occasion__provider=ours
    )
    AttendanceFactory(enrolment=was_there)
    Enrolment.objects.filter(pk=was_there.pk).update(withdrawn_at=now)
    return {
        "without a seat": person(),
        "with a seat": seat(),
        "of the other company": ParticipantFactory(company=other.company),
        "protected": person(protected=True),
        "restricted": person(restricted_at=now),
        "withdrew": left.participant,
        "withdrew, but was there": was_there.participant,
    }


def may_see(user, participant):
    """Ask the rules themselves: the rows, and the rosters of suppliers."""
    if Participant.objects.visible_to(user).filter(pk=participant.pk).exists():
        return True
    on_roster = Enrolment.objects.run_by(user).filter(participant=participant)
    return any(row.is_live or row.attendance.exists() for row in on_roster)


@pytest.mark.parametrize(
    "kind",
    [
        "without a seat",
        "with a seat",
        "of the other company",
        "protected",
        "restricted",
        "withdrew",
        "withdrew, but was there",
    ],
)
def test_who_is_said_to_see_a_person_is_who_does(kind):
    participant = world()[kind]

    said = {name for reader in who_may_see(participant) for name in reader.names}

    users = User.objects.exclude(name="")
    assert said == {user.name for user in users if may_see(user, participant)}
    assert said


def test_a_protected_person_is_seen_by_the_company_and_the_named_right():
    hr = MembershipFactory(user__name="Hanna", company__name="Arosverken AB")
    make_leader(name="Leda")
    give_named_right(make_leader(name="Lova"))
    person = ParticipantFactory(company=hr.company, protected=True)

    assert [(row.role, row.names) for row in who_may_see(person)] == [
        ("HR of Arosverken AB", ("Hanna",)),
        ("Project leaders with the named right", ("Lova",)),
        ("Funder", ()),
    ]


def test_of_an_erased_person_there_is_nothing_to_see():
    person = ParticipantFactory(erased_at=timezone.now())

    assert who_may_see(person) == []


# The page


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


# Ending a right


def end(client, kind, row):
    return client.post(reverse("right-end", args=[kind, row.pk]))


def test_a_leader_ends_any_right_and_it_ends_at_once(client, leader):
    client.force_login(leader)
    hr, funder = MembershipFactory(), make_funder().role_grants.get()
    staff = staff_of(ProviderFactory())
    ParticipantFactory(company=hr.company)
    assert Participant.objects.visible_to(hr.user).exists()

    for kind, row in {"hr": hr, "role": funder, "supplier": staff}.items():
        page = client.get(reverse("right-end", args=[kind, row.pk]))
        assert str(row.user) in page.content.decode()
        assert end(client, kind, row).url == reverse("rights")

    assert not Participant.objects.visible_to(User.objects.get(pk=hr.user.pk)).exists()
    assert not User.objects.get(pk=funder.user.pk).is_funder
    assert not Provider.objects.filter(staff__ended_on=None).exists()
    ended = {
        "companies.membership_ended",
        "accounts.role_ended",
        "trainings.staff_ended",
    }
    actors = {
        entry.action: entry.payload.actor
        for entry in AuditEntry.objects.filter(action__in=ended)
    }
    assert actors == dict.fromkeys(ended, leader)


def test_looking_at_the_question_ends_nothing(client, leader):
    hr = MembershipFactory()
    client.force_login(leader)

    client.get(reverse("right-end", args=["hr", hr.pk]))

    hr.refresh_from_db()
    assert hr.ended_on is None


def test_hr_ends_a_colleague_but_not_the_last_one(client):
    hr = MembershipFactory()
    colleague = MembershipFactory(company=hr.company, started_on=timezone.localdate())
    client.force_login(hr.user)

    end(client, "hr", colleague)
    refused = client.post(reverse("right-end", args=["hr", hr.pk]), follow=True)

    colleague.refresh_from_db()
    hr.refresh_from_db()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert (colleague.started_on, colleague.ended_on) == (yesterday, yesterday)
    assert hr.ended_on is None
    # Apostrophes are escaped on the page.
    assert "Invite a colleague first" in refused.content.decode()


def test_a_colleague_whose_account_is_closed_does_not_count_as_the_other_one(client):
    hr = MembershipFactory()
    MembershipFactory(company=hr.company, user__is_active=False)
    client.force_login(hr.user)

    end(client, "hr", hr)

    hr.refresh_from_db()
    assert hr.ended_on is None


def test_a_leader_ends_the_last_hr_of_a_company(client, leader):
    hr = MembershipFactory()
    client.force_login(leader)

    end(client, "hr", hr)

    hr.refresh_from_db()
    assert hr.ended_on is not None


@pytest.mark.parametrize("kind", ["hr", "role", "supplier", "superuser", "x"])
def test_what_is_not_the_own_companys_is_not_found(client, leader, kind):
    rows = {
        "hr": MembershipFactory(),
        "role": leader.role_grants.get(),
        "supplier": staff_of(ProviderFactory()),
        "superuser": leader,
        "x": leader,
    }
    address = f"/rights/end/{kind}/{rows[kind].pk}/"

    for user in (MembershipFactory().user, make_funder(), UserFactory()):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404

    assert not Membership.objects.exclude(ended_on=None).exists()
    assert not RoleGrant.objects.exclude(ended_on=None).exists()
    assert not ProviderStaff.objects.exclude(ended_on=None).exists()


def test_what_has_ended_or_never_was_is_not_found(client, leader):
    ended = MembershipFactory(ended_on="2026-01-31")
    client.force_login(leader)

    for pk in (ended.pk, 999_999, 10**30):
        address = f"/rights/end/hr/{pk}/"
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_the_last_leader_is_told_that_one_is_needed(client, leader):
    client.force_login(leader)

    grant = leader.role_grants.get(role=Role.LEADER)
    address = reverse("right-end", args=["role", grant.pk])
    response = client.post(address, follow=True)

    assert "Invite another one first" in response.content.decode()
    grant.refresh_from_db()
    assert grant.ended_on is None
