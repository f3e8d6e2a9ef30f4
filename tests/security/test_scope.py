"""What others have shows on nobody's pages, where a page adds up, offers or leads on.

Each test has somebody else's row beside the reader's own; without it a page that forgot
to ask whose row it is would look the same.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory, make_leader
from companies.enums import CorrectionField
from companies.services.corrections import ask_for_correction
from companies.tests.factories import (
    MembershipFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from trainings.enums import OccasionStatus
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    ProviderStaffFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def hr():
    return MembershipFactory(company__name="Mitt AB")


def seen(client, user, address="/"):
    client.force_login(user)
    return client.get(address)


# The start page and the top of every page


def test_a_supplier_somewhere_makes_nobody_else_a_supplier(client, hr):
    ProviderStaffFactory(provider__name="Annans Lär AB")

    nobody = seen(client, UserFactory())
    mine = seen(client, hr.user)

    assert "Your account has no role yet" in nobody.text
    for answer in (nobody, mine):
        assert answer.context["taught"] is None
        assert "Annans Lär AB" not in answer.text
        assert answer.context["navigation"].provider == ""


def test_only_the_own_peoples_corrections_wait_for_hr(client, hr):
    own = ParticipantFactory(company=hr.company)
    others = ParticipantFactory.create_batch(2)
    for person in (own, *others):
        ask_for_correction(participant=person, field=CorrectionField.NAME, text="Fel")

    steps = [step.title for step in seen(client, hr.user).context["steps"]]

    assert [title for title in steps if "correction" in title] == [
        "1 correction is asked for"
    ]


# The page of an occasion


@pytest.fixture
def occasion():
    return OccasionFactory(status=OccasionStatus.OPEN)


def test_hr_is_led_neither_to_give_seats_nor_to_move_an_occasion(client, hr, occasion):
    person = ParticipantFactory(company=hr.company)
    EnrolmentFactory(participant=person, occasion=occasion, confirmed_at=None)
    address = occasion.get_absolute_url()
    give = 'name="enrolments"'
    cancel = reverse("trainings:occasion-step", args=[occasion.ref, "cancel"])

    led = seen(client, hr.user, address).text
    leader = seen(client, make_leader(), address).text

    assert (give in led, cancel in led) == (False, False)
    assert (give in leader, cancel in leader) == (True, True)


def test_a_restricted_person_is_offered_to_nobody(client, hr, occasion):
    """A leader, who sees the row, could nominate the person no more than HR."""
    person = ParticipantFactory(company=hr.company, restricted_at=timezone.now())
    free = ParticipantFactory(company=hr.company)
    address = reverse("trainings:nominate", args=[occasion.ref])

    for user in (hr.user, make_leader()):
        answer = seen(client, user, address)
        assert [row.pk for row in answer.context["page"].rows] == [free.pk]
        client.post(address, {"people": [person.pk]})

    assert not occasion.enrolments.exists()


def test_hr_withdraws_and_never_declines(client, hr, occasion):
    """Declining is the project leader's answer, whatever a form of HR says."""
    person = ParticipantFactory(company=hr.company)
    seat = EnrolmentFactory(participant=person, occasion=occasion, confirmed_at=None)
    client.force_login(hr.user)

    address = reverse("trainings:withdraw", args=[occasion.ref, seat.ref])
    client.post(address, {"decline": "", "reason": "prevented"})

    seat.refresh_from_db()
    assert (seat.declined_at, seat.withdrawn_by) == (None, hr.user)


def test_a_supplier_is_offered_no_page_of_hr(client, hr, occasion):
    staff = ProviderStaffFactory(provider=occasion.provider).user
    nominate = reverse("trainings:nominate", args=[occasion.ref])

    page = seen(client, staff, occasion.get_absolute_url())

    assert page.context["is_only_supplier"]
    assert nominate not in page.text


# Lists of people and of figures about them


def test_hr_of_two_companies_sees_nobody_of_a_third(client, hr):
    """Who has one company is kept to it by the list itself; who has two is not."""
    second = MembershipFactory(user=hr.user).company
    own = ParticipantFactory(company=hr.company)
    also_own = ParticipantFactory(company=second)
    ParticipantFactory()

    rows = seen(client, hr.user, reverse("companies:participants")).context["page"].rows

    assert {row.pk for row in rows} == {own.pk, also_own.pk}


def test_restricted_people_of_others_are_not_even_a_ref(client, hr):
    now = timezone.now()
    own = ParticipantFactory(company=hr.company, restricted_at=now)
    other = ParticipantFactory(restricted_at=now)

    listed = seen(client, hr.user, reverse("companies:participants"))

    assert listed.context["restricted"] == [own.ref]
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    change = reverse("companies:participant-change", args=[other.ref])
    assert client.get(change).status_code == 404


def test_hr_sees_the_workforce_of_the_own_companies_alone(client, hr):
    """Of two, so that nothing but the scope keeps the third away."""
    second = MembershipFactory(user=hr.user).company
    mine = [
        WorkforceSnapshotFactory(company=hr.company),
        WorkforceSnapshotFactory(company=second),
    ]
    WorkforceSnapshotFactory(company__name="Annans AB")

    page = seen(client, hr.user, reverse("workforce"))

    assert {row.pk for row in page.context["snapshots"]} == {row.pk for row in mine}
    assert "Annans AB" not in page.text


# Rights


def test_hr_sees_neither_operators_nor_where_letters_lie(
    client, hr, settings, tmp_path
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    UserFactory(email="drift@example.org", is_superuser=True)

    page = seen(client, hr.user, reverse("rights"))
    leaders = seen(client, make_leader(), reverse("rights"))

    assert [right.email for right in page.context["rights"]] == [hr.user.email]
    assert page.context["mail_folder"] == ""
    assert leaders.context["mail_folder"] == str(tmp_path / "mail")
