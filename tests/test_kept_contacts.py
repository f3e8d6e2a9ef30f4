"""What a person has confirmed no form, list, package or merge changes or blanks."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.enums import OwnChannel
from companies.models import Participant, SignInCode
from companies.services import add_participant
from companies.services.contacts import release_contact
from companies.services.links import confirm_address
from companies.services.merging import merge_participants, undo_merge
from companies.tests.coding import (
    EMAIL,
    MOBILE,
    OTHER_MOBILE,
    SMS,
    ask,
    let_go_by,
    messages,
    sign_in,
)
from core.errors import DomainError
from kompetenslyft.package import dump_package, load_package
from tests.doubles import NUMBER, hr, merge, twice
from tests.package_files import SMALL, change
from trainings.tests.uploading import page, press, read, save, shown
from trainings.uploads import import_list

__all__ = ["hr", "page", "twice"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OWN, OTHER = "anna@example.org", "hr@home.example.org"
LIST = (
    "Personnummer;Förnamn;Efternamn;Befattning;E-post;Mobil\n"
    "850709-9805;Anna;Berg;{title};{email};{mobile}\n"
)
CONFIRMED_AT = dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.UTC)
CONFIRMED = "The person has confirmed another one, which was kept."


@pytest.fixture
def anna(hr):
    """Somebody of the company with a number, who has confirmed the address."""
    confirm(enter(hr))
    return Participant.objects.get()


def enter(hr):
    return add_participant(
        company=hr.company,
        actor=hr.user,
        number=NUMBER,
        given_name="Anna",
        family_name="Berg",
        email=OWN,
    )


def confirm(person, kind=EMAIL):
    confirm_address([person], kind, OwnChannel.LINK)


def listed(title="Montör", email=OTHER, mobile=""):
    return LIST.format(title=title, email=email, mobile=mobile)


def now(person):
    person = Participant.objects.get(pk=person.pk)
    return person.email, person.email_confirmed_at


# The form


def test_the_form_shows_a_confirmed_address_and_takes_no_other(page, anna):
    url = reverse("companies:participant-change", args=[anna.ref])

    form = page.get(url)
    page.post(
        url,
        {
            "given_name": "Anna",
            "family_name": "Berg",
            "gender": "woman",
            "email": OTHER,
            "mobile": "070-174 06 35",
        },
    )

    day = timezone.localdate(anna.email_confirmed_at).isoformat()
    assert f"confirmed this e-mail address since {day}" in form.text
    assert form.context["form"].fields["email"].disabled
    assert not form.context["form"].fields["mobile"].disabled
    person = Participant.objects.get()
    assert (person.email, person.mobile) == (OWN, MOBILE)


def test_the_page_tells_hr_that_it_is_confirmed_and_only_leaders_may_release(
    page, anna
):
    text = page.get(anna.get_absolute_url()).text

    assert "Confirmed by the person on" in text
    assert "The person has lost it" not in text


# A list


def test_a_list_leaves_a_confirmed_address_and_says_so_as_a_note(page, anna):
    batch = read(page, listed())

    (row,) = batch.rows.all()
    assert (row.outcome, row.errors) == ("changed", [])
    assert row.warnings == [["E-post", "kept", {}]]
    doubted = shown(page, batch, "?show=doubted")
    assert "The person has confirmed another one, which stays." in doubted
    assert OWN not in shown(page, batch, "?show=changed")
    save(page, batch)
    assert now(anna) == (OWN, anna.email_confirmed_at)
    assert Participant.objects.get().job_title == "Montör"


def test_a_list_that_says_nothing_else_changes_nothing(page, anna):
    batch = read(page, listed(title=""))

    (row,) = batch.rows.all()
    assert row.outcome == "unchanged"


def test_what_is_confirmed_after_the_list_was_read_stays_too(page, hr):
    person = enter(hr)
    batch = read(page, listed())
    assert OTHER in shown(page, batch, "?show=changed")
    confirm(person)

    save(page, batch)

    assert now(person)[0] == OWN


def test_a_list_replaces_what_is_not_confirmed_and_the_old_one_is_told(page, anna):
    Participant.objects.update(email_confirmed_at=None)
    sign_in(OWN)
    Participant.objects.update(email_confirmed_at=None)

    save(page, read(page, listed()))

    assert now(anna) == (OTHER, None)
    assert [to for _kind, to, _text in messages("contact_changed")] == [OWN]


def test_a_list_whose_address_was_confirmed_is_not_taken_back(page, hr):
    batch = save(page, read(page, listed()))
    confirm(Participant.objects.get())

    press(page, batch, "take-back")

    batch.refresh_from_db()
    assert batch.taken_back_at is None
    assert Participant.objects.get().email == OTHER


@pytest.mark.parametrize("is_new", [True, False])
def test_a_list_taken_back_tells_the_address_that_it_brought(page, hr, is_new):
    if not is_new:
        enter(hr)
    batch = save(page, read(page, listed()))
    ask(OTHER)

    press(page, batch, "take-back")

    assert [now.email for now in Participant.objects.all()] == [OWN] * (not is_new)
    assert [(kind, to) for kind, to, _text in messages()] == [
        ("contact_changed", OTHER)
    ]


def test_a_list_without_a_worker_warns_too(hr, anna, tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text(listed(mobile="070-174 06 36"), "utf-8")

    report = import_list(company=hr.company, path=path)

    sentence = "The person has confirmed another one, which stays."
    assert list(report.warnings) == [(2, "E-post", sentence)]
    assert (report.changed, list(report.errors)) == (1, [])
    assert now(anna)[0] == OWN
    assert Participant.objects.get().mobile == OTHER_MOBILE


# A package


@pytest.fixture
def package(tmp_path) -> Path:
    """A copy of the small programme, loaded; its second person has confirmed."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "package"))
    assert not load_package(folder).is_refused
    confirm(Participant.objects.get(ref="p-00002"))
    return folder


