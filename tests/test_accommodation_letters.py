"""Letters about requests for adaptations: few, once, and without what is asked for."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Invitation, OutboxMessage
from accounts.services import outbox
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from core.crypto import decrypt
from trainings import services
from trainings.enums import AskedBy, OccasionStatus
from trainings.models import Accommodation
from trainings.services import accommodation_letters
from trainings.services.accommodation_letters import escalate, remind_staff
from trainings.tasks import follow_up_requests
from trainings.tests.factories import (
    AccommodationFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderStaffFactory,
    SessionFactory,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english(settings):
    """Write in English to those of whom nothing else is known."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def occasion():
    """One that begins in twenty days."""
    occasion = OccasionFactory(course__title="Robotar")
    starts_at = timezone.now() + 20 * DAY
    SessionFactory(occasion=occasion, starts_at=starts_at)
    return occasion


@pytest.fixture
def supplier(occasion):
    return make_supplier(occasion)


def seat_on(occasion, **person):
    named = {f"participant__{name}": value for name, value in person.items()}
    return EnrolmentFactory(occasion=occasion, **named)


def waiting(occasion, due, **values):
    return AccommodationFactory(
        enrolment=seat_on(occasion),
        asked_by=AskedBy.PARTICIPANT,
        requested_at=timezone.now() - 10 * DAY,
        answer_due_at=timezone.now() + due,
        **values,
    )


def ask(seat, **said):
    return services.ask_for_accommodation(
        enrolment=seat,
        **{
            "kind": "captions",
            "note": "",
            "asked_by": AskedBy.PARTICIPANT,
            "actor": None,
        }
        | said,
    )


def letters(kind):
    rows = OutboxMessage.objects.filter(kind=f"accommodation_{kind}")
    return sorted(rows, key=lambda letter: letter.recipient)


def content_of(letter):
    """Return subject, text and HTML."""
    return json.loads(decrypt(bytes(letter.sealed)))[:3]


def recipients(kind):
    return [letter.recipient for letter in letters(kind)]


# A new request


def test_the_suppliers_staff_hears_of_a_new_request(occasion, supplier):
    colleague = make_supplier(occasion)
    make_supplier(occasion, ended_on=timezone.localdate() - DAY)
    make_supplier()

    ask(seat_on(occasion, family_name="Bergendotter"), note="Vill sitta nära")

    assert recipients("asked") == sorted([supplier.email, colleague.email])
    for letter in letters("asked"):
        said = " ".join(content_of(letter))
        assert occasion.ref in said
        for secret in ("Bergendotter", "captions", "textning", "nära", "Robotar"):
            assert secret not in said


def test_several_in_an_hour_are_one_letter(occasion, supplier):
    seat = seat_on(occasion)

    ask(seat)
    ask(seat, kind="step_free")
    ask(seat_on(occasion))

    assert recipients("asked") == [supplier.email]


def test_an_hour_later_there_is_another(occasion, supplier):
    seat = seat_on(occasion)
    ask(seat)
    OutboxMessage.objects.update(queued_at=timezone.now() - 61 * HOUR / 60)

    ask(seat, kind="step_free")

    assert recipients("asked") == [supplier.email] * 2


def test_what_the_supplier_wrote_down_is_no_news_to_it(occasion, supplier):
    ask(seat_on(occasion), asked_by=AskedBy.SUPPLIER, actor=supplier)

    assert not OutboxMessage.objects.exists()


def test_what_a_command_tells_of_the_past_mails_nobody(occasion, supplier):
    seat = seat_on(occasion, email="anna@example.org")
    moment = timezone.now()

    asked = ask(seat, at=moment)
    services.answer_accommodation(
        accommodation=asked, arranged=True, actor=supplier, at=moment
    )

    assert not OutboxMessage.objects.exists()


def test_a_request_to_answer_at_once_is_not_reminded_of_as_well(supplier, occasion):
    occasion.sessions.update(
        starts_at=timezone.now() + HOUR, ends_at=timezone.now() + 5 * HOUR
    )

    asked = ask(seat_on(occasion))
    again = ask(seat_on(occasion))
    remind_staff()

    assert asked.reminded_at is not None
    assert again.reminded_at is None  # Its letter was left out.
    assert len(letters("asked")) == 1
    assert ["1 request" in content_of(letter)[1] for letter in letters("due")] == [True]


# An answer


def test_the_participant_hears_that_there_is_an_answer_and_not_which(
    occasion, supplier
):
    asked = ask(seat_on(occasion, email="anna@example.org"))

    services.answer_accommodation(
        accommodation=asked, arranged=False, words="Ingen hiss", actor=supplier
    )

    (letter,) = letters("answered")
    said = " ".join(content_of(letter))
    assert (letter.recipient, letter.language) == ("anna@example.org", "en")
    assert letter.person_ref == asked.enrolment.participant.ref
    for secret in ("hiss", "captions", "textning", occasion.ref, "Robotar", "anpass"):
        assert secret not in said


@pytest.mark.parametrize(
    "person",
    [
        {"email": ""},
        {"email": "anna@example.org", "protected": True},
    ],
)
def test_no_letter_goes_where_none_may(occasion, supplier, person):
    asked = ask(seat_on(occasion, **person))

    services.answer_accommodation(accommodation=asked, arranged=True, actor=supplier)

    assert letters("answered") == []


def test_answers_at_one_time_are_one_letter_and_later_ones_another(occasion, supplier):
    seat = seat_on(occasion, email="anna@example.org")
    first, second = ask(seat), ask(seat, kind="step_free")

    for asked in (first, second):
        services.answer_accommodation(
            accommodation=asked, arranged=True, actor=supplier
        )
    assert len(letters("answered")) == 1

    OutboxMessage.objects.update(sent_at=timezone.now(), sealed=None)
    services.answer_accommodation(
        accommodation=second, arranged=False, words="Ill", actor=supplier
    )
    assert len(letters("answered")) == 2


