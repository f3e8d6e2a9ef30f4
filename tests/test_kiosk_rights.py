"""Codes for kiosks: erased, merged, restricted, copied, past their day."""

import datetime as dt
import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.models import Kiosk, KioskCode
from companies.services.kiosks import end_kiosk
from companies.services.merging import merge_participants, undo_merge
from companies.services.restriction import lift_restriction, restrict_person
from companies.tests.factories import ParticipantFactory
from companies.tests.kiosk import code_of, give, give_chosen, kiosk_client
from kompetenslyft.privacy import retention
from kompetenslyft.privacy.access_copy import write_access_copy
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.kinds import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return ParticipantFactory(given_name="Anna", family_name="Berg")


def test_erasing_a_person_deletes_the_codes(anna, settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased"
    give(anna)
    give(anna)
    other = ParticipantFactory()
    give(other)
    assert consequences(anna).goes[Kind.KIOSK_CODES] == 2

    counts = erase_person(participant=anna, basis="asked", actor=make_leader())

    assert counts[Kind.KIOSK_CODES] == 2
    assert [code.participant for code in KioskCode.objects.all()] == [other]


def test_restricting_a_person_ends_the_code_for_good(anna):
    give_chosen(anna)
    leader = make_leader()

    restrict_person(participant=anna, basis="claims", actor=leader)
    lift_restriction(participant=anna, actor=leader)

    assert not KioskCode.objects.in_force().exists()


def test_merging_ends_a_code_of_the_row_that_goes(anna):
    twin = ParticipantFactory(company=anna.company)
    stays = give_chosen(anna)
    give(twin)
    goes = code_of(twin)
    leader = make_leader()

    merge = merge_participants(
        kept=anna, absorbed=twin, taken=frozenset(), actor=leader
    )

    assert list(KioskCode.objects.in_force()) == [stays]
    goes.refresh_from_db()
    assert (goes.participant, bool(goes.ended_at)) == (twin, True)
    undo_merge(merge=merge, actor=leader)
    assert list(KioskCode.objects.in_force()) == [stays]


def test_a_copy_tells_of_the_codes_and_not_what_they_are(anna):
    leader = make_leader()
    give(anna, actor=leader)
    file = BytesIO()

    write_access_copy(anna, file, for_participant=True)

    with ZipFile(file) as copy:
        (told,) = json.loads(copy.read("data.json"))["kiosk_codes"]
        everything = b"".join(copy.read(name) for name in copy.namelist())
    assert (told["proof"], told["issued_by"]) == ("id_card", str(leader))
    assert set(told) == {
        "proof",
        "issued_at",
        "chosen_at",
        "tries",
        "locked_until",
        "ended_at",
        "issued_by",
    }
    assert code_of(anna).digest.encode() not in everything


def test_the_nightly_run_deletes_what_ended_long_ago(anna):
    old, recent, running = give(anna), give(anna), give(anna)
    assert len({old, recent, running}) == 3
    kiosk_client()
    end_kiosk(kiosk=Kiosk.objects.get(), actor=make_leader())
    kiosk_client()
    long_ago = timezone.now() - dt.timedelta(weeks=settings.FINISHED_KEPT_WEEKS, days=1)
    Kiosk.objects.exclude(ended_at=None).update(ended_at=long_ago)
    first = KioskCode.objects.order_by("pk").first()
    KioskCode.objects.filter(pk=first.pk).update(ended_at=long_ago)

    counts = retention.erase_expired().counts

    assert (counts[Kind.KIOSK_CODES], counts[Kind.KIOSKS]) == (1, 1)
    assert KioskCode.objects.count() == 2
    assert Kiosk.objects.open().count() == Kiosk.objects.count() == 1


def test_a_given_code_that_nobody_used_in_time_goes_too(anna):
    give(anna)
    long_ago = timezone.now() - dt.timedelta(
        weeks=settings.FINISHED_KEPT_WEEKS, days=15
    )
    KioskCode.objects.update(issued_at=long_ago)

    assert retention.erase_expired().counts[Kind.KIOSK_CODES] == 1
