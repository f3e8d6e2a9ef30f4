"""The admin speaks in words, in Swedish time, and has a dash where there is nothing."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.audit import record
from accounts.models import Invitation, OutboxMessage
from accounts.services.sealing import seal_entries
from accounts.services.trail import forget_people
from accounts.tests.factories import UserFactory
from accounts.tests.trail import as_dba
from companies.tests.factories import CompanyFactory, ParticipantFactory
from tests.admin_pages import english, leader, page
from trainings.tests.factories import ProviderFactory

__all__ = ["english", "leader"]
pytestmark = pytest.mark.django_db

# One o'clock in Stockholm in March, two in July.
MARCH = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
JULY = dt.datetime(2026, 7, 2, 12, 0, tzinfo=dt.UTC)


def shown(client, row):
    """Return what a row's own page says, by the label of each field."""
    text = client.get(page(row)).content.decode()
    fields = {}
    for part in text.split('<div class="form-row')[1:]:
        label, _, rest = part.partition("</label>")
        value = rest.partition('<div class="readonly">')[2].partition("</div>")[0]
        name = strip_tags(label.partition(">")[2]).strip().rstrip(":")
        fields[name] = unescape(strip_tags(value.replace("<br>", "\n"))).strip()
    return fields


def in_list(client, model):
    """Return the text of a list, and what stands beside it to filter by."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    text = unescape(client.get(reverse(name)).content.decode())
    rows = text.partition("<tbody>")[2].partition("</tbody>")[0]
    choices = text.partition('id="changelist-filter"')[2]
    return strip_tags(rows), strip_tags(choices)


def a_letter(**state):
    values = {"kind": "chain_head", "language": "en", "recipient": "a@example.org"}
    return OutboxMessage.objects.create(
        **values | {"queued_at": MARCH, "sealed": b"x", "attempts": 3} | state
    )


def test_a_letter_is_told_in_words_and_in_local_time(client, leader):
    letter = a_letter(not_before=JULY, failure="SMTPServerDisconnected")

    assert shown(client, letter) == {
        "Queued": "March 2, 2026, 1 p.m.",
        "State": "waits for another try",
        "Kind": "Head of the audit trail",
        "Sent by": "e-mail",
        "To": "a@example.org",
        "Tries": "3 / 7",
        "Next try": "July 2, 2026, 2 p.m.",
        "Why": "The last try failed: SMTPServerDisconnected",
        "Language": "English",
        "Sent": "-",
        "Given up": "-",
        "Cancelled": "-",
    }
    assert str(letter) == "Head of the audit trail, 2026-03-02 13:00"


def test_a_letter_that_was_sent_has_a_dash_for_its_next_try(client, leader):
    told = shown(client, a_letter(sent_at=JULY))

    assert (told["Next try"], told["Why"]) == ("-", "-")
    assert told["Sent"] == "July 2, 2026, 2 p.m."


def test_letters_are_listed_and_filtered_by_what_they_are_called(client, leader):
    a_letter()
    a_letter(kind="new_kind")

    rows, choices = in_list(client, OutboxMessage)

    for text in (rows, choices):
        assert "Head of the audit trail" in text
        assert "chain_head" not in text
        assert "New_kind" in text  # Better than nothing.


def an_invitation(role, place=""):
    return Invitation.objects.create(
        email=f"{role}@example.org",
        role=role,
        place=place,
        invited_by=UserFactory(),
        expires_at=JULY,
        sent_at=MARCH,
    )


def test_an_invitation_tells_the_name_of_its_place(client, leader):
    company = CompanyFactory(name="Gruvteknik AB")
    provider = ProviderFactory(name="Kurser AB")
    invitations = [
        an_invitation("hr", company.org_number),
        an_invitation("supplier", provider.ref),
        an_invitation("hr", "999009-3362"),
        an_invitation("funder"),
    ]

    places = [shown(client, row)["Company or provider"] for row in invitations]
    rows, _choices = in_list(client, Invitation)

    assert places == ["Gruvteknik AB", "Kurser AB", "999009-3362", "-"]
    assert "Gruvteknik AB" in rows
    assert "Kurser AB" in rows
    assert company.org_number not in rows
    assert provider.ref not in rows


def test_the_list_of_invitations_costs_the_same_for_many(
    client, leader, django_assert_max_num_queries
):
    address = reverse("admin:accounts_invitation_changelist")
    an_invitation("hr", CompanyFactory().org_number)
    client.get(address)
    for _ in range(10):
        an_invitation("hr", CompanyFactory().org_number)

    # Session, user, roles; the count, the page; the entry of the reading in two.
    with django_assert_max_num_queries(8):
        client.get(address)


def test_an_entry_of_the_trail_is_told_in_words_and_in_local_time(client, leader):
    company = CompanyFactory(name="Gruvteknik AB", org_number="999009-3362")
    entry = record(leader, "companies.list_read", company, show="faulty", page=2)
    entry.payload.at = JULY
    with as_dba():
        entry.payload.save()

    assert shown(client, entry) == {
        "When": "July 2, 2026, 2 p.m.",
        "Who": leader.email,
        "What": "Read the rows of an uploaded list",
        "Kind of row": "Company",
        "Row": "Gruvteknik AB (999009-3362)",
        "People": "-",
        "Facts": "Kinds of rows: With errors\nPage: 2",
        "Seal": "waiting",
    }
    assert str(entry) == f"{entry.pk} Read the rows of an uploaded list"


def test_an_erased_entry_has_dashes(client, leader):
    person = ParticipantFactory()
    entry = record(leader, "companies.read", person)
    forget_people([person.ref], basis="retention")
    seal_entries()
    entry.refresh_from_db()

    told = shown(client, type(entry).objects.get(pk=entry.pk))

    assert told.pop("Seal").startswith("1:")
    assert told == {
        "When": "-",
        "Who": "-",
        "What": "Read the page of a person",
        "Kind of row": "-",
        "Row": "-",
        "People": "–",
        "Facts": "-",
    }


def test_the_trail_is_listed_and_filtered_by_what_was_done(client, leader):
    entry = record(leader, "accounts.page_saved", leader, page="privacy")
    record(None, "companies.person_keys_begun")

    rows, choices = in_list(client, type(entry))

    for text in (rows, choices):
        assert "Saved a page that all may read" in text
        assert "page_saved" not in text
        assert "User" in text
        assert "accounts.user" not in text
    assert "no row" in choices


def test_a_filter_of_the_trail_leads_to_the_entries_it_names(client, leader):
    entry = record(leader, "accounts.page_saved", leader, page="privacy")
    record(None, "companies.person_keys_begun")
    address = reverse("admin:accounts_auditentry_changelist")

    page = client.get(address, {"action__exact": "accounts.page_saved"})

    assert list(page.context["cl"].result_list) == [entry]


def test_a_history_is_called_so_in_the_readers_language(client, leader):
    person = ParticipantFactory(given_name="Anna", family_name="Berg")

    assert client.get(page(person, "history")).context["title"] == (
        "Change history: Anna Berg"
    )