# Reminders


def test_staff_is_reminded_a_day_before_once_and_in_one_letter(occasion, supplier):
    rows = [waiting(occasion, due=23 * HOUR), waiting(occasion, due=-HOUR)]
    later = waiting(occasion, due=25 * HOUR)

    assert (remind_staff(), remind_staff()) == (1, 0)

    (letter,) = letters("due")
    assert letter.recipient == supplier.email
    subject, text, _html = content_of(letter)
    assert "2 requests for adaptations" in text
    assert occasion.ref in text
    assert "captions" not in subject + text
    assert [row.reminded_at is not None for row in now_of(*rows, later)] == [
        True,
        True,
        False,
    ]
    entry = AuditEntry.objects.get(action="trainings.accommodations_reminded")
    assert people_of(entry) == sorted(row.person_ref for row in rows)
    assert entry.content.facts == {
        "requests": [row.ref for row in rows],
        "letters": 1,
    }


def now_of(*rows):
    return [Accommodation.objects.get(pk=row.pk) for row in rows]


def test_who_works_for_two_suppliers_gets_one_letter_about_both(occasion, supplier):
    elsewhere = OccasionFactory(ref="occ-2026-9999")
    ProviderStaffFactory(provider=elsewhere.provider, user=supplier)
    other = make_supplier(elsewhere)
    waiting(occasion, due=HOUR)
    waiting(elsewhere, due=HOUR)

    assert remind_staff() == 2

    texts = {letter.recipient: content_of(letter)[1] for letter in letters("due")}
    assert "2 requests" in texts[supplier.email]
    assert "1 request " in texts[other.email]
    assert occasion.ref not in texts[other.email]


def test_without_staff_it_waits_until_there_is_some(occasion):
    asked = waiting(occasion, due=HOUR)

    assert remind_staff() == 0
    assert now_of(asked)[0].reminded_at is None
    make_supplier(occasion)

    assert remind_staff() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda row: setattr(row, "arranged_at", timezone.now()),
        lambda row: setattr(row, "declined_at", timezone.now()),
        lambda row: setattr(row, "withdrawn_at", timezone.now()),
        lambda row: setattr(row, "answer_due_at", None),
        lambda row: setattr(row.enrolment, "withdrawn_at", timezone.now()),
        lambda row: setattr(row.enrolment.occasion, "status", OccasionStatus.CANCELLED),
        lambda row: setattr(row.enrolment.participant, "restricted_at", timezone.now()),
    ],
    ids=["arranged", "declined", "withdrawn", "no due", "left", "over", "restricted"],
)
def test_nobody_is_written_to_about_what_needs_no_answer(occasion, supplier, change):
    make_leader()
    asked = waiting(occasion, due=-HOUR)
    change(asked)
    for row in (
        asked,
        asked.enrolment,
        asked.enrolment.occasion,
        asked.enrolment.participant,
    ):
        row.save()

    follow_up_requests()

    assert not OutboxMessage.objects.exists()


# Escalation


def test_leaders_get_one_letter_about_all_that_is_late(occasion, supplier):
    leaders = [make_leader(), make_leader()]
    make_leader(is_active=False)
    rows = [waiting(occasion, due=-HOUR), waiting(OccasionFactory(), due=-2 * HOUR)]
    waiting(occasion, due=HOUR)

    assert (escalate(), escalate()) == (2, 0)

    assert recipients("late") == sorted(leader.email for leader in leaders)
    subject, text, _html = content_of(letters("late")[0])
    assert "2 requests for adaptations" in text
    for row in rows:
        assert row.enrolment.occasion.ref in text
        assert row.enrolment.participant.family_name not in text
        assert row.enrolment.participant.ref not in text
    assert "captions" not in subject + text
    assert all(row.escalated_at for row in now_of(*rows))


def test_without_a_leader_it_waits_until_there_is_one(occasion):
    waiting(occasion, due=-HOUR)

    assert escalate() == 0
    make_leader()

    assert escalate() == 1


def test_the_letter_leads_to_the_page_where_the_portal_has_an_address(
    occasion, supplier, settings
):
    settings.PORTAL_URL = "https://lyft.example.org/"
    waiting(occasion, due=HOUR)

    remind_staff()

    assert (
        "https://lyft.example.org/accommodations/" in content_of(letters("due")[0])[1]
    )


def test_who_was_invited_in_swedish_reads_swedish(occasion, supplier):
    Invitation.objects.create(
        email=supplier.email,
        role="supplier",
        language="sv",
        invited_by=UserFactory(),
        link_digest="0" * 64,
        expires_at=timezone.now() + DAY,
        accepted_at=timezone.now(),
        accepted_by=supplier,
    )
    colleague = make_supplier(occasion)
    waiting(occasion, due=HOUR)

    remind_staff()

    languages = {letter.recipient: letter.language for letter in letters("due")}
    assert languages == {supplier.email: "sv", colleague.email: "en"}


def test_a_worker_that_dies_on_the_way_has_written_nothing(
    occasion, supplier, monkeypatch
):
    colleague = make_supplier(occasion)
    asked = waiting(occasion, due=HOUR)
    real = outbox.post_letter
    posted = []

    def die_at_the_second(**letter):
        if posted:
            raise KeyboardInterrupt
        posted.append(letter["recipient"])
        return real(**letter)

    monkeypatch.setattr(accommodation_letters, "post_letter", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        remind_staff()
    monkeypatch.undo()

    assert letters("due") == []
    assert now_of(asked)[0].reminded_at is None
    remind_staff()
    assert recipients("due") == sorted([supplier.email, colleague.email])
