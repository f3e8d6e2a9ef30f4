"""A person is erased: whoever it was goes, and every figure stays as it was."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry, AuditMention, OutboxMessage
from accounts.tests.factories import make_leader
from companies.models import (
    CorrectionRequest,
    ImportRow,
    Merge,
    NotADuplicate,
    Participant,
    PersonalLink,
    PersonKeysInForce,
    Programme,
    keys_in_force,
)
from companies.services import add_participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from kompetenslyft.package import dump_package, load_package
from kompetenslyft.privacy import register
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.kinds import Kind
from reporting.metrics_json import metrics_json
from reporting.selectors import period_metrics
from tests.oracle.packages import PERIODS, make_package
from tests.package_files import SMALL, contents
from tests.people import DETAILS, LIST, NUMBER, ROLE, TRACES, make_anna, traces
from trainings.models import AccommodationNote, Attendance, Enrolment
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)
from trainings.uploads import import_list

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def over():
    """A programme whose people need be kept no longer."""
    return ProgrammeFactory(retain_until=YESTERDAY)


def _erase(participant, **options):
    return erase_person(participant=participant, basis="asked", actor=None, **options)


def _figures():
    return json.dumps([metrics_json(period_metrics(*days)) for days in PERIODS])


# What goes, and what stays


def test_nothing_in_the_database_says_who_it_was(over, tmp_path):
    anna = make_anna(tmp_path)
    assert {word for _table, word in traces()} == {*TRACES, ROLE}

    _erase(anna)

    assert traces() == set()


def test_what_figures_rest_on_stays(over, tmp_path):
    anna = make_anna(tmp_path)
    old_key = anna.person_key

    _erase(anna)

    anna.refresh_from_db()
    kept = (anna.gender, anna.staff_group, anna.age_at_entry, anna.company_id)
    assert kept == ("woman", "blue_collar", 40, anna.company_id)
    assert (anna.encrypted_number, anna.birth_date, anna.full_name) == (None, None, " ")
    assert anna.erased_at
    assert anna.person_key != old_key
    assert not anna.protected
    assert (Enrolment.objects.count(), Attendance.objects.count()) == (1, 1)
    assert str(anna) == anna.ref


def test_history_keeps_who_and_when_without_what(over, tmp_path):
    anna = make_anna(tmp_path)
    before = list(
        anna.history.values_list("history_id", "history_user", "history_date")
    )
    leader = make_leader()

    erase_person(participant=anna, basis="asked", actor=leader)

    anna.refresh_from_db()
    records = anna.history.order_by("history_id")
    last = records.last()
    assert (last.history_user, last.history_change_reason) == (leader, "erased")
    kept = records.exclude(pk=last.pk).order_by("-history_date", "-history_id")
    found = list(kept.values_list("history_id", "history_user", "history_date"))
    assert found == before
    assert set(records.values_list("person_key", flat=True)) == {anna.person_key}
    assert set(records.values_list("given_name", "birth_date")) == {("", None)}


def test_what_goes_is_counted_beforehand_as_it_goes(over, tmp_path):
    anna = make_anna(tmp_path)
    before = consequences(anna)

    gone = _erase(anna)

    assert before.refusal == ""
    assert gone == before.goes
    assert before.goes == {
        Kind.PEOPLE: 2,
        Kind.HISTORY: 4,
        Kind.LIST_ROWS: 1,
        Kind.NOTES: 1,
        Kind.CORRECTIONS: 1,
        Kind.LINKS: 1,
        Kind.LETTERS: 1,
        Kind.MERGES: 1,
        Kind.MENTIONS: before.goes[Kind.MENTIONS],
    }
    assert (before.seats, before.times, before.requests) == (1, 1, 1)
    assert (before.memberships, before.meetings, before.elsewhere) == (1, 1, 0)
    rows = (AccommodationNote, CorrectionRequest, PersonalLink, NotADuplicate)
    assert [model.objects.count() for model in rows] == [0, 0, 0, 0]
    assert Merge.objects.exclude(sealed=None).count() == 0
    assert ImportRow.objects.count() == 1  # Of Bo, who stays.
    letter = OutboxMessage.objects.get()
    assert (letter.recipient, letter.person_ref, letter.sealed) == ("", "", None)


def test_the_trail_forgets_and_says_that_it_did(over, tmp_path):
    anna = make_anna(tmp_path)

    _erase(anna)

    assert not AuditMention.objects.filter(ref=anna.ref).exists()
    entry = AuditEntry.objects.get(action="kompetenslyft.erased")
    assert entry.payload.facts == {"rows": 2, "basis": "asked"}


def test_rows_of_a_person_at_two_companies_stay_one_person(over):
    details = {**DETAILS, "number": NUMBER, "actor": None}
    first = add_participant(company=CompanyFactory(), **details)
    second = add_participant(company=CompanyFactory(), **details)

    assert consequences(first).elsewhere == 1
    _erase(first)

    keys = set(Participant.objects.values_list("person_key", flat=True))
    assert len(keys) == 1
    assert keys != {first.person_key}
    second.refresh_from_db()
    assert second.erased_at


def test_a_person_is_erased_once(over, tmp_path):
    anna = make_anna(tmp_path)
    _erase(anna)

    with override("en"), pytest.raises(DomainError, match="has been erased"):
        _erase(anna)


def test_while_keys_are_renewed_the_random_key_is_both(over):
    anna = ParticipantFactory()
    keys_in_force()
    in_force = PersonKeysInForce.objects.get()
    PersonKeysInForce.objects.update(next=in_force.current)

    _erase(anna)

    anna.refresh_from_db()
    assert anna.person_key_next == anna.person_key
    keys = anna.history.values_list("person_key", "person_key_next")
    assert set(keys) == {(anna.person_key, anna.person_key)}


# Figures


@pytest.mark.parametrize("seed", [None, 101, 102])
def test_every_figure_is_the_same_afterwards(seed, tmp_path):
    folder = SMALL
    if seed:
        make_package(folder := tmp_path / "package", seed=seed)
    load_package(folder)
    before = _figures()
    Programme.objects.update(retain_until=YESTERDAY)

    call_command("erase_expired")

    assert not Participant.objects.filter(erased_at=None).exists()
    assert _figures() == before


def test_some_erased_leave_the_figures_of_all(tmp_path):
    load_package(SMALL)
    before = _figures()
    Programme.objects.update(retain_until=YESTERDAY)

    for participant in Participant.objects.order_by("ref")[:40]:
        participant.refresh_from_db()
        if not participant.erased_at:
            _erase(participant)

    assert Participant.objects.filter(erased_at=None).exists()
    assert _figures() == before


def test_the_age_is_that_of_the_row_that_decides(over):
    """The row attended first was born in 1996, the other says 1960: she was 29."""
    rows = [
        add_participant(
            company=CompanyFactory(),
            actor=None,
            number="199603039984",
            **DETAILS,
        )
        for _ in range(2)
    ]
    Participant.objects.filter(pk=rows[1].pk).update(birth_date="1960-01-01")
    occasion = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion
    later = SessionFactory(occasion=occasion, starts_at=at("2026-03-09 08:00"))
    for row, session in zip(rows, [occasion.sessions.first(), later], strict=True):
        seat = EnrolmentFactory(participant=row, occasion=session.occasion)
        AttendanceFactory(enrolment=seat, session=session)

    _erase(rows[1])

    ages = Participant.objects.values_list("age_at_entry", flat=True)
    assert list(ages) == [29, 29]
    days = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
    found = metrics_json(period_metrics(*days))["indicators"]
    counts = {row["code"]: row["entered"]["total"] for row in found}
    assert (counts["EECO07"], counts["EECO08"]) == (1, 0)


# When it may be


def test_who_has_time_is_kept_until_the_grant_lets_go(tmp_path):
    programme = ProgrammeFactory(retain_until=timezone.localdate())
    anna = make_anna(tmp_path)

    with override("en"), pytest.raises(DomainError) as refusal:
        _erase(anna)

    day = programme.retain_until.isoformat()
    assert f"until {day}. Restrict the person instead" in str(refusal.value)
    anna.refresh_from_db()
    assert anna.given_name == "Annabritta"
    assert register.noted() == {}


def test_without_a_date_nobody_with_time_is_erased(tmp_path):
    ProgrammeFactory()
    anna = make_anna(tmp_path)

    with override("en"), pytest.raises(DomainError, match="does not say until when"):
        _erase(anna)


def test_who_never_came_may_go_at_once():
    ProgrammeFactory()
    seat = EnrolmentFactory(withdrawn_at=timezone.now())

    _erase(seat.participant)

    seat.participant.refresh_from_db()
    assert seat.participant.erased_at
    assert seat.participant.age_at_entry is None


def test_who_has_a_place_ahead_is_withdrawn_first():
    ProgrammeFactory()
    seat = EnrolmentFactory(occasion=OccasionFactory(ref="occ-2026-7777"))

    with override("en"), pytest.raises(DomainError, match=r"occ-2026-7777\. Withdraw"):
        _erase(seat.participant)


def test_an_order_goes_before_the_grants_rules_and_is_written_down(tmp_path):
    ProgrammeFactory()
    anna = make_anna(tmp_path)
    with override("en"), pytest.raises(CommandError, match="does not say until when"):
        call_command("erase_person", anna.ref)

    call_command("erase_person", anna.ref, ordered="T 123-26")

    anna.refresh_from_db()
    assert anna.erased_at
    entry = AuditEntry.objects.get(action="kompetenslyft.erased")
    assert entry.payload.facts == {"rows": 2, "basis": "ordered", "order": "T 123-26"}


def test_a_simulated_order_erases_nobody(tmp_path, capsys):
    ProgrammeFactory()
    anna = make_anna(tmp_path)

    with override("en"):
        call_command("erase_person", anna.ref, ordered="T 123-26", simulate=True)

    anna.refresh_from_db()
    assert anna.erased_at is None
    assert capsys.readouterr().out.endswith("Nothing was erased: --simulate.\n")


def test_what_fails_in_the_middle_leaves_nothing_half(over, tmp_path, monkeypatch):
    anna = make_anna(tmp_path)
    before = traces()

    def stop(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("kompetenslyft.privacy.erasure.forget_people", stop)
    with pytest.raises(KeyboardInterrupt):
        _erase(anna)

    assert traces() == before


# What comes later


def test_a_package_leaves_the_erased_as_they_are_and_says_so(tmp_path):
    load_package(SMALL)
    Programme.objects.update(retain_until=YESTERDAY)
    anna = Participant.objects.get(ref="p-00001")
    _erase(anna)
    anna.refresh_from_db()

    with override("en"):
        again = load_package(SMALL)

    assert again.errors == ()
    said = [one for one in again.warnings if one.file == "participants.csv"]
    assert [one.line for one in said] == [2, 30, 59, 88]  # One person, four companies.
    assert {(one.column, one.message) for one in said} == {
        ("ref", "This person has been erased; the row was left as it is.")
    }
    assert {(count.created, count.changed) for count in again.counts} == {(0, 0)}
    now = Participant.objects.get(ref="p-00001")
    assert (now.given_name, now.person_key) == ("", anna.person_key)


def test_a_dump_after_an_erasure_can_be_loaded_and_says_nothing(tmp_path):
    load_package(SMALL)
    Programme.objects.update(retain_until=YESTERDAY)
    _erase(Participant.objects.get(ref="p-00001"))

    dump_package(tmp_path / "out")

    line = contents(tmp_path / "out")["participants.csv"].decode().splitlines()[1]
    assert line == "p-00001,999711-3924,,erased,,–,–,man,,,,,,white_collar"
    assert load_package(tmp_path / "out", check_only=True).errors == ()


def test_a_list_enters_an_erased_person_anew(over, tmp_path):
    anna = make_anna(tmp_path)
    _erase(anna)
    path = tmp_path / "igen.csv"
    path.write_text(LIST, encoding="utf-8")

    report = import_list(company=anna.company, path=path)

    assert (report.new, report.unchanged) == (1, 1)
    anna.refresh_from_db()
    again = Participant.objects.get(given_name="Annabritta")
    assert again.ref != anna.ref
    assert again.person_key != anna.person_key
    assert not ImportRow.objects.filter(participant=anna).exists()


# Pages


def test_a_leader_sees_what_follows_and_erases(client, over, tmp_path):
    anna = make_anna(tmp_path)
    client.force_login(make_leader())

    page = client.get(reverse("privacy:person", args=[anna.ref]))
    assert page.status_code == 200
    assert page.context["follows"].seats == 1
    url = reverse("privacy:erase", args=[anna.ref])
    half = client.post(url, {"basis": "asked"})
    assert half.context["erase_form"].errors.keys() == {"understood"}
    done = client.post(url, {"basis": "asked", "understood": "on"})

    assert done.url == anna.get_absolute_url()
    assert traces() == set()
    shell = client.get(done.url)
    assert shell.status_code == 200
    assert client.get(reverse("privacy:person", args=[anna.ref])).status_code == 404


def test_a_refusal_stands_on_the_page(client, tmp_path):
    ProgrammeFactory()
    anna = make_anna(tmp_path)
    client.force_login(make_leader())

    url = reverse("privacy:erase", args=[anna.ref])
    answer = client.post(url, {"basis": "asked", "understood": "on"})

    assert answer.status_code == 200
    assert answer.context["erase_form"].non_field_errors()
    anna.refresh_from_db()
    assert anna.erased_at is None


@pytest.mark.parametrize("name", ["person", "erase", "restrict", "lift", "access-copy"])
def test_hr_finds_none_of_these_pages(client, name):
    hr = MembershipFactory()
    anna = ParticipantFactory(company=hr.company)
    client.force_login(hr.user)
    url = reverse(f"privacy:{name}", args=[anna.ref])

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
