"""Two rows of a company become one, with all that hangs on them, and two again."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry
from companies.models import Merge, Participant
from companies.services import add_participant, change_participant
from companies.services.merging import forget_old_merges, undo_merge
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.crypto import encrypt
from core.errors import DomainError
from kompetenslyft.package import dump_package, load_package
from kompetenslyft.privacy.erasure import consequences
from networks.tests.factories import NetworkMemberFactory
from reporting.selectors import period_metrics
from tests.doubles import NUMBER, hr, merge, twice, with_another_number
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
from trainings.uploads import import_list

__all__ = ["hr", "twice"]
pytestmark = pytest.mark.django_db

DAYS = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


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


@pytest.mark.parametrize("protected", [False, True])
def test_two_different_numbers_are_refused_and_nothing_moves(twice, hr, protected):
    kept, absorbed = with_another_number(twice, hr)
    change_participant(participant=absorbed, actor=hr.user, protected=protected)
    seat = EnrolmentFactory(participant=absorbed)

    with override("en"), pytest.raises(DomainError, match="different personal numb"):
        merge((kept, absorbed), hr, "number")

    seat.refresh_from_db()
    assert seat.participant == absorbed
    assert not Merge.objects.exists()


def test_after_the_wrong_number_is_taken_away_they_are_one(twice, hr, tmp_path):
    kept, absorbed = with_another_number(twice, hr)
    elsewhere = add_participant(
        company=CompanyFactory(),
        actor=None,
        number=NUMBER,
        given_name="Anna",
        family_name="Bergh",
    )
    reason = {"number": "", "no_number_reason": "fel nummer"}
    kept = change_participant(participant=kept, actor=hr.user, **reason)

    merge((kept, absorbed), hr)

    path = tmp_path / "lista.csv"
    path.write_text("Personnummer;Efternamn\n850709-9805;Bergh-Ek\n", encoding="utf-8")
    report = import_list(company=hr.company, path=path)
    assert (report.new, report.changed) == (0, 1)
    kept.refresh_from_db()
    assert (kept.family_name, kept.person_key) == ("Bergh-Ek", elsewhere.person_key)
    assert consequences(elsewhere).elsewhere == 1


def test_one_number_twice_in_a_company_is_no_hindrance(twice, hr):
    """A protected identity is keyed by its ref, and so a row beside its own number."""
    kept, absorbed = twice
    Participant.objects.filter(pk=kept.pk).update(
        encrypted_number=encrypt(NUMBER), no_number_reason="", protected=True
    )

    merge((kept, absorbed), hr)

    assert Participant.objects.get(pk=kept.pk).personal_number == NUMBER


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


def test_words_written_while_rows_were_one_stay_hidden_when_they_are_two(twice, hr):
    _kept, absorbed = twice
    seat = EnrolmentFactory(participant=absorbed)
    done = merge(twice, hr)
    asked = AccommodationFactory(enrolment=Enrolment.objects.get(pk=seat.pk))
    AccommodationNote.objects.create(accommodation=asked, text="Ser dåligt")

    undo_merge(merge=done, actor=hr.user)

    assert [one.note for one in own_requests(absorbed)] == [""]


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
    done = merge(twice, hr)
    with_another_number(twice, hr)
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
    """Return two of one company who never met; the second has hours and no number."""
    load_package(SMALL)
    hours = Attendance.objects.filter(minutes__gt=0)
    numberless = hours.filter(enrolment__participant__encrypted_number=None)
    absorbed = numberless.earliest("pk").enrolment.participant
    colleagues = Participant.objects.filter(company=absorbed.company)
    together = absorbed.enrolments.values("occasion")
    apart = colleagues.exclude(enrolments__occasion__in=together).exclude(
        network_memberships__network__members__participant=absorbed
    )
    return apart.earliest("pk"), absorbed


def test_a_package_that_names_the_absorbed_row_means_the_kept_one(hr):
    kept, absorbed = two_of_the_example()
    seats = Enrolment.objects.filter(participant__in=[kept, absorbed]).count()
    merge((kept, absorbed), hr)
    absorbed.refresh_from_db()
    released = absorbed.person_key

    outcome = load_package(SMALL)

    assert outcome.errors == ()
    assert Enrolment.objects.filter(participant=kept).count() == seats > 0
    assert not Enrolment.objects.filter(participant=absorbed).exists()
    absorbed.refresh_from_db()
    assert (absorbed.merged_into, absorbed.person_key) == (kept, released)


def test_a_dump_leaves_the_absorbed_row_out(hr, tmp_path):
    kept, absorbed = two_of_the_example()
    merge((kept, absorbed), hr)

    dump_package(tmp_path / "out")

    people = (tmp_path / "out" / "participants.csv").read_text(encoding="utf-8")
    seats = (tmp_path / "out" / "enrolments.csv").read_text(encoding="utf-8")
    assert f"{kept.ref}," in people
    assert absorbed.ref not in people + seats
