"""What two people do to the same person at once comes out as one after the other.

On PostgreSQL rows are locked, on SQLite a transaction is the only writer: the same
outcomes on both.
"""

import datetime as dt
import itertools

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from companies.models import ImportRow, Participant, ParticipantImport
from companies.services import (
    accept_upload,
    add_participant,
    confirm_upload,
    read_upload,
)
from companies.services.merging import merge_participants, undo_merge
from companies.tests.factories import (
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from kompetenslyft.privacy.erasure import erase_person
from tests.people import NUMBER, traces
from tests.races import beside, writes
from trainings.models import Enrolment
from trainings.services import nominate
from trainings.tests.factories import OccasionFactory
from trainings.uploads import handle_upload, import_list, take_back

pytestmark = pytest.mark.django_db(transaction=True)

LIST = (
    "Personnummer;Förnamn;Efternamn;Befattning;Kurstillfälle\n"
    "850709-9805;Annabritta;Bergendotter;{title};{occasion}\n"
    "19790819-9909;Bo;Ek;Smed;\n"
)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def over():
    """A programme whose people need be kept no longer."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    return ProgrammeFactory(retain_until=yesterday)


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def anna(hr):
    return add_participant(
        company=hr.company,
        actor=hr.user,
        number=NUMBER,
        given_name="Annabritta",
        family_name="Bergendotter",
        job_title="Pannmurare",
    )


@pytest.fixture
def occasion():
    return OccasionFactory()


def merging(kept, absorbed, hr):
    return lambda: merge_participants(
        kept=kept, absorbed=absorbed, taken=frozenset(), actor=hr.user
    )


def nominating(person, occasion):
    return lambda: nominate(occasion=occasion, participants=[person], actor=None)


def erasing(person):
    return lambda: erase_person(participant=person, basis="asked", actor=None)


def listed(hr, *, title="Murare", occasion=""):
    """Return an uploaded list with Annabritta and Bo, which waits to be read."""
    text = LIST.format(title=title, occasion=occasion and occasion.ref)
    file = ContentFile(text.encode())
    accept_upload(company=hr.company, file=file, name="Annabritta.csv", actor=hr.user)
    return claimed()


def claimed():
    """Return the list as the worker has it whose turn it is."""
    batch = ParticipantImport.objects.get()
    return ParticipantImport.objects.claim(str(batch.pk), lease_must_be_over=False)


def confirmed(hr, *, title="Murare", occasion=""):
    batch = listed(hr, title=title, occasion=occasion)
    read_upload(batch=batch, open_occasions=[occasion.ref] if occasion else [])
    confirm_upload(batch=batch, actor=hr.user)
    return claimed()


def assert_erased(person):
    person.refresh_from_db()
    assert person.erased_at
    assert not ImportRow.objects.filter(participant=person).exists()
    assert traces() == set()


# A nomination beside a merge


def test_who_is_nominated_first_takes_the_place_along(hr, anna, occasion):
    kept = ParticipantFactory(company=hr.company)

    nominated, merged = beside(
        nominating(anna, occasion),
        merging(kept, anna, hr),
        at=writes("trainings_enrolment"),
    )

    assert (len(nominated), merged.absorbed) == (1, anna)
    assert Enrolment.objects.get().participant == kept


def test_who_is_merged_first_is_nominated_no_more(hr, anna, occasion):
    kept = ParticipantFactory(company=hr.company)

    merged, refusal = beside(
        merging(kept, anna, hr),
        nominating(anna, occasion),
        at=writes("companies_participant"),
    )

    assert merged.absorbed == anna
    assert str(refusal).startswith("Merged into another row")
    assert not Enrolment.objects.exists()


# A nomination beside an erasure


def test_who_is_nominated_first_is_not_erased(anna, occasion):
    ProgrammeFactory()

    nominated, refusal = beside(
        nominating(anna, occasion), erasing(anna), at=writes("trainings_enrolment")
    )

    assert len(nominated) == 1
    assert str(refusal).endswith("Withdraw the person first.")
    anna.refresh_from_db()
    assert anna.erased_at is None


def test_who_is_erased_first_is_nominated_no_more(anna, occasion):
    ProgrammeFactory()

    _gone, refusal = beside(
        erasing(anna), nominating(anna, occasion), at=writes("companies_participant")
    )

    assert str(refusal).startswith("Erased, so that nothing can be added")
    assert_erased(anna)
    assert not Enrolment.objects.exists()


# Undoing a merge beside an erasure


def _takes_the_company(sql, _params):
    return 'FROM "companies_company"' in sql


def test_undoing_a_merge_and_erasing_do_not_wait_for_each_other(hr, anna):
    ProgrammeFactory()
    kept = ParticipantFactory(company=hr.company)
    merge = merging(kept, anna, hr)()

    undone, gone = beside(
        lambda: undo_merge(merge=merge, actor=hr.user),
        erasing(kept),
        at=_takes_the_company,
    )

    assert undone is None or isinstance(undone, DomainError)
    assert not isinstance(gone, Exception)
    kept.refresh_from_db()
    assert kept.erased_at


# A nomination beside a list

# Whoever took the occasion first and then its people would wait for the other for ever.


def _takes_the_occasion(sql, _params):
    return 'FROM "trainings_occasion"' in sql


def test_a_list_that_nominates_waits_for_who_nominates_the_same(hr, anna, occasion):
    unchanged = anna.job_title
    batch = confirmed(hr, title=unchanged, occasion=occasion)

    nominated, saved = beside(
        nominating(anna, occasion),
        lambda: handle_upload(batch),
        at=_takes_the_occasion,
    )

    assert (len(nominated), saved) == (1, None)
    batch.refresh_from_db()
    assert batch.saved_at
    assert Enrolment.objects.get().participant == anna


def test_a_list_that_is_taken_back_waits_for_who_nominates_the_same(hr, anna, occasion):
    batch = confirmed(hr, occasion=occasion)
    handle_upload(batch)

    _again, taken_back = beside(
        nominating(anna, occasion),
        lambda: take_back(batch=batch, actor=hr.user),
        at=_takes_the_occasion,
    )

    assert taken_back is None
    assert not Enrolment.objects.exists()
    anna.refresh_from_db()
    assert anna.job_title == "Pannmurare"


# An uploaded list beside an erasure


def _matched(sql, params):
    """The worker has compared the first of two rows, and says how far it got."""
    return sql.startswith('UPDATE "companies_participantimport"') and 62 in params


def _holds_people(sql, _params):
    return sql.startswith('SELECT "companies_participant"."id"') and " IN (" in sql


def _asks_for_the_secret(sql, _params):
    """Once to compare the people, then when they are held and the rows are kept."""
    return 'FROM "companies_personkeysinforce"' in sql


def _the_second_time(at):
    times = itertools.count(1)
    return lambda sql, params: at(sql, params) and next(times) == 2


def test_a_list_whose_person_is_erased_while_it_is_read_is_refused(over, hr, anna):
    batch = listed(hr)

    refusal, _gone = beside(
        lambda: read_upload(batch=batch, open_occasions=[]),
        erasing(anna),
        at=_matched,
    )

    assert str(refusal).startswith("People of the list were changed while it was read")
    assert not ImportRow.objects.exists()
    assert_erased(anna)


def test_rows_that_are_being_kept_go_with_the_person(over, hr, anna):
    batch = listed(hr)

    beside(
        lambda: read_upload(batch=batch, open_occasions=[]),
        erasing(anna),
        at=_the_second_time(_asks_for_the_secret),
    )

    assert [row.line for row in ImportRow.objects.all()] == [3]
    assert_erased(anna)


def test_a_list_that_is_being_read_and_an_erasure_let_each_other_through(
    over, hr, anna
):
    """The worker has its list, and does not have the people yet."""
    batch = listed(hr)

    read, gone = beside(
        lambda: read_upload(batch=batch, open_occasions=[]),
        erasing(anna),
        at=_holds_people,
    )

    assert (read, gone["participants"]) == (None, 1)
    assert_erased(anna)


def test_a_list_that_a_command_saves_and_an_erasure_let_each_other_through(
    over, hr, anna, tmp_path
):
    path = tmp_path / "Annabritta.csv"
    path.write_text(LIST.format(title="Murare", occasion=""), encoding="utf-8")

    report, gone = beside(
        lambda: import_list(company=hr.company, path=path),
        erasing(anna),
        at=_the_second_time(_asks_for_the_secret),
    )

    assert (report.changed, gone["participants"]) == (1, 1)
    assert_erased(anna)


def test_what_a_list_saves_goes_with_the_person(over, hr, anna):
    batch = confirmed(hr)

    saved, gone = beside(
        lambda: handle_upload(batch),
        erasing(anna),
        at=writes("companies_participant"),
    )

    assert (saved, gone["participants"]) == (None, 1)
    assert_erased(anna)


def test_a_list_that_waits_for_an_erasure_brings_nothing_back(over, hr, anna):
    batch = confirmed(hr)

    _gone, saved = beside(
        erasing(anna),
        lambda: handle_upload(batch),
        at=writes("companies_participant"),
    )

    assert saved is None
    assert_erased(anna)
    others = Participant.objects.filter(erased_at=None)
    assert [str(person) for person in others] == ["Bo Ek"]


# An uploaded list beside a merge


def test_rows_that_are_being_kept_go_along_with_a_merge(hr, anna):
    kept, batch = ParticipantFactory(company=hr.company), listed(hr)

    read, merged = beside(
        lambda: read_upload(batch=batch, open_occasions=[]),
        merging(kept, anna, hr),
        at=_the_second_time(_asks_for_the_secret),
    )

    assert (read, merged.absorbed) == (None, anna)
    assert ImportRow.objects.get(line=2).participant == kept


def test_rows_that_are_being_saved_go_along_with_a_merge(hr, anna):
    kept, batch = ParticipantFactory(company=hr.company), confirmed(hr)

    saved, merged = beside(
        lambda: handle_upload(batch),
        merging(kept, anna, hr),
        at=_holds_people,
    )

    assert (saved, merged.absorbed) == (None, anna)
    assert ImportRow.objects.get(line=2).participant == kept
