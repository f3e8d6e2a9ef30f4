"""Requests on the pages of the supplier, of HR and of project leaders."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import MembershipFactory
from trainings.enums import OccasionStatus
from trainings.models import Accommodation
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = reverse("trainings:accommodations")
NOTE, ANSWER = "Jag sitter helst långt fram.", "Första bänken är din."
DAY = dt.timedelta(days=1)


@pytest.fixture
def occasion():
    """One that begins in twenty days."""
    occasion = OccasionFactory()
    starts_at = timezone.now() + 20 * DAY
    SessionFactory(occasion=occasion, starts_at=starts_at)
    return occasion


@pytest.fixture
def supplier(occasion):
    return make_supplier(occasion)


@pytest.fixture
def browser(client, supplier):
    client.force_login(supplier)
    return client


def waiting(occasion, due=DAY, note="", person=None, **values):
    named = {f"participant__{name}": value for name, value in (person or {}).items()}
    asked = AccommodationFactory(
        enrolment=EnrolmentFactory(occasion=occasion, **named),
        asked_by=values.pop("asked_by", "participant"),
        answer_due_at=timezone.now() + due if due else None,
        **values,
    )
    if note:
        AccommodationNoteFactory(accommodation=asked, text=note)
    return asked


def listed(response):
    return [asked.accommodation for asked in response.context["requests"]]


def page(asked):
    return asked.get_absolute_url()


def now_of(asked):
    return Accommodation.objects.get(pk=asked.pk)


# The list


def test_what_is_due_first_stands_first_and_late_ones_say_so(browser, occasion):
    never = waiting(occasion, due=None)
    later, late = waiting(occasion, due=3 * DAY), waiting(occasion, due=-DAY)

    response = browser.get(LIST)

    assert listed(response) == [late, later, never]
    assert [asked.is_late for asked in response.context["requests"]] == [
        True,
        False,
        False,
    ]
    assert response.text.count(">late<") == 1


def test_the_list_has_what_the_own_supplier_can_answer(browser, occasion):
    waiting(OccasionFactory())
    mine = waiting(occasion)
    waiting(occasion, withdrawn_at=timezone.now())
    answered = waiting(occasion, arranged_at=at("2026-01-22 10:00"))
    left = waiting(occasion)
    left.enrolment.withdrawn_at = timezone.now()
    left.enrolment.save()

    assert listed(browser.get(LIST)) == [mine]
    assert set(listed(browser.get(LIST, {"show": "earlier"}))) == {answered, left}


def test_leaders_see_all_and_the_words_of_nobody(client, occasion):
    asked = waiting(occasion, note=NOTE, person={"family_name": "Zorn"})
    waiting(occasion, note=NOTE, person={"family_name": "Hemlig", "protected": True})
    client.force_login(make_leader())

    response = client.get(LIST)

    names = [one.name for one in response.context["requests"]]
    assert names == ["Anna Zorn", "Participant 2"]
    assert occasion.provider.name in response.text
    assert NOTE not in response.text
    assert "Hemlig" not in response.text
    assert client.get(page(asked)).status_code == 404
    assert page(asked) not in response.text


def test_a_leader_with_the_named_right_sees_who_it_is(client, occasion):
    waiting(occasion, person={"family_name": "Hemlig", "protected": True})
    leader = make_leader()
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    client.force_login(leader)

    assert "Anna Hemlig" in client.get(LIST).text


def test_hr_has_no_list_and_no_page(client, occasion):
    asked = waiting(occasion, asked_by="hr")
    company = asked.enrolment.participant.company
    client.force_login(MembershipFactory(company=company).user)

    assert client.get(LIST).status_code == 404
    assert client.get(page(asked)).status_code == 404


def test_reading_the_list_leaves_one_trace_with_everybody(browser, occasion):
    people = sorted(waiting(occasion).person_ref for _ in range(2))

    browser.get(LIST)

    entry = AuditEntry.objects.get(action="trainings.accommodations_listed")
    assert people_of(entry) == people


@pytest.mark.parametrize("people", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(
    browser, occasion, people, django_assert_num_queries
):
    for number in range(people):
        waiting(occasion, person={"protected": number % 2 == 0})
    browser.get(LIST)

    # Session, user, supplier, company, navigation; rows, their count, the numbers of
    # hidden people; three for the audit entry.
    with django_assert_num_queries(11):
        browser.get(LIST)


# Answering


def test_the_supplier_reads_the_note_and_arranges(browser, occasion, supplier):
    asked = waiting(occasion, note=NOTE)

    assert NOTE in browser.get(page(asked)).text
    response = browser.post(
        page(asked), {"words": ANSWER, "seen": "waits", "arrange": ""}, follow=True
    )

    assert "Arranged." in response.text
    kept = now_of(asked)
    assert (kept.state, kept.answered_by, kept.note.answer) == (
        "arranged",
        supplier,
        ANSWER,
    )
    entry = AuditEntry.objects.get(action="trainings.accommodation_read")
    assert people_of(entry) == [asked.person_ref]
    assert entry.content.facts == {"notes": 1}


def test_declining_without_a_reason_says_what_is_missing(browser, occasion):
    asked = waiting(occasion)

    response = browser.post(page(asked), {"words": "", "seen": "waits", "decline": ""})

    assert "Say why it cannot be arranged." in response.text
    assert now_of(asked).state == "waits"


def test_a_declined_request_is_arranged_on_the_same_page(browser, occasion):
    asked = waiting(occasion)
    browser.post(page(asked), {"words": "Ingen hiss", "seen": "waits", "decline": ""})

    assert "Ingen hiss" in browser.get(page(asked)).text
    browser.post(page(asked), {"words": "Ny sal", "seen": "declined", "arrange": ""})

    assert (now_of(asked).state, now_of(asked).note.answer) == ("arranged", "Ny sal")


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"seen": "arranged"},
        {"words": "x" * 1001, "seen": "waits"},
        {"words": "850709-9805", "seen": "waits"},
        {"words": "nul\0", "seen": "waits"},
        {"words": "x", "seen": "y" * 5000},
    ],
)
def test_what_cannot_be_saved_is_no_error_of_ours(browser, occasion, posted):
    asked = waiting(occasion)

    response = browser.post(page(asked), {"decline": ""} | posted)

    assert response.status_code == 200
    assert now_of(asked).state == "waits"


def test_nothing_can_be_answered_of_an_occasion_that_is_over(browser, occasion):
    asked = waiting(occasion, note=NOTE)
    occasion.status = OccasionStatus.COMPLETED
    occasion.save()

    response = browser.get(page(asked))

    assert "no longer change" in response.text
    assert 'name="arrange"' not in response.text


def gives_up(asked):
    asked.enrolment.withdrawn_at = timezone.now()
    asked.enrolment.save()


def takes_back(asked):
    asked.withdrawn_at = timezone.now()
    asked.save()


def restricts(asked):
    asked.enrolment.participant.restricted_at = timezone.now()
    asked.enrolment.participant.save()


def calls_off(asked):
    asked.enrolment.occasion.status = OccasionStatus.CANCELLED
    asked.enrolment.occasion.save()


@pytest.mark.parametrize("act", [gives_up, takes_back, restricts, calls_off])
def test_words_are_read_only_while_there_is_something_to_arrange(
    browser, occasion, act
):
    asked = waiting(occasion, note=NOTE)
    asked.note.answer = ANSWER
    asked.note.save()
    before = browser.get(page(asked)).text
    act(asked)

    after = browser.get(page(asked)).text

    assert (NOTE in before, ANSWER in before) == (True, True)
    assert (NOTE in after, ANSWER in after) == (False, False)
    assert "Captions" in after
    entry = AuditEntry.objects.filter(action="trainings.accommodation_read").first()
    assert entry.content.facts == {}


def test_a_hidden_person_is_a_number_on_the_page_too(browser, occasion):
    EnrolmentFactory(occasion=occasion)
    person = {"family_name": "Hemlig", "protected": True}
    asked = waiting(occasion, note=NOTE, person=person)

    text = browser.get(page(asked)).text

    assert "Participant 2" in text
    assert "Hemlig" not in text
    assert asked.person_ref not in text
    assert NOTE in text


def test_the_roster_leads_to_the_request_and_to_writing_one_down(browser, occasion):
    asked = waiting(occasion, note=NOTE)

    text = browser.get(occasion.get_absolute_url()).text

    assert page(asked) in text
    assert new_page(asked.enrolment) in text


# Writing down


def new_page(seat):
    return reverse("trainings:accommodation-new", args=[seat.occasion.ref, seat.ref])


def seat_page(seat):
    return reverse("trainings:seat", args=[seat.occasion.ref, seat.ref])


def test_the_supplier_writes_down_what_somebody_said(browser, occasion, supplier):
    seat = EnrolmentFactory(occasion=occasion)

    browser.post(new_page(seat), {"kind": "captions", "note": NOTE, "was_asked": "on"})

    asked = Accommodation.objects.get()
    assert (asked.enrolment, asked.asked_by) == (seat, "supplier")
    assert asked.note.text == NOTE
    assert asked.history.get().history_user == supplier


def test_hr_writes_down_without_a_note_and_sees_a_word_of_the_answer(client, occasion):
    seat = EnrolmentFactory(occasion=occasion)
    hr = MembershipFactory(company=seat.participant.company).user
    own = waiting(occasion)
    own.enrolment = seat
    own.kind = "step_free"
    own.save()
    client.force_login(hr)

    form = client.get(new_page(seat)).context["form"]
    client.post(new_page(seat), {"kind": "captions", "note": NOTE, "was_asked": "on"})
    asked = Accommodation.objects.get(asked_by="hr")
    AccommodationNoteFactory(accommodation=asked, text="", answer=ANSWER)
    asked.arranged_at = timezone.now()
    asked.save()
    text = client.get(seat_page(seat)).text

    assert "note" not in form.fields
    assert asked.note.text == ""
    assert ("Captions" in text, "arranged" in text) == (True, True)
    assert "tep-free" not in text
    assert ANSWER not in text
    assert page(asked) not in text


@pytest.mark.parametrize("posted", [{"kind": "captions"}, {"was_asked": "on"}, {}])
def test_without_the_persons_wish_or_a_kind_nothing_is_written(
    browser, occasion, posted
):
    seat = EnrolmentFactory(occasion=occasion)

    response = browser.post(new_page(seat), posted)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Accommodation.objects.exists()


def test_neither_leader_nor_another_company_writes_anything_down(client, occasion):
    seat = EnrolmentFactory(occasion=occasion)
    form = {"kind": "captions", "was_asked": "on"}

    for user in (make_leader(), MembershipFactory().user, make_supplier()):
        client.force_login(user)
        assert client.get(new_page(seat)).status_code == 404
        assert client.post(new_page(seat), form).status_code == 404

    assert not Accommodation.objects.exists()


def test_who_is_hr_and_teaches_writes_as_the_supplier(client, occasion, supplier):
    seat = EnrolmentFactory(occasion=occasion)
    MembershipFactory(user=supplier, company=seat.participant.company)
    client.force_login(supplier)

    client.post(new_page(seat), {"kind": "captions", "was_asked": "on"})

    assert Accommodation.objects.get().asked_by == "supplier"


# The start page


def titles(client, user):
    client.force_login(user)
    steps = client.get(reverse("home")).context["steps"]
    return [step.title for step in steps]


def test_the_start_page_tells_who_must_answer_and_who_must_call(
    client, occasion, supplier
):
    waiting(occasion, due=-DAY)
    waiting(occasion, due=DAY)
    waiting(OccasionFactory(), due=-DAY)

    assert "2 adaptations wait for your answer" in titles(client, supplier)
    assert "2 adaptations were not answered in time" in titles(client, make_leader())