@pytest.mark.parametrize("email", [OTHER, ""])
def test_a_package_keeps_a_confirmed_address_with_a_warning(package, email):
    person = Participant.objects.get(ref="p-00002")
    assert person.email_confirmed_at
    change(package / "participants.csv", 3, email=email, job_title="Smed")

    outcome = load_package(package)

    assert not outcome.is_refused
    warnings = {
        (one.file, one.line, one.column, one.message) for one in outcome.warnings
    }
    assert ("participants.csv", 3, "email", CONFIRMED) in warnings
    assert now(person) == ("p-00002@example.org", person.email_confirmed_at)
    assert Participant.objects.get(ref="p-00002").job_title == "Smed"


def test_a_package_with_the_same_address_changes_nothing(package):
    outcome = load_package(package)

    assert CONFIRMED not in {one.message for one in outcome.warnings}
    assert [one.file for one in outcome.counts if one.changed] == []


def test_what_nobody_confirmed_a_package_changes(package):
    change(package / "participants.csv", 3, mobile=MOBILE)

    assert not load_package(package).is_refused

    assert Participant.objects.get(ref="p-00002").mobile == MOBILE


def test_a_dump_can_be_loaded_again(package, tmp_path):
    dump_package(tmp_path / "dump")

    outcome = load_package(tmp_path / "dump")

    assert not outcome.is_refused
    assert [one.file for one in outcome.counts if one.changed] == []


# A merge


def confirm_one(person, at=CONFIRMED_AT):
    person.email_confirmed_at = at
    person.save()


def test_the_confirmed_address_wins_and_keeps_its_time(twice, hr):
    kept, absorbed = twice
    kept.email = OTHER
    kept.save()
    confirm_one(absorbed)

    merge(twice, hr)

    assert now(kept) == (OWN, CONFIRMED_AT)


