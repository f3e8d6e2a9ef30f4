"""Two rows of a company become one, with all that hangs on them, and two again."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.models import Merge, NotADuplicate, Participant
from companies.services import add_participant, change_participant
from companies.services.merging import (
    forget_old_merges,
    merge_participants,
    undo_merge,
)
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
)
from core.errors import DomainError
from kompetenslyft.package import dump_package, load_package
from networks.tests.factories import NetworkMemberFactory
from reporting.selectors import period_metrics
from tests.package_files import SMALL
from trainings.models import AccommodationNote, Attendance, Enrolment
from trainings.own import own_requests
from trainings.services import nominate
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
)

pytestmark = pytest.mark.django_db

NUMBER = "198507099805"
DAYS = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def twice(hr):
    """Anna twice in one company: entered by hand without a number, and uploaded."""
    old = ParticipantFactory(company=hr.company, email="", job_title="svetsare")
    new = add_participant(
        company=hr.company,
        actor=hr.user,
        number=NUMBER,
        given_name="Anna",
        family_name="Bergh",
        email="anna@example.org",
    )
    return old, new


def merge(twice, hr, *taken):
    kept, absorbed = twice
    return merge_participants(
        kept=kept, absorbed=absorbed, taken=frozenset(taken), actor=hr.user
    )


def with_another_number(twice, hr):
    """Give the older row a number, too: another one."""
    kept, absorbed = twice
    kept = change_participant(
        participant=kept, actor=hr.user, number="198112189876", no_number_reason=""
    )
    return kept, absorbed


def again(hr):
    return add_participant(
        company=hr.company,
        actor=hr.user,
        number=NUMBER,
        given_name="Anna",
        family_name="Bergh",
    )


def test_the_chosen_values_stay_and_the_others_go(twice, hr):
    merge(twice, hr, "number", "email", "family_name")

    kept = Participant.objects.get(pk=twice[0].pk)
    assert (kept.given_name, kept.family_name) == ("Anna", "Bergh")
    assert (kept.email, kept.job_title) == ("anna@example.org", "svetsare")
    assert (kept.personal_number, kept.no_number_reason) == (NUMBER, "")
    assert kept.birth_date == dt.date(1985, 7, 9)
    assert kept.person_key == twice[1].person_key


def test_the_absorbed_row_is_in_no_list(twice, hr):
    merge(twice, hr, "number")

    assert list(Participant.objects.visible_to(hr.user)) == [twice[0]]


def test_seats_hours_and_networks_move_with_history(twice, hr):
    kept, absorbed = twice
    attendance = AttendanceFactory(enrolment__participant=absorbed)
    member = NetworkMemberFactory(participant=absorbed)

    merge(twice, hr)

    attendance.enrolment.refresh_from_db()
    member.refresh_from_db()
    assert attendance.enrolment.participant == kept
    assert member.participant == kept
    last = attendance.enrolment.history.latest()
    assert (last.participant_id, last.history_type) == (kept.pk, "~")
    assert (last.history_user, last.history_change_reason) == (hr.user, "merged")


def test_one_human_is_counted_once_after_the_merge(twice, hr):
    for row in twice:
        AttendanceFactory(enrolment__participant=row)
    before = period_metrics(*DAYS).volumes.persons.woman

    merge(twice, hr, "number")

    assert (before, period_metrics(*DAYS).volumes.persons.woman) == (2, 1)


def test_two_live_seats_on_one_occasion_are_refused_and_nothing_moves(twice, hr):
    kept, absorbed = twice
    seat = EnrolmentFactory(participant=kept)
    EnrolmentFactory(participant=absorbed, occasion=seat.occasion)
    member = NetworkMemberFactory(participant=absorbed)

    with override("en"), pytest.raises(DomainError, match="Both rows have the same"):
        merge(twice, hr)

    member.refresh_from_db()
    assert member.participant == absorbed
    assert not Merge.objects.exists()


def test_a_row_of_another_company_is_refused(twice, hr):
    stranger = ParticipantFactory(company=CompanyFactory())

    with override("en"), pytest.raises(DomainError, match="of one company"):
        merge((twice[0], stranger), hr)


def test_a_row_is_absorbed_once(twice, hr):
    merge(twice, hr)

    with override("en"), pytest.raises(DomainError, match="merged already"):
        merge(twice, hr)


def test_a_protected_row_protects_what_becomes_of_both(twice, hr):
    old = ParticipantFactory(company=hr.company, protected=True)

    merge((twice[0], old), hr)

    assert Participant.objects.get(pk=twice[0].pk).protected


def test_the_only_number_there_is_stays_whatever_was_chosen(twice, hr):
    merge(twice, hr)

    kept = Participant.objects.get(pk=twice[0].pk)
    assert (kept.personal_number, kept.person_key) == (NUMBER, twice[1].person_key)


def test_a_number_that_was_not_chosen_is_free_after_the_merge(twice, hr):
    renumbered = with_another_number(twice, hr)

    merge(renumbered, hr)

    assert again(hr).person_key == twice[1].person_key


def test_a_merged_row_is_neither_nominated_nor_changed(twice, hr):
    _kept, absorbed = twice
    merge(twice, hr)
    occasion = OccasionFactory()

    with override("en"), pytest.raises(DomainError, match="Merged into another row"):
        nominate(occasion=occasion, participants=[absorbed], actor=hr.user)
    with override("en"), pytest.raises(DomainError, match="Merged into another row"):
        change_participant(participant=absorbed, actor=hr.user, email="x@example.org")

    assert not occasion.enrolments.exists()


def test_a_merge_of_a_person_restricted_since_is_not_undone(twice, hr):
    done = merge(twice, hr)
    Participant.objects.filter(pk=twice[0].pk).update(restricted_at=timezone.now())

    with override("en"), pytest.raises(DomainError, match="Restricted"):
        undo_merge(merge=done, actor=hr.user)


def test_a_note_is_not_shown_to_whose_address_a_merge_gave_the_row(twice, hr):
    kept, absorbed = twice
    Participant.objects.filter(pk=kept.pk).update(email="hr@example.org")
    kept.history.update(email="hr@example.org")
    asked = AccommodationFactory(enrolment__participant=absorbed)
    AccommodationNote.objects.create(accommodation=asked, text="Ser dåligt")
    assert [one.note for one in own_requests(absorbed)] == ["Ser dåligt"]

    merge((Participant.objects.get(pk=kept.pk), absorbed), hr)

    assert [one.note for one in own_requests(kept)] == [""]


def test_undoing_gives_both_rows_back_as_they_were(twice, hr):
    kept, absorbed = twice
    seat = EnrolmentFactory(participant=absorbed)
    done = merge(twice, hr, "number", "email")

    undo_merge(merge=done, actor=hr.user)

    now = Participant.objects.get(pk=kept.pk)
    assert (now.email, now.personal_number, now.no_number_reason) == (
        "",
        "",
        "posted_worker",
    )
    assert now.person_key == kept.person_key
    other = Participant.objects.get(pk=absorbed.pk)
    assert (other.personal_number, other.person_key) == (NUMBER, absorbed.person_key)
    seat.refresh_from_db()
    assert seat.participant == absorbed
    assert set(Participant.objects.visible_to(hr.user)) == {kept, absorbed}


def test_undoing_leaves_what_was_changed_and_added_since(twice, hr):
    kept, _absorbed = twice
    done = merge(twice, hr, "email")
    Participant.objects.filter(pk=kept.pk).update(email="ny@example.org")
    later = EnrolmentFactory(participant=kept)

    undo_merge(merge=done, actor=hr.user)

    assert Participant.objects.get(pk=kept.pk).email == "ny@example.org"
    later.refresh_from_db()
    assert later.participant == kept


def test_undoing_waits_where_the_number_was_given_to_another_row(twice, hr):
    done = merge(with_another_number(twice, hr), hr)
    again(hr)

    with override("en"), pytest.raises(DomainError, match="has this personal number"):
        undo_merge(merge=done, actor=hr.user)

    assert Participant.objects.get(pk=twice[1].pk).merged_into == twice[0]


@pytest.mark.parametrize(("days", "is_undone"), [(29, True), (31, False)])
def test_a_merge_is_undone_within_thirty_days(twice, hr, days, is_undone):
    done = merge(twice, hr)
    Merge.objects.update(merged_at=timezone.now() - dt.timedelta(days=days))
    forget_old_merges()

    if is_undone:
        undo_merge(merge=done, actor=hr.user)
    else:
        with override("en"), pytest.raises(DomainError, match="30 days"):
            undo_merge(merge=done, actor=hr.user)

    done.refresh_from_db()
    assert bool(done.undone_at) is is_undone
    assert done.sealed is None


def test_a_merge_is_written_down_without_a_name(twice, hr):
    merge(twice, hr, "number")

    entry = AuditEntry.objects.get(action="companies.merged")
    assert {mention.ref for mention in entry.mentions.all()} == {
        row.ref for row in twice
    }
    assert entry.payload.facts == {"fields": ["number"]}


def test_what_was_merged_twice_is_found_and_taken_apart_in_turn(twice, hr):
    first, second = twice
    third = ParticipantFactory(company=hr.company)
    merge((second, first), hr)
    later = merge((third, second), hr)
    assert set(third.absorbed.all()) == {first, second}

    undo_merge(merge=later, actor=hr.user)

    assert set(second.absorbed.all()) == {first}
    assert not third.absorbed.exists()


# Packages


def two_of_the_example():
    """Return two of one company who never met on a course; the second has hours."""
    load_package(SMALL)
    hours = Attendance.objects.filter(minutes__gt=0)
    absorbed = hours.earliest("pk").enrolment.participant
    colleagues = Participant.objects.filter(company=absorbed.company)
    together = absorbed.enrolments.values("occasion")
    apart = colleagues.exclude(enrolments__occasion__in=together)
    return apart.earliest("pk"), absorbed


def test_a_package_that_names_the_absorbed_row_means_the_kept_one(hr):
    kept, absorbed = two_of_the_example()
    seats = Enrolment.objects.filter(participant__in=[kept, absorbed]).count()
    merge((kept, absorbed), hr)

    outcome = load_package(SMALL)

    assert outcome.errors == ()
    assert Enrolment.objects.filter(participant=kept).count() == seats > 0
    assert not Enrolment.objects.filter(participant=absorbed).exists()
    absorbed.refresh_from_db()
    assert (absorbed.merged_into, absorbed.no_number_reason) == (kept, "merged")


def test_a_dump_leaves_the_absorbed_row_out(hr, tmp_path):
    kept, absorbed = two_of_the_example()
    merge((kept, absorbed), hr)

    dump_package(tmp_path / "out")

    people = (tmp_path / "out" / "participants.csv").read_text(encoding="utf-8")
    seats = (tmp_path / "out" / "enrolments.csv").read_text(encoding="utf-8")
    assert f"{kept.ref}," in people
    assert absorbed.ref not in people + seats


# The pages


def url(name, *rows):
    return reverse(f"companies:{name}", args=[row.ref for row in rows])


def test_hr_finds_the_pair_compares_and_merges(client, twice, hr):
    client.force_login(hr.user)
    old, new = twice
    Participant.objects.filter(pk=old.pk).update(family_name="bergh")

    assert old.ref in client.get(reverse("companies:duplicates")).text
    fields = client.get(url("merge", old, new)).context["form"].fields
    answers = dict.fromkeys(fields, "second")
    response = client.post(url("merge", old, new), answers)

    assert response.url == old.get_absolute_url()
    assert Participant.objects.get(pk=old.pk).personal_number == NUMBER


def test_the_page_never_shows_a_number(client, twice, hr):
    client.force_login(hr.user)

    page = client.get(url("merge", *with_another_number(twice, hr))).text

    assert "19850709-****" in page
    assert "9805" not in page
    assert "9876" not in page


def test_a_choice_left_out_is_asked_for_and_nothing_is_merged(client, twice, hr):
    client.force_login(hr.user)

    response = client.post(url("merge", *twice), {})

    assert response.status_code == 200
    assert "family_name" in response.context["form"].errors
    assert not Merge.objects.exists()


def test_hr_says_that_they_are_two_people(client, twice, hr):
    client.force_login(hr.user)

    client.post(url("not-a-duplicate", *twice))

    judged = NotADuplicate.objects.get()
    assert (judged.first, judged.second, judged.judged_by) == (*twice, hr.user)


def test_another_company_finds_neither_the_pair_nor_the_merge(client, twice, hr):
    client.force_login(MembershipFactory().user)

    assert client.get(url("merge", *twice)).status_code == 404
    assert client.post(url("merge", *twice), {}).status_code == 404
    assert client.post(url("not-a-duplicate", *twice)).status_code == 404
    done = merge(twice, hr)
    undo = reverse("companies:merge-undo", args=[done.pk])
    assert client.post(undo).status_code == 404
    assert not NotADuplicate.objects.exists()


def test_a_pair_across_two_companies_is_not_found_even_by_a_leader(client, twice):
    client.force_login(make_leader())

    assert client.get(url("merge", twice[0], ParticipantFactory())).status_code == 404


def test_hr_takes_a_merge_apart_on_the_page(client, twice, hr):
    done = merge(twice, hr)
    client.force_login(hr.user)

    client.post(reverse("companies:merge-undo", args=[done.pk]))

    assert Participant.objects.get(pk=twice[1].pk).merged_into is None
