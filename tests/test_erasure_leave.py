"""When a person may be erased, and who does it."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.tests.factories import (
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from kompetenslyft.privacy import register
from tests.erasing import erase, over, own_register
from tests.people import make_anna, traces
from trainings.tests.factories import EnrolmentFactory, OccasionFactory

__all__ = ["over", "own_register"]
pytestmark = pytest.mark.django_db

# When it may be


def test_who_has_time_is_kept_until_the_grant_lets_go(tmp_path):
    programme = ProgrammeFactory(retain_until=timezone.localdate())
    anna = make_anna(tmp_path)

    with override("en"), pytest.raises(DomainError) as refusal:
        erase(anna)

    day = programme.retain_until.isoformat()
    assert f"until {day}. Restrict the person instead" in str(refusal.value)
    anna.refresh_from_db()
    assert anna.given_name == "Annabritta"
    assert register.noted() == {}


def test_without_a_date_nobody_with_time_is_erased(tmp_path):
    ProgrammeFactory()
    anna = make_anna(tmp_path)

    with override("en"), pytest.raises(DomainError, match="does not say until when"):
        erase(anna)


def test_who_never_came_may_go_at_once():
    ProgrammeFactory()
    seat = EnrolmentFactory(withdrawn_at=timezone.now())

    erase(seat.participant)

    seat.participant.refresh_from_db()
    assert seat.participant.erased_at
    assert seat.participant.age_at_entry is None


def test_who_has_a_place_ahead_is_withdrawn_first():
    ProgrammeFactory()
    seat = EnrolmentFactory(occasion=OccasionFactory(ref="occ-2026-7777"))

    with override("en"), pytest.raises(DomainError, match=r"occ-2026-7777\. Withdraw"):
        erase(seat.participant)


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
        erase(anna)

    assert traces() == before


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