def test_nobody_chooses_another_than_the_confirmed_one(twice, hr):
    kept, _absorbed = twice
    kept.email = "anna@home.example.org"
    confirm_one(kept)

    merge(twice, hr, "email")

    assert now(kept) == ("anna@home.example.org", CONFIRMED_AT)


def test_two_rows_with_something_confirmed_are_not_merged(twice, hr):
    """HR could else put a row of its own making, with its mailbox, over another."""
    kept, absorbed = twice
    kept.mobile = MOBILE
    kept.mobile_confirmed_at = CONFIRMED_AT
    kept.save()
    confirm_one(absorbed)

    with pytest.raises(DomainError, match="In both rows the person has confirmed"):
        merge(twice, hr)


def test_taken_apart_each_row_has_its_own_again(twice, hr):
    kept, absorbed = twice
    kept.email = OTHER
    kept.save()
    confirm_one(absorbed)

    undo_merge(merge=merge(twice, hr), actor=make_leader())

    assert now(kept) == (OTHER, None)
    assert now(absorbed) == (OWN, CONFIRMED_AT)


def test_a_contact_that_was_released_since_does_not_come_back(twice, hr):
    kept, absorbed = twice
    confirm_one(absorbed)
    done = merge(twice, hr)
    leader = make_leader()
    release_contact(participant=kept, kind=EMAIL, reason="taken", actor=leader)

    undo_merge(merge=done, actor=leader)

    assert now(kept) == now(absorbed) == ("", None)


def test_what_was_confirmed_after_a_merge_stays_when_it_is_taken_apart(twice, hr):
    kept, _absorbed = twice
    done = merge(twice, hr, "email")
    confirm(Participant.objects.get(pk=kept.pk))

    undo_merge(merge=done, actor=make_leader())

    email, confirmed_at = now(kept)
    assert email == OWN
    assert confirmed_at is not None


def confirm_other(person):
    person.email = OTHER
    confirm_one(person)


@pytest.mark.parametrize("when", ["before", "since"])
def test_hr_does_not_take_apart_what_the_person_has_proved(twice, hr, when):
    """Merged into a row with HR's address and taken apart, it would be HR's to read."""
    kept, absorbed = twice
    if when == "before":
        confirm_one(absorbed)
    done = merge(twice, hr, "email")
    if when == "since":
        confirm(Participant.objects.get(pk=kept.pk))

    with pytest.raises(DomainError, match="Only a project leader takes them apart"):
        undo_merge(merge=done, actor=hr.user)

    assert Participant.objects.get(pk=absorbed.pk).merged_into == kept


def test_hr_takes_apart_what_was_confirmed_on_the_row_that_stayed(twice, hr):
    confirm_other(twice[0])

    undo_merge(merge=merge(twice, hr), actor=hr.user)

    assert now(twice[0]) == (OTHER, CONFIRMED_AT)


def test_merging_and_taking_apart_end_what_opens_either_row(twice, hr):
    kept, _absorbed = twice
    confirm_other(kept)
    sign_in(OTHER)
    done = merge(twice, hr)
    assert not SignInCode.objects.valid().exists()
    let_go_by(minutes=1)
    sign_in(OTHER)

    undo_merge(merge=done, actor=hr.user)

    assert not SignInCode.objects.valid().exists()


def test_a_merge_tells_an_address_that_goes(twice, hr):
    kept, absorbed = twice
    sign_in(OWN)
    Participant.objects.update(email_confirmed_at=None)
    kept.email = OTHER
    kept.save()

    merge_participants(kept=kept, absorbed=absorbed, taken=frozenset(), actor=hr.user)

    assert [to for _kind, to, _text in messages("contact_changed")] == [OWN]


def test_a_merge_ends_the_codes_of_the_row_that_goes(twice, hr):
    kept, absorbed = twice
    Participant.objects.filter(pk=absorbed.pk).update(mobile=MOBILE)
    sign_in(MOBILE, SMS)

    merge(twice, hr)

    assert absorbed.sign_in_codes.exclude(ended_at=None).count() == 1
    assert kept.sign_in_codes.count() == 0
